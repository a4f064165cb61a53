"""Rollouts and the update of large steps on a GPU: whole batches whose shape never changes, where ``rollout`` and ``update`` compute only what differs.

A GPU plans its attention anew for every shape, which costs more than all the work that skipping saves.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from ..model.language_model import ImageTokenModel, rotate
from ..model.rollout import Drawn
from ..model.sample import Settings
from ..world.captions import prefix, text_ids
from .likelihood import code_logp
from .update import Tally, Unit, given_weights, token_losses

_ROWS = 256  # pictures that go through the network together at the update


@torch.no_grad()
def draw(model: ImageTokenModel, captions: list[str], copies: int, settings: Settings, generator: torch.Generator) -> Drawn:
    """``copies`` pictures of each caption, side by side, without guidance; noise of the model's device, and not the product's.

    The arithmetic is bfloat16 with float32 norms; what comes back lies on the CPU.
    """
    config, device, half = model.config, model.token_embed.weight.device, torch.bfloat16
    n, floor = len(captions) * copies, math.log(settings.mask) if settings.mask > 0 else -math.inf
    with torch.autocast(device.type, half):
        hidden, cache = model.run(torch.tensor([prefix(text_ids(caption)) for caption in captions], device=device) + config.codes)
    weights = []
    for block in model.blocks:
        a, f = block.attention, block.ffn
        parts = (torch.cat([a.q.weight, a.k.weight, a.v.weight]), a.o.weight, torch.cat([f.gate.weight, f.up.weight]), f.down.weight)
        weights.append([part.to(half) for part in parts])
    head = model.head_weight().to(half)
    stores = []
    for layer in cache:
        both = [torch.empty(n, config.heads, config.prefix_length + config.cells, config.head_dim, device=device, dtype=half) for _ in layer]
        for store, begun in zip(both, layer, strict=True):
            store[:, :, : config.prefix_length] = begun.repeat_interleave(copies, 0)
        stores.append(both)
    last = hidden[:, -1].repeat_interleave(copies, 0)
    tokens = torch.empty(n, config.cells, dtype=torch.long, device=device)
    logp, decided = torch.empty(n, config.cells, device=device), torch.empty(n, config.cells, dtype=torch.bool, device=device)
    for cell in range(config.cells):
        logits = F.linear(last.to(half), head).float()
        kept = logits >= logits.amax(-1, keepdim=True) + floor
        shown = logits.masked_fill(~kept, -torch.inf) / settings.temperature
        noise = torch.rand(shown.shape, generator=generator, device=device).clamp_(1e-9, 1 - 1e-7)
        tokens[:, cell] = (shown - (-noise.log()).log()).argmax(-1)
        logp[:, cell] = torch.log_softmax(shown, -1).gather(1, tokens[:, cell : cell + 1])[:, 0]
        decided[:, cell] = kept.sum(-1) > 1
        if cell + 1 == config.cells:
            break
        at = config.prefix_length + cell
        cos, sin = model.cos[at : at + 1].to(half), model.sin[at : at + 1].to(half)
        x = model.embed(tokens[:, cell : cell + 1], at)
        for block, (qkv, out, gate_up, down), (keys, values) in zip(model.blocks, weights, stores, strict=True):
            parts = F.linear(block.attention_norm(x).to(half), qkv).view(n, 3, config.heads, 1, -1)
            keys[:, :, at : at + 1] = rotate(parts[:, 1], cos, sin)
            values[:, :, at : at + 1] = parts[:, 2]
            seen = F.scaled_dot_product_attention(rotate(parts[:, 0], cos, sin), keys[:, :, : at + 1], values[:, :, : at + 1])
            x = x + F.linear(seen.reshape(n, 1, -1), out)
            gate, up = F.linear(block.ffn_norm(x).to(half), gate_up).chunk(2, -1)
            x = x + F.linear(F.silu(gate) * up, down)
        last = model.final_norm(x)[:, 0]
    passes = len(captions) * config.prefix_length + n * (config.cells - 1)
    return Drawn(tokens.cpu(), logp.cpu(), decided.cpu(), passes)


def _logp(model: ImageTokenModel, ids: Tensor, settings: Settings, bf16: bool) -> tuple[Tensor, Tensor]:
    """ids [B, P + N] -> log-probability of every code with the mask opened for it [B, N], and was it inside [B, N]?"""
    config = model.config
    with torch.autocast(ids.device.type, torch.bfloat16, enabled=bf16):
        logits = model(ids[:, :-1])
    logp, inside = code_logp(logits.float().reshape(-1, config.codes), None, ids[:, config.prefix_length :].reshape(-1), settings)
    return logp.view(len(ids), -1), inside.view(len(ids), -1)


def accumulate(
    policy: ImageTokenModel, reference: ImageTokenModel, units: list[Unit], settings: Settings, beta: float, bf16: bool = True, rows: int = _ROWS
) -> Tally:
    """``update.accumulate``: the same gradients, of all the step's pictures ``rows`` at a time."""
    tally = Tally()
    if not units:  # every group was left out
        return tally
    config, device = policy.config, policy.token_embed.weight.device
    texts = torch.cat([torch.tensor([prefix(text_ids(u.caption))]).expand(len(u.tokens), -1) for u in units])
    ids = torch.cat([texts + config.codes, torch.cat([u.tokens for u in units])], 1)
    advantage, copies, given = (torch.cat([getattr(u, name) for u in units]) for name in ("advantage", "copies", "given"))
    scale = 1 / (config.cells * float(copies.sum()))
    tally.passes = 4.0 * len(ids) * (ids.shape[1] - 1)
    # Rows that count for nothing fill the last part up: its shape is that of the others.
    spare = -len(ids) % rows
    ids, advantage, copies, given = (
        torch.cat([x, x[:1].expand(spare, *x.shape[1:]) * keep]).to(device) for x, keep in ((ids, 1), (advantage, 0), (copies, 0), (given, 1))
    )
    found = []
    for part, a, n, truth in zip(*(x.split(rows) for x in (ids, advantage, copies, given)), strict=True):
        a, n = a[:, None], n[:, None]
        with torch.no_grad():
            before = _logp(reference, part, settings, bf16)[0] if beta else None
        logp, inside = _logp(policy, part, settings, bf16)
        weight, counts = given_weights(a, logp, inside)
        truth = truth.bool()[:, None]
        # In bfloat16 a code may be drawn that is now just outside the mask.
        weight, counts = torch.where(truth, weight, a), torch.where(truth, counts, (logp.detach() != 0) & (inside | (a > 0)))
        gain, kl = token_losses(logp, logp.detach() if before is None else before, weight, n, beta)
        (((gain + kl) * counts).sum() * scale).backward()
        tally.policy += float((gain.detach() * counts).sum()) * scale
        tally.kl += float((kl.detach() * counts).sum()) * scale / beta if beta else 0.0
        found.append((logp.detach().cpu(), inside.cpu()))
    logp, inside = (torch.cat(x) for x in zip(*found, strict=True))
    at = 0
    for u in units:
        mine, at = slice(at, at + len(u.tokens)), at + len(u.tokens)
        if u.given.any():
            tally.tell_given(logp[mine][u.given], inside[mine][u.given])
    return tally

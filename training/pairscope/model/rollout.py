"""Fast sampling: the pictures of ``sample.sample``, with the log-probability of every token under the distribution it was drawn from.

Samples that agree so far (the same caption, or no caption, and the same codes) are computed once.  Where the mask leaves one
code there is nothing to draw, and neither noise nor the unconditional logits are needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ..world.captions import prefix, text_ids
from .language_model import ImageTokenModel, rotate
from .noise import SHARED, philox
from .sample import Settings, guided


@dataclass(frozen=True)
class Drawn:
    """Pictures: codes [n, N], log-probability of each in nats [n, N], where more than one code could be drawn [n, N], and
    the number of tokens that went through the network."""

    tokens: Tensor
    logp: Tensor
    decided: Tensor
    passes: int


def gumbel_at(seeds: NDArray[np.uint64], cell: int, codes: NDArray[np.int64]) -> Tensor:
    """The product's noise of single codes, one of each seed: float32 [n]; ``sample.gumbel_noise`` in places."""
    zero = np.zeros(len(codes), np.uint32)
    counter = ((codes // 4).astype(np.uint32), zero + np.uint32(cell), zero, zero)
    words = np.stack(philox(counter, (seeds, SHARED)), -1)[np.arange(len(codes)), codes % 4]  # type: ignore[arg-type]
    return torch.from_numpy(-np.log(-np.log((words.astype(np.float64) + 0.5) * 2.0**-32))).float()


class _Weights:
    """The blocks' projections in the arithmetic's type, those that read the same input side by side."""

    def __init__(self, model: ImageTokenModel, dtype: torch.dtype) -> None:
        self.dtype = dtype
        self.qkv = [torch.cat([b.attention.q.weight, b.attention.k.weight, b.attention.v.weight]).to(dtype) for b in model.blocks]
        self.out = [b.attention.o.weight.to(dtype) for b in model.blocks]
        self.gate_up = [torch.cat([b.ffn.gate.weight, b.ffn.up.weight]).to(dtype) for b in model.blocks]
        self.down = [b.ffn.down.weight.to(dtype) for b in model.blocks]


def _attend(q: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Attention of one position, q [m, H, 1, D] over [m, H, T, D]; in float32 two batched products read the caches at least as fast as
    the fused kernel, in bfloat16 five times more slowly."""
    if q.dtype == torch.bfloat16:
        return F.scaled_dot_product_attention(q, keys, values)
    q, keys, values = q.flatten(0, 1), keys.flatten(0, 1), values.flatten(0, 1)
    return torch.softmax(torch.bmm(q, keys.mT) * q.shape[-1] ** -0.5, -1) @ values


class _Trie:
    """Distinct beginnings of pictures with their keys and values: sample i goes on from slot ``owner[i]``."""

    def __init__(self, model: ImageTokenModel, weights: _Weights, texts: list[list[int]], owner: Tensor) -> None:
        config = model.config
        self.model, self.weights, self.owner, self.slots = model, weights, owner, len(texts)
        self.length = config.prefix_length
        with torch.autocast("cpu", torch.bfloat16, enabled=weights.dtype == torch.bfloat16):
            hidden, cache = model.run(torch.tensor(texts) + config.codes)
        self.hidden = hidden[:, -1].float()
        shape = (len(owner), config.heads, config.prefix_length + config.cells, config.head_dim)
        self.keys, self.values = ([torch.empty(shape, dtype=weights.dtype) for _ in cache] for _ in range(2))
        for layer, (k, v) in enumerate(cache):
            self.keys[layer][: self.slots, :, : self.length] = k
            self.values[layer][: self.slots, :, : self.length] = v
        self.passes = hidden.shape[0] * hidden.shape[1]

    def advance(self, tokens: Tensor) -> None:
        """Appends one code to every sample, tokens [n]; a slot whose samples part is copied."""
        codes = self.model.config.codes
        ways, which = torch.unique(self.owner * codes + tokens, return_inverse=True)
        parents, taken = (ways // codes).tolist(), set()
        slots, new = [], []
        for parent in parents:
            slot = parent
            if parent in taken:
                slot = self.slots + len(new)
                new.append(parent)
            taken.add(parent)
            slots.append(slot)
        if new:
            for store in (*self.keys, *self.values):
                store[self.slots : self.slots + len(new), :, : self.length] = store[new, :, : self.length]
            self.slots += len(new)
        place = torch.tensor(slots)
        self.owner = place[which]
        step = torch.empty(self.slots, dtype=torch.long)
        step[place] = ways % codes
        self._step(step)

    def _step(self, tokens: Tensor) -> None:
        model, weights, at, m = self.model, self.weights, self.length, self.slots
        heads, dtype = model.config.heads, weights.dtype
        cos, sin = model.cos[at : at + 1].to(dtype), model.sin[at : at + 1].to(dtype)
        x = model.embed(tokens[:, None], at)
        for i, block in enumerate(model.blocks):
            qkv = F.linear(block.attention_norm(x).to(dtype), weights.qkv[i]).view(m, 3, heads, 1, -1)
            keys, values = self.keys[i][:m], self.values[i][:m]
            keys[:, :, at : at + 1] = rotate(qkv[:, 1], cos, sin)
            values[:, :, at : at + 1] = qkv[:, 2]
            y = _attend(rotate(qkv[:, 0], cos, sin), keys[:, :, : at + 1], values[:, :, : at + 1])
            x = x + F.linear(y.reshape(m, 1, -1), weights.out[i])
            gate, up = F.linear(block.ffn_norm(x).to(dtype), weights.gate_up[i]).chunk(2, -1)
            x = x + F.linear(F.silu(gate) * up, weights.down[i])
        self.hidden = model.final_norm(x)[:, 0]
        self.length += 1
        self.passes += m


@torch.no_grad()
def draw(model: ImageTokenModel, captions: list[str], seeds: list[int], settings: Settings, bf16: bool = False) -> Drawn:
    """One picture a caption and seed, equal to ``sample.sample`` but for ties of rounding.

    ``bf16``: the blocks compute in bfloat16, with float32 norms, residual stream and head; the pictures are then those of the rounded weights.
    """
    config, n = model.config, len(captions)
    weights = _Weights(model, torch.bfloat16 if bf16 else torch.float32)
    kinds = {caption: i for i, caption in enumerate(dict.fromkeys(captions))}
    owner = torch.tensor([kinds[caption] for caption in captions])
    cond = _Trie(model, weights, [prefix(text_ids(caption)) for caption in kinds], owner)
    uncond = None
    if settings.guidance != 1.0:
        uncond = _Trie(model, weights, [prefix(None)], torch.zeros(n, dtype=torch.long))
    noise = np.array(seeds, np.uint64)
    tokens = torch.empty(n, config.cells, dtype=torch.long)
    logp, decided = torch.zeros(n, config.cells), torch.zeros(n, config.cells, dtype=torch.bool)
    floor = float(np.log(settings.mask)) if settings.mask > 0 else -np.inf
    for cell in range(config.cells):
        logits = model.logits(cond.hidden)
        top, best = logits.max(-1)
        several = (logits >= top[:, None] + floor).sum(-1) > 1
        tokens[:, cell] = best[cond.owner]
        rows = several[cond.owner].nonzero()[:, 0]
        if len(rows):
            without = None
            if uncond:
                wanted, which = torch.unique(uncond.owner[rows], return_inverse=True)
                without = model.logits(uncond.hidden[wanted])[which]
            shown = guided(logits[cond.owner[rows]], without, settings)
            row, code = (shown > -torch.inf).nonzero(as_tuple=True)
            noisy = torch.full_like(shown, -torch.inf)
            noisy[row, code] = shown[row, code] + gumbel_at(noise[rows[row].numpy()], cell, code.numpy())
            picked = noisy.argmax(-1)
            tokens[rows, cell] = picked
            decided[rows, cell] = True
            logp[rows, cell] = torch.log_softmax(shown, -1).gather(1, picked[:, None])[:, 0]
        if cell + 1 < config.cells:
            for trie in (cond, uncond):
                if trie:
                    trie.advance(tokens[:, cell])
    return Drawn(tokens, logp, decided, cond.passes + (uncond.passes if uncond else 0))

"""Log-probabilities of given codes under the distribution that rollouts are drawn from.

The distribution: guidance w, then the plausibility mask m, then temperature (``sample.guided``).  A rollout's codes are always
inside the mask.  A code of a given picture may be outside, where its probability is 0; the mask is then opened for that one code, so that
its log-probability is finite and its gradient says how to bring it in.  For codes inside, opening changes nothing.
"""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor

from ..model.language_model import ImageTokenModel
from ..model.sample import Settings, guided
from ..world.captions import prefix


def code_logp(cond: Tensor, uncond: Tensor | None, codes: Tensor, settings: Settings) -> tuple[Tensor, Tensor]:
    """Logits [m, K] and codes [m] -> log-probability with the mask opened for the code [m], and was it inside [m]?"""
    logits = guided(cond, uncond, replace(settings, mask=0.0))
    at = codes[:, None]
    if settings.mask <= 0:
        return torch.log_softmax(logits, -1).gather(1, at)[:, 0], torch.ones_like(codes, dtype=torch.bool)
    kept = cond >= cond.amax(-1, keepdim=True) + math.log(settings.mask)
    inside = kept.gather(1, at)[:, 0]
    kept = kept.scatter(1, at, True)
    return torch.log_softmax(logits.masked_fill(~kept, -torch.inf), -1).gather(1, at)[:, 0], inside


def _shared(ids: Tensor) -> int:
    """How many first ids all rows [G, L] have in common."""
    differs = (ids != ids[:1]).any(0).nonzero()[:, 0]
    return int(differs[0]) if len(differs) else ids.shape[1]


def _states(model: ImageTokenModel, texts: Tensor, tokens: Tensor, last: int, settings: Settings, bf16: bool) -> tuple[Tensor, int]:
    """Hidden states [streams, G, last + 1, width] that predict the cells up to ``last`` of pictures [G, N] of texts [G, P], and the tokens
    that went through the network: what all pictures begin with is computed once.  Streams are the captions' and, with guidance, the one without."""
    config = model.config
    streams = [texts] if settings.guidance == 1.0 else [texts, torch.tensor([prefix(None)]).expand_as(texts)]
    ids = torch.stack([torch.cat([text + config.codes, tokens[:, :last]], 1) for text in streams])
    count, length = ids.shape[1:]
    shared = _shared(ids[0])
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        if shared < config.prefix_length:  # of several prompts
            states, _ = model.run(ids.flatten(0, 1))
            passes = ids.numel()
        else:
            begun, cache = model.run(ids[:, 0, :shared])
            states, passes = begun.repeat_interleave(count, 0), begun.shape[0] * shared
            if shared < length:
                grown = [(k.repeat_interleave(count, 0), v.repeat_interleave(count, 0)) for k, v in cache]
                rest = ids[:, :, shared:].flatten(0, 1)
                after, _ = model.run(rest, shared, grown)
                states, passes = torch.cat([states, after], 1), passes + rest.numel()
    return states[:, config.prefix_length - 1 :].view(len(streams), count, last + 1, -1).float(), passes


@torch.no_grad()
def given_logp(model: ImageTokenModel, text: list[int], tokens: Tensor, settings: Settings, bf16: bool = False) -> tuple[Tensor, Tensor, int]:
    """Given pictures [G, N] of one prompt -> log-probability of every code with the mask opened for it [G, N], 0 where it is the only one
    that can be drawn; was it inside [G, N]? and the number of tokens that went through the network."""
    texts = torch.tensor([text]).expand(len(tokens), -1)
    states, passes = _states(model, texts, tokens, tokens.shape[1] - 1, settings, bf16)
    logits = model.logits(states).flatten(1, 2)
    logp, inside = code_logp(logits[0], logits[1] if len(logits) == 2 else None, tokens.reshape(-1), settings)
    return logp.view_as(tokens), inside.view_as(tokens), passes


def picture_logp(
    model: ImageTokenModel, texts: Tensor, tokens: Tensor, wanted: Tensor, settings: Settings, bf16: bool = False
) -> tuple[Tensor, int]:
    """Pictures [G, N] of texts [G, P] -> log-probabilities at the wanted places [G, N], in the order of ``wanted.nonzero()``, and the number
    of tokens that went through the network.  Nothing after the last wanted cell is computed.  ``bf16``: all but the head computes in bfloat16."""
    rows, cells = wanted.nonzero(as_tuple=True)
    if not len(rows):
        return torch.zeros(0), 0
    states, passes = _states(model, texts, tokens, int(cells.max()), settings, bf16)
    logits = model.logits(states[:, rows, cells])
    logp, _ = code_logp(logits[0], logits[1] if len(logits) == 2 else None, tokens[rows, cells], settings)
    return logp, passes

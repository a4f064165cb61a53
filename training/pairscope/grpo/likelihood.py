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

from ..captions import prefix
from ..model import ImageTokenModel
from ..sample import Settings, guided


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


def shared_cells(tokens: Tensor) -> int:
    """How many first codes all rows [G, N] have in common."""
    differs = (tokens != tokens[:1]).any(0).nonzero()[:, 0]
    return int(differs[0]) if len(differs) else tokens.shape[1]


def _states(model: ImageTokenModel, texts: list[list[int]], tokens: Tensor, last: int) -> tuple[Tensor, int]:
    """Hidden states [texts, G, last + 1, width] that predict the cells up to ``last`` of pictures [G, N], and the tokens that went through
    the network: what all pictures begin with is computed once."""
    config, streams, count = model.config, len(texts), len(tokens)
    shared = min(shared_cells(tokens), last)
    begin = torch.cat([torch.tensor(texts) + config.codes, tokens[:1, :shared].expand(streams, -1)], 1)
    hidden, cache = model.run(begin)
    states = hidden[:, config.prefix_length - 1 :].repeat_interleave(count, 0)
    passes = begin.numel()
    if shared < last:
        rest = tokens[:, shared:last].repeat(streams, 1)
        grown = [(k.repeat_interleave(count, 0), v.repeat_interleave(count, 0)) for k, v in cache]
        after, _ = model.run(rest, begin.shape[1], grown)
        states = torch.cat([states, after], 1)
        passes += rest.numel()
    return states.view(streams, count, last + 1, -1), passes


@torch.no_grad()
def given_logp(model: ImageTokenModel, text: list[int], tokens: Tensor, settings: Settings) -> tuple[Tensor, Tensor, int]:
    """Given pictures [G, N] of one prompt -> log-probability of every code with the mask opened for it [G, N], 0 where it is the only one
    that can be drawn; was it inside [G, N]? and the number of tokens that went through the network."""
    texts = [text] if settings.guidance == 1.0 else [text, prefix(None)]
    states, passes = _states(model, texts, tokens, tokens.shape[1] - 1)
    logits = model.logits(states).float().flatten(1, 2)
    logp, inside = code_logp(logits[0], logits[1] if len(texts) == 2 else None, tokens.reshape(-1), settings)
    return logp.view_as(tokens), inside.view_as(tokens), passes


def picture_logp(
    model: ImageTokenModel, text: list[int], tokens: Tensor, wanted: Tensor, settings: Settings
) -> tuple[Tensor, int]:
    """Pictures of one prompt [G, N] -> log-probabilities at the wanted places [G, N], in the order of ``wanted.nonzero()``, and the number
    of tokens that went through the network.  Nothing after the last wanted cell is computed."""
    rows, cells = wanted.nonzero(as_tuple=True)
    if not len(rows):
        return torch.zeros(0), 0
    texts = [text] if settings.guidance == 1.0 else [text, prefix(None)]
    states, passes = _states(model, texts, tokens, int(cells.max()))
    logits = model.logits(states[:, rows, cells]).float()
    logp, _ = code_logp(logits[0], logits[1] if len(texts) == 2 else None, tokens[rows, cells], settings)
    return logp, passes

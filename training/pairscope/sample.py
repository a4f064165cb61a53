"""Sampling with a KV cache, classifier-free guidance and a plausibility mask."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from .captions import prefix, text_ids
from .model import ImageTokenModel


@dataclass(frozen=True)
class Settings:
    """guidance w in u + w (c - u); mask m keeps tokens with logp_c >= max logp_c + ln m (0: off)."""

    guidance: float = 2.0
    mask: float = 0.05
    temperature: float = 1.0


def guided(cond: Tensor, uncond: Tensor | None, settings: Settings) -> Tensor:
    """Logits [B, K] to sample from, temperature applied last."""
    logits = cond if uncond is None else uncond + settings.guidance * (cond - uncond)
    if settings.mask > 0:
        keep = cond >= cond.amax(-1, keepdim=True) + math.log(settings.mask)
        logits = logits.masked_fill(~keep, -math.inf)
    return logits / max(settings.temperature, 1e-6)


@torch.no_grad()
def sample(model: ImageTokenModel, captions: list[str], seeds: list[int], settings: Settings) -> Tensor:
    """One picture a caption: codes [B, N].  Row i depends on its caption and seed alone."""
    config = model.config
    rows = len(captions)
    guide = settings.guidance != 1.0
    text = [prefix(text_ids(caption)) for caption in captions]
    if guide:
        text += [prefix(None)] * rows
    ids = torch.tensor(text) + config.codes
    # Gumbel-max: the noise of a cell does not depend on what was drawn before it.
    noise = torch.empty(rows, config.cells, config.codes)
    for row, seed in zip(noise, seeds, strict=True):
        uniform = torch.rand(row.shape, generator=torch.Generator().manual_seed(seed))
        row.copy_(-torch.log(-torch.log(uniform.clamp(1e-9, 1 - 1e-7))))
    out = torch.empty(rows, config.cells, dtype=torch.long)
    hidden, cache = model.run(ids)
    for cell in range(config.cells):
        logits = model.logits(hidden[:, -1]).float()
        picked = guided(logits[:rows], logits[rows:] if guide else None, settings)
        out[:, cell] = (picked + noise[:, cell]).argmax(-1)
        if cell + 1 < config.cells:
            step = torch.cat([out[:, cell]] * 2) if guide else out[:, cell]
            hidden, cache = model.run(step[:, None], config.prefix_length + cell, cache)
    return out

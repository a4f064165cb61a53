"""Sampling with a KV cache, classifier-free guidance and a plausibility mask."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..world.captions import prefix, text_ids
from .language_model import ImageTokenModel
from .noise import SHARED, philox


@dataclass(frozen=True)
class Settings:
    """guidance w in u + w (c - u); mask m keeps tokens with logp_c >= max logp_c + ln m (0: off)."""

    guidance: float = 1.0
    mask: float = 0.005
    temperature: float = 1.0


def guided(cond: Tensor, uncond: Tensor | None, settings: Settings) -> Tensor:
    """Logits [B, K] to sample from, temperature applied last."""
    logits = cond if uncond is None else uncond + settings.guidance * (cond - uncond)
    if settings.mask > 0:
        keep = cond >= cond.amax(-1, keepdim=True) + math.log(settings.mask)
        logits = logits.masked_fill(~keep, -math.inf)
    return logits / max(settings.temperature, 1e-6)


def gumbel_noise(seed: int, cells: int, codes: int) -> Tensor:
    """The product's coupled noise (docs/noise.md) but for the last bits of its logarithms: float32 [cells, codes]."""
    block = np.arange((codes + 3) // 4, dtype=np.uint32)[None]
    step = np.arange(cells, dtype=np.uint32)[:, None]
    zero = np.zeros((cells, block.shape[1]), np.uint32)
    words = np.stack(philox((zero + block, zero + step, zero, zero), (seed, SHARED)), -1)
    u = (words.reshape(cells, -1)[:, :codes].astype(np.float64) + 0.5) * 2.0**-32
    return torch.from_numpy(-np.log(-np.log(u))).float()


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
    fields = {seed: gumbel_noise(seed, config.cells, config.codes) for seed in dict.fromkeys(seeds)}
    noise = torch.stack([fields[seed] for seed in seeds])
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

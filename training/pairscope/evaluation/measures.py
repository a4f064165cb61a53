"""What drawn pictures are measured by: the oracle's verdicts, variety, and entropy."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..model.decoder_net import PixelDecoder
from ..model.language_model import ImageTokenModel
from ..model.sample import Settings, guided
from ..model.tokenizer import background_tokens, centroids, layout_tokens
from ..oracle.verdict import faults
from ..world import config as C
from ..world.captions import prefix, text_ids
from ..world.pair_sets import Prompt
from ..world.scenes import lay_out
from ..world.sprites import Array
from .pictures import decode, draw_prompts

# A cell differs where the mean colour of its patch does by more than this (of 1); a picture where so many cells do.
CELL_DIFFERENCE, CELLS_DIFFERENT = 10 / 255, 5


def _rate(values: list[bool]) -> dict[str, float]:
    share = sum(values) / len(values)
    return {"right": round(share, 4), "standardError": round(math.sqrt(share * (1 - share) / len(values)), 4)}


def score(items: list[Prompt], images: list[Array]) -> dict[str, Any]:
    """Share right by category with standard errors, both-of-a-pair, blanks; and every verdict."""
    verdicts = [faults(item.scene, image) for item, image in zip(items, images, strict=True)]
    right = [not v for v in verdicts]
    out: dict[str, Any] = {"prompts": len(items), **_rate(right), "categories": {}}
    for category in C.CATEGORIES:
        mine = [i for i, item in enumerate(items) if item.category == category]
        both = [right[i] and right[i + 1] for i in mine if items[i].side == 0]
        entry = {"prompts": len(mine), **_rate([right[i] for i in mine]), "bothOfPair": round(sum(both) / len(both), 4)}
        unseen = [right[i] for i in mine if items[i].unseen]
        if len(unseen) >= 10:
            entry["unseenCombination"] = {"prompts": len(unseen), **_rate(unseen)}
            entry["seenCombination"] = _rate([right[i] for i in mine if not items[i].unseen])
        out["categories"][category] = entry
    both = [right[i] and right[i + 1] for i in range(0, len(items), 2)]
    out["bothOfPair"] = round(sum(both) / len(both), 4)
    out["blank"] = round(sum(v[:1] == ["blank"] for v in verdicts) / len(verdicts), 4)
    out["verdicts"] = verdicts
    return out


def ceiling(net: PixelDecoder, items: list[Prompt]) -> dict[str, Any]:
    """Ground truth through tokenizer and decoder, judged the same way."""
    layouts = [lay_out(item.scene, item.seed) for item in items]
    tokens = torch.from_numpy(np.stack([layout_tokens(layout).reshape(-1) for layout in layouts]))
    return score(items, decode(net, tokens))


def different_pictures(model: ImageTokenModel, settings: Settings, items: list[Prompt], seeds: int = 20) -> list[int]:
    """Of ``seeds`` pictures of each prompt, how many differ from all those kept before, greedily."""
    drawn = [replace(p, seed=p.seed + k) for p in items for k in range(seeds)]
    colour = centroids().reshape(len(centroids()), -1, 3).mean(1)
    cells = colour[draw_prompts(model, drawn, settings)].view(len(items), seeds, -1, 3)
    counts = []
    for group in cells:
        kept: list[Tensor] = []
        for picture in group:
            if all(int(((picture - k).abs().amax(-1) > CELL_DIFFERENCE).sum()) >= CELLS_DIFFERENT for k in kept):
                kept.append(picture)
        counts.append(len(kept))
    return counts


@torch.no_grad()
def trace_facts(model: ImageTokenModel, settings: Settings, items: list[Prompt], tokens: Tensor) -> dict[str, float]:
    """Entropy of foreground tokens, and how often the two sides' distributions differ in part, along drawn tokens."""
    entropies, between, cells = [], 0, 0
    for start in range(0, len(items), 32):
        part, drawn = items[start : start + 32], tokens[start : start + 32]
        text = [prefix(text_ids(p.caption)) for p in part] + [prefix(None)] * len(part)
        ids = torch.cat([torch.tensor(text) + model.config.codes, torch.cat([drawn, drawn])], 1)[:, :-1]
        cond, uncond = model(ids).float().chunk(2)
        k = cond.shape[-1]
        logits = guided(cond.reshape(-1, k), uncond.reshape(-1, k), settings)
        p = torch.softmax(logits, -1).view(len(part), -1, k)
        entropy = -(p * p.clamp_min(1e-30).log2()).sum(-1)
        empty = torch.stack(
            [torch.from_numpy(background_tokens(i.scene.style or "3d", i.scene.place)).reshape(-1) for i in part]
        )
        entropies.append(entropy[drawn != empty])
        a, b = p[0::2], p[1::2]
        m = (a + b) / 2
        divergence = 0.5 * sum((x * (x.clamp_min(1e-30) / m.clamp_min(1e-30)).log2()).sum(-1) for x in (a, b))
        between += int(((divergence > 0.02) & (divergence < 0.98)).sum())
        cells += divergence.numel()
    return {
        "foregroundEntropyBits": round(float(torch.cat(entropies).mean()), 4),
        "stepsOfPartialDivergence": round(between / cells, 4),
    }

"""Draws two pictures of every held-out prompt from one checkpoint; the judge's P(yes) and the oracle's verdict of each.  Done once and kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..evaluation.pictures import decode
from ..judge.claims import parse
from ..judge.eye_session import Judge
from ..judge.match import probability
from ..judge.score import IMAGES
from ..model.decoder_net import PixelDecoder
from ..model.language_model import load_checkpoint
from ..model.rollout import draw
from ..model.sample import Settings
from ..oracle.verdict import faults
from ..world.pair_sets import Prompt
from .run_folder import digest

_BATCH = 96


@dataclass(frozen=True)
class Shown:
    """Of each pair [pairs, 2 sides, IMAGES]: P(yes), and right by the oracle; and codes [pairs, 2, IMAGES, N]."""

    yes: NDArray[np.float64]
    right: NDArray[np.bool_]
    tokens: NDArray[np.int64]


def shown(checkpoint: Path, items: list[Prompt], settings: Settings, judge: Judge, decoder: PixelDecoder, kept: Path) -> Shown:
    """Of a checkpoint, or what was found before of the same one in folder ``kept``; the seeds are those of ``judge score``."""
    sha = digest(checkpoint)
    name = f"shown-{sha[:12]}-g{settings.guidance:g}-m{settings.mask:g}-t{settings.temperature:g}-{len(items) // 2}"
    facts, codes = kept / f"{name}.json", kept / f"{name}.npy"
    shape = (len(items) // 2, 2, IMAGES)
    if not (facts.exists() and codes.exists()):
        model, _ = load_checkpoint(str(checkpoint))
        wanted = [replace(p, seed=p.seed + image) for p in items for image in range(IMAGES)]
        parts = [wanted[i : i + _BATCH] for i in range(0, len(wanted), _BATCH)]
        tokens = torch.cat([draw(model, [p.caption for p in part], [p.seed for p in part], settings).tokens for part in parts])
        yes = [probability(seen, parse(p.caption)) for seen, p in zip(judge.see(tokens.numpy()), wanted, strict=True)]
        right: list[bool] = []
        for part, drawn in zip(parts, tokens.split(_BATCH), strict=True):
            right += [not faults(p.scene, image) for p, image in zip(part, decode(decoder, drawn), strict=True)]
        kept.mkdir(parents=True, exist_ok=True)
        np.save(codes, tokens.numpy().astype(np.int16))
        found: dict[str, Any] = {"checkpoint": sha, "judge": judge.id, "yes": [round(p, 4) for p in yes], "right": right}
        facts.write_text(json.dumps(found))
    stored = json.loads(facts.read_text())
    return Shown(
        np.array(stored["yes"]).reshape(shape), np.array(stored["right"]).reshape(shape), np.load(codes).astype(np.int64).reshape(*shape, -1)
    )

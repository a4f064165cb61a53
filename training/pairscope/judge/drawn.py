"""Pictures that the generator drew, with the oracle's verdicts: what the judge is tested on, and never learns from."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ..evaluation.pictures import decode, draw_prompts, load_decoder
from ..model.language_model import load_checkpoint
from ..model.sample import Settings
from ..world.pair_sets import Prompt, choosing_set, held_out_set
from .train import JUDGE

# Noise is slow to make, and these pictures need not have one each.
_NOISES = 24
DRAWN = JUDGE / "drawn"


@dataclass(frozen=True)
class Source:
    """A checkpoint, its settings, and the prompts: a number of pairs a category of the held-out set, or of a choosing set."""

    checkpoint: str
    settings: Settings
    pairs: int
    choosing: int | None = None  # seed of the choosing set

    @property
    def name(self) -> str:
        """What the files are called."""
        s = self.settings
        prompts = "held-out" if self.choosing is None else f"choosing-{self.choosing}"
        return f"{self.checkpoint}_g{s.guidance:g}_m{s.mask:g}_t{s.temperature:g}_{prompts}_{self.pairs}"

    def prompts(self) -> list[Prompt]:
        """Two sides of a pair follow each other."""
        return held_out_set(self.pairs) if self.choosing is None else choosing_set(self.choosing, self.pairs)


def tokens_of(source: Source) -> NDArray[np.int64]:
    """Codes [prompts, 144], drawn once and kept."""
    path = DRAWN / f"{source.name}.npy"
    if not path.exists():
        DRAWN.mkdir(parents=True, exist_ok=True)
        model, _ = load_checkpoint(str(JUDGE.parent / f"{source.checkpoint}.pt"))
        prompts = [replace(p, seed=p.seed % _NOISES) for p in source.prompts()]
        prompts.sort(key=lambda p: p.seed)  # those that share their noise are drawn together
        order = {(p.category, p.pair, p.side): i for i, p in enumerate(prompts)}
        tokens = draw_prompts(model, prompts, source.settings).numpy().astype(np.int16)
        np.save(path, tokens[[order[p.category, p.pair, p.side] for p in source.prompts()]])
    return np.load(path).astype(np.int64)


def verdicts_of(source: Source, again: bool = False) -> list[list[str]]:
    """The oracle's faults of every picture, asked once and kept."""
    from ..oracle.verdict import faults

    path = DRAWN / f"{source.name}.json"
    if again or not path.exists():
        images = decode(load_decoder(), torch.from_numpy(tokens_of(source)))
        found = [faults(p.scene, image) for p, image in zip(source.prompts(), images, strict=True)]
        path.write_text(json.dumps(found))
    return json.loads(path.read_text())


def parse_source(text: str) -> Source:
    """checkpoint:guidance:mask:pairs[:seed of a choosing set]."""
    checkpoint, guidance, mask, pairs, *seed = text.split(":")
    return Source(Path(checkpoint).stem, Settings(float(guidance), float(mask)), int(pairs), int(seed[0]) if seed else None)

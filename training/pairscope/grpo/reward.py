"""The reward: the judge's P(yes) of a picture for its own prompt.  The oracle has no part in it."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor

from ..judge.claims import parse
from ..judge.eye_session import Judge
from ..judge.match import probability
from ..model.unpack import MODELS

REWARDS = ("own", "own-sibling")


def shipped_judge(models: Path = MODELS) -> Path:
    """The folder of the judge in use."""
    return models / json.loads((models / "index.json").read_text())["judges"][0]


def rewards(judge: Judge, pictures: Tensor, captions: tuple[str, str], kind: str) -> Tensor:
    """Pictures [2, G, N] of a pair's two prompts -> rewards [2, G]: P(yes), or P(yes) less P(yes) for the sibling's prompt.

    Equal pictures are looked at once."""
    sides, group, cells = pictures.shape
    distinct, which = torch.unique(pictures.reshape(-1, cells), dim=0, return_inverse=True)
    claims = [parse(caption) for caption in captions]
    seen = judge.see(distinct.numpy())
    yes: dict[tuple[int, int], float] = {}

    def ask(picture: int, side: int) -> float:
        if (picture, side) not in yes:
            yes[picture, side] = probability(seen[picture], claims[side])
        return yes[picture, side]

    out = torch.empty(sides, group)
    for index, picture in enumerate(which.tolist()):
        side = index // group
        out[side, index % group] = ask(picture, side) - (ask(picture, 1 - side) if kind == "own-sibling" else 0.0)
    return out

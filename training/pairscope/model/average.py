"""Averages the weights of two checkpoints of one shape: where one went on from the other, the mean is often better than both."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch

from .language_model import load_checkpoint


def averaged(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """(1 - share) * first + share * second, parameter by parameter."""
    return {name: torch.lerp(value, second[name], share) for name, value in first.items()}


def mixture(first: dict[str, Any], second: dict[str, Any], share: float) -> dict[str, float]:
    """What share of the average each state of the training has, by its step; either checkpoint may be an average itself."""
    out: dict[str, float] = {}
    for stored, part in ((first, 1 - share), (second, share)):
        for step, of in stored.get("mixture", {str(stored["step"]): 1.0}).items():
            out[step] = round(out.get(step, 0.0) + part * of, 4)
    return out


def main(arguments: list[str]) -> None:
    """Writes the average; what else the second checkpoint holds stays, its optimizer apart unless training is to go on."""
    parser = argparse.ArgumentParser(prog="python -m pairscope model average", description=main.__doc__)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of the second")
    parser.add_argument("--go-on", action="store_true", help="keep the second's optimizer and set its clock to zero: training goes on from the average")
    parser.add_argument("--out", type=Path, required=True)
    a = parser.parse_args(arguments)
    one, before = load_checkpoint(str(a.first))
    two, stored = load_checkpoint(str(a.second))
    mixed = mixture(before, stored, a.share)
    if a.go_on:
        stored["seconds"] = 0.0
    else:
        stored.pop("optimizer", None)
    stored["state_dict"] = averaged(one.state_dict(), two.state_dict(), a.share)
    torch.save(stored | {"mixture": mixed}, a.out)

"""Averages the weights of two checkpoints of one shape: where one went on from the other, the mean is often better than both."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from .model import load_checkpoint


def averaged(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """(1 - share) * first + share * second, parameter by parameter."""
    return {name: torch.lerp(value, second[name], share) for name, value in first.items()}


def main() -> None:
    """Writes the average; what else the second checkpoint holds stays, its optimizer apart."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of the second")
    parser.add_argument("--out", type=Path, required=True)
    a = parser.parse_args()
    one, _ = load_checkpoint(str(a.first))
    two, stored = load_checkpoint(str(a.second))
    stored.pop("optimizer", None)
    stored["state_dict"] = averaged(one.state_dict(), two.state_dict(), a.share)
    torch.save(stored | {"averaged": a.share}, a.out)


if __name__ == "__main__":
    main()

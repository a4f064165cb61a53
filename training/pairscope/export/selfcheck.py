"""Numbers that tell whether an export is right, and what quantization changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..model.language_model import ImageTokenModel
from ..model.weights import dequantized_model, weights_of
from .reference import PairPlan, Settings, draw
from .runtime import ChunkRuntime

STATISTICS = [3, 5, 6, 7, 8, *range(17, 25)]  # all that are neither tokens, ranks nor margins
DECIDED = 1e-3  # nats; with a smaller margin rounding may pick another token


class ExportError(Exception):
    """An exported graph does not compute what the network computes."""


def parity(
    graph: Path, model: ImageTokenModel, plans: list[PairPlan], settings: Settings
) -> dict[str, float]:
    """Largest difference between the CPU graph and PyTorch along PyTorch's tokens; raises if it is not rounding."""
    runtime, worst, close = ChunkRuntime(graph), 0.0, 0
    for plan in plans:
        expected = draw(model, plan, settings, model.config.cells)
        got = runtime.draw(plan, settings, len(expected), expected[:, :, 0].astype(np.int64))
        decided = expected[:, :, 2] > DECIDED
        if (got[:, :, 1] != expected[:, :, 1])[decided].any():
            raise ExportError("The CPU graph chooses other tokens than the network.")
        close += int((~decided).sum())
        worst = max(worst, float(np.abs(got[:, :, STATISTICS] - expected[:, :, STATISTICS]).max()))
    if worst > 1e-3:
        raise ExportError(f"The CPU graph's numbers differ from the network's by {worst:.2g}.")
    return {"pairs": len(plans), "largestDifference": worst, "stepsTooCloseToCall": close}


def quantization(
    model: ImageTokenModel, plans: list[PairPlan], settings: Settings, block: int
) -> dict[str, dict[str, float]]:
    """Against float32 weights, along the float32 model's tokens: how often 8 and 4 bits choose the same."""
    steps = model.config.cells
    base = [draw(model, plan, settings, steps) for plan in plans]
    report = {}
    for bits in (8, 4):
        other = dequantized_model(model, weights_of(model, bits, block))
        pairs = [
            (draw(other, plan, settings, steps, b[:, :, 0].astype(np.int64)), b)
            for plan, b in zip(plans, base, strict=True)
        ]
        report[f"int{bits}"] = {
            "sameToken": _mean([x[:, :, 1] == b[:, :, 1] for x, b in pairs]),
            "probabilityDifference": _mean([np.abs(x[:, :, 3] - b[:, :, 3]) for x, b in pairs]),
            "entropyDifferenceBits": _mean([np.abs(x[:, :, 5] - b[:, :, 5]) for x, b in pairs]),
        }
    return report


def _mean(parts: list[Any]) -> float:
    return round(float(np.mean(np.stack(parts))), 5)


def check(
    graph: Path, model: ImageTokenModel, bits: int, block: int, plans: list[PairPlan], settings: Settings
) -> dict[str, Any]:
    """Both reports."""
    torch.set_num_threads(1)
    served = dequantized_model(model, weights_of(model, bits, block))
    return {
        "parity": parity(graph, served, plans, settings),
        "quantization": quantization(model, plans, settings, block),
    }



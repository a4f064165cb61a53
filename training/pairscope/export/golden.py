"""Draws of the tiny model recorded from PyTorch, for the engine's contract test.

`python -m pairscope export golden ../lib/engine/testdata/tiny-golden.json`
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ..model.weights import dequantized_model
from .reference import F32, Settings, draw, pair_plan
from .text import prefix
from .tiny import tiny_model, tiny_text


@dataclass(frozen=True)
class Case:
    """One draw; `forced` maps steps to tokens."""

    a: str
    b: str
    settings: Settings
    cross_lanes: bool = True
    forced_a: tuple[tuple[int, int], ...] = ()
    forced_b: tuple[tuple[int, int], ...] = ()


RED, BLUE = "a red apple to the left of a blue cup", "a blue apple to the left of a red cup"
CASES = (
    Case(RED, BLUE, Settings(seed=7, guidance_weight=3, plausibility=0.1)),
    Case(RED, BLUE, Settings(seed=4294967295, coupled=False, guidance_weight=1, top_k=5, temperature=0.7)),
    Case('a cup "AB"', 'a cup "A?"', Settings(seed=0, guidance_weight=5, top_p=0.8)),
    Case(RED, BLUE, Settings(seed=7, guidance_weight=3, plausibility=0.02, greedy=True)),
    Case(RED, RED, Settings(seed=12, guidance_weight=2, top_k=20, top_p=0.9, plausibility=0.01)),
    Case(RED, BLUE, Settings(seed=7, guidance_weight=3, plausibility=0.1), cross_lanes=False),
    Case(
        RED,
        "a green cup",
        Settings(seed=99, guidance_weight=3, plausibility=0.1),
        forced_a=((0, 5), (1, 63), (20, 0)),
        forced_b=((0, 5), (35, 7)),
    ),
)


def forced_tokens(case: Case, steps: int) -> NDArray[np.int64]:
    """int64 [steps, 2], -1 = sample."""
    forced = np.full((steps, 2), -1)
    for side, entries in enumerate((case.forced_a, case.forced_b)):
        for step, token in entries:
            forced[step, side] = token
    return forced


def record(case: Case) -> dict[str, object]:
    """The draw of one case, with the names that the engine uses."""
    model, weights = tiny_model()
    config, text = model.config, tiny_text()
    a, b, none = (prefix(text, config.codes, p) for p in (case.a, case.b, None))
    plan = pair_plan(a, b, none, case.cross_lanes)
    forced = forced_tokens(case, config.cells)
    stats = draw(dequantized_model(model, weights), plan, case.settings, config.cells, forced)
    s = case.settings
    return {
        "prompts": {"a": case.a, "b": case.b},
        "settings": {
            "seed": s.seed,
            "coupling": "coupled" if s.coupled else "independent",
            "guidanceWeight": s.guidance_weight,
            "temperature": s.temperature,
            "topK": s.top_k,
            "topP": s.top_p,
            "plausibility": s.plausibility,
            "greedy": s.greedy,
        },
        "crossLanes": case.cross_lanes,
        "forced": {"a": forced[:, 0].tolist(), "b": forced[:, 1].tolist()} if (forced >= 0).any() else None,
        "tokens": {"a": _ints(stats[:, 0, 0]), "b": _ints(stats[:, 1, 0])},
        "stats": [[_short(x) for x in line.reshape(-1)] for line in stats],
    }


def _ints(values: F32) -> list[int]:
    return [int(v) for v in values]


def _short(value: np.float32) -> float | int:
    number = float(f"{float(value):.7g}")
    return int(number) if number.is_integer() and abs(number) < 1e6 else number


def write(path: Path) -> None:
    """Writes every case, one step a line."""
    torch.set_num_threads(1)
    manifest = path.parent / "tiny-model" / "manifest.json"
    hash_ = hashlib.sha256(manifest.read_bytes()).hexdigest()[:16]
    cases = []
    for case in CASES:
        entry = record(case)
        lines = ",\n".join(json.dumps(line, separators=(",", ":")) for line in entry.pop("stats"))  # type: ignore[union-attr]
        head = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)[:-1]
        cases.append(f'{head},"stats":[\n{lines}\n]}}')
    path.write_text(f'{{"modelHash":"{hash_}","cases":[\n' + ",\n".join(cases) + "\n]}\n")


def main(arguments: list[str]) -> None:
    """Writes recorded draws of the tiny model, whose folder lies beside the file."""
    parser = argparse.ArgumentParser(prog="python -m pairscope export golden", description=main.__doc__)
    parser.add_argument("out", type=Path)
    write(parser.parse_args(arguments).out)

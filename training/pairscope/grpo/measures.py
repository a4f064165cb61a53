"""Numbers of the held-out pairs: s_a, s_g and their gap by the judge, right and both-right by the oracle; with intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import config as C
from .held_out_run import Shown

MEASURES = ("s_a", "s_g", "gap", "right", "bothRight")
_RESAMPLES = 2000
Values = NDArray[np.float64]


def per_pair(s: Shown) -> Values:
    """Per cent, [MEASURES, pairs]: arithmetic and geometric mean of the four P(yes), their difference; share of pictures right,
    and of picture numbers whose two sides are both right."""
    four = s.yes.reshape(len(s.yes), -1)
    arithmetic, geometric = four.mean(1), four.prod(1) ** (1 / four.shape[1])
    both = s.right.all(1).mean(1)
    return 100 * np.stack([arithmetic, geometric, arithmetic - geometric, s.right.mean((1, 2)), both])


def _rows(categories: list[str]) -> list[NDArray[np.int64]]:
    return [np.array([i for i, c in enumerate(categories) if c == name]) for name in C.CATEGORIES if name in categories]


def table(values: Values, categories: list[str]) -> dict[str, dict[str, float]]:
    """By category, and the mean of the categories' means; values [MEASURES, pairs]."""
    means = np.stack([values[:, rows].mean(1) for rows in _rows(categories)])
    names = [name for name in C.CATEGORIES if name in categories]
    out = {name: dict(zip(MEASURES, row.round(2).tolist(), strict=True)) for name, row in zip(names, means, strict=True)}
    out["Average"] = dict(zip(MEASURES, means.mean(0).round(2).tolist(), strict=True))
    return out


def intervals(values: Values, categories: list[str]) -> dict[str, list[float]]:
    """95 % of the averages over resampled pairs (bootstrap within categories); the same resamples for every method."""
    random = np.random.default_rng(0)
    means = np.zeros((len(MEASURES), _RESAMPLES))
    groups = _rows(categories)
    for rows in groups:
        chosen = rows[random.integers(len(rows), size=(_RESAMPLES, len(rows)))]
        means += values[:, chosen].mean(2) / len(groups)
    low, high = np.percentile(means, [2.5, 97.5], axis=1)
    return {name: [round(float(a), 2), round(float(b), 2)] for name, a, b in zip(MEASURES, low, high, strict=True)}


def summary(methods: dict[str, list[Shown]], categories: list[str]) -> dict[str, Any]:
    """Every method (a list of its seeds) and the differences between methods, pair by pair."""
    values = {name: np.mean([per_pair(s) for s in seeds], axis=0) for name, seeds in methods.items()}
    out: dict[str, Any] = {"methods": {}, "differences": {}}
    for name, seeds in methods.items():
        each = [table(per_pair(s), categories)["Average"] for s in seeds]
        out["methods"][name] = {"mean": table(values[name], categories), "interval": intervals(values[name], categories), "seeds": each}
    names = list(methods)
    for later in names:
        for earlier in names[: names.index(later)]:
            difference = values[later] - values[earlier]
            mean = table(difference, categories)["Average"]
            out["differences"][f"{later} - {earlier}"] = {"mean": mean, "interval": intervals(difference, categories)}
    return out


def markdown(result: dict[str, Any]) -> str:
    """The tables of a report."""
    names = {"s_a": "s_a", "s_g": "s_g", "gap": "gap", "right": "right", "bothRight": "both right"}

    def row(title: str, entry: dict[str, Any]) -> str:
        cells = [f"{entry['mean'][m]:.2f} ({entry['interval'][m][0]:.2f} to {entry['interval'][m][1]:.2f})" for m in MEASURES]
        return f"| {title} | " + " | ".join(cells) + " |"

    head = "| | " + " | ".join(names.values()) + " |\n|" + "---|" * (len(MEASURES) + 1)
    lines = [result["how"], "", head]
    lines += [row(name, {**m, "mean": m["mean"]["Average"]}) for name, m in result["methods"].items()]
    lines += ["", "Differences, pair by pair:", "", head]
    lines += [row(name, d) for name, d in result["differences"].items()]
    for measure in ("s_g", "bothRight"):
        categories = list(next(iter(result["methods"].values()))["mean"])
        lines += ["", f"By category, {names[measure]}:", "", "| | " + " | ".join(categories) + " |", "|" + "---|" * (len(categories) + 1)]
        for name, m in result["methods"].items():
            lines.append(f"| {name} | " + " | ".join(f"{m['mean'][c][measure]:.1f}" for c in categories) + " |")
    lines += ["", "What each run cost:", "", "| run | steps | CPU seconds | tokens through the network |", "|---|---|---|---|"]
    lines += [f"| {name} | {c['steps']} | {c['cpuSeconds']:.0f} | {c['passes']:.3g} |" for name, c in result["cost"].items()]
    return "\n".join(lines) + "\n"

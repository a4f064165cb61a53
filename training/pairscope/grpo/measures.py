"""Numbers of the held-out pairs: s_a, s_g and their gap by the judge, right and both-right by the oracle; with intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..world import config as C
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


def by_novelty(methods: dict[str, list[Shown]], unseen: NDArray[np.bool_]) -> dict[str, Any]:
    """Per cent of pictures right by the oracle, of prompts that name a combination which no training caption names and of all others, and how
    much more than the first method; intervals over resampled pairs.  unseen [pairs, 2]."""
    counts = np.random.default_rng(0).multinomial(len(unseen), np.full(len(unseen), 1 / len(unseen)), _RESAMPLES)
    out: dict[str, Any] = {}
    for kind, chosen in (("unseen", unseen), ("others", ~unseen)):
        size = chosen.sum(1)
        if not size.sum():
            continue
        right = {name: 100 * np.mean([(s.right.mean(2) * chosen).sum(1) for s in seeds], axis=0) for name, seeds in methods.items()}
        first = next(iter(right.values()))
        out[kind] = {"prompts": int(size.sum()), "right": {}, "more": {}}
        for name, values in right.items():
            out[kind]["right"][name] = round(float(values.sum() / size.sum()), 2)
            if values is not first:
                resampled = counts @ (values - first) / np.maximum(counts @ size, 1)
                low, high = np.percentile(resampled, [2.5, 97.5])
                out[kind]["more"][name] = {"mean": round(float((values - first).sum() / size.sum()), 2), "interval": [round(low, 2), round(high, 2)]}
    return out


def steadiness(methods: dict[str, list[Shown]]) -> dict[str, dict[str, float]]:
    """Per cent of prompts of whose pictures all, some, or none are right by the oracle: what drawing the same prompt again can still teach."""
    out = {}
    for name, seeds in methods.items():
        share = np.concatenate([s.right.mean(2).reshape(-1) for s in seeds])
        parts = {"all": share == 1, "some": (share > 0) & (share < 1), "none": share == 0}
        out[name] = {kind: round(100 * float(is_so.mean()), 2) for kind, is_so in parts.items()}
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
    if "novelty" in result:
        names_of = {"unseen": "a combination that training never names", "others": "nothing new"}
        lines += ["", "Right by the oracle, by what the prompt names; differences from the base:", ""]
        trained = [name for name in result["methods"] if name != "base"]
        lines += ["| the prompt names | prompts | base | " + " | ".join(trained) + " |", "|" + "---|" * (len(trained) + 3)]
        for kind, found in result["novelty"].items():
            more = [f"{m['mean']:+.1f} ({m['interval'][0]:.1f} to {m['interval'][1]:.1f})" for m in found["more"].values()]
            lines.append(f"| {names_of[kind]} | {found['prompts']} | {found['right']['base']:.1f} | " + " | ".join(more) + " |")
        lines += ["", "Prompts by how many of their pictures are right:", "", "| | all | some | none |", "|---|---|---|---|"]
        lines += [f"| {name} | {s['all']:.1f} | {s['some']:.1f} | {s['none']:.1f} |" for name, s in result["steadiness"].items()]
    lines += ["", "What each run cost:", "", "| run | steps | CPU seconds | tokens through the network |", "|---|---|---|---|"]
    lines += [f"| {name} | {c['steps']} | {c['cpuSeconds']:.0f} | {c['passes']:.3g} |" for name, c in result["cost"].items()]
    return "\n".join(lines) + "\n"

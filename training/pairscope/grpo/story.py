"""What the page about Pair-GRPO shows of an experiment: report.json (numbers, learning curves, one group of pictures) and group.png."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ..evaluation.pictures import decode, load_decoder
from ..judge.eye_session import Judge
from ..model.decoder_net import PixelDecoder
from ..model.language_model import load_checkpoint
from ..world import config as C
from .collect import collect
from .figures import smoothed, window_of
from .groups import advantages
from .reward import shipped_judge
from .run_folder import RunFolder, digest
from .train import GRPO

FORMAT = 1
POINTS = 60  # of a curve
SIDE = 96  # pixels of a picture in group.png


def curve(lines: list[dict[str, Any]], key: str, window: int) -> list[list[float]]:
    """[[step, mean over the last steps], ...], thinned; empty where the run logs no such number."""
    if not lines or key not in lines[0]:
        return []
    values = smoothed([line[key] for line in lines], window)
    # Means over less than a whole window say little.
    first = min(window, len(values)) - 1
    kept = sorted({round(float(i)) for i in np.linspace(first, len(values) - 1, min(POINTS, len(values) - first))})
    return [[lines[i]["step"], round(values[i], 4)] for i in kept]


def telling_group(base: Path, folder: RunFolder, judge: Judge) -> tuple[dict[str, Any], Tensor] | None:
    """A group of a run's first step as training made it: of those with ground truth the one whose rollouts' rewards differ most.  What is to
    be said of it, and its codes [2, G, N]."""
    plan = folder.plan()
    policy, _ = load_checkpoint(str(base))
    found = [g for g in collect(plan, policy, judge, [], 0, 0.0).groups if g.truth]
    if not found:
        return None
    chosen = max(found, key=lambda each: float(each.rollout_reward.std()))
    pair, group, reward = chosen.pair, chosen.pictures, chosen.reward
    kinds = ["rollout"] * (group.shape[1] - 2) + ["own", "sibling"]
    told = [
        [
            {"kind": kind, "reward": round(float(r), 4), "paired": round(float(p), 3), "alone": round(float(q), 3)}
            for kind, r, p, q in zip(kinds, *sides, strict=True)
        ]
        for sides in zip(reward, advantages(reward, True), advantages(reward, False), strict=True)
    ]
    return {"run": f"{plan.method}-{plan.seed}", "category": pair.category, "captions": list(pair.captions), "pictures": told}, group


def group_picture(group: Tensor, decoder: PixelDecoder) -> Image.Image:
    """Codes [2, G, N] -> two rows of G pictures."""
    sides, count, cells = group.shape
    sheet = Image.new("RGB", (count * SIDE, sides * SIDE), "white")
    for index, picture in enumerate(decode(decoder, group.reshape(-1, cells))):
        small = Image.fromarray((picture * 255 + 0.5).astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
        sheet.paste(small, (index % count * SIDE, index // count * SIDE))
    return sheet


def story(report: Path, base: Path, folders: list[RunFolder], judge: Judge, decoder: PixelDecoder, out: Path) -> dict[str, Any]:
    """Writes both files."""
    found = json.loads(report.read_text())
    sha = digest(base)
    if found["base"] != sha:
        raise SystemExit(f"{report} is of another base than {base}.")
    if missing := [str(f.path) for f in folders if f.path.name not in found["cost"]]:
        raise SystemExit(f"{report} does not tell of {', '.join(missing)}.")
    lines = {f.path.name: f.lines() for f in folders}
    window = window_of(lines.values())
    curves = {
        name: {"steps": len(log), **{key: points for key in ("reward", "kl") if (points := curve(log, key, window))}} for name, log in lines.items()
    }
    # On the page the intervals stand below the numbers.
    how = found["how"].replace("in brackets 95 %", "intervals hold 95 %")
    result: dict[str, Any] = {"format": FORMAT, **found, "how": how, "curves": {"window": window, "runs": curves}}
    out.mkdir(parents=True, exist_ok=True)
    pair = next((f for f in folders if f.plan().method == "pair"), None)
    if pair and (made := telling_group(base, pair, judge)):
        result["group"] = made[0]
        group_picture(made[1], decoder).quantize(256).save(out / "group.png", optimize=True)
    (out / "report.json").write_text(json.dumps(result, separators=(",", ":"), ensure_ascii=False) + "\n")
    return result


def main(arguments: list[str]) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m pairscope grpo story", description=__doc__)
    parser.add_argument("--base", type=Path, default=C.RUNS / "lm.pt")
    parser.add_argument("--runs", type=Path, nargs="+", required=True, help="folders of the report's runs")
    parser.add_argument("--report", type=Path, default=GRPO / "report/report.json")
    parser.add_argument("--judge", type=Path, help="folder of judge.onnx; the shipped one by default")
    parser.add_argument("--out", type=Path, default=C.ROOT.parent / "public" / "grpo")
    a = parser.parse_args(arguments)
    torch.set_num_threads(1)
    story(a.report, a.base, [RunFolder(path) for path in a.runs], Judge(a.judge or shipped_judge()), load_decoder(), a.out)
    print(a.out)

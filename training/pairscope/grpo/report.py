"""Held-out pairs, two pictures a prompt, of the base and of every run: report.json, report.md, curves.png, sheet.png."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..evaluation.pictures import load_decoder
from ..judge.eye_session import Judge
from ..model.sample import Settings
from ..world import config as C
from ..world.pair_sets import HELD_OUT_PAIRS, held_out_set
from . import figures
from .held_out_run import Shown, shown
from .measures import by_novelty, markdown, steadiness, summary
from .reward import shipped_judge
from .run_folder import RunFolder, digest
from .train import GRPO

ORDER = ("supervised", "vanilla", "pair")


def report(base: Path, folders: list[RunFolder], settings: Settings, pairs: int, out: Path, judge_folder: Path) -> dict[str, Any]:
    """Measures the base and the runs, and writes the report."""
    items, judge, decoder = held_out_set(pairs), Judge(judge_folder), load_decoder()
    folders = sorted(folders, key=lambda f: (ORDER.index(f.plan().method), f.plan().seed))
    sha = digest(base)
    for folder in folders:
        if folder.plan().base != sha:
            raise SystemExit(f"{folder.path} began from another base than {base}; report runs of one base at a time.")
        if not folder.checkpoint.exists():
            raise SystemExit(f"{folder.path} has no checkpoint yet.")
    out.mkdir(parents=True, exist_ok=True)
    methods: dict[str, list[Shown]] = {"base": [shown(base, items, settings, judge, decoder, out)]}
    cost, logs = {}, {}
    for folder in folders:
        plan = folder.plan()
        methods.setdefault(plan.method, []).append(shown(folder.checkpoint, items, settings, judge, decoder, folder.path))
        lines = folder.lines()
        cost[f"{plan.method}-{plan.seed}"] = {
            "steps": len(lines),
            "cpuSeconds": round(sum(line["seconds"] for line in lines), 1),
            "passes": sum(line["passes"] for line in lines),
            "finished": folder.done(),
        }
        logs[f"{plan.method}-{plan.seed}"] = lines
    s = settings
    how = (
        f"{len(items) // 2} held-out pairs, two pictures a prompt, drawn at guidance {s.guidance:g}, mask {s.mask:g}, temperature {s.temperature:g}. "
        "s_a, s_g and gap by the judge, which is also the reward; right and both right by the oracle, which is not. "
        "Per cent, means over seeds, averages of the six categories; in brackets 95 % of the averages over resampled pairs."
    )
    result = {
        "how": how,
        "settings": asdict(settings),
        "base": sha,
        "cost": cost,
        **summary(methods, [p.category for p in items[::2]]),
        "novelty": by_novelty(methods, np.array([bool(p.unseen) for p in items]).reshape(-1, 2)),
        "steadiness": steadiness(methods),
    }
    (out / "report.json").write_text(json.dumps(result, indent=1) + "\n")
    (out / "report.md").write_text(markdown(result))
    figures.curves(logs, out / "curves.png")
    figures.sheet({name: seeds[0] for name, seeds in methods.items()}, items, decoder, out / "sheet.png")
    return result


def report_arguments(parser: argparse.ArgumentParser) -> None:
    """What both commands that report may be told."""
    parser.add_argument("--held-out", type=int, default=HELD_OUT_PAIRS, help="pairs of each category")


def main(arguments: list[str]) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m pairscope grpo report", description=__doc__)
    parser.add_argument("--base", type=Path, default=C.RUNS / "lm.pt")
    parser.add_argument("--runs", type=Path, nargs="+", required=True, help="folders of runs")
    parser.add_argument("--guidance", type=float, default=1.0)
    parser.add_argument("--mask", type=float, default=0.05)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--judge", type=Path, help="folder of judge.onnx; the shipped one by default")
    parser.add_argument("--out", type=Path, default=GRPO / "report")
    report_arguments(parser)
    a = parser.parse_args(arguments)
    torch.set_num_threads(1)
    folders = [RunFolder(path) for path in a.runs]
    if missing := [str(f.path) for f in folders if not f.plan_file.exists()]:
        raise SystemExit(f"No run in {', '.join(missing)}.")
    settings = Settings(a.guidance, a.mask, a.temperature)
    report(a.base, folders, settings, a.held_out, a.out, a.judge or shipped_judge())
    print((a.out / "report.md").read_text())

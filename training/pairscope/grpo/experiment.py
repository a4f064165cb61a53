"""All arms from one base, one after the other, the seeds of an arm side by side; then the report.  What is finished is skipped, what was
stopped goes on."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import torch

from ..model.sample import Settings
from ..world import config as C
from .report import report, report_arguments
from .reward import shipped_judge
from .run_folder import RunFolder
from .train import GRPO, plan_arguments


def _run_all(commands: list[list[str]], at_once: int) -> None:
    """Runs commands, so many at a time; ends them all when one fails."""
    for start in range(0, len(commands), at_once):
        running = [subprocess.Popen(command, cwd=C.ROOT) for command in commands[start : start + at_once]]
        try:
            codes = [process.wait() for process in running]
        except BaseException:
            for process in running:
                process.terminate()
            for process in running:
                process.wait()
            raise
        if any(codes):
            raise SystemExit("A run failed; what it said is above. The same command goes on from where it stopped.")


def _cpu_seconds(folders: list[RunFolder]) -> float:
    """Mean CPU time of finished runs."""
    return sum(line["seconds"] for folder in folders for line in folder.lines()) / len(folders)


def main(arguments: list[str]) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m pairscope grpo experiment", description=__doc__)
    parser.add_argument("--base", type=Path, default=C.RUNS / "lm.pt")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--processes", type=int, default=2, help="runs side by side, of one thread each")
    parser.add_argument("--out", type=Path, default=GRPO)
    plan_arguments(parser)
    report_arguments(parser)
    a = parser.parse_args(arguments)
    if not a.base.exists():
        raise SystemExit(f"There is no checkpoint {a.base}; train one, or make one of the shipped model with python -m pairscope model unpack.")
    base, out, judge = a.base.resolve(), a.out.resolve(), (a.judge or shipped_judge()).resolve()
    told = ["rate", "pairs", "samples", "beta", "reward", "least_spread", "truth", "hard", "guidance", "mask", "temperature", "images", "supervised_rate"]
    common = [x for name in told for x in (f"--{name.replace('_', '-')}", str(getattr(a, name)))] + ["--judge", str(judge)]
    common += ["--bf16"] if a.bf16 else []
    folders: dict[str, list[RunFolder]] = {}
    for method in ("pair", "vanilla", "supervised"):
        folders[method] = [RunFolder(out / f"{method}-{seed}") for seed in range(a.seeds)]
        commands = []
        for seed, folder in enumerate(folders[method]):
            command = [sys.executable, "-m", "pairscope", "grpo", "train", "--method", method, "--base", str(base)]
            command += ["--seed", str(seed), "--steps", str(a.steps), "--out", str(folder.path), *common]
            if method == "supervised":
                command += ["--cpu-seconds", f"{_cpu_seconds(folders['pair']):.0f}"]
            commands.append(command)
        # A run that is over says so and ends at once; one of another plan or base is refused.
        _run_all(commands, a.processes)
    torch.set_num_threads(1)
    settings = Settings(a.guidance, a.mask, a.temperature)
    report(base, [f for arm in folders.values() for f in arm], settings, a.held_out, out / "report", judge)
    print((out / "report" / "report.md").read_text())

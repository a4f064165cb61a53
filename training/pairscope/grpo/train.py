"""Trains one run: Pair-GRPO, vanilla GRPO, or the control of more supervised training; resumable, and the same step for the same seed."""

from __future__ import annotations

import argparse
import signal
import time
from pathlib import Path

import torch

from ..judge.eye_session import Judge
from ..model.language_model import load_checkpoint
from ..world import config as C
from .collect import clock_of
from .reward import REWARDS, shipped_judge
from .run_folder import METHODS, Plan, RunFolder, digest
from .supervised import SupervisedTrainer
from .trainer import GrpoTrainer

GRPO = C.RUNS / "grpo"
_SAVE_EVERY, _KEEP_EVERY = 20, 100


def train(
    plan: Plan, base: Path, folder: RunFolder, judge_folder: Path | None = None, stop_at: int | None = None, judge_threads: int = 1
) -> None:
    """Runs a plan to its end, or to step ``stop_at``, from where it stands."""
    folder.begin(plan)
    policy, stored = folder.resume(base)
    if stored["done"]:
        return
    trainer: GrpoTrainer | SupervisedTrainer
    if plan.method == "supervised":
        trainer = SupervisedTrainer(plan, policy.to(plan.device).train(), stored["step"])
    else:
        reference = load_checkpoint(str(base))[0].requires_grad_(False).to(plan.device)
        trainer = GrpoTrainer(plan, policy.to(plan.device), reference, Judge(judge_folder or shipped_judge(), judge_threads), list(stored["pool"]))
    for optimizer, state in zip(trainer.optimizers, stored.get("optimizer", []), strict=False):
        optimizer.load_state_dict(state)
    step, seconds, passes = stored["step"], stored["seconds"], stored["passes"]
    stopped: list[int] = []
    handlers = [(s, signal.signal(s, lambda number, _: stopped.append(number))) for s in (signal.SIGTERM, signal.SIGINT)]

    def progress() -> float:
        return seconds / plan.cpu_seconds if plan.cpu_seconds else step / plan.steps

    def save() -> None:
        extra = {"step": step, "seconds": seconds, "passes": passes, "pool": trainer.pool, "done": progress() >= 1}
        folder.save(policy, trainer.optimizers, **extra)

    try:
        while progress() < 1 and not stopped and step != stop_at:
            now, wall = clock_of(plan), time.time()
            clock = now()
            line = trainer.step(step, progress())
            spent = now() - clock
            step, seconds, passes = step + 1, seconds + spent, passes + line["passes"]
            folder.add({"step": step, **line, "seconds": round(spent, 3), "wall": round(time.time() - wall, 2)})
            print(step, line.get("reward", line.get("bits")), f"{spent:.1f} s", line.get("cpu", ""), flush=True)
            if step % _KEEP_EVERY == 0:
                folder.keep(policy, step)
            if step % _SAVE_EVERY == 0 and progress() < 1:
                save()
        save()
    finally:
        for number, handler in handlers:
            signal.signal(number, handler)


def plan_arguments(parser: argparse.ArgumentParser) -> None:
    """What a run of GRPO may be told."""
    d = Plan("pair", 0, 0, "", 0.0)
    parser.add_argument("--rate", type=float, default=5e-5, help="AdamW's highest rate of pair and vanilla")
    parser.add_argument("--pairs", type=int, default=d.pairs, help="pairs a step")
    parser.add_argument("--samples", type=int, default=d.samples, help="pictures a prompt")
    parser.add_argument("--beta", type=float, default=d.beta, help="weight of the KL term")
    parser.add_argument("--reward", choices=REWARDS, default=d.reward)
    parser.add_argument("--least-spread", type=float, default=d.least_spread, help="standard deviation of a prompt's rewards below which it is left out")
    parser.add_argument("--truth", type=float, default=d.truth, help="probability of ground truth in a group, at the start")
    parser.add_argument("--hard", type=float, default=d.hard, help="probability that a pair is one whose pictures came out now right, now wrong before")
    parser.add_argument("--guidance", type=float, default=d.guidance)
    parser.add_argument("--mask", type=float, default=d.mask)
    parser.add_argument("--temperature", type=float, default=d.temperature)
    parser.add_argument("--images", type=int, default=d.images, help="pictures a step of supervised")
    parser.add_argument("--supervised-rate", type=float, default=5e-4, help="AdamW's rate of supervised; Muon's is ten times this")
    parser.add_argument("--bf16", action="store_true", help="bfloat16, where the processor multiplies matrices of it (amx_bf16) or a GPU does the work")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"], help="on cuda steps are best large: --pairs 64 --samples 12 --rate 3e-4")
    parser.add_argument("--judge", type=Path, help="folder of judge.onnx; the shipped one by default")


def plan_of(a: argparse.Namespace, method: str, seed: int, steps: int, cpu_seconds: float = 0.0) -> Plan:
    """The plan that the arguments describe; what a method does not use keeps its default."""
    gpu = a.device != "cpu"
    if gpu and method != "supervised" and a.guidance != 1:
        raise SystemExit("On a GPU the distribution without guidance is trained: --guidance 1.")
    common = {"method": method, "seed": seed, "steps": steps, "base": digest(a.base), "bf16": a.bf16 or gpu, "device": a.device, "dense": gpu}
    if method == "supervised":
        rate = a.supervised_rate
        return Plan(**common, rate=rate, muon_rate=10 * rate, images=a.images, cpu_seconds=cpu_seconds)
    if a.samples < 2 or method == "pair" and a.truth > 0 and a.samples < 3:
        raise SystemExit("A group needs two pictures a prompt, and three where ground truth takes the place of two (--samples, --truth).")
    names = ("rate", "pairs", "samples", "beta", "reward", "least_spread", "hard", "guidance", "mask", "temperature")
    return Plan(**common, **{name: getattr(a, name) for name in names}, truth=a.truth if method == "pair" else 0.0)


def main(arguments: list[str]) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m pairscope grpo train", description=__doc__)
    parser.add_argument("--method", choices=METHODS, required=True)
    parser.add_argument("--base", type=Path, default=C.RUNS / "lm.pt", help="checkpoint that training starts from")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--cpu-seconds", type=float, default=0.0, help="of supervised: trains for so long in place of --steps; on a GPU seconds of the clock")
    parser.add_argument("--judge-threads", type=int, default=1)
    parser.add_argument("--out", type=Path, help="folder of the run; runs/v2/grpo/METHOD-SEED by default")
    plan_arguments(parser)
    a = parser.parse_args(arguments)
    if not a.base.exists():
        raise SystemExit(f"There is no checkpoint {a.base}; train one, or make one of the shipped model with python -m pairscope model unpack.")
    if a.cpu_seconds and a.method != "supervised":
        raise SystemExit("--cpu-seconds is for --method supervised.")
    torch.set_num_threads(1)
    folder = RunFolder(a.out or GRPO / f"{a.method}-{a.seed}")
    train(plan_of(a, a.method, a.seed, a.steps, a.cpu_seconds), a.base, folder, a.judge, judge_threads=a.judge_threads)

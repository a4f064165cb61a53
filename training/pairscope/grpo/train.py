"""Trains one run: Pair-GRPO, vanilla GRPO, or the control of more supervised training; resumable, and the same step for the same seed."""

from __future__ import annotations

import argparse
import math
import signal
import statistics
import time
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any, Callable

import torch
from torch import Tensor

from ..judge.eye_session import Judge
from ..model.language_model import ImageTokenModel, load_checkpoint
from ..model.rollout import Drawn, draw
from ..world import config as C
from . import dense
from .groups import Pair, advantages, draw_pair, truth_chance, with_truth
from .reward import REWARDS, rewards, shipped_judge
from .run_folder import METHODS, Plan, RunFolder, digest
from .supervised import SupervisedTrainer
from .update import accumulate, unit

GRPO = C.RUNS / "grpo"
FAILED = 0.5  # mean P(yes) of a prompt's rollouts below which it is failed
# A pair is torn where the rewards of a prompt's rollouts have at least this standard deviation: some came out right, some wrong.  So many torn ones are remembered.
TORN, REMEMBERED = 0.2, 512
_WARMUP = 10  # steps
_SAVE_EVERY, _KEEP_EVERY = 20, 100


def rate_factor(step: int, progress: float) -> float:
    """Warm-up, then a cosine from 1 to 0."""
    return min(1.0, (step + 1) / _WARMUP) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, progress)))


def clock_of(plan: Plan) -> Callable[[], float]:
    """What a run's seconds count: of the process, or, where a GPU does the work, of the clock."""
    return time.process_time if plan.device == "cpu" else time.perf_counter


class GrpoTrainer:
    """Steps of Pair-GRPO or vanilla GRPO."""

    def __init__(self, plan: Plan, policy: ImageTokenModel, reference: ImageTokenModel, judge: Judge, pool: list[str]) -> None:
        self.plan, self.policy, self.reference, self.judge, self.pool = plan, policy, reference, judge, pool
        self.optimizers: list[torch.optim.Optimizer] = [
            torch.optim.AdamW(policy.parameters(), plan.rate, betas=(0.9, 0.99), weight_decay=0.0)
        ]

    def new_pair(self, step: int) -> str:
        """What the names of pairs begin with that are first drawn in a step."""
        return f"{self.plan.seed} {step} "

    def pairs(self, step: int) -> list[Pair]:
        """The step's pairs: new ones, or ones that were torn."""
        random = Random(f"pairs {self.plan.seed} {step}")
        names = []
        for index in range(self.plan.pairs):
            again = random.random() < self.plan.hard and self.pool
            names.append(self.pool.pop(random.randrange(len(self.pool))) if again else f"{self.new_pair(step)}{index}")
        return [draw_pair(name) for name in names]

    def rollouts(self, pairs: list[Pair], counts: list[int], step: int) -> Drawn:
        """``counts[i]`` pictures of each prompt of pair i, side by side."""
        plan = self.plan
        if plan.dense:  # all groups draw alike; the last two of one that is given ground truth are left out
            generator = torch.Generator(plan.device).manual_seed(1_000_003 * plan.seed + step)
            drawn = dense.draw(self.policy, [c for pair in pairs for c in pair.captions], plan.samples, plan.settings, generator)
            kept = torch.cat([torch.arange(plan.samples) < count for count in counts for _ in (0, 1)])
            return Drawn(drawn.tokens[kept], drawn.logp[kept], drawn.decided[kept], drawn.passes)
        captions, seeds, random = [], [], Random(f"noise {plan.seed} {step}")
        for pair, count in zip(pairs, counts, strict=True):
            for caption in pair.captions:
                captions += [caption] * count
                seeds += [random.getrandbits(31) for _ in range(count)]
        return draw(self.policy, captions, seeds, plan.settings, plan.bf16)

    def step(self, step: int, progress: float) -> dict[str, Any]:
        """One step; what the log says of it."""
        plan, clock = self.plan, clock_of(self.plan)
        started = clock()
        pairs = self.pairs(step)
        random = Random(f"truth {plan.seed} {step}")
        chance = truth_chance(plan.truth, progress) if plan.method == "pair" else 0.0
        truth: list[Tensor | None] = [pair.truth() if random.random() < chance else None for pair in pairs]
        counts = [plan.samples - (0 if t is None else 2) for t in truth]
        made = clock()
        drawn = self.rollouts(pairs, counts, step)
        rolled = clock()

        units, own, fresh, by_category, spread, distinct = [], [], [], defaultdict(list), [], []
        given_own, given_sibling = [], []
        both, at, judged_for = 0, 0, 0.0
        for pair, count, true in zip(pairs, counts, truth, strict=True):
            here = slice(at, at + 2 * count)
            at += 2 * count
            tokens = drawn.tokens[here].view(2, count, -1)
            decided = drawn.decided[here].view(2, count, -1)
            group = tokens if true is None else with_truth(tokens, true)
            before = clock()
            reward = rewards(self.judge, group, pair.captions, plan.reward)
            judged_for += clock() - before
            advantage = advantages(reward, plan.method == "pair", plan.least_spread, true is not None)
            for side in (0, 1):
                made_unit = unit(pair.captions[side], group[side], decided[side], advantage[side])
                if bool(advantage[side].any()):
                    units.append(made_unit)
                distinct.append(int((~made_unit.given).sum()) / count)
            mine = reward[:, :count]
            own.append(float(mine.mean()))
            if pair.name.startswith(self.new_pair(step)):
                fresh.append(own[-1])
            by_category[pair.category.split()[0]].append(own[-1])
            spread.append(float(reward.std()))
            both += bool((mine.mean(1) > FAILED).all())
            if true is not None:
                given_own.append(float(reward[:, -2].mean()))
                given_sibling.append(float(reward[:, -1].mean()))
            if plan.hard and bool((mine.std(1) >= TORN).any()):
                self.pool.append(pair.name)
        del self.pool[:-REMEMBERED]

        before = clock()
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)
        tally = (dense.accumulate if plan.dense else accumulate)(self.policy, self.reference, units, plan.settings, plan.beta, plan.bf16)
        norm = float(torch.nn.utils.clip_grad_norm_(self.policy.parameters(), 1.0))
        factor = rate_factor(step, progress)
        for optimizer in self.optimizers:
            for parameters in optimizer.param_groups:
                parameters["lr"] = plan.rate * factor
            optimizer.step()
        ended = clock()
        line: dict[str, Any] = {
            # Of pairs never seen before, so that steps compare.
            "reward": round(statistics.mean(fresh or own), 4),
            "rewardOfAll": round(statistics.mean(own), 4),
            "bothAbove": both / len(pairs),
            "categories": {name: round(statistics.mean(values), 4) for name, values in sorted(by_category.items())},
            "spread": round(statistics.mean(spread), 4),
            "prompts": len(units),
            "distinct": round(statistics.mean(distinct), 4),
            "decided": round(float(drawn.decided.sum(1).float().mean()), 2),
            "nats": round(-float(drawn.logp.sum(1).mean()), 3),
            "policyLoss": round(tally.policy, 6),
            "kl": round(tally.kl, 7),
            "gradient": round(norm, 5),
            "rate": round(plan.rate * factor, 8),
        }
        if given_own:
            line["truth"] = {
                "pairs": len(given_own),
                "ownReward": round(statistics.mean(given_own), 4),
                "siblingReward": round(statistics.mean(given_sibling), 4),
            }
        if tally.given:  # prompts with ground truth that were not left out
            line["truth"] |= {
                "ownNats": round(-tally.logp[0] / tally.given, 3),
                "siblingNats": round(-tally.logp[1] / tally.given, 3),
                "ownOutside": round(tally.outside[0] / tally.given, 3),
                "siblingOutside": round(tally.outside[1] / tally.given, 3),
            }
        line["cpu"] = {
            "pairs": round(made - started, 3),
            "rollout": round(rolled - made, 3),
            "judge": round(judged_for, 3),
            "update": round(ended - before, 3),
        }
        line["passes"] = drawn.passes + tally.passes
        return line


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

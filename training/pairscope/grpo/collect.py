"""The first half of a step: pairs, pictures of their prompts, and the judge's rewards."""

from __future__ import annotations

import time
from dataclasses import dataclass
from random import Random
from typing import Callable

import torch
from torch import Tensor

from ..judge.eye_session import Judge
from ..model.language_model import ImageTokenModel
from ..model.rollout import Drawn, draw
from . import dense
from .groups import Pair, draw_pair, truth_chance, with_truth
from .reward import rewards
from .run_folder import Plan

# Standard deviation of the rewards of a prompt's rollouts from which on its pair is mixed: some came out right, some wrong.
MIXED = 0.2
REMEMBERED = 512  # mixed pairs


def clock_of(plan: Plan) -> Callable[[], float]:
    """What a run's seconds count: of the process, or, where a GPU does the work, of the clock."""
    return time.process_time if plan.device == "cpu" else time.perf_counter


@dataclass(frozen=True)
class Group:
    """A pair's pictures with their rewards; where there is ground truth, each prompt's last two are its own image and its sibling's."""

    pair: Pair
    new: bool  # first drawn in this step
    truth: bool
    pictures: Tensor  # codes [2, G, N]
    decided: Tensor  # [2, rollouts, N]: could another code be drawn?
    reward: Tensor  # [2, G]

    @property
    def rollout_reward(self) -> Tensor:
        """Rewards [2, rollouts] of the pictures that the policy drew."""
        return self.reward[:, : self.decided.shape[1]]


@dataclass(frozen=True)
class Collected:
    """A step's groups, the pictures that were drawn for them, and the seconds that each part took."""

    groups: list[Group]
    drawn: Drawn
    seconds: dict[str, float]


def choose_pairs(plan: Plan, step: int, pool: list[str]) -> list[Pair]:
    """The step's pairs: new ones, or mixed ones out of the pool."""
    random = Random(f"pairs {plan.seed} {step}")
    names = []
    for index in range(plan.pairs):
        again = random.random() < plan.hard and pool
        names.append(pool.pop(random.randrange(len(pool))) if again else f"{_new(plan, step)}{index}")
    return [draw_pair(name) for name in names]


def _new(plan: Plan, step: int) -> str:
    """What the names of pairs begin with that are first drawn in a step."""
    return f"{plan.seed} {step} "


def ground_truth(plan: Plan, pairs: list[Pair], step: int, progress: float) -> list[Tensor | None]:
    """Codes [2, N] of each pair's own images, for the pairs that are given them in this step."""
    random = Random(f"truth {plan.seed} {step}")
    chance = truth_chance(plan.truth, progress) if plan.method == "pair" else 0.0
    return [pair.truth() if random.random() < chance else None for pair in pairs]


def rollouts(plan: Plan, policy: ImageTokenModel, pairs: list[Pair], counts: list[int], step: int) -> Drawn:
    """``counts[i]`` pictures of each prompt of pair i, side by side."""
    if plan.dense:  # all groups draw alike; the last two of one that is given ground truth are left out
        generator = torch.Generator(plan.device).manual_seed(1_000_003 * plan.seed + step)
        drawn = dense.draw(policy, [c for pair in pairs for c in pair.captions], plan.samples, plan.settings, generator)
        kept = torch.cat([torch.arange(plan.samples) < count for count in counts for _ in (0, 1)])
        return Drawn(drawn.tokens[kept], drawn.logp[kept], drawn.decided[kept], drawn.passes)
    captions, seeds, random = [], [], Random(f"noise {plan.seed} {step}")
    for pair, count in zip(pairs, counts, strict=True):
        for caption in pair.captions:
            captions += [caption] * count
            seeds += [random.getrandbits(31) for _ in range(count)]
    return draw(policy, captions, seeds, plan.settings, plan.bf16)


def collect(plan: Plan, policy: ImageTokenModel, judge: Judge, pool: list[str], step: int, progress: float) -> Collected:
    """Draws and judges a step's pictures; mixed pairs go into the pool."""
    clock = clock_of(plan)
    started = clock()
    pairs = choose_pairs(plan, step, pool)
    truth = ground_truth(plan, pairs, step, progress)
    counts = [plan.samples - (0 if t is None else 2) for t in truth]
    chosen = clock()
    drawn = rollouts(plan, policy, pairs, counts, step)
    rolled = clock()
    sizes = [2 * count for count in counts]
    groups = []
    for pair, count, true, codes, decided in zip(pairs, counts, truth, drawn.tokens.split(sizes), drawn.decided.split(sizes), strict=True):
        pictures = codes.view(2, count, -1)
        if true is not None:
            pictures = with_truth(pictures, true)
        reward = rewards(judge, pictures, pair.captions, plan.reward)
        new = pair.name.startswith(_new(plan, step))
        groups.append(Group(pair, new, true is not None, pictures, decided.view(2, count, -1), reward))
    judged = clock()
    if plan.hard:
        pool += [g.pair.name for g in groups if bool((g.rollout_reward.std(1) >= MIXED).any())]
    del pool[:-REMEMBERED]
    return Collected(groups, drawn, {"pairs": chosen - started, "rollout": rolled - chosen, "judge": judged - rolled})

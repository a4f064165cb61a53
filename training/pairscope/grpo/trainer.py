"""Steps of Pair-GRPO or vanilla GRPO."""

from __future__ import annotations

import math
from typing import Any

import torch

from ..judge.eye_session import Judge
from ..model.language_model import ImageTokenModel
from . import dense
from .collect import Collected, clock_of, collect
from .groups import advantages
from .run_folder import Plan
from .step_log import log_line
from .update import Unit, Updated, accumulate, unit

_WARMUP = 10  # steps


def rate_factor(step: int, progress: float) -> float:
    """Warm-up, then a cosine from 1 to 0."""
    return min(1.0, (step + 1) / _WARMUP) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, progress)))


class GrpoTrainer:
    """A policy in training; ``pool`` holds the names of mixed pairs."""

    def __init__(self, plan: Plan, policy: ImageTokenModel, reference: ImageTokenModel, judge: Judge, pool: list[str]) -> None:
        self.plan, self.policy, self.reference, self.judge, self.pool = plan, policy, reference, judge, pool
        self.optimizers: list[torch.optim.Optimizer] = [
            torch.optim.AdamW(policy.parameters(), plan.rate, betas=(0.9, 0.99), weight_decay=0.0)
        ]

    def step(self, step: int, progress: float) -> dict[str, Any]:
        """One step; what the log says of it."""
        collected = collect(self.plan, self.policy, self.judge, self.pool, step, progress)
        units = self.compared(collected)
        updated = self.update([u for u in units if u.teaches], self.plan.rate * rate_factor(step, progress))
        return log_line(collected, units, updated)

    def compared(self, collected: Collected) -> list[Unit]:
        """Every prompt's pictures with their advantages."""
        plan, units = self.plan, []
        for group in collected.groups:
            advantage = advantages(group.reward, plan.method == "pair", plan.least_spread, group.truth)
            for side, caption in enumerate(group.pair.captions):
                units.append(unit(caption, group.pictures[side], group.decided[side], advantage[side]))
        return units

    def update(self, units: list[Unit], rate: float) -> Updated:
        """Moves the policy once."""
        plan, clock = self.plan, clock_of(self.plan)
        started = clock()
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)
        add_gradients = dense.accumulate if plan.dense else accumulate
        tally = add_gradients(self.policy, self.reference, units, plan.settings, plan.beta, plan.bf16)
        gradient = float(torch.nn.utils.clip_grad_norm_(self.policy.parameters(), 1.0))
        for optimizer in self.optimizers:
            for parameters in optimizer.param_groups:
                parameters["lr"] = rate
            optimizer.step()
        return Updated(tally, gradient, rate, clock() - started)

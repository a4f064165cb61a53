"""How far the gradients of independent steps point the same way: what decides how many pairs a step, or how many steps, are needed.

Of n steps from one policy with gradients g_i, the share of signal in the squared length of a step's gradient is estimated without bias by the mean of
g_i . g_j over i != j, over the mean of g_i . g_i.  At a share of s, 1 / s steps' pairs averaged have as much signal as noise.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..judge.eye_session import Judge
from ..model.language_model import load_checkpoint
from ..world import config as C
from .reward import shipped_judge
from .supervised import SupervisedTrainer
from .train import plan_arguments, plan_of
from .trainer import GrpoTrainer


class _Collect(torch.optim.Optimizer):
    """In place of an optimizer: keeps every gradient, changes nothing."""

    def __init__(self, parameters: list[Tensor]) -> None:
        super().__init__(parameters, {})
        self.parameters, self.seen = parameters, []

    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Keeps the gradient of all parameters, flat."""
        self.seen.append(torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).reshape(-1).clone() for p in self.parameters]))


def agreement(gradients: Tensor) -> dict[str, float]:
    """Gradients [n, parameters] of independent steps -> share of signal, and its standard error over steps left out."""
    products = (gradients @ gradients.T).double()

    def share(of: Tensor) -> float:
        n = len(of)
        alone = of.diagonal().mean()
        return float((of.sum() - of.diagonal().sum()) / (n * (n - 1)) / alone)

    n = len(products)
    without = [share(products[kept][:, kept]) for i in range(n) if (kept := [j for j in range(n) if j != i])]
    mean = sum(without) / n
    error = ((n - 1) / n * sum((value - mean) ** 2 for value in without)) ** 0.5
    return {"steps": n, "signal": round(share(products), 5), "standardError": round(error, 5)}


def main(arguments: list[str]) -> None:
    """Takes steps of every method without moving, and prints how far their gradients agree."""
    parser = argparse.ArgumentParser(prog="python -m pairscope grpo agreement", description=__doc__)
    parser.add_argument("--base", type=Path, default=C.RUNS / "lm.pt")
    parser.add_argument("--steps", type=int, default=12)
    plan_arguments(parser)
    a = parser.parse_args(arguments)
    torch.set_num_threads(1)
    judge = Judge(a.judge or shipped_judge())
    for method in ("pair", "vanilla", "supervised"):
        plan = plan_of(a, method, seed=0, steps=a.steps)
        policy = load_checkpoint(str(a.base))[0]
        trainer: Any
        if method == "supervised":
            trainer = SupervisedTrainer(plan, policy.train())
        else:
            trainer = GrpoTrainer(plan, policy, load_checkpoint(str(a.base))[0].requires_grad_(False), judge, [])
        collect = _Collect([p for p in policy.parameters() if p.requires_grad])
        trainer.optimizers, trainer.rates = [collect], (0.0,)
        passes = 0.0
        for step in range(a.steps):
            line = trainer.step(step, 0.0)
            passes += line["passes"]
        pictures = plan.images if method == "supervised" else 2 * plan.pairs * plan.samples
        found = agreement(torch.stack(collect.seen))
        print(json.dumps({"method": method, "picturesPerStep": pictures, "passesPerStep": round(passes / a.steps), **found}), flush=True)

"""Trains the judge's eye on composed pictures; resumable."""

from __future__ import annotations

import argparse
import math
import os
import time
from random import Random

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..model.tokenizer import centroids
from ..world import config as C
from .damaged import composition
from .labels import HEADS, Labels, labels
from .network import Eye, load
from .pieces import load_blocks, save_blocks

JUDGE = C.RUNS / "judge"
# What is learned last weighs most.
_WEIGHTS = {"junk": 5.0, "object": 2.0}


def batch(seed: int, size: int) -> tuple[Tensor, list[Labels]]:
    """Codes [size, 144] and their labels; the same for the same seed."""
    random = Random(f"judge {seed}")
    made = [composition(random) for _ in range(size)]
    return torch.from_numpy(np.stack([c.grid.reshape(-1) for c in made])), [labels(c) for c in made]


def loss_of(eye: Eye, tokens: Tensor, targets: list[Labels], bf16: bool) -> tuple[Tensor, dict[str, float]]:
    """The sum of all heads' losses, and their parts."""
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        features, pooled = eye.trunk(tokens)
        cells, background, owner = eye.heads(features), eye.background(pooled), eye.owner(features)
    cells, owner = cells.float().permute(0, 2, 3, 1), owner.float().permute(0, 2, 3, 1)
    parts: dict[str, Tensor] = {}
    for name, logits in zip(HEADS, cells.split(list(HEADS.values()), -1), strict=True):
        if name == "kind":
            kind = torch.from_numpy(np.stack([t.kind for t in targets]))
            parts[name] = -(kind * F.log_softmax(logits, -1)).sum() / len(tokens)
            continue
        target = torch.from_numpy(np.stack([t.cells[name] for t in targets])).long()
        known = target >= 0
        if name == "junk":
            parts[name] = F.binary_cross_entropy_with_logits(logits[..., 0][known], target[known].float())
        elif known.any():
            parts[name] = F.cross_entropy(logits[known], target[known])
    parts["background"] = F.cross_entropy(background.float(), torch.tensor([t.background for t in targets]))
    target = torch.from_numpy(np.stack([t.owner for t in targets])).long()
    parts["owner"] = F.cross_entropy(owner.reshape(-1, owner.shape[-1]), target.reshape(-1), ignore_index=-1)
    total = torch.stack([_WEIGHTS.get(name, 1.0) * part for name, part in parts.items()]).sum()
    return total, {name: float(part.detach()) for name, part in parts.items()}


def main(arguments: list[str]) -> None:
    """Trains for --minutes of the clock or a number of --steps; writes eye.pt as it goes and resumes from it."""
    parser = argparse.ArgumentParser(prog="python -m pairscope judge train", description=main.__doc__)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, default=0)
    length.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--bf16", action="store_true", help="only where the processor has it")
    parser.add_argument("--threads", type=int, default=1)
    a = parser.parse_args(arguments)
    torch.manual_seed(0)
    torch.set_num_threads(a.threads)
    JUDGE.mkdir(parents=True, exist_ok=True)
    path = JUDGE / "eye.pt"
    load_blocks()
    eye, first, before = Eye(len(centroids())), 0, 0.0
    eye.start_from(centroids())
    stored = None
    if path.exists():
        eye, stored = load(path)
        first, before = stored["step"], stored["seconds"]
    eye = eye.train().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(eye.parameters(), a.rate, betas=(0.9, 0.98), weight_decay=1e-3)
    if stored:
        optimizer.load_state_dict(stored["optimizer"])
    print("parameters", sum(p.numel() for p in eye.parameters()), "from step", first, flush=True)
    started, clock, step = time.process_time(), time.time(), first
    mean: dict[str, float] = {}

    def progress() -> float:
        return (before + time.time() - clock) / (60 * a.minutes) if a.minutes else step / a.steps

    while (done := progress()) < 1:
        rate = a.rate * min(1, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss, parts = loss_of(eye, *batch(step, a.batch), a.bf16)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(eye.parameters(), 2.0)
        optimizer.step()
        step += 1
        for name, value in parts.items():
            mean[name] = 0.97 * mean.get(name, value) + 0.03 * value
        if step % 50 == 0:
            speed = (step - first) * a.batch / (time.process_time() - started)
            text = " ".join(f"{name} {value:.3f}" for name, value in mean.items())
            print(f"{time.strftime('%H:%M:%S')} step {step} {text} images per CPU second {speed:.0f}", flush=True)
        if step % 250 == 0 or progress() >= 1:
            state = {"shape": eye.shape, "state_dict": eye.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save({**state, "step": step, "seconds": before + time.time() - clock}, f"{path}.tmp")
            os.replace(f"{path}.tmp", path)
            save_blocks()

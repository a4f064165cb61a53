"""The control: the base model's own training going on, from the same checkpoint and for the same CPU time."""

from __future__ import annotations

import itertools
import math
import time
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from ..model.batches import training_batch
from ..model.language_model import ImageTokenModel
from ..model.muon import Muon
from ..model.tokenizer import WHITE
from .run_folder import Plan

# Batches of the base's training have small seeds; these begin where those never come.
_FIRST_SEED = 1_000_000_000
_CHUNK = {"cpu": 32, "cuda": 256}  # pictures that go through the network together
_WORKERS = 3  # processes that make a GPU's pictures
_WARMUP = 20
_DECAY = 0.8  # share of the run over which the rates fall to zero


def image_nats(model: ImageTokenModel, ids: Tensor, generator: torch.Generator, bf16: bool) -> Tensor:
    """Mean nats an image token of ids [B, P + N]; half of the empty cells, counted twice, save time at the head."""
    with torch.autocast(ids.device.type, torch.bfloat16, enabled=bf16):
        hidden, _ = model.run(ids[:, :-1])
        hidden = hidden[:, model.config.prefix_length - 1 :].reshape(-1, model.config.width)
        target = ids[:, model.config.prefix_length :].reshape(-1)
        empty = target == WHITE
        kept = (~empty | (torch.rand(target.shape, generator=generator).to(ids.device) < 0.5)).nonzero()[:, 0]
        logits = model.logits(hidden[kept])
    losses = F.cross_entropy(logits.float(), target[kept], reduction="none")
    return (losses * (1.0 + empty[kept].float())).sum() / len(target)


class _Pictures(Dataset[Tensor]):
    """Batches by number, without end."""

    def __init__(self, size: int, codes: int) -> None:
        self.size, self.codes = size, codes

    def __getitem__(self, number: int) -> Tensor:
        return training_batch(number, self.size, self.codes)


class SupervisedTrainer:
    """Steps of next-token training on ground truth: Muon for the blocks' matrices, AdamW for the rest, as in the base's training."""

    def __init__(self, plan: Plan, model: ImageTokenModel, first: int = 0) -> None:
        """``first``: the step that comes next."""
        self.plan, self.model = plan, model
        order = itertools.count(_FIRST_SEED * (1 + plan.seed) + first)
        workers = 0 if plan.device == "cpu" else _WORKERS
        self.batches = iter(DataLoader(_Pictures(plan.images, model.config.codes), batch_size=None, sampler=order, num_workers=workers))
        self.pool: list[str] = []
        matrices = [p for n, p in model.named_parameters() if n.startswith("blocks.") and p.dim() == 2]
        chosen = {id(p) for p in matrices}
        rest = [p for p in model.parameters() if id(p) not in chosen]
        self.rates = (plan.rate, plan.muon_rate)
        self.optimizers: list[torch.optim.Optimizer] = [
            torch.optim.AdamW(rest, plan.rate, betas=(0.9, 0.95), weight_decay=0.0),
            Muon(matrices, plan.muon_rate),
        ]

    def step(self, step: int, progress: float) -> dict[str, Any]:
        """One step; what the log says of it."""
        plan, model = self.plan, self.model
        started = time.process_time()
        ids = next(self.batches).to(plan.device)
        made = time.process_time()
        generator = torch.Generator().manual_seed(step)
        factor = min(1.0, (step + 1) / _WARMUP, max(0.0, (1 - progress) / _DECAY))
        for optimizer, rate in zip(self.optimizers, self.rates, strict=True):
            optimizer.zero_grad(set_to_none=True)
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
        total = 0.0
        for chunk in ids.split(_CHUNK[plan.device]):
            loss = image_nats(model, chunk, generator, plan.bf16) * (len(chunk) / len(ids))
            loss.backward()
            total += float(loss.detach())
        norm = float(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0))
        for optimizer in self.optimizers:
            optimizer.step()
        return {
            "bits": round(total * model.config.cells / math.log(2), 3),
            "gradient": round(norm, 5),
            "rate": round(plan.rate * factor, 8),
            "cpu": {"data": round(made - started, 3), "update": round(time.process_time() - made, 3)},
            "passes": 3 * len(ids) * (ids.shape[1] - 1),
        }

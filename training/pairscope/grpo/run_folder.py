"""A training run on disk: plan.json, log.jsonl (one line a step), lm.pt (to resume from and to draw with), lm-100.pt, ..."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from ..model.language_model import ImageTokenModel, load_checkpoint, save_checkpoint
from ..model.sample import Settings

METHODS = ("pair", "vanilla", "supervised")


@dataclass(frozen=True)
class Plan:
    """All that a run depends on; a run is only ever resumed with the plan it began with."""

    method: str
    seed: int
    steps: int
    base: str  # SHA-256 of the checkpoint that training starts from
    rate: float  # AdamW's at its highest
    # pair and vanilla
    pairs: int = 8  # a step
    samples: int = 7  # a prompt
    beta: float = 0.01  # weight of the KL term
    reward: str = "own"
    least_spread: float = 0.02  # groups whose rewards have a smaller standard deviation teach nothing and are left out
    truth: float = 0.5  # first probability that a pair's group gains its ground truth; pair only
    hard: float = 0.0  # probability that a pair is one that was mixed before, now right, now wrong
    guidance: float = 1.0
    mask: float = 0.05
    temperature: float = 1.0
    # supervised
    images: int = 64  # a step
    muon_rate: float = 0.0
    cpu_seconds: float = 0.0  # trains for so long in place of ``steps``; on a GPU seconds of the clock
    bf16: bool = False
    device: str = "cpu"
    dense: bool = False  # whole batches of one shape, for a GPU

    @property
    def settings(self) -> Settings:
        """The distribution of rollouts and of their log-probabilities."""
        return Settings(self.guidance, self.mask, self.temperature)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


class RunFolder:
    """Reads and writes one run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoint, self.log, self.plan_file = path / "lm.pt", path / "log.jsonl", path / "plan.json"

    def begin(self, plan: Plan) -> None:
        """Writes the plan, or ends with a sentence where the run began with another one."""
        self.path.mkdir(parents=True, exist_ok=True)
        new = asdict(plan)
        if self.plan_file.exists():
            old = json.loads(self.plan_file.read_text())
            if other := [f"{k} {old.get(k)} is not {v}" for k, v in new.items() if old.get(k) != v]:
                raise SystemExit(f"{self.path} began with another plan ({'; '.join(other)}); give --out another folder.")
        self.plan_file.write_text(json.dumps(new, indent=1) + "\n")

    def plan(self) -> Plan:
        """The plan it began with."""
        return Plan(**json.loads(self.plan_file.read_text()))

    def resume(self, base: Path) -> tuple[ImageTokenModel, dict[str, Any]]:
        """The network and what was stored with it; the base at step 0 for a new run.  Log lines after the checkpoint are dropped."""
        if not self.checkpoint.exists():
            self.log.write_text("")
            return load_checkpoint(str(base))[0], {"step": 0, "seconds": 0.0, "passes": 0.0, "pool": [], "done": False}
        model, stored = load_checkpoint(str(self.checkpoint))
        lines = self.log.read_text().splitlines()
        self.log.write_text("".join(line + "\n" for line in lines if json.loads(line)["step"] <= stored["step"]))
        return model, stored

    def add(self, line: dict[str, Any]) -> None:
        """One step's numbers."""
        with self.log.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def lines(self) -> list[dict[str, Any]]:
        """All steps' numbers."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def save(self, model: ImageTokenModel, optimizers: list[torch.optim.Optimizer], **extra: Any) -> None:
        """A checkpoint to resume from."""
        save_checkpoint(str(self.checkpoint), model, optimizer=[o.state_dict() for o in optimizers], **extra)

    def keep(self, model: ImageTokenModel, step: int) -> None:
        """A snapshot that stays."""
        save_checkpoint(str(self.path / f"lm-{step}.pt"), model, step=step)

    def done(self) -> bool:
        """Is the run over?"""
        if not self.checkpoint.exists():
            return False
        return bool(torch.load(self.checkpoint, map_location="cpu", weights_only=True, mmap=True)["done"])

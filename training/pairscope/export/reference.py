"""A pair drawn in PyTorch: the reference that the exported graphs are checked against.

It shares with them the quantized weight values and the noise, and nothing else: the network is the one that
was trained, and the sampler is written from the definitions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ..model.language_model import ImageTokenModel
from ..model.noise import noise_of_steps
from .sampler import STATS, TOP_COUNT

F32 = NDArray[np.float32]
NO_OTHER = 1e30  # margin where nothing else could have been drawn


@dataclass(frozen=True)
class Settings:
    """Sampling settings, named as in the engine."""

    seed: int = 7
    coupled: bool = True
    guidance_weight: float = 3.0
    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    plausibility: float = 0.0
    greedy: bool = False

    def effective(self) -> Settings:
        """Greedy has temperature 1 and no truncation."""
        return replace(self, temperature=1.0, top_k=0, top_p=1.0) if self.greedy else self


@dataclass(frozen=True)
class PairPlan:
    """Lanes of a draw: prefixes int64 [L, P] and what each lane is for."""

    prefixes: NDArray[np.int64]
    lane_side: NDArray[np.int64]
    cond_lane: NDArray[np.int64] = field(default_factory=lambda: np.array([0, 2]))
    uncond_lane: NDArray[np.int64] = field(default_factory=lambda: np.array([1, 3]))
    cross_lane: NDArray[np.int64] = field(default_factory=lambda: np.array([4, 5]))


def pair_plan(
    a: NDArray[np.int64], b: NDArray[np.int64], unconditional: NDArray[np.int64], cross_lanes: bool = True
) -> PairPlan:
    """Four lanes, or six with the two that read the other prompt along a side's own history."""
    lanes = [a, unconditional, b, unconditional] + ([b, a] if cross_lanes else [])
    side = np.array([0, 0, 1, 1, 0, 1][: len(lanes)])
    plan = PairPlan(np.stack(lanes), side)
    return plan if cross_lanes else replace(plan, cross_lane=plan.cond_lane)


def draw_noise(settings: Settings, first: int, steps: int, codes: int) -> F32:
    """float32 [steps, 2, codes]; zeros when greedy."""
    if settings.greedy:
        return np.zeros((steps, 2, codes), np.float32)
    return noise_of_steps(settings.seed, settings.coupled, first, steps, codes)


def draw(
    model: ImageTokenModel,
    plan: PairPlan,
    settings: Settings,
    steps: int,
    forced: NDArray[np.int64] | None = None,
) -> F32:
    """Statistics of every step, float32 [steps, 2, STATS]; forced int64 [steps, 2], -1 = sample."""
    settings = settings.effective()
    config = model.config
    noise = torch.from_numpy(draw_noise(settings, 0, steps, config.codes))
    wish = np.full((steps, 2), -1) if forced is None else forced
    out = np.zeros((steps, 2, STATS), np.float32)
    ids, start, cache = torch.from_numpy(plan.prefixes), 0, None
    with torch.inference_mode():
        for step in range(steps):
            hidden, cache = model.run(ids, start, cache)
            start += ids.shape[1]
            logits = model.logits(hidden[:, -1])
            out[step], tokens = _sample(logits, noise[step], wish[step], plan, settings)
            ids = torch.tensor(tokens)[torch.from_numpy(plan.lane_side)][:, None]
    return out


def _sample(
    logits: Tensor, noise: Tensor, wish: NDArray[np.int64], plan: PairPlan, settings: Settings
) -> tuple[F32, list[int]]:
    lines, tokens, distributions = [], [], []
    for side in (0, 1):
        own = logits[plan.cond_lane[side]]
        log_own = F.log_softmax(own, -1)
        log_other = F.log_softmax(logits[plan.cross_lane[side]], -1)
        unconditional = logits[plan.uncond_lane[side]]
        log_p = _distribution(own, unconditional, settings)
        p = log_p.exp()
        order = torch.sort(_masked(own, unconditional, settings), descending=True, stable=True).indices
        ranks = torch.empty_like(order)
        ranks[order] = torch.arange(1, len(order) + 1)
        noisy = torch.sort(log_p + noise[side], descending=True, stable=True)
        choice = int(noisy.indices[0])
        token = int(wish[side]) if wish[side] >= 0 else choice
        margin = float(noisy.values[0] - noisy.values[1])
        entropy = -(p[p > 0] * log_p[p > 0]).sum() / math.log(2)
        prompt = _divergence_bits(log_own.exp(), log_other.exp())
        score = (log_own[token] - log_other[token]) / math.log(2)
        top = order[:TOP_COUNT]
        head = [token, choice, min(margin, NO_OTHER), float(p[token]), float(ranks[token]), float(entropy)]
        lines.append([*head, 0.0, prompt, float(score), *top.tolist(), *p[top].tolist()])
        tokens.append(token)
        distributions.append(p)
    stats = np.array(lines, dtype=np.float32)
    stats[:, 6] = _divergence_bits(*distributions)
    return stats, tokens


def _masked(own: Tensor, unconditional: Tensor, settings: Settings) -> Tensor:
    """Guided logits over the temperature, minus infinity where the plausibility mask forbids."""
    guided = own + (settings.guidance_weight - 1) * (own - unconditional)
    z = guided / settings.temperature
    if settings.plausibility > 0:
        log_floor = math.log(settings.plausibility)
        z = torch.where(own - own.max() >= log_floor, z, torch.full_like(z, -torch.inf))
    return z


def _distribution(own: Tensor, unconditional: Tensor, settings: Settings) -> Tensor:
    """Logarithms of the distribution that is sampled from."""
    z = _masked(own, unconditional, settings)
    values, order = torch.sort(z, descending=True, stable=True)
    keep = torch.ones_like(values, dtype=torch.bool)
    if settings.top_k > 0:
        keep[settings.top_k :] = False
    if settings.top_p < 1:
        p = F.softmax(torch.where(keep, values, torch.full_like(values, -torch.inf)), -1)
        keep &= p.cumsum(-1) - p < settings.top_p
    kept = torch.full_like(z, -torch.inf)
    kept[order[keep]] = values[keep]
    return F.log_softmax(kept, -1)


def _divergence_bits(p: Tensor, q: Tensor) -> float:
    """Jensen-Shannon divergence."""
    m = (p + q) / 2
    parts = [(x[x > 0] * (x[x > 0] / m[x > 0]).log()).sum() for x in (p, q)]
    return float((parts[0] + parts[1]) / 2 / math.log(2))

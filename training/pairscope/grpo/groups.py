"""Pairs of training prompts, and the advantages of a group's pictures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random

import numpy as np
import torch
from torch import Tensor

from .. import config as C
from ..captions import caption
from ..draws import training_pair
from ..pair_sets import held_out_set
from ..scenes import Scene, lay_out
from ..tokenizer import layout_tokens

EPSILON = 1e-4


@dataclass(frozen=True)
class Pair:
    """Two prompts one aspect apart; ``name`` makes the same pair again."""

    name: str
    category: str
    scenes: tuple[Scene, Scene]
    captions: tuple[str, str]
    layout: int  # seed of both pictures

    def truth(self) -> Tensor:
        """Codes [2, N] of the pictures that show the two prompts."""
        layouts = [layout_tokens(lay_out(scene, self.layout)).reshape(-1) for scene in self.scenes]
        return torch.from_numpy(np.stack(layouts))


@lru_cache(maxsize=1)
def _reported() -> frozenset[Scene]:
    """Every scene of the held-out pairs, which hold ordinary ones too."""
    return frozenset(prompt.scene for prompt in held_out_set())


def draw_pair(name: str) -> Pair:
    """A pair of any category, from its name alone; no held-out combination, and no prompt of the held-out pairs."""
    random = Random(f"grpo {name}")
    category = random.choice(C.CATEGORIES)
    while not _reported().isdisjoint(scenes := training_pair(random, category)):
        pass
    words, layout = random.getrandbits(40), random.getrandbits(31)
    return Pair(name, category, scenes, (caption(scenes[0], words), caption(scenes[1], words)), layout)


def _normalised(rewards: Tensor, least_spread: float) -> Tensor:
    """(r - mean) / (std + 1e-4) over the last axis; 0 where the rewards spread less than ``least_spread``."""
    spread = rewards.std(-1, keepdim=True)
    return (rewards - rewards.mean(-1, keepdim=True)) / (spread + EPSILON) * (spread >= least_spread)


def advantages(rewards: Tensor, paired: bool, least_spread: float = 0.0) -> Tensor:
    """Rewards [2, G] of a pair's two prompts -> advantages [2, G]: over all 2G when paired, else over each prompt's G."""
    return _normalised(rewards.reshape(-1) if paired else rewards, least_spread).view_as(rewards)


def truth_chance(start: float, progress: float) -> float:
    """Probability that a pair's group gains its ground truth: falls from ``start`` to 0 over the training."""
    return start * (1 - progress)


def with_truth(samples: Tensor, truth: Tensor) -> Tensor:
    """Pictures [2, G - 2, N] and the ground truth [2, N] -> [2, G, N]: each prompt's own image next to last, its sibling's last."""
    return torch.cat([samples, torch.stack([truth, truth.flip(0)], 1)], 1)

"""Pairs of training prompts, and the advantages of a group's pictures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random

import numpy as np
import torch
from torch import Tensor

from ..model.tokenizer import layout_tokens
from ..world import config as C
from ..world.captions import caption
from ..world.draws import training_pair
from ..world.pair_sets import held_out_set
from ..world.scenes import Scene, lay_out

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


def advantages(rewards: Tensor, paired: bool, least_spread: float = 0.0, truth: bool = False) -> Tensor:
    """Rewards [2, G] of a pair's two prompts -> advantages [2, G]: (r - mean) / (std + 1e-4) over all 2G when paired, else over each prompt's G.

    0 for a prompt whose rewards spread less than ``least_spread``: rollouts of one prompt that all have the same advantage push nowhere on
    average, and add noise.  Of a group with ground truth the sibling's image does not count as spread: were it likely, rollouts would show it.
    """
    group = rewards.reshape(1, -1) if paired else rewards
    normalised = (group - group.mean(-1, keepdim=True)) / (group.std(-1, keepdim=True) + EPSILON)
    own = rewards[:, :-1] if truth else rewards
    return normalised.view_as(rewards) * (own.std(-1, keepdim=True) >= least_spread)


def truth_chance(start: float, progress: float) -> float:
    """Probability that a pair's group gains its ground truth: falls from ``start`` to 0 over the training."""
    return start * (1 - progress)


def with_truth(samples: Tensor, truth: Tensor) -> Tensor:
    """Pictures [2, G - 2, N] and the ground truth [2, N] -> [2, G, N]: each prompt's own image next to last, its sibling's last."""
    return torch.cat([samples, torch.stack([truth, truth.flip(0)], 1)], 1)

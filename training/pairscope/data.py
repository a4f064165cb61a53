"""Batches of (prefix, image tokens), generated from a seed; any batch can be made again on its own."""

from __future__ import annotations

from random import Random

import numpy as np
import torch
from torch import Tensor

from . import config as C
from .captions import UNK, caption, prefix, text_ids
from .draws import training_scene, uncaptioned_scene
from .scenes import Scene, lay_out
from .tokenizer import layout_tokens

# What is learned last is shown most.
CATEGORY_WEIGHTS: dict[str, float] = dict(zip(C.CATEGORIES, (0.11, 0.27, 0.19, 0.21, 0.19, 0.03), strict=True))
CAPTION_DROPOUT = 0.16
# Most pictures without a caption show coloured objects, so that every colour of every object is seen, if not named.
UNCAPTIONED_COLOURS = 0.6
UNKNOWN_WORDS = 0.01
_LAYOUT_SEEDS = 40  # bits


def example(scene: Scene, seed: int) -> tuple[list[int], np.ndarray, float]:
    """Text ids, image tokens [144] and the layout's entropy in bits."""
    random = Random(seed)
    words = text_ids(caption(scene, random.getrandbits(_LAYOUT_SEEDS)))
    layout = lay_out(scene, random.getrandbits(_LAYOUT_SEEDS))
    return words, layout_tokens(layout).reshape(-1), layout.bits


def training_batch(seed: int, size: int, codes: int) -> Tensor:
    """Combined ids [size, P + 144], with caption dropout and unknown words."""
    random = Random(f"train {seed}")
    names, weights = list(CATEGORY_WEIGHTS), list(CATEGORY_WEIGHTS.values())
    rows = np.empty((size, C.PREFIX_LENGTH + C.ROWS * C.COLUMNS), np.int64)
    for row in rows:
        category, captioned = random.choices(names, weights)[0], random.random() >= CAPTION_DROPOUT
        if captioned:
            scene = training_scene(random, category)
        else:
            scene = uncaptioned_scene(random, "Color difference" if random.random() < UNCAPTIONED_COLOURS else category)
        words, tokens, _ = example(scene, random.getrandbits(_LAYOUT_SEEDS))
        text = prefix(None)
        if captioned:
            text = prefix([UNK if random.random() < UNKNOWN_WORDS else word for word in words])
        row[: C.PREFIX_LENGTH] = np.array(text) + codes
        row[C.PREFIX_LENGTH :] = tokens
    return torch.from_numpy(rows)


def validation_batch(category: str, size: int, codes: int, seed: int = 0) -> tuple[Tensor, float]:
    """Ids [size, P + 144] of one category, and the mean layout entropy in bits (the floor)."""
    random = Random(f"validation {category} {seed}")
    rows, bits = [], 0.0
    for _ in range(size):
        words, tokens, entropy = example(training_scene(random, category), random.getrandbits(_LAYOUT_SEEDS))
        rows.append(np.concatenate([np.array(prefix(words)) + codes, tokens]))
        bits += entropy
    return torch.from_numpy(np.stack(rows)), bits / size

"""Batches of (prefix, image tokens), generated from a seed; any batch can be made again on its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from ..world import config as C
from ..world.captions import HIDDEN, UNK, WORD_IDS, caption, prefix, relation_words, text_ids
from ..world.draws import loosely_named_scene, training_scene
from ..world.scenes import Layout, Scene, lay_out
from ..world.wide_captions import wide_caption
from ..world.wide_draws import wide_scene
from .tokenizer import centroids, layout_tokens, load_pieces, save_pieces, scatter_bits
from .upcoming import CLASSES, UNTOLD, upcoming

# What is learned last is shown most.
CATEGORY_WEIGHTS: dict[str, float] = dict(zip(C.CATEGORIES, (0.11, 0.27, 0.19, 0.21, 0.19, 0.03), strict=True))
WIDE_CATEGORY_WEIGHTS: dict[str, float] = dict(zip(C.CATEGORIES, (0.22, 0.22, 0.16, 0.14, 0.2, 0.06), strict=True))
CAPTION_DROPOUT = 0.08
# So many captions lack a word of each combination. They and the pictures without a caption may show the held-out ones, and most show
# colours and relations: a word that was learned without its partner can be joined to it.
PARTLY_NAMED = 0.14
LOOSE_CATEGORIES: dict[str, float] = {"Color difference": 0.6, "Position difference": 0.25}  # the rest as above
UNKNOWN_WORDS = 0.01
_LAYOUT_SEEDS = 40  # bits


def example(scene: Scene, seed: int, wide: bool = False, say: Callable[[Scene, int], str] = caption) -> tuple[list[int], np.ndarray, Layout]:
    """Text ids, image tokens [144] and the layout that they show; ``wide``: drawn as the wide world draws."""
    random = Random(seed)
    words = text_ids(say(scene, random.getrandbits(_LAYOUT_SEEDS)))
    layout = lay_out(scene, random.getrandbits(_LAYOUT_SEEDS), wide)
    return words, layout_tokens(layout).reshape(-1), layout


def _forms(name: str) -> set[int]:
    return {WORD_IDS[form] for forms in C.BY_NAME[name].names for form in forms}


def partly_named(words: list[int], scene: Scene, random: Random, instead: int = UNK) -> list[int]:
    """Text ids of a scene's caption with ``instead`` of one word of every combination of object and colour, or first object and relation."""
    out = list(words)
    telling = relation_words(scene.relation)
    for index, item in enumerate(scene.items):
        if not item.colour and (index > 0 or not scene.relation):
            continue
        forms = _forms(item.name)
        nouns = [at for at, word in enumerate(words) if word in forms]
        relations = [at for at, word in enumerate(words) if word in telling] if index == 0 else []
        if random.random() < 0.5:
            hidden = nouns
        else:
            hidden = [*([at - 1 for at in nouns] if item.colour else []), *relations]  # a colour stands just before its noun
        for at in hidden:
            out[at] = instead
    return out


def labelled_batch(seed: int, size: int, codes: int, wide: bool = False) -> tuple[Tensor, Tensor]:
    """Combined ids [size, P + 144], with caption dropout, partly named combinations and unknown words; and what is upcoming at every cell [size, 144, 3].

    ``wide``: half of the scenes and captions are the wide world's, and all are drawn as it draws. An unknown word is there a thing without a
    drawing, so a word that the caption leaves open is ``HIDDEN``.
    """
    random = Random(f"{'wide' if wide else 'train'} {seed}")
    names, weights = list(CATEGORY_WEIGHTS), list(CATEGORY_WEIGHTS.values())
    rows = np.empty((size, C.PREFIX_LENGTH + C.ROWS * C.COLUMNS), np.int64)
    answers = np.full((size, C.ROWS * C.COLUMNS, len(CLASSES)), UNTOLD, np.int64)
    left_open = HIDDEN if wide else UNK
    for row, answer in zip(rows, answers, strict=True):
        if wide and random.random() < 0.5:
            words, tokens, layout = _wide_example(random)
            kind = random.random()
            text = prefix(None if kind < CAPTION_DROPOUT else words)
        else:
            category, kind = random.choices(names, weights)[0], random.random()
            if kind >= CAPTION_DROPOUT + PARTLY_NAMED:
                scene = training_scene(random, category)
                words, tokens, layout = example(scene, random.getrandbits(_LAYOUT_SEEDS), wide)
                text = prefix([left_open if random.random() < UNKNOWN_WORDS else word for word in words])
            else:
                loose = random.choices([*LOOSE_CATEGORIES, category], [*LOOSE_CATEGORIES.values(), 1 - sum(LOOSE_CATEGORIES.values())])[0]
                scene = loosely_named_scene(random, loose)
                words, tokens, layout = example(scene, random.getrandbits(_LAYOUT_SEEDS), wide)
                text = prefix(None if kind < CAPTION_DROPOUT else partly_named(words, scene, random, left_open))
        row[: C.PREFIX_LENGTH] = np.array(text) + codes
        row[C.PREFIX_LENGTH :] = tokens
        if kind >= CAPTION_DROPOUT:
            answer[:] = upcoming(layout, tokens)
    return torch.from_numpy(rows), torch.from_numpy(answers)


def _wide_example(random: Random) -> tuple[list[int], np.ndarray, Layout]:
    category = random.choices(list(WIDE_CATEGORY_WEIGHTS), list(WIDE_CATEGORY_WEIGHTS.values()))[0]
    return example(wide_scene(random, category), random.getrandbits(_LAYOUT_SEEDS), True, wide_caption)


class Batches(Dataset[tuple[Tensor, Tensor]]):
    """``labelled_batch`` by number, without end."""

    def __init__(self, size: int, codes: int, wide: bool = False) -> None:
        self.size, self.codes, self.wide = size, codes, wide

    def __getitem__(self, number: int) -> tuple[Tensor, Tensor]:
        return labelled_batch(number, self.size, self.codes, self.wide)


def training_batch(seed: int, size: int, codes: int) -> Tensor:
    """The ids of ``labelled_batch``."""
    return labelled_batch(seed, size, codes)[0]


def main(arguments: list[str]) -> None:
    """Draws the pieces of the first batches of the wide world, so that a training begins at full speed and with little memory."""
    parser = argparse.ArgumentParser(prog="python -m pairscope model pieces", description=main.__doc__)
    parser.add_argument("--out", type=Path, default=C.RUNS / "pieces.pkl")
    parser.add_argument("--batches", type=int, default=400)
    a = parser.parse_args(arguments)
    torch.set_num_threads(1)
    known = load_pieces(a.out)
    for number in range(a.batches):
        labelled_batch(number, 64, len(centroids()), True)
    save_pieces(a.out)
    print(f"{known} pieces before, {load_pieces(a.out)} now")


# Scenes and captions of a validation: those of the first world as it drew them, the same as the wide world draws them, and the wide world's.
KINDS = ("first", "old", "new")


def validation_batch(category: str, size: int, codes: int, seed: int = 0, kind: str = "first") -> tuple[Tensor, float]:
    """Ids [size, P + 144] of one category, and the mean entropy in bits of what captions leave open (the floor)."""
    random = Random(f"validation {category} {seed}")
    draw, say = (wide_scene, wide_caption) if kind == "new" else (training_scene, caption)
    rows, bits = [], 0.0
    for _ in range(size):
        words, tokens, layout = example(draw(random, category), random.getrandbits(_LAYOUT_SEEDS), kind != "first", say)
        rows.append(np.concatenate([np.array(prefix(words)) + codes, tokens]))
        bits += layout.bits + scatter_bits(layout)
    return torch.from_numpy(np.stack(rows)), bits / size

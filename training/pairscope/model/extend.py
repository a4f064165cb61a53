"""Grows a run into the wide world: codes and words are appended, and the network's weights go on from the old ones.

The new codes are the marks of scattered detail, letters of signs in other styles, and centres of the patches that the old codes draw badly.
A new row of the embedding begins as that of the nearest old code, or of a word of the same kind, less what keeps it from being drawn at first.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch import Tensor

from ..world import config as C
from ..world.captions import FIRST_LETTER, HIDDEN, LETTER_IDS, TEXT_TOKENS, UNK, WORD_IDS
from ..world.draws import training_scene
from ..world.scatter import GROUNDS, MOST_MARKS, chances, marked_cell
from ..world.scenes import Placed, lay_out
from ..world.sprites import Array, letter, shrink, sign
from ..world.wide_draws import wide_scene
from .batches import validation_batch
from .language_model import ImageTokenModel, load_checkpoint, save_checkpoint
from .processor import suit_the_processor
from .tokenizer import on_its_rows, nearest, on_ground, patches

_VALUES = C.PATCH * C.PATCH * 3
_SAME = 0.02  # squared distance within which two patches are one
_RARER = 12.0  # nats by which a new code is less likely at first than the old one that it resembles


def _cut(image: Array) -> Array:
    return patches(shrink(image)).reshape(-1, _VALUES)


def exact_patches() -> Array:
    """Patches that get a code of their own: marks, letters and boards, [n, 192]."""
    found = []
    for ground in GROUNDS:
        chance, kinds = chances(ground)
        for y, x in np.ndindex(C.ROWS, C.COLUMNS):
            for mark in range(MOST_MARKS + 1):
                if mark == 0 or (chance[y, x] and mark <= kinds[y, x]):
                    found.append(_cut(marked_cell(ground, x, y, mark)))
    found += [_cut(letter(character, style)) for style in ("chalk", "neon") for character in C.LETTERS]
    for style, colours in (("3d", C.COLOURS), ("chalk", ("blue",)), ("neon", C.COLOURS)):
        found += [_cut(sign("I" * letters, colour, style)) for colour in colours for letters in (1, 3, C.LONGEST_SIGN)]
    cut = np.concatenate(found)
    _, first = np.unique(cut.round(3), axis=0, return_index=True)
    return cut[np.sort(first)]


def wide_patches(scenes: int, seed: int) -> tuple[Array, Array]:
    """Patches of the distinct pieces of training scenes, [n, 192], and their weights [n]."""
    random = Random(f"wide codebook {seed}")
    seen: Counter[tuple[Placed, str]] = Counter()
    for index in range(scenes):
        draw = wide_scene if index % 3 else training_scene
        layout = lay_out(draw(random, C.CATEGORIES[index % 5]), random.getrandbits(40), True)
        for placed in layout.sprites:
            seen[on_its_rows(placed, layout.place), layout.ground] += 1
    found = [_cut(on_ground(placed, ground)) for placed, ground in sorted(seen, key=str)]
    # The mark on the box of what has no drawing must stay readable.
    weights = [np.full(len(cut), seen[piece] ** 0.5 * (8 if piece[0].key.name == C.UNKNOWN else 1), np.float32) for piece, cut in zip(sorted(seen, key=str), found, strict=True)]
    return np.concatenate(found), np.concatenate(weights)


def _error(x: Tensor, book: Tensor) -> tuple[Tensor, Tensor]:
    """Squared distance to the nearest code, and that code."""
    label = nearest(x, book)
    return (x - book[label]).pow(2).sum(-1), label


def grow(old: Tensor, codes: int, data: Array, weight: Array, rounds: int = 8) -> tuple[Tensor, dict[str, float]]:
    """``codes`` centroids that begin with ``old``; the rest are exact patches and centres of what those draw badly."""
    exact = torch.from_numpy(exact_patches())
    exact = exact[_error(exact, old)[0] > _SAME]
    kept: list[Tensor] = []
    for patch in exact:  # greedily, so that no two are the same
        if not kept or (torch.stack(kept) - patch).pow(2).sum(-1).min() > _SAME:
            kept.append(patch)
    fixed = torch.cat([old, torch.stack(kept)])
    x, w = torch.from_numpy(data), torch.from_numpy(weight)
    before, _ = _error(x, fixed)
    bad = before > 0.25
    xb, wb, eb = x[bad], w[bad], before[bad]
    generator = torch.Generator().manual_seed(0)
    free = codes - len(fixed)
    centres = torch.empty(0, _VALUES)
    distance = eb.clone()
    while len(centres) < free:
        chosen = torch.multinomial(wb * distance, min(256, free - len(centres)), generator=generator)
        centres = torch.cat([centres, xb[chosen]])
        distance = torch.minimum(distance, _error(xb, xb[chosen])[0])
    for _ in range(rounds):
        error, label = _error(xb, centres)
        mine = error < eb  # the others have a better old code
        mass = torch.zeros(free).index_add_(0, label[mine], wb[mine])
        total = torch.zeros_like(centres).index_add_(0, label[mine], xb[mine] * wb[mine, None])
        centres = torch.where(mass[:, None] > 0, total / mass.clamp_min(1e-9)[:, None], centres)
        empty = (mass == 0).nonzero()[:, 0]
        if len(empty):
            centres[empty] = xb[(torch.minimum(error, eb) * wb).topk(len(empty)).indices]
    centres = centres[centres.mean(-1).argsort(descending=True)]
    book = torch.cat([fixed, centres]).numpy().astype(np.float16).astype(np.float32)
    book = torch.cat([old, torch.from_numpy(book)[len(old) :]])

    def psnr(error: Tensor) -> float:
        return round(float(-10 * torch.log10((error * w).sum() / w.sum() / _VALUES)), 2)

    facts = {"codes": codes, "exactCodes": len(kept), "patches": len(x), "psnrBefore": psnr(_error(x, old)[0]), "foregroundPsnr": psnr(_error(x, book)[0])}
    return book, facts


def _like(rows: Tensor) -> dict[int, Tensor]:
    """Rows of the words that the old model lacks, by text id; ``rows`` are the old text rows."""
    generator = torch.Generator().manual_seed(0)
    made: dict[int, Tensor] = {HIDDEN: rows[UNK].clone()}
    for places in LETTER_IDS.values():
        for place in places[C.MAX_LETTERS :]:
            made[place] = rows[places[C.MAX_LETTERS - 1]].clone()
    nouns = torch.stack([rows[WORD_IDS[name]] for name in C.NAMES])
    plurals = torch.stack([rows[WORD_IDS[C.BY_NAME[name].names[0][1]]] for name in C.NAMES])
    colours = torch.stack([rows[WORD_IDS[colour]] for colour in C.COLOURS])
    groups = [(colours, list(C.WIDE_COLOURS)), (nouns, [t.names[0][0] for t in C.MORE_THINGS]), (plurals, [t.names[0][1] for t in C.MORE_THINGS])]
    for known, words in groups:
        for word in words:
            if word in WORD_IDS and WORD_IDS[word] >= len(rows) and WORD_IDS[word] not in made:
                made[WORD_IDS[word]] = known.mean(0) + 0.5 * known.std(0) * torch.randn(known.shape[1], generator=generator)
    rest = rows[FIRST_LETTER:]
    for at in range(len(rows), TEXT_TOKENS):
        if at not in made:
            made[at] = rest.mean(0) + 0.3 * rest.std(0) * torch.randn(rest.shape[1], generator=generator)
    return made


@torch.no_grad()
def grown(model: ImageTokenModel, old: Tensor, book: Tensor) -> ImageTokenModel:
    """The same network with rows for the new codes and words."""
    rows, codes = model.token_embed.weight, model.config.codes
    states = []
    for category in C.CATEGORIES:
        ids, _ = validation_batch(category, 96 if "Style" in category else 24, codes, seed=1)
        states.append(model.run(ids[:, :-1])[0][:, model.config.prefix_length - 1 :].reshape(-1, model.config.width))
    seen = torch.cat(states)
    gram = seen.T @ seen / len(seen)
    # The direction along which every state lies alike, in least squares.
    alike = torch.linalg.solve(gram + 1e-3 * gram.diagonal().mean() * torch.eye(len(gram)), seen.mean(0))
    near = nearest(book[len(old) :], old)
    new_codes = 0.6 * rows[near] - _RARER * alike
    made = _like(rows[codes:])
    new_words = torch.stack([made[at] for at in range(model.config.text_tokens, TEXT_TOKENS)])
    larger = ImageTokenModel(replace(model.config, codes=len(book), text_tokens=TEXT_TOKENS))
    state = model.state_dict() | {"token_embed.weight": torch.cat([rows[:codes], new_codes, rows[codes:], new_words])}
    larger.load_state_dict(state)
    return larger.eval()


def main(arguments: list[str]) -> None:
    """Writes codebook and start.pt of the wide world from codebook and lm.pt of a run that knows the first one."""
    parser = argparse.ArgumentParser(prog="python -m pairscope model extend", description=main.__doc__)
    parser.add_argument("--start", type=Path, default=C.RUNS, help="the run that is extended; its codebook has to be the one in use")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--codes", type=int, default=6144)
    parser.add_argument("--scenes", type=int, default=40_000)
    a = parser.parse_args(arguments)
    suit_the_processor()
    torch.set_num_threads(1)
    a.out.mkdir(parents=True, exist_ok=True)
    old = torch.from_numpy(np.load(a.start / "centroids.npy"))
    if not (a.out / "centroids.npy").exists():
        data, weight = wide_patches(a.scenes, 0)
        book, facts = grow(old, a.codes, data, weight)
        np.save(a.out / "centroids.npy", book.numpy())
        (a.out / "codebook.json").write_text(json.dumps(facts))
        print(facts, flush=True)
    book = torch.from_numpy(np.load(a.out / "centroids.npy"))
    model, stored = load_checkpoint(str(a.start / "lm.pt"))
    larger = grown(model, old, book)
    for category in C.CATEGORIES:
        bits = []
        for network in (model, larger):
            ids, floor = validation_batch(category, 32, network.config.codes)
            bits.append(_bits(network, ids))
        print(f"{category}: {bits[0]:.2f} bits a picture before, {bits[1]:.2f} after; floor {floor:.2f}", flush=True)
    save_checkpoint(str(a.out / "start.pt"), larger, step=0, seconds=0.0, before=stored["before"])


@torch.no_grad()
def _bits(model: ImageTokenModel, ids: Tensor) -> float:
    """Bits an image of ids [B, P + 144]."""
    target = ids[:, model.config.prefix_length :]
    loss = torch.nn.functional.cross_entropy(model(ids[:, :-1]).reshape(-1, model.config.codes), target.reshape(-1))
    return float(loss) * model.config.cells / math.log(2)

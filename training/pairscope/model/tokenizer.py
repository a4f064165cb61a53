"""Image tokenizer: k-means codes of 8 x 8-pixel patches.  Encoding is a nearest-centroid search.

Sprites lie on the grid and never touch each other's cells, so the tokens of a scene are its background's with
those of its pieces pasted in; ``layout_tokens`` uses that and renders each piece only once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
from collections import Counter
from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..world import config as C
from ..world.draws import training_scene
from ..world.scenes import Layout, Placed, lay_out
from ..world.scatter import LIGHTS, MOST_MARKS, bare_ground, cell_bits, chances, marked_cell, scattered
from ..world.sprites import Array, background, cover, letter, shrink, sign, sign_border, sign_cover, sprite

Tokens = NDArray[np.int64]
CENTROIDS = C.RUNS / "centroids.npy"
WHITE = 0  # the code of an empty cell of the plain style
_PATCH_VALUES = C.PATCH * C.PATCH * 3


def patches(image: Array) -> Array:
    """[8h, 8w, 3] -> [h, w, 192], channels last inside a patch."""
    h, w = image.shape[0] // C.PATCH, image.shape[1] // C.PATCH
    cut = image.reshape(h, C.PATCH, w, C.PATCH, 3).transpose(0, 2, 1, 3, 4)
    return np.ascontiguousarray(cut.reshape(h, w, _PATCH_VALUES))


def on_background(placed: Placed, style: str, place: str | None) -> Array:
    """A sprite's block of the scene, [16 * rows, 16 * size, 3]."""
    patch = C.DRAW_PATCH
    pixels = sprite(placed.key)
    h, w, _ = pixels.shape
    under = background(style, place)[placed.y * patch : placed.y * patch + h, placed.x * patch : placed.x * patch + w]
    return pixels[..., :3] + under * (1 - pixels[..., 3:])


def on_ground(placed: Placed, ground: str) -> Array:
    """A sprite's block on a ground without marks, [16 * rows, 16 * size, 3]."""
    patch, pixels = C.DRAW_PATCH, sprite(placed.key)
    h, w, _ = pixels.shape
    under = bare_ground(ground)[placed.y * patch : placed.y * patch + h, placed.x * patch : placed.x * patch + w]
    return pixels[..., :3] + under * (1 - pixels[..., 3:])


def _background_patches() -> Array:
    """Distinct patches of all empty scenes, white first, [n, 192]."""
    scenes = [(style, None) for style in C.STYLES] + [("3d", place) for place in C.PLACES]
    cut = np.concatenate([patches(shrink(background(*s))).reshape(-1, _PATCH_VALUES) for s in scenes])
    _, first = np.unique(cut.round(4), axis=0, return_index=True)
    return cut[np.sort(first)]


def _anchored(placed: Placed, place: str | None) -> Placed:
    """The same piece at the origin where the background does not depend on the position."""
    return placed if place else Placed(placed.key, 0, 0)


def on_its_rows(placed: Placed, place: str | None) -> Placed:
    """A piece of the wide world in the first column where its ground has nothing but bands."""
    if place is None:
        return Placed(placed.key, 0, 0)
    _, top, _, bottom = LIGHTS.get(place, (0, 0, 0, 0))
    return Placed(placed.key, 0, placed.y) if placed.y >= bottom or placed.y + placed.key.rows <= top else placed


def _pieces(scenes: int, seed: int) -> tuple[Array, Array]:
    """Distinct pieces of training scenes: their patches [n, 192], and weights [n]."""
    random = Random(f"codebook {seed}")
    seen: Counter[tuple[Placed, str, str | None]] = Counter()
    for index in range(scenes):
        layout = lay_out(training_scene(random, C.CATEGORIES[index % 5]), random.getrandbits(40))
        for placed in layout.sprites:
            seen[_anchored(placed, layout.place), layout.style, layout.place] += 1
    found: list[Array] = []
    weights: list[Array] = []

    def add(image: Array, weight: float) -> None:
        cut = patches(shrink(image)).reshape(-1, _PATCH_VALUES)
        found.append(cut)
        weights.append(np.full(len(cut), weight, np.float32))

    for (placed, style, place), count in seen.items():
        add(on_background(placed, style, place), count**0.5)
    # Letters must never be merged.
    for character in C.LETTERS:
        add(letter(character), 200.0)
    for colour in C.COLOURS:
        for length in range(1, C.MAX_LETTERS + 1):
            add(sign("I" * length, colour), 80.0)
    return np.concatenate(found), np.concatenate(weights)


def nearest(x: Tensor, centroids: Tensor) -> Tensor:
    """x [n, 192], centroids [K, 192] -> index of the nearest centroid [n]."""
    squares = centroids.pow(2).sum(-1)
    return torch.cat([torch.addmm(squares, chunk, centroids.T, alpha=-2).argmin(-1) for chunk in x.split(8192)])


def fit(codes: int, seed: int = 0, rounds: int = 20, scenes: int = 100_000) -> tuple[Array, dict[str, float]]:
    """Weighted k-means around fixed codes for the backgrounds.  Returns centroids [codes, 192] and its fit."""
    fixed = torch.from_numpy(_background_patches())
    data, weight = _pieces(scenes, seed)
    x, w = torch.from_numpy(data), torch.from_numpy(weight)
    known = (torch.cdist(x, fixed).min(1).values) < 0.05
    x, w = x[~known], w[~known]
    generator = torch.Generator().manual_seed(seed)
    # k-means++ style start: each next centre is drawn by weighted squared distance, in batches.
    free = codes - len(fixed)
    centres = x[torch.multinomial(w, 1, generator=generator)]
    sample = torch.randperm(len(x), generator=generator)[:40_000]
    while len(centres) < free:
        distance = torch.cdist(x[sample], centres).min(1).values.pow(2)
        take = min(256, free - len(centres))
        chosen = torch.multinomial(w[sample] * distance + 1e-9, take, generator=generator)
        centres = torch.cat([centres, x[sample][chosen]])
    for _ in range(rounds):
        label = nearest(x, centres)
        mass = torch.zeros(len(centres)).index_add_(0, label, w)
        total = torch.zeros_like(centres).index_add_(0, label, x * w[:, None])
        centres = torch.where(mass[:, None] > 0, total / mass.clamp_min(1e-9)[:, None], centres)
        error = (x - centres[label]).pow(2).sum(-1) * w
        empty = (mass == 0).nonzero()[:, 0]
        if len(empty):
            centres[empty] = x[error.topk(len(empty)).indices]
    label = nearest(x, centres)
    mse = float(((x - centres[label]).pow(2).mean(-1) * w).sum() / w.sum())
    # Lightness order: neighbours in the atlas look alike, and the file is stable.
    centres = centres[centres.mean(-1).argsort(descending=True)]
    result = torch.cat([fixed, centres]).numpy().astype(np.float16).astype(np.float32)
    return result, {"patches": len(x), "backgroundCodes": len(fixed), "foregroundPsnr": float(-10 * np.log10(mse))}


@lru_cache(maxsize=1)
def centroids() -> Tensor:
    """[K, 192] float32."""
    return torch.from_numpy(np.load(CENTROIDS))


def encode(image: Array) -> Tokens:
    """[8h, 8w, 3] in 0..1 -> codes [h, w]."""
    cut = patches(image)
    return nearest(torch.from_numpy(cut).reshape(-1, _PATCH_VALUES), centroids()).numpy().reshape(cut.shape[:2])


@lru_cache(maxsize=None)
def background_tokens(style: str, place: str | None) -> Tokens:
    """Codes [12, 12] of an empty scene without scattered detail."""
    return encode(shrink(background(style, place)))


@lru_cache(maxsize=None)
def _mark_tokens(ground: str) -> Tokens:
    """Codes of every mark of every cell, [MOST_MARKS + 1, 12, 12]; of marks that a cell cannot have, the bare cell's."""
    chance, kinds = chances(ground)
    table = np.empty((MOST_MARKS + 1, C.ROWS, C.COLUMNS), np.int64)
    for y, x in np.ndindex(C.ROWS, C.COLUMNS):
        for mark in range(MOST_MARKS + 1):
            shown = mark if chance[y, x] and mark <= kinds[y, x] else 0
            table[mark, y, x] = encode(shrink(marked_cell(ground, x, y, shown)))[0, 0]
    return table


def ground_tokens(layout: Layout) -> Tokens:
    """Codes [12, 12] of a layout without its pieces."""
    if layout.scatter is None:
        return background_tokens(layout.style, layout.place)
    marks = scattered(layout.ground, layout.scatter)
    return np.take_along_axis(_mark_tokens(layout.ground), marks[None], 0)[0]


@lru_cache(maxsize=200_000)
def _sprite_tokens(placed: Placed, style: str, place: str | None) -> Tokens:
    return encode(shrink(on_background(placed, style, place)))


Piece = tuple[Tokens, NDArray[np.bool_]]  # codes of a sprite's block, and which of its cells it touches
_pieces_of: dict[tuple[Placed, str], Piece] = {}


def strewn_piece(placed: Placed, ground: str) -> Piece:
    """A sprite on a ground of the wide world."""
    if (known := _pieces_of.get((placed, ground))) is None:
        codes = encode(shrink(on_ground(placed, ground))).astype(np.int16)
        known = _pieces_of[placed, ground] = codes, cover(placed.key)
    return known


def _book_hash() -> str:
    return hashlib.sha256(centroids().numpy().tobytes()).hexdigest()


def save_pieces(path: Path) -> None:
    """Keeps the pieces that are known, so that the next process need not draw them again."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(pickle.dumps((_book_hash(), _pieces_of)))
    temporary.replace(path)


def load_pieces(path: Path) -> int:
    """Takes over the pieces of another process with the same codebook, if there are any; how many are known then."""
    if path.exists():
        book, pieces = pickle.loads(path.read_bytes())
        if book == _book_hash():
            _pieces_of.update(pieces)
    return len(_pieces_of)


@lru_cache(maxsize=None)
def _sign_tokens(text: str, colour: str, style: str) -> Tokens:
    return encode(shrink(sign(text, colour, style)))


@lru_cache(maxsize=None)
def letter_tokens(character: str, style: str = "3d") -> Tokens:
    """Codes [2, 2] of a letter on a board."""
    return encode(shrink(letter(character, style)))


def covered(layout: Layout) -> NDArray[np.bool_]:
    """The cells that a layout's pieces touch, [12, 12]."""
    cells = np.zeros((C.ROWS, C.COLUMNS), bool)
    for p in layout.sprites:
        cells[p.y : p.y + p.key.rows, p.x : p.x + p.key.size] |= cover(p.key)
    if s := layout.sign:
        touched = sign_cover(len(s.text))
        cells[s.y : s.y + touched.shape[0], s.x : s.x + touched.shape[1]] |= touched
    return cells


def scatter_bits(layout: Layout) -> float:
    """Surprisal of the scattered detail that a layout shows."""
    if layout.scatter is None:
        return 0.0
    marks = scattered(layout.ground, layout.scatter)
    bits = np.take_along_axis(cell_bits(layout.ground), marks[None], 0)[0]
    return float(bits[~covered(layout)].sum())


def layout_tokens(layout: Layout) -> Tokens:
    """Codes [12, 12] of a layout, equal to encoding its rendering."""
    grid, strewn = ground_tokens(layout).copy(), layout.scatter is not None
    for p in layout.sprites:
        view = grid[p.y : p.y + p.key.rows, p.x : p.x + p.key.size]
        if strewn:
            codes, touched = strewn_piece(on_its_rows(p, layout.place), layout.ground)
            view[touched] = codes[touched]
        else:
            view[:] = _sprite_tokens(_anchored(p, layout.place), layout.style, layout.place)
    if layout.sign:
        s, letters = layout.sign, len(layout.sign.text)
        blank, touched = _sign_tokens("I" * letters, s.colour, s.style), sign_cover(letters)
        view = grid[s.y : s.y + blank.shape[0], s.x : s.x + blank.shape[1]]
        view[touched] = blank[touched]
        for index, character in enumerate(s.text):
            x = s.x + sign_border(letters) + index * C.LETTER_CELLS
            grid[s.y + 1 : s.y + 3, x : x + C.LETTER_CELLS] = letter_tokens(character, s.style)
    return grid


def main(arguments: list[str]) -> None:
    """Fits the codebook and stores it."""
    parser = argparse.ArgumentParser(prog="python -m pairscope model codebook", description=main.__doc__)
    parser.add_argument("--codes", type=int, default=C.CODES)
    a = parser.parse_args(arguments)
    torch.set_num_threads(2)
    C.RUNS.mkdir(parents=True, exist_ok=True)
    book, facts = fit(a.codes)
    np.save(CENTROIDS, book)
    (C.RUNS / "codebook.json").write_text(json.dumps({"codes": a.codes, **facts}, indent=1))
    print(facts)

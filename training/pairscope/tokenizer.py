"""Image tokenizer: k-means codes of 8 x 8-pixel patches.  Encoding is a nearest-centroid search.

Because sprites lie on the grid and never touch each other's cells, the tokens of a scene are those of
its pieces pasted together; ``layout_tokens`` uses that and never renders.
"""

from __future__ import annotations

import argparse
import json
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from . import config as C
from .scenes import Layout
from .sprites import Array, SpriteKey, all_keys, letter, rasterise, shrink, sign, sprite

Tokens = NDArray[np.int64]
CENTROIDS = C.RUNS / "centroids.npy"
WHITE = 0  # the code of an empty cell


def patches(image: Array) -> Array:
    """[8h, 8w, 3] -> [h, w, 192], channels last inside a patch."""
    h, w = image.shape[0] // C.PATCH, image.shape[1] // C.PATCH
    cut = image.reshape(h, C.PATCH, w, C.PATCH, 3).transpose(0, 2, 1, 3, 4)
    return np.ascontiguousarray(cut.reshape(h, w, C.PATCH * C.PATCH * 3))


def _pieces() -> tuple[Array, Array]:
    """Distinct non-white patches of everything drawable [n, 192], and their weights [n]."""
    found: list[Array] = []
    weights: list[Array] = []

    def add(image: Array, weight: float) -> None:
        cut = patches(shrink(image)).reshape(-1, C.PATCH * C.PATCH * 3)
        cut = cut[(cut < 0.999).any(-1)]
        found.append(cut)
        weights.append(np.full(len(cut), weight, np.float32))

    # Small sprites are drawn most and carry more per patch; letters must never be merged.
    size_weight = {C.SIZE_SMALL: 2.0, C.SIZE_PART: 2.0, C.SIZE_BIG: 1.0, C.SIZE_HUGE: 0.6}
    for key in all_keys():
        add(sprite(key), size_weight[key[2]])
    for character in C.LETTERS:
        add(letter(character), 6.0)
    for colour in C.COLOURS:
        for length in range(1, C.MAX_LETTERS + 1):
            add(sign("I" * length, colour), 2.0)
    return np.concatenate(found), np.concatenate(weights)


def nearest(x: Tensor, centroids: Tensor) -> Tensor:
    """x [n, 192], centroids [K, 192] -> index of the nearest centroid [n]."""
    out = []
    for chunk in x.split(8192):
        out.append((centroids.pow(2).sum(-1) - 2 * chunk @ centroids.T).argmin(-1))
    return torch.cat(out)


def fit(codes: int, seed: int = 0, rounds: int = 40) -> tuple[Array, dict[str, float]]:
    """Weighted k-means; code 0 is pure white.  Returns centroids [codes, 192] and its fit."""
    data, weight = _pieces()
    x, w = torch.from_numpy(data), torch.from_numpy(weight)
    generator = torch.Generator().manual_seed(seed)
    # k-means++ style start: each next centre is drawn by weighted squared distance, in batches.
    centres = x[torch.multinomial(w, 1, generator=generator)]
    while len(centres) < codes - 1:
        distance = torch.cdist(x, centres).min(1).values.pow(2)
        take = min(64, codes - 1 - len(centres))
        centres = torch.cat([centres, x[torch.multinomial(w * distance + 1e-9, take, generator=generator)]])
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
    white = torch.ones(1, centres.shape[1])
    # Darkness order: neighbours in the atlas look alike, and the file is stable.
    centres = centres[centres.mean(-1).argsort(descending=True)]
    result = torch.cat([white, centres]).numpy().astype(np.float16).astype(np.float32)
    return result, {"patches": len(x), "foregroundPsnr": float(-10 * np.log10(mse))}


@lru_cache(maxsize=1)
def centroids() -> Tensor:
    """[K, 192] float32."""
    return torch.from_numpy(np.load(CENTROIDS))


def encode(image: Array) -> Tokens:
    """[96, 96, 3] in 0..1 -> codes [12, 12]."""
    cut = patches(image)
    return nearest(torch.from_numpy(cut).reshape(-1, cut.shape[-1]), centroids()).numpy().reshape(cut.shape[:2])


@lru_cache(maxsize=None)
def sprite_tokens(key: SpriteKey) -> Tokens:
    """[cells, cells]."""
    return encode(shrink(sprite(key)))


@lru_cache(maxsize=None)
def _sign_tokens(text: str, colour: str) -> Tokens:
    return encode(shrink(sign(text, colour)))


@lru_cache(maxsize=None)
def _letter_tokens(character: str) -> Tokens:
    return encode(shrink(letter(character)))


def layout_tokens(layout: Layout) -> Tokens:
    """Codes [12, 12] of a layout, equal to encoding its rendering."""
    grid = np.full((C.ROWS, C.COLUMNS), WHITE, np.int64)
    for p in layout.sprites:
        grid[p.y : p.y + p.size, p.x : p.x + p.size] = sprite_tokens((p.name, p.colour, p.size, p.mirrored))
    if layout.sign:
        s = layout.sign
        blank = _sign_tokens("I" * len(s.text), s.colour)
        grid[s.y : s.y + blank.shape[0], s.x : s.x + blank.shape[1]] = blank
        for index, character in enumerate(s.text):
            x = s.x + 1 + index * C.LETTER_CELLS
            grid[s.y + 1 : s.y + 3, x : x + C.LETTER_CELLS] = _letter_tokens(character)
    return grid


def main() -> None:
    """Fits the codebook and stores it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--codes", type=int, default=C.CODES)
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    rasterise()
    C.RUNS.mkdir(parents=True, exist_ok=True)
    book, facts = fit(arguments.codes)
    np.save(CENTROIDS, book)
    (C.RUNS / "codebook.json").write_text(json.dumps({"codes": arguments.codes, **facts}, indent=1))
    print(facts)


if __name__ == "__main__":
    main()

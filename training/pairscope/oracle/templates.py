"""Template banks: every sprite that the generator can draw, by style and block, and every sign."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Callable

import numpy as np

from ..world import config as C
from ..world import sprites
from ..world.scenes import Item
from ..world.sprites import Array, SpriteKey, background, letter, shrink, sign_blank, sprite

COARSE = 4  # pixels a cell where pieces are searched
FINE = C.PATCH  # pixels a cell where look-alikes are told apart


@dataclass(frozen=True)
class Block:
    """Cells of a sprite's block."""

    columns: int
    rows: int


def block_of(key: SpriteKey) -> Block:
    """The block of a sprite, its accessory's rows included."""
    return Block(key.size, key.rows)


def _drawable(style: str, size: int) -> list[SpriteKey]:
    """Keys of one style and size without accessories; patterns exist at the largest size only."""
    keys = []
    for thing in C.THINGS:
        coloured = thing.colour is not None and style == "3d"
        patterns = C.PATTERNS if thing.patterned and style == "3d" and size == C.SIZE_BIG else ("plain",)
        keys += [
            SpriteKey(thing.name, colour, size, mirrored, pattern, None, style)
            for colour in (C.COLOURS if coloured else (None,))
            for mirrored in ((False, True) if thing.mirrored else (False,))
            for pattern in patterns
        ]
    return keys


class Bank:
    """Premultiplied RGBA templates of one block; ``keys[i]`` names the i-th."""

    def __init__(self, block: Block, keys: list[SpriteKey], fine: Array) -> None:
        self.block = block
        self.keys = tuple(keys)
        self.fine = fine  # [n, 8 rows, 8 columns, 4]
        coarse = np.stack([shrink(image) for image in fine])
        self.rgb, self.alpha = np.ascontiguousarray(coarse[..., :3]), np.ascontiguousarray(coarse[..., 3:])
        self._on_paper: dict[tuple[str, tuple[int, ...] | None], tuple[Array, Array]] = {}

    def on(self, style: str, place: str | None, x: int, y: int, chosen: tuple[int, ...] | None = None) -> tuple[Array, Array]:
        """Differences from the empty background [n, coarse values], and their energies [n], with the block at cell (x, y)."""
        at = (style, chosen)
        if place is None and at in self._on_paper:
            return self._on_paper[at]
        empty = coarse_background(style, place)
        cut = empty[y * COARSE : (y + self.block.rows) * COARSE, x * COARSE : (x + self.block.columns) * COARSE]
        rgb, alpha = (self.rgb, self.alpha) if chosen is None else (self.rgb[list(chosen)], self.alpha[list(chosen)])
        vectors = (rgb - alpha * cut).reshape(len(rgb), -1)
        found = vectors, np.einsum("nd,nd->n", vectors, vectors)
        if place is None:
            self._on_paper[at] = found
        return found


def less_empty(image: Array, style: str, place: str | None, x: int, y: int) -> Array:
    """How a sprite [8h, 8w, 4] at cell (x, y) differs from the empty background, [8h, 8w, 3]."""
    top, left = y * FINE, x * FINE
    cut = fine_background(style, place)[top : top + image.shape[0], left : left + image.shape[1]]
    return image[..., :3] - image[..., 3:] * cut


@lru_cache(maxsize=None)
def fine_background(style: str, place: str | None) -> Array:
    """Empty scene, [96, 96, 3]."""
    return shrink(background(style, place))


@lru_cache(maxsize=None)
def coarse_background(style: str, place: str | None) -> Array:
    """Empty scene, [48, 48, 3]."""
    return shrink(fine_background(style, place))


@lru_cache(maxsize=1)
def _version() -> str:
    """Digest of everything that decides what a template looks like."""
    digest = hashlib.sha256()
    for path in (Path(sprites.__file__), Path(C.__file__ or ""), Path(__file__), C.ROOT / "package-lock.json"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _kept(name: str, draw: Callable[[], list[Array]]) -> Array:
    """Drawn templates, [n, rows, columns, 4]; kept on disk, because recolouring them all takes many seconds."""
    path = C.CACHE / "templates" / f"{name}-{_version()}.npy"
    if not path.exists():
        images = np.stack(draw())
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_suffix(f".{os.getpid()}.npy")
        np.save(written, images)
        os.replace(written, path)
    return np.load(path)


@lru_cache(maxsize=None)
def bank(style: str, block: Block) -> Bank:
    """Everything that may stand in a block of pictures of a style."""
    worn = [SpriteKey(name, accessory=accessory) for name in C.WEARERS for accessory in C.ACCESSORIES]
    hat = C.HAT_ROWS * FINE
    if block.rows > block.columns:
        bare = [SpriteKey(name) for name in C.WEARERS]
        keys = worn + bare

        def draw() -> list[Array]:
            return [shrink(sprite(k)) for k in worn] + [np.pad(shrink(sprite(k)), ((hat, 0), (0, 0), (0, 0))) for k in bare]
    else:
        plain = _drawable(style, block.columns)
        # The lower part of an animal that wears something may be mistaken for the bare animal.
        lower = worn if block.columns == C.SIZE_BIG and style == "3d" else []
        keys = plain + lower

        def draw() -> list[Array]:
            return [shrink(sprite(k)) for k in plain] + [shrink(sprite(k))[hat:] for k in lower]

    return Bank(block, keys, _kept(f"{style}-{block.columns}x{block.rows}", draw))


@lru_cache(maxsize=4096)
def other_styles(name: str, style: str, mirrored: bool) -> tuple[tuple[str, Array], ...]:
    """One object at the largest size in every style but one: style and premultiplied RGBA [48, 48, 4]."""
    default = C.BY_NAME[name].colour
    return tuple(
        (other, shrink(sprite(SpriteKey(name, default if other == "3d" else None, C.SIZE_BIG, mirrored, style=other))))
        for other in C.STYLES
        if other != style
    )


@lru_cache(maxsize=4096)
def keys_of(item: Item, style: str, bare: bool) -> dict[Block, tuple[int, ...]]:
    """Templates that show an item as the generator may draw it, by block.

    ``bare`` is true where nothing in the caption fixes the size of a single object.
    """
    thing = C.BY_NAME[item.name]
    colours: tuple[str | None, ...] = (None,)
    if thing.colour is not None and style == "3d":
        if item.colour:
            colours = (item.colour,)
        else:
            colours = C.COLOURS if thing.free else (thing.colour,)
    if item.size:
        sizes: tuple[int, ...] = (C.SIZE_BIG if item.size == "big" else C.SIZE_SMALL,)
    elif item.pattern or item.accessory or not bare:
        sizes = (C.SIZE_BIG,)
    else:
        sizes = C.SIZES
    out: dict[Block, tuple[int, ...]] = {}
    for size in sizes:
        keys = {
            SpriteKey(item.name, colour, size, mirrored, item.pattern or "plain", item.accessory, style)
            for colour in colours
            for mirrored in ((False, True) if thing.mirrored else (False,))
        }
        block = block_of(next(iter(keys)))
        out[block] = tuple(i for i, key in enumerate(bank(style, block).keys) if key in keys)
    return out


@lru_cache(maxsize=None)
def letters() -> Array:
    """All letters at 16 pixels a cell, [26, 32 * 32 * 3]."""
    return np.stack([letter(character).reshape(-1) for character in C.LETTERS])


@lru_cache(maxsize=None)
def boards(count: int) -> Array:
    """Signs without letters in every colour, less the white paper, at 8 pixels a cell: [8, 56, 16 * count + 16, 3]."""
    return np.stack([shrink(sign_blank(count, colour)) - 1 for colour in C.COLOURS]).astype(np.float32)

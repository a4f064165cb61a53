"""Scattered detail of the wide world's backgrounds: every cell is strewn or not by its own chance, whatever the prompt says.

A *ground* is a place, or what a style is drawn on: paper, or a dark board. Styles on paper share it, so that a pair of styles differs
in the cells of its objects alone. A cell of a ground is bare (0) or shows one of its marks (1, 2, ...).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from . import config as C
from .sprites import Array, background

Marks = NDArray[np.int64]

_BOARDS = {"chalk": "board", "neon": "dark"}
GROUNDS = ("paper", "board", "dark", *C.PLACES)
MOST_MARKS = 4
# Places whose bands and lights the first world has; its own marks go.
_RGB: dict[str, tuple[float, float, float]] = {"paper": (1.0, 1.0, 1.0), "board": (0.12, 0.25, 0.2), "dark": (0.05, 0.03, 0.12)}


def ground_of(style: str, place: str | None) -> str:
    """What a scene of that style or place is drawn on."""
    return place or _BOARDS.get(style, "paper")


# Kinds of marks by ground: rows from and to, chance of a cell, name of the drawing, number of drawings.
_ZONES: dict[str, tuple[tuple[int, int, float, str, int], ...]] = {
    "grass": ((0, 2, 0.05, "cloud", 2), (2, 5, 0.16, "cloud", 3), (8, 12, 0.4, "tuft", 4)),
    "beach": ((0, 2, 0.05, "cloud", 2), (2, 5, 0.14, "cloud", 3), (6, 8, 0.35, "wave", 2), (8, 12, 0.25, "pebble", 4)),
    "snow": ((0, 8, 0.2, "flake", 3), (8, 12, 0.2, "dent", 3)),
    "space": ((0, 12, 0.2, "star", 4),),
    "sunset": ((0, 4, 0.16, "haze", 2), (8, 12, 0.25, "stone", 3)),
    "night": ((0, 8, 0.15, "star", 3), (8, 12, 0.3, "blade", 3)),
}
# Paper and boards: most cells are hardly ever marked, every fourth often is.
_QUIET, _ROUGH = 0.02, 0.25
LIGHTS = {"night": (9, 1, 11, 3), "sunset": (4, 6, 8, 8)}  # cells of moon and sun: left, top, right, bottom


@lru_cache(maxsize=None)
def chances(ground: str) -> tuple[NDArray[np.float64], Marks]:
    """Chance that a cell is marked, and number of its drawings; [12, 12] each."""
    chance, kinds = np.zeros((C.ROWS, C.COLUMNS)), np.ones((C.ROWS, C.COLUMNS), np.int64)
    if ground in _ZONES:
        for first, last, share, _, count in _ZONES[ground]:
            chance[first:last], kinds[first:last] = share, count
    else:
        y, x = np.mgrid[: C.ROWS, : C.COLUMNS]
        chance[:], kinds[:] = np.where((x + 2 * y) % 4 == 0, _ROUGH, _QUIET), 3
    if ground in LIGHTS:
        left, top, right, bottom = LIGHTS[ground]
        chance[top:bottom, left:right] = 0
    return chance, kinds


def scattered(ground: str, seed: int) -> Marks:
    """Marks [12, 12] of a ground; of one seed, all grounds use the same draws."""
    draws = np.random.default_rng(seed).random((2, C.ROWS, C.COLUMNS))
    chance, kinds = chances(ground)
    return np.where(draws[0] < chance, 1 + (draws[1] * kinds).astype(np.int64), 0)


@lru_cache(maxsize=None)
def cell_bits(ground: str) -> Array:
    """Surprisal in bits of every mark of every cell, [MOST_MARKS + 1, 12, 12]."""
    chance, kinds = chances(ground)
    with np.errstate(divide="ignore"):
        bare, marked = -np.log2(1 - chance), -np.log2(chance / kinds)
    return np.stack([bare, *[marked] * MOST_MARKS]).astype(np.float32)


def _drawing(name: str, kind: int) -> tuple[Array, tuple[float, float, float]]:
    """Coverage [16, 16] and colour of one mark."""
    y, x = np.mgrid[:16, :16].astype(np.float32) - 7.5
    turn = (1, -1)[kind % 2]

    def disc(cx: float, cy: float, rx: float, ry: float) -> Array:
        return np.clip((1 - np.hypot((x - cx) / rx, (y - cy) / ry)) * min(rx, ry) + 0.5, 0, 1)

    def stroke(cx: float, bend: float, top: float) -> Array:
        return np.clip(1.3 - np.abs(x - cx - bend * (7.5 - y) / 6), 0, 1) * (y > top)

    if name == "cloud":
        shape = np.maximum.reduce([disc(-2.5 * turn, 1.5, 4.5, 3), disc(2 * turn, 0.5, 4, 3.5), disc(4 * turn, 2.5, 3.2 - 0.6 * kind, 2)])
        return shape, (1.0, 1.0, 1.0)
    if name == "haze":
        return np.maximum(disc(-1 * turn, -1, 6.5, 1.6), disc(2 * turn, 2, 5, 1.3)), (1.0, 0.88, 0.7)
    if name in ("tuft", "blade"):
        green = (0.25, 0.56, 0.2) if name == "tuft" else (0.2, 0.38, 0.27)
        if kind == 3:  # a daisy
            petals = np.maximum.reduce([disc(a, b, 1.9, 1.9) for a, b in ((-2, 0), (2, 0), (0, -2), (0, 2))])
            return petals, (1.0, 1.0, 0.95)
        blades = [stroke(-2.5 * turn, -1.6 * turn, -1 + kind), stroke(0, 0.3, -4), stroke(2.5 * turn, 1.6 * turn, -2)]
        return np.maximum.reduce(blades[: 2 if kind == 2 else 3]), green
    if name == "wave":
        line = np.abs(y - 1.5 * turn - 1.8 * np.sin(x * 0.8)) - 1.2
        return np.clip(0.8 - line, 0, 1) * (np.abs(x) < 7), (0.75, 0.92, 1.0)
    if name in ("pebble", "stone"):
        rgb = ((0.78, 0.66, 0.45), (0.7, 0.68, 0.66), (0.88, 0.7, 0.5), (1.0, 0.97, 0.9)) if name == "pebble" else ((0.3, 0.14, 0.32), (0.54, 0.3, 0.46), (0.34, 0.16, 0.3))
        return disc((-2.5, 3, 0, 1)[kind], (1, -1, 2, -2)[kind], (3, 2.5, 4, 2.2)[kind], (2, 1.8, 2.4, 2.2)[kind]), rgb[kind]
    if name == "flake":
        size = (3.0, 2.2, 3.6)[kind]
        return disc((0, 3, -2)[kind], (0, -3, 2)[kind], size, size), (1.0, 1.0, 1.0)
    if name == "dent":
        return disc((0, -3, 3)[kind], (0, 2, -2)[kind], 5, 1.5), (0.82, 0.87, 0.93)
    if name == "star":
        reach = (2.6, 1.9, 3.2, 2.2)[kind]
        cross = np.clip(reach - np.abs(x - (0, 3, -2, 2)[kind]) ** 0.7 - np.abs(y - (0, -3, 2, 3)[kind]) ** 0.7, 0, 1)
        return cross, ((1.0, 1.0, 1.0), (1.0, 0.95, 0.75), (0.8, 0.9, 1.0), (1.0, 0.8, 0.75))[kind]
    # A faint speckle.
    return 0.5 * disc((0, 3.5, -3)[kind], (0, -3, 3)[kind], (1.6, 1.3, 2.2)[kind], (1.6, 1.3, 1.2)[kind]), {"paper": (0.72, 0.7, 0.66)}.get(name, (0.62, 0.62, 0.72))


@lru_cache(maxsize=None)
def bare_ground(ground: str) -> Array:
    """RGB of a ground without marks, [192, 192, 3]."""
    if ground in _RGB:
        canvas = np.empty((C.ROWS * C.DRAW_PATCH, C.COLUMNS * C.DRAW_PATCH, 3), np.float32)
        canvas[:] = _RGB[ground]
        return canvas
    return background("3d", ground, marked=False)


@lru_cache(maxsize=None)
def marked_cell(ground: str, x: int, y: int, mark: int) -> Array:
    """One cell of a ground with a mark, [16, 16, 3]."""
    patch = C.DRAW_PATCH
    cell = bare_ground(ground)[y * patch : (y + 1) * patch, x * patch : (x + 1) * patch]
    if not mark:
        return cell
    zone = next((name for first, last, _, name, _ in _ZONES.get(ground, ()) if first <= y < last), ground)
    cover, rgb = _drawing(zone, mark - 1)
    return (cell * (1 - cover[..., None]) + np.array(rgb, np.float32) * cover[..., None]).astype(np.float32)


def strewn(ground: str, marks: Marks) -> Array:
    """RGB of a ground with its marks, [192, 192, 3]."""
    canvas, patch = bare_ground(ground).copy(), C.DRAW_PATCH
    for y, x in zip(*marks.nonzero(), strict=True):
        canvas[y * patch : (y + 1) * patch, x * patch : (x + 1) * patch] = marked_cell(ground, int(x), int(y), int(marks[y, x]))
    return canvas

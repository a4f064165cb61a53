"""Draws layouts in pixels."""

from __future__ import annotations

import numpy as np

from . import config as C
from .scenes import Layout
from .sprites import Array, shrink, sign, sprite


def draw(layout: Layout) -> Array:
    """The scene at 192 x 192, [192, 192, 3] in 0..1."""
    patch = C.DRAW_PATCH
    canvas = np.ones((C.ROWS * patch, C.COLUMNS * patch, 3), np.float32)
    pieces = [(p.x, p.y, sprite((p.name, p.colour, p.size, p.mirrored))) for p in layout.sprites]
    if layout.sign:
        pieces.append((layout.sign.x, layout.sign.y, sign(layout.sign.text, layout.sign.colour)))
    for x, y, pixels in pieces:
        h, w, _ = pixels.shape
        canvas[y * patch : y * patch + h, x * patch : x * patch + w] = pixels
    return canvas


def draw_small(layout: Layout) -> Array:
    """The scene as the tokenizer reads it, [96, 96, 3]."""
    return shrink(draw(layout))

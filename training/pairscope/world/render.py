"""Draws layouts in pixels."""

from __future__ import annotations

from . import config as C
from .scenes import Layout
from .sprites import Array, background, shrink, sign, sprite


def draw(layout: Layout) -> Array:
    """The scene at 192 x 192, [192, 192, 3] in 0..1."""
    patch = C.DRAW_PATCH
    canvas = background(layout.style, layout.place).copy()
    for p in layout.sprites:
        pixels = sprite(p.key)
        h, w, _ = pixels.shape
        view = canvas[p.y * patch : p.y * patch + h, p.x * patch : p.x * patch + w]
        view[:] = pixels[..., :3] + view * (1 - pixels[..., 3:])
    if layout.sign:
        s = layout.sign
        pixels = sign(s.text, s.colour)
        h, w, _ = pixels.shape
        canvas[s.y * patch : s.y * patch + h, s.x * patch : s.x * patch + w] = pixels
    return canvas


def draw_small(layout: Layout) -> Array:
    """The scene as the tokenizer reads it, [96, 96, 3]."""
    return shrink(draw(layout))

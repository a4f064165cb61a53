"""Draws layouts in pixels."""

from __future__ import annotations

import numpy as np

from . import config as C
from .scatter import bare_ground, scattered, strewn
from .scenes import Layout
from .sprites import Array, background, by_pixel, cover, shrink, sign, sign_cover, sprite


def draw(layout: Layout) -> Array:
    """The scene at 192 x 192, [192, 192, 3] in 0..1."""
    patch = C.DRAW_PATCH
    bare = background(layout.style, layout.place) if layout.scatter is None else bare_ground(layout.ground)
    canvas = bare.copy() if layout.scatter is None else strewn(layout.ground, scattered(layout.ground, layout.scatter))
    for p in layout.sprites:
        pixels = sprite(p.key)
        h, w, _ = pixels.shape
        block = np.s_[p.y * patch : p.y * patch + h, p.x * patch : p.x * patch + w]
        drawn = pixels[..., :3] + bare[block] * (1 - pixels[..., 3:])
        canvas[block] = np.where(by_pixel(cover(p.key))[..., None], drawn, canvas[block])
    if layout.sign:
        s = layout.sign
        pixels = sign(s.text, s.colour, s.style)
        h, w, _ = pixels.shape
        block = np.s_[s.y * patch : s.y * patch + h, s.x * patch : s.x * patch + w]
        canvas[block] = np.where(by_pixel(sign_cover(len(s.text)))[..., None], pixels, canvas[block])
    return canvas


def draw_small(layout: Layout) -> Array:
    """The scene as the tokenizer reads it, [96, 96, 3]."""
    return shrink(draw(layout))

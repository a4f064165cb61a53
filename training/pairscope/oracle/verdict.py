"""Strict oracle: explains a picture by the sprites and signs of a scene record, and says what is wrong.

Pixels against templates; nothing here is learned, and it is never a training signal.  The record tells style and place, so
the empty background is known: what differs from it must be covered by the record's objects, each the best explanation of its
block among everything that the generator can draw, and intact.

A sprite of 36 cells or more may have one wrong cell.  Colour, size and facing that the record leaves open may be any that the generator
draws; copies of one object need not agree in them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..world import config as C
from ..world.scenes import Scene
from ..world.sprites import Array, shrink
from .pieces import (
    Picture,
    Piece,
    best_explanation,
    best_other_style,
    candidates,
    cover,
    drawn,
    less_background,
    per_cell,
    window,
)  # fmt: skip
from .signs import sign_faults
from .templates import COARSE, coarse_background

# Mean squared difference from the empty background over a cell (4 x 4 pixels, RGB in 0..1) that counts as empty.
MAX_EMPTY = 0.008
# Blank is what shows no more than so many cells of foreground on any background.
BLANK_CELLS = 2
# A cell's error is its mean square over (this much noise + the template's own variance in the cell).
CELL_NOISE = 0.02
# Limit of the mean error over the worst quarter of a sprite's cells.
MAX_BROKEN = 0.36
# Another explanation wins when it leaves less than this share of the error; one in another style, less than that share.
BETTER = 0.85
BETTER_STYLE = 0.6


def faults(scene: Scene, image: NDArray[np.floating]) -> list[str]:
    """What is wrong with a picture [192, 192, 3] in 0..1; empty when it shows exactly what the record says.

    The first word of each entry is a key: blank, background, missing, extra, object, colour, pattern, accessory, style, broken,
    relation, sign, letter.
    """
    style = scene.style or "3d"
    picture = less_background(image, style, scene.place)
    full = per_cell(picture.coarse, COARSE) > MAX_EMPTY
    if full.sum() <= BLANK_CELLS or full.mean() > 0.5 and _blank(picture.coarse + coarse_background(style, scene.place)):
        return ["blank"]
    if full.mean() > 0.8:
        return ["background is not that of " + (scene.place or style)]
    if scene.text is not None:
        return sign_faults(scene, image, picture, full)
    wrong: list[str] = []
    told = bool(scene.style)
    found = [piece for i, item in enumerate(scene.items) for piece in candidates(picture, item, i, not told)]
    pieces = cover(found, scene.copies)
    for i, (item, count) in enumerate(zip(scene.items, scene.copies, strict=True)):
        seen = sum(piece.item == i for piece in pieces)
        if seen < count:
            wrong.append(f"missing {count - seen} of {count} {item.name}")
    for piece in pieces:
        wrong += _piece_faults(picture, piece)
        full[piece.cells] = False
    if full.any():
        wrong.append(f"extra foreground in {int(full.sum())} cells")
    if scene.relation and not wrong:
        one, two = sorted(pieces, key=lambda piece: piece.item)
        if not _related(scene.relation, one, two):
            wrong.append(f"relation is not {scene.relation}")
    return wrong


def judge(scene: Scene, image: NDArray[np.floating]) -> bool:
    """Does the picture show exactly what the record says?"""
    return not faults(scene, image)


def _blank(coarse: Array) -> bool:
    """Is a picture [48, 48, 3] the empty background of any style or place?"""
    empty = [coarse_background(style, None) for style in C.STYLES] + [coarse_background("3d", place) for place in C.PLACES]
    return any((per_cell(coarse - one, COARSE) > MAX_EMPTY).sum() <= BLANK_CELLS for one in empty)


def brokenness(seen: Array, template: Array) -> float:
    """Mean error over the worst quarter of the cells, of two differences from the background at 8 pixels a cell.

    A block of 36 cells or more is forgiven its worst cell.
    """
    seen, template = shrink(seen), shrink(template)
    h, w = template.shape[0] // COARSE, template.shape[1] // COARSE
    variance = template.reshape(h, COARSE, w, COARSE, 3).var((1, 3)).mean(-1)
    error = np.sort((per_cell(seen - template, COARSE) / (CELL_NOISE + variance)).reshape(-1))[::-1]
    quarter = max(2, error.size // 4)
    forgiven = int(error.size >= C.SIZE_BIG**2)
    return float(error[forgiven : forgiven + quarter].mean())


def _piece_faults(picture: Picture, piece: Piece) -> list[str]:
    key, seen, template = piece.key, window(picture, piece), drawn(picture, piece)
    own = float(np.square(seen - template).sum())
    best, error = best_explanation(picture, piece, seen)
    if error < BETTER * own:
        if best.name != key.name:
            return [f"object {key.name} looks like {best.name}"]
        for aspect in ("colour", "pattern", "accessory"):
            if getattr(best, aspect) != getattr(key, aspect):
                return [f"{aspect} of {key.name} looks like {getattr(best, aspect)}"]
    if piece.block.rows == C.SIZE_BIG:
        style, error = best_other_style(picture, piece, seen)
        if error < BETTER_STYLE * own:
            return [f"style of {key.name} looks like {style}"]
    broken = brokenness(seen, template)
    return [f"broken {key.name} ({broken:.2f})"] if broken > MAX_BROKEN else []


def _related(relation: str, one: Piece, two: Piece) -> bool:
    """Is ``one`` <relation> ``two``: clearly, and mostly along that axis."""
    dx, dy = two.centre[0] - one.centre[0], two.centre[1] - one.centre[1]
    along, across = (dx, dy) if relation in ("left", "right") else (dy, dx)
    if relation in ("right", "below"):
        along = -along
    return along >= 3 and along > 1.5 * abs(across)

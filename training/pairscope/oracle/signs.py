"""Reads signs: the board by its template, each letter at full size against all letters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..world import config as C
from ..world.scenes import Scene, board_width
from .pieces import Picture, per_cell
from .templates import FINE, boards, letters

# Limits of the mean squared error: over any cell of the board or post, and over any quadrant of a letter.
MAX_BOARD = 0.03
MAX_LETTER = 0.06
_ROWS = 2 + C.LETTER_CELLS + C.POST_CELLS


def _find(picture: Picture, count: int) -> tuple[int, int, int, float]:
    """Board of ``count`` letters: x, y in cells, colour index, and the share of its energy unexplained."""
    width = board_width(count)
    templates = boards(count).copy()
    inside = slice(FINE, FINE * (1 + C.LETTER_CELLS)), slice(FINE, -FINE)
    templates[(slice(None), *inside)] = 0
    energy = np.square(templates).sum((1, 2, 3))
    best = (0, 0, 0, np.inf)
    for y in range(C.ROWS - _ROWS + 1):
        for x in range(C.COLUMNS - width + 1):
            seen = picture.fine[y * FINE : (y + _ROWS) * FINE, x * FINE : (x + width) * FINE].copy()
            seen[inside] = 0
            residue = np.square(templates - seen).sum((1, 2, 3)) / energy
            colour = int(residue.argmin())
            if residue[colour] < best[3]:
                best = (x, y, colour, float(residue[colour]))
    return best


def read_letters(image: NDArray[np.floating], x: int, y: int, count: int) -> tuple[str, list[float]]:
    """The letters of a board at cell (x, y) of a picture [192, 192, 3], and the error of each one's worst quadrant."""
    patch, side = C.DRAW_PATCH, C.LETTER_CELLS * C.DRAW_PATCH
    text, errors = "", []
    for index in range(count):
        left, top = (x + 1) * patch + index * side, (y + 1) * patch
        seen = image[top : top + side, left : left + side].astype(np.float32)
        best = int(np.square(letters() - seen.reshape(-1)).sum(1).argmin())
        text += C.LETTERS[best]
        errors.append(float(per_cell(seen - letters()[best].reshape(side, side, 3), patch).max()))
    return text, errors


def sign_faults(scene: Scene, image: NDArray[np.floating], picture: Picture, full: NDArray[np.bool_]) -> list[str]:
    """What is wrong with a picture of a sign; ``full`` [12, 12] are the cells that are not empty."""
    text = scene.text or ""
    x, y, colour, residue = _find(picture, len(text))
    if residue > 0.5:
        return [f"missing sign of {len(text)} letters"]
    wrong: list[str] = []
    if scene.sign_colour and C.COLOURS[colour] != scene.sign_colour:
        wrong.append(f"colour of the sign looks like {C.COLOURS[colour]}")
    width = board_width(len(text))
    block = slice(y, y + _ROWS), slice(x, x + width)
    board = boards(len(text))[colour]
    error = per_cell(picture.fine[y * FINE : (y + _ROWS) * FINE, x * FINE : (x + width) * FINE] - board, FINE)
    error[1 : 1 + C.LETTER_CELLS, 1:-1] = 0
    if error.max() > MAX_BOARD:
        wrong.append(f"sign is broken ({error.max():.3f})")
    read, errors = read_letters(image, x, y, len(text))
    for said, seen, worst in zip(text, read, errors, strict=True):
        if seen != said:
            wrong.append(f"letter {said} looks like {seen}")
        elif worst > MAX_LETTER:
            wrong.append(f"letter {said} is broken ({worst:.3f})")
    rest = full.copy()
    rest[block] = False
    if rest.any():
        wrong.append(f"extra foreground in {int(rest.sum())} cells")
    return wrong

"""Strict oracle: reads a picture by template matching of pixels and compares it with a scene record.

Nothing here is learned, and it is never a training signal.  The picture is explained greedily by
sprites and signs; whatever is left over, and every difference from the record, counts as wrong.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from . import config as C
from .scenes import Item, Scene, board_width
from .sprites import Array, all_keys, letter, shrink, sign_blank, sprite

# Matching happens at 4 pixels a cell; letters are read at 8.
_UNIT = 4
# A piece is accepted when it leaves at most this share of its energy unexplained.
MAX_RESIDUE = 0.2
MAX_LETTER_RESIDUE = 0.35
# Foreground energy (squared darkness summed over a cell at 4 px) that may stay unexplained.
MAX_LEFT_OVER = 3.0


@dataclass(frozen=True)
class Found:
    """A piece read from the picture; centre in cells."""

    name: str  # object, or "sign"
    colour: str | None
    size: int
    x: float
    y: float
    residue: float
    text: str | None = None


@dataclass(frozen=True)
class Reading:
    """All pieces, and the energy that none of them explains."""

    pieces: tuple[Found, ...]
    left_over: float
    blank: bool


def _shrunk(image: Array) -> Array:
    """192-pixel scale -> 4 pixels a cell."""
    return shrink(shrink(image))


@dataclass(frozen=True)
class _Bank:
    """Templates of one shape, as darkness (1 - RGB), flattened to [n, h * w * 3]."""

    rows: int  # cells
    columns: int
    labels: tuple[tuple[str, str | None, int], ...]  # name, colour, letters of a sign
    vectors: Array
    energy: Array
    mask: Array  # [h * w * 3], 0 where the template does not say


def _bank(rows: int, columns: int, labels: list, images: list[Array], mask: Array | None = None) -> _Bank:
    vectors = np.stack([(1 - image).reshape(-1) for image in images])
    weight = np.ones(vectors.shape[1], np.float32) if mask is None else mask.reshape(-1)
    vectors = (vectors * weight).astype(np.float32)
    return _Bank(rows, columns, tuple(labels), vectors, (vectors**2).sum(1), weight)


@lru_cache(maxsize=1)
def _banks() -> tuple[_Bank, ...]:
    banks = []
    for size in C.SIZES:
        keys = [key for key in all_keys() if key[2] == size]
        banks.append(_bank(size, size, [(k[0], k[1], 0) for k in keys], [_shrunk(sprite(k)) for k in keys]))
    for letters in range(1, C.MAX_LETTERS + 1):
        blanks = [_shrunk(sign_blank(letters, colour)) for colour in C.COLOURS]
        mask = np.ones_like(blanks[0])
        end = _UNIT * (1 + C.LETTER_CELLS)
        mask[_UNIT:end, _UNIT:-_UNIT] = 0  # the letters' place is read separately
        labels = [("sign", colour, letters) for colour in C.COLOURS]
        banks.append(_bank(blanks[0].shape[0] // _UNIT, board_width(letters), labels, blanks, mask))
    return tuple(banks)


@lru_cache(maxsize=1)
def _letters() -> Array:
    """Darkness of each letter at 8 pixels a cell, [26, 16 * 16 * 3]."""
    return np.stack([(1 - shrink(letter(c))).reshape(-1) for c in C.LETTERS])


def _read_letters(dark: Array, x: int, y: int, letters: int) -> str:
    """dark [96, 96, 3]; board at cell (x, y).  Unreadable letters come out as '?'."""
    out = ""
    side = C.LETTER_CELLS * C.PATCH
    for index in range(letters):
        left, top = (x + 1 + index * C.LETTER_CELLS) * C.PATCH, (y + 1) * C.PATCH
        patch = dark[top : top + side, left : left + side].reshape(-1)
        error = ((_letters() - patch) ** 2).sum(1)
        best = int(error.argmin())
        readable = error[best] < MAX_LETTER_RESIDUE * (_letters()[best] ** 2).sum()
        out += C.LETTERS[best] if readable else "?"
    return out


def read(image: NDArray[np.floating]) -> Reading:
    """image [192, 192, 3] in 0..1 -> what is in it."""
    dark96 = (1 - shrink(image.astype(np.float32))).astype(np.float32)
    dark96[np.abs(dark96).max(-1) < 0.04] = 0
    left: NDArray[np.float32] = shrink(dark96).copy()
    total = float((left**2).sum())
    blank = total < 10.0
    pieces: list[Found] = []
    if blank:
        return Reading((), total, True)

    def match(bank: _Bank) -> tuple[float, float, int, int, int]:
        """Best (gain, residue, template, x, y) of a bank over all grid places."""
        h, w = bank.rows * _UNIT, bank.columns * _UNIT
        places = [(x, y) for y in range(C.ROWS - bank.rows + 1) for x in range(C.COLUMNS - bank.columns + 1)]
        windows = np.stack([left[y * _UNIT : y * _UNIT + h, x * _UNIT : x * _UNIT + w].reshape(-1) for x, y in places])
        windows = windows * bank.mask
        energy = (windows**2).sum(1)
        error = energy[:, None] - 2 * windows @ bank.vectors.T + bank.energy[None]
        residue = error / bank.energy[None]
        gain = np.where(residue < MAX_RESIDUE, energy[:, None] - error, -np.inf)
        place, template = np.unravel_index(int(gain.argmax()), gain.shape)
        return float(gain[place, template]), float(residue[place, template]), int(template), *places[place]

    for _ in range(8):
        found = [(match(bank), bank) for bank in _banks()]
        (gain, residue, template, x, y), bank = max(found, key=lambda entry: entry[0][0])
        if not gain > 0:
            break
        name, colour, letters = bank.labels[template]
        text = _read_letters(dark96, x, y, letters) if letters else None
        pieces.append(
            Found(name, colour, bank.columns, x + bank.columns / 2, y + bank.rows / 2, residue, text)
        )
        left[y * _UNIT : (y + bank.rows) * _UNIT, x * _UNIT : (x + bank.columns) * _UNIT] = 0
    return Reading(tuple(pieces), float((left**2).sum()), False)


def _matches(item: Item, piece: Found) -> bool:
    return piece.name == item.name and (item.colour is None or piece.colour == item.colour)


def _related(relation: str, one: Found, two: Found) -> bool:
    """Is ``one`` <relation> ``two``: along the right axis, clearly, and mostly along it."""
    dx, dy = two.x - one.x, two.y - one.y
    along, across = (dx, dy) if relation in ("left", "right") else (dy, dx)
    if relation in ("right", "below"):
        along = -along
    return along >= 3 and along > 1.5 * abs(across)


def judge(scene: Scene, reading: Reading) -> bool:
    """Does the picture show exactly what the record says?"""
    return not faults(scene, reading)


def faults(scene: Scene, reading: Reading) -> list[str]:
    """Everything wrong with the picture, in words; empty when it is right."""
    if reading.blank:
        return ["blank"]
    wrong: list[str] = []
    if reading.left_over > MAX_LEFT_OVER:
        wrong.append(f"something unexplained ({reading.left_over:.1f})")
    pieces = reading.pieces
    if scene.text is not None:
        if [p.name for p in pieces] != ["sign"]:
            return [*wrong, "not exactly one sign"]
        if pieces[0].text != scene.text:
            wrong.append(f"text {pieces[0].text}")
        if scene.sign_colour and pieces[0].colour != scene.sign_colour:
            wrong.append(f"sign colour {pieces[0].colour}")
        return wrong
    wanted = Counter({item.name: scene.count if len(scene.items) == 1 else 1 for item in scene.items})
    if Counter(p.name for p in pieces) != wanted:
        return [*wrong, "objects " + ", ".join(sorted(p.name for p in pieces))]
    for item in scene.items:
        for piece in (p for p in pieces if p.name == item.name):
            if not _matches(item, piece):
                wrong.append(f"{item.name} is {piece.colour}")
            if item.size == "big" and piece.size < C.SIZE_BIG or item.size == "small" and piece.size > C.SIZE_SMALL:
                wrong.append(f"{item.name} has size {piece.size}")
    if scene.relation:
        one, two = (next(p for p in pieces if p.name == item.name) for item in scene.items)
        if not _related(scene.relation, one, two):
            wrong.append("relation")
    return wrong

"""Finds the sprites of a record in a picture, by matching templates on the token grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..world import config as C
from ..world.scenes import Item
from ..world.sprites import Array, SpriteKey, shrink
from .templates import COARSE, FINE, Block, bank, fine_background, keys_of, less_empty, other_styles

# A place is worth a look when a template leaves at most this share of its energy unexplained.
_WORTH_A_LOOK = 0.6
# So many look-alikes are told apart at full detail.
_FINALISTS = 12


@dataclass(frozen=True)
class Picture:
    """A picture less the empty background of its record, at two scales: [96, 96, 3] and [48, 48, 3]."""

    style: str
    place: str | None
    fine: Array
    coarse: Array


@dataclass(frozen=True)
class Piece:
    """A template at a place: its top left cell, and the share of its energy left unexplained."""

    item: int
    key: SpriteKey
    block: Block
    template: int
    x: int
    y: int
    residue: float

    @property
    def centre(self) -> tuple[float, float]:
        """In cells; the rows of a hat do not count."""
        return self.x + self.block.columns / 2, self.y + self.block.rows - self.block.columns / 2

    @property
    def cells(self) -> tuple[slice, slice]:
        """Rows and columns of the grid."""
        return slice(self.y, self.y + self.block.rows), slice(self.x, self.x + self.block.columns)


def less_background(image: Array, style: str, place: str | None) -> Picture:
    """image [192, 192, 3] in 0..1."""
    fine = shrink(image.astype(np.float32)) - fine_background(style, place)
    return Picture(style, place, fine, shrink(fine))


def per_cell(values: Array, pixels: int) -> Array:
    """Mean square of every cell: [pixels * h, pixels * w, 3] -> [h, w]."""
    h, w = values.shape[0] // pixels, values.shape[1] // pixels
    return np.square(values).reshape(h, pixels, w, pixels * 3).mean((1, 3))


def _tops(place: str | None, block: Block) -> range:
    """Where the top of a block may lie; in a place things stand on the ground, give or take a cell."""
    return range(C.ROWS - block.rows + 1) if place is None else range(9 - block.rows, 12 - block.rows)


def candidates(picture: Picture, item: Item, index: int, bare: bool) -> list[Piece]:
    """Where an item may be, best first."""
    out: list[Piece] = []
    style, place = picture.style, picture.place
    for block, chosen in keys_of(item, style, bare).items():
        source, tops = bank(style, block), _tops(place, block)
        h, w = block.rows * COARSE, block.columns * COARSE
        windows = sliding_window_view(picture.coarse, (h, w), (0, 1))[tops.start * COARSE : tops.stop * COARSE : COARSE, ::COARSE]
        across = windows.shape[1]
        windows = windows.transpose(0, 1, 3, 4, 2).reshape(len(tops) * across, -1)
        energy = np.einsum("nd,nd->n", windows, windows)
        if place is None:
            vectors, own = source.on(style, None, 0, 0, chosen)
            residue = (energy[:, None] - 2 * windows @ vectors.T) / own + 1
        else:
            residue = np.ones((len(windows), len(chosen)), np.float32)
            for i in np.nonzero(energy > 1.0)[0]:
                vectors, own = source.on(style, place, int(i % across), tops[int(i // across)], chosen)
                residue[i] = (energy[i] - 2 * vectors @ windows[i]) / own + 1
        for i, k in zip(*np.nonzero(residue < _WORTH_A_LOOK)):
            x, y = int(i % across), tops[int(i // across)]
            out.append(Piece(index, source.keys[chosen[k]], block, chosen[k], x, y, float(residue[i, k])))
    return sorted(out, key=lambda piece: piece.residue)


def cover(found: list[Piece], wanted: tuple[int, ...]) -> list[Piece]:
    """The best pieces that share no cell, as many of each item as are wanted."""
    taken = np.zeros((C.ROWS, C.COLUMNS), bool)
    left = list(wanted)
    out: list[Piece] = []
    for piece in sorted(found, key=lambda piece: piece.residue):
        if left[piece.item] and not taken[piece.cells].any():
            taken[piece.cells] = True
            left[piece.item] -= 1
            out.append(piece)
    return out


def window(picture: Picture, piece: Piece) -> Array:
    """The picture where a piece stands, less the background, [8 rows, 8 columns, 3]."""
    rows, columns = piece.cells
    return picture.fine[rows.start * FINE : rows.stop * FINE, columns.start * FINE : columns.stop * FINE]


def drawn(picture: Picture, piece: Piece) -> Array:
    """The piece's template as it would stand there, less the background, [8 rows, 8 columns, 3]."""
    image = bank(picture.style, piece.block).fine[piece.template]
    return less_empty(image, picture.style, picture.place, piece.x, piece.y)


def best_explanation(picture: Picture, piece: Piece, seen: Array) -> tuple[SpriteKey, float]:
    """Of all sprites of the style that could stand in the piece's block the one that fits ``seen`` best, and its squared error."""
    source = bank(picture.style, piece.block)
    vectors, energy = source.on(picture.style, picture.place, piece.x, piece.y)
    error = energy - 2 * vectors @ shrink(seen).reshape(-1)
    exact = {
        i: float(np.square(seen - less_empty(source.fine[i], picture.style, picture.place, piece.x, piece.y)).sum())
        for i in np.argpartition(error, _FINALISTS)[:_FINALISTS].tolist()
    }
    best = min(exact, key=exact.__getitem__)
    return source.keys[best], exact[best]


def best_other_style(picture: Picture, piece: Piece, seen: Array) -> tuple[str, float]:
    """The other style in which the piece's object fits ``seen`` [48, 48, 3] best, and its squared error."""
    error = {
        style: float(np.square(seen - less_empty(image, picture.style, picture.place, piece.x, piece.y)).sum())
        for style, image in other_styles(piece.key.name, picture.style, piece.key.mirrored)
    }
    best = min(error, key=error.__getitem__)
    return best, error[best]

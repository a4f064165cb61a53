"""Pieces of a picture on the token grid, and how much of each is still there.

Every label that the judge learns from is made here: a grid may be put together and damaged in any way, and afterwards each
piece that went into it is compared with the codes it should have.
"""

from __future__ import annotations

import pickle
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..model.tokenizer import Tokens, background_tokens, centroids, layout_tokens, letter_tokens
from ..world import config as C
from ..world.scenes import Layout, Placed, PlacedSign
from ..world.sprites import _source

Background = tuple[str, str | None]  # style and place
# Pictures on white paper look alike when empty, so 3D and line drawings share a background.
BACKGROUNDS: tuple[Background, ...] = (
    *(("3d" if style == "line" else style, None) for style in C.STYLES if style != "line"),
    *(("3d", place) for place in C.PLACES),
)
SIGN_ROWS = C.LETTER_CELLS + 2 + C.POST_CELLS

# Two codes whose patches differ by more than this (root mean square over the patch, of 1) look different, and by less than
# SAME alike; a code's nearest neighbour is typically 0.14 away.
VISIBLE = 0.22
SAME = 0.08
# A cell shows something when it differs from the empty background by more than this.
FAINT = 0.05


@dataclass(frozen=True)
class Piece:
    """A sprite or a sign as it was meant, on the background it was meant for."""

    placed: Placed | PlacedSign
    background: Background

    @property
    def box(self) -> tuple[int, int, int, int]:
        """x, y, columns, rows; may reach beyond the grid."""
        p = self.placed
        if isinstance(p, PlacedSign):
            return p.x, p.y, p.width, SIGN_ROWS
        return p.x, p.y, p.key.size, p.key.rows


def pieces_of(layout: Layout) -> list[Piece]:
    """Everything a layout shows."""
    background = (layout.style, layout.place)
    return [Piece(p, background) for p in (*layout.sprites, *((layout.sign,) if layout.sign else ()))]


@lru_cache(maxsize=1)
def distances() -> NDArray[np.float16]:
    """Root mean square difference between the patches of any two codes, [K, K]."""
    x = centroids().numpy().astype(np.float32)
    squares = (x * x).sum(1)
    table = squares[:, None] - 2 * (x @ x.T) + squares[None]
    return np.sqrt(np.maximum(table, 0) / x.shape[1]).astype(np.float16)


def paper(background: Background) -> int:
    """Index in BACKGROUNDS."""
    style, place = background
    return BACKGROUNDS.index(("3d" if style == "line" and not place else style, place))


Block = tuple[Tokens, NDArray[np.bool_]]
_blocks: dict[Piece, Block] = {}
_STORE = C.RUNS / "judge" / "blocks.pkl"


def _draw_block(piece: Piece) -> Block:
    if _source.cache_info().currsize > 200:
        _source.cache_clear()  # a megabyte each
    x, y, w, h = piece.box
    style, place = piece.background
    sign = isinstance(piece.placed, PlacedSign)
    layout = Layout(() if sign else (piece.placed,), piece.placed if sign else None, style, place, 0.0)  # type: ignore[arg-type]
    part = (slice(y, y + h), slice(x, x + w))
    codes = layout_tokens(layout)[part].copy()
    return codes, distances()[codes, background_tokens(style, place)[part]] > FAINT


def _codebook_digest() -> int:
    return zlib.crc32(centroids().numpy().tobytes())


def load_blocks() -> None:
    """Takes up what an earlier run has drawn with this codebook: drawing every sprite again takes minutes."""
    if _STORE.exists():
        digest, known = pickle.loads(_STORE.read_bytes())
        if digest == _codebook_digest():
            _blocks.update(known)


def save_blocks() -> None:
    """Keeps what has been drawn."""
    temporary = _STORE.with_suffix(".tmp")
    temporary.write_bytes(pickle.dumps((_codebook_digest(), _blocks)))
    temporary.replace(_STORE)


def block(piece: Piece) -> Block:
    """The codes a piece should have [rows, columns], and which of its cells show any of it; a piece that reaches beyond the grid
    is looked at where it fits."""
    x, y, w, h = piece.box
    if piece.background[1]:
        x, y = min(max(x, 0), C.COLUMNS - w), min(max(y, 0), C.ROWS - h)
    else:
        x = y = 0
    here = Piece(replace(piece.placed, x=x, y=y), piece.background)
    known = _blocks.get(here)
    if known is None:
        known = _blocks[here] = _draw_block(here)
    return known


def inside(piece: Piece) -> tuple[slice, slice, slice, slice]:
    """Rows and columns of the grid that a piece covers, and those of its block that lie on the grid."""
    x, y, w, h = piece.box
    left, top = max(x, 0), max(y, 0)
    right, bottom = max(left, min(x + w, C.COLUMNS)), max(top, min(y + h, C.ROWS))
    return slice(top, bottom), slice(left, right), slice(top - y, bottom - y), slice(left - x, right - x)


def paste(grid: Tokens, piece: Piece, where: NDArray[np.bool_] | None = None) -> None:
    """Writes a piece into a grid [12, 12]; only the cells ``where`` of its block, if given."""
    rows, columns, inner_rows, inner_columns = inside(piece)
    codes = block(piece)[0][inner_rows, inner_columns]
    if where is None:
        grid[rows, columns] = codes
    else:
        view = grid[rows, columns]
        view[where[inner_rows, inner_columns]] = codes[where[inner_rows, inner_columns]]


def damage(grid: Tokens, piece: Piece, letters: bool = False) -> float:
    """Share of a piece that is visibly wrong: wrong cells over the cells that show it; letters of a sign count only if asked."""
    codes, shown = block(piece)
    rows, columns, inner_rows, inner_columns = inside(piece)
    off = np.ones(codes.shape, np.float32)
    found = distances()[grid[rows, columns], codes[inner_rows, inner_columns]].astype(np.float32)
    off[inner_rows, inner_columns] = np.clip((found - SAME) / (VISIBLE - SAME), 0, 1)
    if isinstance(piece.placed, PlacedSign) and not letters:
        free = np.ones(codes.shape, bool)
        free[1 : 1 + C.LETTER_CELLS, 1:-1] = False
        return float(off[free].sum() / (shown & free).sum())
    return float(off.sum() / max(int(shown.sum()), 1))


@lru_cache(maxsize=1)
def _letter_codes() -> Tokens:
    return np.stack([letter_tokens(c).reshape(-1) for c in C.LETTERS])


UNREADABLE = len(C.LETTERS)


def read_letter(codes: Tokens) -> int | None:
    """[2, 2] -> index of the letter, UNREADABLE, or None where it is hard to say."""
    worst = distances()[codes.reshape(-1)[None], _letter_codes()].astype(np.float32)
    total = (worst**2).sum(1)
    best = int(total.argmin())
    if worst[best].max() < 0.15:
        return best
    return UNREADABLE if worst[best].max() > 0.25 else None

"""What is in a composed picture, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..model.tokenizer import background_tokens
from ..world import config as C
from ..world.scenes import PlacedSign
from .damaged import Composition
from .pieces import BACKGROUNDS, FAINT, VISIBLE, block, damage, distances, inside, paper, read_letter

KINDS = ("none", "sprite", "broken sprite", "sign", "broken sign")
COLOURS = (*C.COLOURS, "none")
ACCESSORIES = ("none", *C.ACCESSORIES)
GLYPHS = (*C.LETTERS, "unreadable")
MIXED = len(BACKGROUNDS)  # the background of a picture that has several

# Up to this much damage a piece counts as intact, from there on it is broken; between them the label is soft.
INTACT, BROKEN = 0.06, 0.16
# A piece with more damage than this is no longer a piece but what is left of one.
GONE, NEARLY_GONE = 0.85, 0.55

UNLABELLED = -1
# Classes of each head that labels single cells, in the order in which the network gives them.
HEADS: dict[str, int] = {
    "kind": len(KINDS),
    "object": len(C.THINGS),
    "colour": len(COLOURS),
    "size": len(C.SIZES),
    "pattern": len(C.PATTERNS),
    "accessory": len(ACCESSORIES),
    "style": len(C.STYLES),
    "letters": C.MAX_LETTERS,
    "board": len(C.COLOURS),
    "glyph": len(GLYPHS),
    "junk": 1,
}
_NAME_INDEX = {name: i for i, name in enumerate(C.NAMES)}


@dataclass
class Labels:
    """Targets of one picture.  ``cells`` holds class indices [12, 12] by head, UNLABELLED where nothing is said; ``kind`` is
    a distribution [12, 12, 5]; ``junk`` is 0, 1 or UNLABELLED; ``owner`` is the object whose cell it is (training aid)."""

    cells: dict[str, NDArray[np.int8]]
    kind: NDArray[np.float32]
    background: int
    owner: NDArray[np.int8]


_CLASSES = ("object", "colour", "size", "pattern", "accessory", "style", "letters", "board", "glyph", "junk")


def labels(c: Composition) -> Labels:
    """Compares a picture with everything that went into it."""
    shape = (C.ROWS, C.COLUMNS)
    cells = {name: np.full(shape, UNLABELLED, np.int8) for name in _CLASSES}
    kind = np.zeros((*shape, len(KINDS)), np.float32)
    kind[..., 0] = 1
    owner = np.full(shape, UNLABELLED, np.int8)
    table = distances()

    papers = {paper(b) for b in c.backgrounds}
    covered = np.zeros(shape, bool)  # by an intact piece
    unsure = np.zeros(shape, bool)
    best: dict[tuple[int, int], float] = {}
    for piece in sorted(set(c.pieces), key=lambda q: damage(c.grid, q)):
        harm = damage(c.grid, piece)
        x, y, _, _ = piece.box
        rows, columns, inner_rows, inner_columns = inside(piece)
        if harm < BROKEN:
            (covered if harm < INTACT else unsure)[rows, columns] = True
        if x < 0 or y < 0 or (x, y) in best:
            continue
        if harm >= GONE:
            continue
        best[x, y] = harm
        p = piece.placed
        sign = isinstance(p, PlacedSign)
        whole = 3 if sign else 1
        intact = float(np.clip((BROKEN - harm) / (BROKEN - INTACT), 0, 1))
        spot = kind[y, x]
        spot[:] = 0
        spot[whole], spot[whole + 1] = intact, 1 - intact
        if harm > NEARLY_GONE:
            spot[0], spot[whole + 1] = 0.5, 0.5
        if intact < 0.5:
            continue
        if isinstance(p, PlacedSign):
            cells["letters"][y, x] = len(p.text) - 1
            cells["board"][y, x] = C.COLOURS.index(p.colour)
            for index in range(len(p.text)):
                left = x + 1 + index * C.LETTER_CELLS
                view = c.grid[y + 1 : y + 3, left : left + 2]
                glyph = read_letter(view) if view.shape == (2, 2) else None
                if glyph is not None:
                    cells["glyph"][y + 1, left] = glyph
            continue
        key = p.key
        cells["object"][y, x] = _NAME_INDEX[key.name]
        cells["colour"][y, x] = COLOURS.index(key.colour or "none")
        cells["size"][y, x] = C.SIZES.index(key.size)
        cells["pattern"][y, x] = C.PATTERNS.index(key.pattern)
        cells["accessory"][y, x] = ACCESSORIES.index(key.accessory or "none")
        cells["style"][y, x] = C.STYLES.index(key.style)
        codes, shown = block(piece)
        mine = shown[inner_rows, inner_columns] & (table[c.grid[rows, columns], codes[inner_rows, inner_columns]] < FAINT)
        owner[rows, columns][mine] = _NAME_INDEX[key.name]

    empty = background_tokens(*c.background)
    away = table[c.grid, empty].astype(np.float32)
    junk = cells["junk"]
    junk[away < FAINT] = 0
    junk[away > 0.6 * VISIBLE] = 1
    junk[unsure] = UNLABELLED
    junk[covered] = 0
    background = paper(c.background)
    if len(papers) > 1:
        # Several backgrounds went in: which of them is still to be seen, and where is something that is none?
        seen = [float((table[c.grid, background_tokens(*b)][~covered] < FAINT).mean()) for b in (BACKGROUNDS[i] for i in sorted(papers))]
        order = sorted(zip(seen, sorted(papers)), reverse=True)
        background = order[0][1] if order[1][0] < 0.03 + order[0][0] * 0.02 else MIXED
        junk[:] = UNLABELLED
        if background != paper(c.background) or background == MIXED:
            # Pieces stand on a ground they were not made for; how intact they are is not known.
            kind[kind[..., 0] < 1] = 0
    return Labels(cells, kind, background, owner)

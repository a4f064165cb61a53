"""Pictures to learn from: scenes, packed grids, and both of them damaged the way a generator damages them.

Nothing is drawn by the generator and nothing is asked of the oracle: whatever is done to a grid, its labels follow from
comparing it with the pieces that went into it (``labels``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from ..model.tokenizer import Tokens, background_tokens, letter_tokens
from ..world import config as C
from ..world.draws import any_pair, random_text
from ..world.scenes import Placed, PlacedSign, board_width, lay_out
from ..world.sprites import SpriteKey
from .pieces import SIGN_ROWS, Background, Piece, block, inside, paste, pieces_of


@dataclass
class Composition:
    """A grid [12, 12] with every piece that went into it, and its backgrounds (more than one where they are mixed)."""

    grid: Tokens
    pieces: list[Piece]
    backgrounds: list[Background]

    @property
    def background(self) -> Background:
        """The one that it started from."""
        return self.backgrounds[0]


# Styles and places have the most different codes to learn.
_CATEGORY_WEIGHTS = (0.18, 0.1, 0.1, 0.1, 0.42, 0.1)


def _scene(random: Random) -> Composition:
    scene = random.choice(any_pair(random, random.choices(C.CATEGORIES, _CATEGORY_WEIGHTS)[0]))
    layout = lay_out(scene, random.getrandbits(40))
    grid = background_tokens(layout.style, layout.place).copy()
    pieces = pieces_of(layout)
    for piece in pieces:
        paste(grid, piece)
    return Composition(grid, pieces, [(layout.style, layout.place)])


def _key(random: Random, style: str, sizes: tuple[int, ...] = C.SIZES) -> SpriteKey:
    """Any sprite that a scene may show."""
    thing = random.choice(C.THINGS)
    size = random.choice(sizes)
    mirrored = thing.mirrored and random.random() < 0.5
    if style != "3d":
        return SpriteKey(thing.name, None, size, mirrored, style=style)
    colour = random.choice(C.COLOURS) if thing.colour else None
    big = size == C.SIZE_BIG
    pattern = random.choice(C.PATTERNS) if thing.patterned and big else "plain"
    accessory = random.choice(list(C.ACCESSORIES)) if thing.wears and big and random.random() < 0.6 else None
    return SpriteKey(thing.name, colour, size, mirrored, pattern, accessory)


def _packed(random: Random) -> Composition:
    """As many pieces as fit: more to learn from a picture than a scene has."""
    draw = random.random()
    style = random.choice(C.STYLES[1:]) if draw < 0.45 else "3d"
    place = random.choice(C.PLACES) if 0.45 <= draw < 0.75 else None
    background = (style, place)
    taken = np.zeros((C.ROWS, C.COLUMNS), bool)
    grid, wanted = background_tokens(style, place).copy(), []
    if draw >= 0.75 and random.random() < 0.4:
        text = random_text(random)
        x, y = random.randint(0, C.COLUMNS - board_width(len(text))), random.randint(0, C.ROWS - SIGN_ROWS)
        wanted.append(Piece(PlacedSign(text, random.choice(C.COLOURS), x, y), background))
    sizes = (C.SIZE_BIG,) if style != "3d" else (C.SIZE_PART, C.SIZE_BIG) if place else C.SIZES
    for _ in range(random.choice([3, 10, 30])):
        key = _key(random, style, sizes)
        if place:  # where things stand in scenes
            key = replace(key, accessory=None)
            wanted.append(Piece(Placed(key, random.randint(1, 11 - key.size), 10 - key.size), background))
        else:
            wanted.append(Piece(Placed(key, random.randint(0, C.COLUMNS - key.size), random.randint(0, C.ROWS - key.rows)), background))
    kept = []
    for piece in wanted:
        rows, columns, _, _ = inside(piece)
        if not taken[rows, columns].any():
            taken[rows, columns] = True
            paste(grid, piece)
            kept.append(piece)
    return Composition(grid, kept, [background])


# ------------------------------------------------------------------------------------- variants of a piece


def _variant(random: Random, piece: Piece) -> Piece:
    """A piece with the same top left cell that differs in one thing or more."""
    p = piece.placed
    if isinstance(p, PlacedSign):
        draw = random.random()
        if draw < 0.4:
            return replace(piece, placed=replace(p, colour=random.choice(C.COLOURS)))
        letters = len(p.text)
        if draw < 0.8:
            letters = random.choice([n for n in range(1, C.MAX_LETTERS + 1) if n != letters])
        text = (p.text + "".join(random.choice(C.LETTERS) for _ in range(C.MAX_LETTERS)))[:letters]
        return replace(piece, placed=replace(p, text=text))
    key, thing = p.key, C.BY_NAME[p.key.name]
    draw = random.random()
    if draw < 0.1 and key.style == "3d" and not key.accessory and not piece.background[1]:
        size = random.choice([n for n in C.SIZES if n != key.size])
        key = replace(key, size=size, pattern=key.pattern if size == C.SIZE_BIG else "plain")
    elif draw < 0.35 and key.colour:
        key = replace(key, colour=random.choice([c for c in C.COLOURS if c != key.colour]))
    elif draw < 0.4 and thing.mirrored:
        key = replace(key, mirrored=not key.mirrored)
    elif draw < 0.55 and thing.patterned and key.style == "3d" and key.size == C.SIZE_BIG:
        key = replace(key, pattern=random.choice([x for x in C.PATTERNS if x != key.pattern]))
    elif draw < 0.75 and key.accessory:
        key = replace(key, accessory=random.choice([a for a in C.ACCESSORIES if a != key.accessory]))
    else:
        other = random.choice([t for t in C.THINGS if t.name != key.name and (not key.accessory or t.wears)])
        colour = None
        if other.colour and key.style == "3d":
            colour = key.colour if key.colour and random.random() < 0.5 else random.choice(C.COLOURS)
        pattern = key.pattern if other.patterned else "plain"
        key = SpriteKey(other.name, colour, key.size, other.mirrored and random.random() < 0.5, pattern, key.accessory, key.style)
    return replace(piece, placed=replace(p, key=key))


def _part(random: Random, rows: int, columns: int) -> NDArray[np.bool_]:
    """Some cells of a block: what follows a cell in raster order, an edge, a corner, or scattered cells."""
    where = np.zeros((rows, columns), bool)
    draw = random.random()
    if draw < 0.35:
        where.reshape(-1)[random.randrange(1, rows * columns) :] = True
    elif draw < 0.6:
        where[random.randrange(1, rows) :] = True
    elif draw < 0.75:
        where[:, random.randrange(1, columns) :] = True
    elif draw < 0.82:
        y, x = random.randrange(rows), random.randrange(columns)
        where[y : y + random.randint(1, rows), x : x + random.randint(1, columns)] = True
    else:
        share = random.choice([0.05, 0.1, 0.2, 0.35, 0.5])
        where[:] = np.array([[random.random() < share for _ in range(columns)] for _ in range(rows)])
    if random.random() < 0.25:
        where = ~where
    return where


# ------------------------------------------------------------------------------------- kinds of damage


def _mixed_piece(random: Random, c: Composition) -> None:
    """Part of a piece comes from a variant of it."""
    if c.pieces:
        piece = random.choice(c.pieces)
        other = _variant(random, piece)
        paste(c.grid, other, _part(random, *block(other)[0].shape))
        c.pieces.append(other)


def _missing_part(random: Random, c: Composition) -> None:
    """Part of a piece, or all of it, is background."""
    if c.pieces:
        piece = random.choice(c.pieces)
        rows, columns, inner_rows, inner_columns = inside(piece)
        where = _part(random, *block(piece)[0].shape)
        if random.random() < 0.2:
            where[:] = True
        where = where[inner_rows, inner_columns]
        c.grid[rows, columns][where] = background_tokens(*c.background)[rows, columns][where]


def _shifted_part(random: Random, c: Composition) -> None:
    """The rest of a piece is drawn a cell or two away."""
    if c.pieces:
        piece = random.choice(c.pieces)
        dx, dy = random.choice([(1, 0), (-1, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (2, 0), (-2, 0)])
        p = piece.placed
        moved = replace(piece, placed=replace(p, x=p.x + dx, y=p.y + dy))
        if moved.box[0] < -3 or moved.box[1] < -3:
            return
        where = _part(random, *block(piece)[0].shape)
        rows, columns, inner_rows, inner_columns = inside(piece)
        view = c.grid[rows, columns]
        kept = where[inner_rows, inner_columns]
        view[kept] = background_tokens(*c.background)[rows, columns][kept]
        paste(c.grid, moved, where)
        c.pieces.append(moved)


def _extra(random: Random, c: Composition) -> None:
    """One more piece, anywhere, perhaps over others or cut by the border."""
    if c.pieces and random.random() < 0.5:
        p = random.choice(c.pieces).placed
        placed: Placed | PlacedSign = replace(p, x=random.randint(-1, C.COLUMNS - 3), y=random.randint(-1, C.ROWS - 3))
    else:
        style, place = c.background
        sizes = C.SIZES if style == "3d" and not place else (C.SIZE_BIG,) if not place else (C.SIZE_PART, C.SIZE_BIG)
        key = _key(random, style, sizes)
        placed = Placed(key, random.randint(-1, C.COLUMNS - 3), random.randint(-1, C.ROWS - 3))
    piece = Piece(placed, c.background)
    paste(c.grid, piece, None if random.random() < 0.6 else _part(random, *block(piece)[0].shape))
    c.pieces.append(piece)


def _spliced(random: Random, c: Composition) -> None:
    """From one cell on, in raster order, the picture is another one, as when a generator changes its mind."""
    draw = random.random()
    if draw < 0.5 and c.pieces:  # the same with one piece changed, or all of them moved
        changed = list(c.pieces)
        if random.random() < 0.6:
            index = random.randrange(len(changed))
            changed[index] = _variant(random, changed[index])
        if random.random() < 0.6:
            dx, dy = random.choice([(1, 0), (-1, 0), (0, 1), (0, -1), (2, 0), (-2, 0)])
            changed = [replace(q, placed=replace(q.placed, x=q.placed.x + dx, y=q.placed.y + dy)) for q in changed]
        grid = background_tokens(*c.background).copy()
        for piece in changed:
            paste(grid, piece)
        other = Composition(grid, changed, [c.background])
    else:
        for _ in range(12):
            other = _scene(random)
            if other.background == c.background or random.random() < 0.02:
                break
    at = random.randrange(12, 132)
    c.grid.reshape(-1)[at:] = other.grid.reshape(-1)[at:]
    c.pieces += other.pieces
    c.backgrounds += other.backgrounds


def _noise(random: Random, c: Composition) -> None:
    """A few single cells show any code, or one from elsewhere in the picture."""
    flat = c.grid.reshape(-1)
    for _ in range(random.choice([1, 1, 2, 3, 6])):
        flat[random.randrange(flat.size)] = random.randrange(C.CODES) if random.random() < 0.4 else flat[random.randrange(flat.size)]


def _other_ground(random: Random, c: Composition) -> None:
    """Part of the background belongs to another style or place."""
    other: Background = (random.choice(C.STYLES), None) if random.random() < 0.4 else ("3d", random.choice(C.PLACES))
    old, new = background_tokens(*c.background), background_tokens(*other)
    where = _part(random, C.ROWS, C.COLUMNS) if random.random() < 0.6 else np.ones((C.ROWS, C.COLUMNS), bool)
    where &= c.grid == old
    c.grid[where] = new[where]
    c.backgrounds.append(other)


def _letters(random: Random, c: Composition) -> None:
    """A letter with cells of another one, of nothing, or too many or few letters on the board."""
    signs = [q for q in c.pieces if isinstance(q.placed, PlacedSign)]
    if not signs:
        return
    sign = random.choice(signs).placed
    assert isinstance(sign, PlacedSign)
    for _ in range(random.choice([1, 1, 2])):
        x, y = sign.x + 1 + 2 * random.randrange(len(sign.text)), sign.y + 1
        view = c.grid[y : y + 2, x : x + 2]
        if view.shape != (2, 2):
            continue
        codes = letter_tokens(random.choice(C.LETTERS))
        if random.random() < 0.35:
            view[:] = codes
        else:
            where = _part(random, 2, 2)
            view[where] = codes[where]


_DAMAGE = (_mixed_piece, _missing_part, _shifted_part, _extra, _spliced, _noise, _other_ground, _letters)
_WEIGHTS = (3.0, 2.0, 2.0, 1.6, 4.0, 1.6, 0.5, 1.2)


def composition(random: Random) -> Composition:
    """One picture: a scene or a packed grid, as it is or with one to three kinds of damage."""
    if random.random() < 0.4:
        c = _packed(random)
    else:
        c = _scene(random)
    if random.random() < 0.6:
        for damage in random.choices(_DAMAGE, _WEIGHTS, k=random.choices([1, 2, 3], [0.6, 0.25, 0.15])[0]):
            damage(random, c)
    return c

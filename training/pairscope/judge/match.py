"""Compares what the eye sees with what a caption claims: P(yes) in 0..1.

All numbers here are float64, and ``lib/judge/match.ts`` does the same operations in the same order.

The eye gives every cell independent probabilities of kinds; two intact pieces cannot overlap, so the joint distribution over sets
of pieces is that product, restricted to sets without overlap and normalised again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..world import config as C
from .claims import Claim, Group
from .labels import ACCESSORIES, COLOURS, HEADS
from .pieces import SIGN_ROWS, paper

# Cells where a piece is less likely than this are taken as having none, and those where all but this is certain as certain.
EPSILON = 0.01
# The likeliest candidates that are looked at; more than these make the answer a plain no in any case.
MAX_CANDIDATES = 10

Logits = NDArray[np.float32]
Vector = list[float]


@dataclass(frozen=True)
class Candidate:
    """A cell that may be the top left one of a sprite or sign, with the probabilities that it is nothing, intact, or broken."""

    x: int
    y: int
    nothing: float
    sprite: float
    sign: float
    broken: float
    columns: int
    rows: int


@dataclass(frozen=True)
class Seen:
    """The network's answer for one picture: logits by head [classes, 12, 12], and of the background."""

    heads: dict[str, Logits]
    background: Vector

    @staticmethod
    def of(cells: Logits, background: Logits) -> "Seen":
        """cells [CHANNELS, 12, 12] and background [14], as the network gives them."""
        heads, at = {}, 0
        for name, classes in HEADS.items():
            heads[name] = cells[at : at + classes]
            at += classes
        return Seen(heads, [float(v) for v in background])

    def at(self, head: str, x: int, y: int) -> Vector:
        """Probabilities of a head's classes in one cell."""
        return softmax([float(v) for v in self.heads[head][:, y, x]])


def softmax(logits: Vector) -> Vector:
    """Probabilities, summed in order."""
    top = max(logits)
    powers = [math.exp(v - top) for v in logits]
    total = 0.0
    for value in powers:
        total += value
    return [value / total for value in powers]


def _first_largest(values: Vector) -> int:
    return values.index(max(values))


def _candidates(seen: Seen) -> list[Candidate]:
    """Likeliest first; equal ones in raster order."""
    found = []
    for y in range(C.ROWS):
        for x in range(C.COLUMNS):
            nothing, sprite, broken_sprite, sign, broken_sign = seen.at("kind", x, y)
            if 1 - nothing < EPSILON:
                continue
            if sprite >= sign:
                columns = C.SIZES[_first_largest(seen.at("size", x, y))]
                worn = _first_largest(seen.at("accessory", x, y)) > 0
                rows = columns + (C.HAT_ROWS if worn else 0)
            else:
                columns = C.LETTER_CELLS * (_first_largest(seen.at("letters", x, y)) + 1) + 2
                rows = SIGN_ROWS
            found.append(Candidate(x, y, nothing, sprite, sign, broken_sprite + broken_sign, columns, rows))
    found.sort(key=lambda c: c.nothing)
    return found


def _overlap(a: Candidate, b: Candidate) -> bool:
    return a.x < b.x + b.columns and b.x < a.x + a.columns and a.y < b.y + b.rows and b.y < a.y + a.rows


def _is(seen: Seen, c: Candidate, group: Group, style: str) -> float:
    """P(an intact sprite there is one of the group)."""
    p = seen.at("object", c.x, c.y)[C.NAMES.index(group.name)]
    if group.colour:
        p *= seen.at("colour", c.x, c.y)[COLOURS.index(group.colour)]
    if group.size:
        p *= seen.at("size", c.x, c.y)[C.SIZES.index(C.SIZE_BIG if group.size == "big" else C.SIZE_SMALL)]
    p *= seen.at("pattern", c.x, c.y)[C.PATTERNS.index(group.pattern)]
    p *= seen.at("accessory", c.x, c.y)[ACCESSORIES.index(group.accessory)]
    return p * seen.at("style", c.x, c.y)[C.STYLES.index(style)]


def _says(seen: Seen, c: Candidate, claim: Claim) -> float:
    """P(an intact sign there is the claimed one)."""
    text = claim.text or ""
    if c.x + C.LETTER_CELLS * len(text) >= C.COLUMNS or c.y + 1 >= C.ROWS:
        return 0.0
    p = seen.at("letters", c.x, c.y)[len(text) - 1]
    if claim.sign_colour:
        p *= seen.at("board", c.x, c.y)[C.COLOURS.index(claim.sign_colour)]
    for index, letter in enumerate(text):
        p *= seen.at("glyph", c.x + 1 + C.LETTER_CELLS * index, c.y + 1)[C.LETTERS.index(letter)]
    return p


def _related(relation: str, a: Candidate, b: Candidate) -> bool:
    """Is ``a`` <relation> ``b``: clearly, and mostly along the relation's axis."""
    dx = b.x + b.columns / 2 - (a.x + a.columns / 2)
    dy = b.y + b.rows - b.columns / 2 - (a.y + a.rows - a.columns / 2)  # the rows of a hat do not count
    along, across = (dx, dy) if relation in ("left", "right") else (dy, dx)
    if relation in ("right", "below"):
        along = -along
    return along >= 3 and along > 1.5 * abs(across)


def _assigned(claim: Claim, pieces: list[Candidate], fits: list[Vector]) -> float:
    """Best way of giving every piece to a group, filling all groups: the product of its fits [piece][group]."""
    room = [group.count for group in claim.groups]
    given: list[int] = []

    def best(index: int, p: float) -> float:
        if p <= 0.0:
            return 0.0
        if index == len(pieces):
            for first, relation, second in claim.relations:
                for i, a in enumerate(pieces):
                    for j, b in enumerate(pieces):
                        if given[i] == first and given[j] == second and not _related(relation, a, b):
                            return 0.0
            return p
        top = 0.0
        for group in range(len(room)):
            if room[group] > 0:
                room[group] -= 1
                given.append(group)
                top = max(top, best(index + 1, p * fits[index][group]))
                given.pop()
                room[group] += 1
        return top

    return best(0, 1.0)


def probability(seen: Seen, claim: Claim) -> float:
    """P(yes): this picture shows exactly what is claimed, whole, and nothing else."""
    background = softmax(seen.background)[paper((claim.style, claim.place))]
    wanted = 1 if claim.text is not None else sum(group.count for group in claim.groups)
    candidates = _candidates(seen)
    if wanted > len(candidates) or background <= 0.0:
        return 0.0
    sure = 1.0  # that the unlikely candidates beyond the limit are nothing
    for c in candidates[MAX_CANDIDATES:]:
        sure *= c.nothing
    candidates = candidates[:MAX_CANDIDATES]
    junk = [[1 / (1 + math.exp(-float(v))) for v in row] for row in seen.heads["junk"][0]]
    sign = claim.text is not None
    if sign:
        fits = [[_says(seen, c, claim)] for c in candidates]
    else:
        fits = [[_is(seen, c, group, claim.style) for group in claim.groups] for c in candidates]

    total = yes = 0.0
    pieces: list[Candidate] = []
    fit: list[Vector] = []

    def visit(index: int, here: float, alone: float) -> None:
        """Chooses among the candidates from ``index`` on; weights of exactly these being intact, and of the rest being nothing."""
        nonlocal total, yes
        if index == len(candidates):
            total += here
            if len(pieces) == wanted and alone > 0.0:
                p = fit[0][0] if sign else _assigned(claim, pieces, fit)
                if p > 0.0:
                    yes += alone * p * (1 - _worst_junk(junk, pieces))
            return
        c = candidates[index]
        visit(index + 1, here * (c.nothing + c.broken), alone * c.nothing)
        if not any(_overlap(c, other) for other in pieces):
            pieces.append(c)
            fit.append(fits[index])
            visit(index + 1, here * (c.sprite + c.sign), alone * (c.sign if sign else c.sprite))
            pieces.pop()
            fit.pop()

    visit(0, 1.0, 1.0)
    return background * sure * yes / total if total > 0 else 0.0


def _worst_junk(junk: list[Vector], pieces: list[Candidate]) -> float:
    """Largest P(junk) of a cell that none of the pieces covers."""
    worst = 0.0
    for y in range(C.ROWS):
        for x in range(C.COLUMNS):
            if junk[y][x] > worst and not any(
                p.x <= x < p.x + p.columns and p.y <= y < p.y + p.rows for p in pieces
            ):
                worst = junk[y][x]
    return worst

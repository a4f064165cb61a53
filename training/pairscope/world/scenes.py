"""Scene records, and their layouts on the token grid.

A ``Scene`` says only what its caption says.  ``lay_out`` adds what the caption leaves open (place on the grid,
size, facing, unspoken colours) from a seeded generator, so that a pair drawn with one layout seed
differs in nothing but its one aspect.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from . import config as C
from .scatter import ground_of
from .sprites import SpriteKey, sign_border


@dataclass(frozen=True)
class Item:
    """One kind of object as spoken of; None is what the caption does not say."""

    name: str
    colour: str | None = None
    size: str | None = None  # "big" or "small"
    pattern: str | None = None  # "plain", "striped" or "dotted"
    accessory: str | None = None


@dataclass(frozen=True)
class Scene:
    """What a caption claims: a sign, or one to three kinds of objects."""

    items: tuple[Item, ...] = ()
    counts: tuple[int, ...] = ()  # copies of each item; empty means one of each
    relation: str | None = None  # items[0] is <relation> items[1]
    without: str | None = None  # an object that is said to be absent beside items[0]
    text: str | None = None  # letters on a sign
    sign_colour: str | None = None
    style: str | None = None
    place: str | None = None
    many: bool = False  # several of items[0], the caption does not say how many

    @property
    def copies(self) -> tuple[int, ...]:
        """Number of each item."""
        return self.counts or (1,) * len(self.items)


@dataclass(frozen=True)
class Placed:
    """A sprite on the grid: top left cell (x, y) of its block."""

    key: SpriteKey
    x: int
    y: int


@dataclass(frozen=True)
class PlacedSign:
    """A sign on the grid: the board's top left cell (x, y)."""

    text: str
    colour: str
    x: int
    y: int
    style: str = "3d"

    @property
    def width(self) -> int:
        """Cells across the board."""
        return board_width(len(self.text))


@dataclass(frozen=True)
class Layout:
    """A drawn scene; ``bits`` is the entropy spent on what the caption leaves open, without that of ``scatter``: the seed of
    the scattered detail, in the wide world alone."""

    sprites: tuple[Placed, ...]
    sign: PlacedSign | None
    style: str
    place: str | None
    bits: float
    scatter: int | None = None

    @property
    def ground(self) -> str:
        """What the scattered detail lies on."""
        return ground_of(self.style, self.place)


def board_width(letters: int) -> int:
    """Cells across a sign's board with that many letters."""
    return C.LETTER_CELLS * letters + 2 * sign_border(letters)


class _Choices:
    """Random choices that add up their own surprisal.

    Every choice has its own generator, named by what it decides, so that two scenes with one seed agree
    wherever they decide the same thing.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.bits = 0.0

    def pick(self, name: str, options: Any, weights: Any = None, told: bool = False) -> Any:
        """One of the options, equal weights unless given; what the caption tells costs no bits."""
        options = list(options)
        weights = list(weights or [1.0] * len(options))
        index = Random(f"{name} {self.seed}").choices(range(len(options)), weights)[0]
        if not told:
            self.bits -= math.log2(weights[index] / sum(weights))
        return options[index]


_SECOND_DRAWINGS = {"3d": 0.84, "cartoon": 0.1, "sticker": 0.06}


def _key(choices: _Choices, item: Item, slot: int, size: int, scene: Scene, wide: bool) -> SpriteKey:
    thing, style = C.BY_NAME[item.name], scene.style or "3d"
    colour = item.colour
    if not colour and thing.colour in C.COLOURS and style == "3d":
        n = len(C.COLOURS)
        weights = [thing.free / n + (1 - thing.free if c == thing.colour else 0.0) for c in C.COLOURS]
        colour = choices.pick(f"colour {slot}", C.COLOURS, weights)
    mirrored = thing.mirrored and choices.pick(f"facing {slot}", [False, True])
    plain = not (item.colour or item.pattern or item.accessory or scene.style or scene.place or len(scene.items) > 1 or item.name == C.UNKNOWN)
    if wide and plain:
        style = choices.pick(f"drawing {slot}", _SECOND_DRAWINGS, list(_SECOND_DRAWINGS.values()))
        colour = colour if style == "3d" else None
    return SpriteKey(item.name, colour, size, mirrored, item.pattern or "plain", item.accessory, style)


# Arrangements of copies: (cells per sprite, top left cells).  One extra cell of jitter fits each.
_Cells = tuple[tuple[int, int], ...]
_COUNTS: dict[int, list[tuple[int, _Cells]]] = {
    2: [
        (4, ((1, 4), (7, 4))),
        (4, ((1, 3), (7, 5))),
        (4, ((4, 1), (4, 7))),
        (4, ((1, 1), (7, 7))),
        (3, ((2, 4), (7, 4))),
    ],
    3: [
        (3, ((0, 4), (4, 4), (8, 4))),
        (3, ((4, 2), (1, 7), (7, 7))),
        (4, ((4, 1), (1, 7), (7, 7))),
        (4, ((1, 1), (7, 1), (4, 7))),
        (3, ((0, 0), (4, 4), (8, 8))),
    ],
    4: [
        (4, ((1, 1), (7, 1), (1, 7), (7, 7))),
        (3, ((1, 1), (7, 1), (1, 7), (7, 7))),
        (3, ((4, 0), (0, 4), (8, 4), (4, 8))),
    ],
    5: [
        (3, ((0, 0), (8, 0), (4, 4), (0, 8), (8, 8))),
        (3, ((0, 2), (4, 2), (8, 2), (2, 7), (6, 7))),
        (3, ((2, 2), (6, 2), (0, 7), (4, 7), (8, 7))),
    ],
}
_TRIPLES: list[tuple[int, _Cells]] = [
    (3, ((0, 4), (4, 4), (8, 4))),
    (3, ((0, 3), (4, 5), (8, 3))),
    (4, ((1, 1), (7, 1), (4, 7))),
    (4, ((4, 1), (1, 7), (7, 7))),
]
# Where one kind stands in its row or column when there are so many of it.
_STEPS: dict[int, tuple[int, ...]] = {1: (4,), 2: (2, 7), 3: (0, 4, 8), 4: (0, 3, 6, 9)}


def _two(choices: _Choices, scene: Scene) -> list[tuple[int, int, int]]:
    """(size, x, y) of two objects, or of one beside an absent one."""
    pick = choices.pick
    told = bool(scene.relation)
    sizes = [{"big": C.SIZE_BIG, "small": C.SIZE_SMALL}.get(item.size or "", C.SIZE_PART) for item in scene.items[:2]]
    sizes += [C.SIZE_PART] * (2 - len(sizes))
    if scene.place and scene.relation not in ("above", "below"):
        # Both stand on the same ground.
        relation = scene.relation or pick("relation", ["left", "right"], [0.75, 0.25])
        near, far = pick("ends", [(1, 6), (1, 7), (2, 7)])
        first, second = (near, far) if relation == "left" else (far, near)
        return [(C.SIZE_PART, first, 6), (C.SIZE_PART, second, 6)]
    relation = pick("relation", ["left", "right", "above", "below"], [0.6, 0.15, 0.15, 0.1], told)
    relation = scene.relation or relation
    across, shift = pick("across", [3, 4, 5]), pick("shift", [-1, 0, 1])
    if sizes == [C.SIZE_PART, C.SIZE_PART]:
        ends = pick("ends", [(1, 6), (1, 7), (2, 7)])
        lines = (across, across + shift)
    else:  # a big and a small one
        ends = (0, sizes[0] + 2) if relation in ("left", "above") else (0, sizes[1] + 2)
        middle = [(C.ROWS - size) // 2 for size in sizes]
        lines = (middle[0] + shift, middle[1] + shift)
    first, second = ends if relation in ("left", "above") else ends[::-1]
    along = ((first, lines[0]), (second, lines[1]))
    if relation in ("above", "below"):
        along = ((lines[0], first), (lines[1], second))
    return [(size, x, y) for size, (x, y) in zip(sizes, along, strict=True)]


def _groups(choices: _Choices, scene: Scene) -> list[tuple[int, int, int]]:
    """Two kinds with several copies: each kind in its own column or row."""
    first, second = scene.copies
    upright = choices.pick("upright", [True, False])
    turned = choices.pick("order", [False, True], [0.75, 0.25])
    lines = [choices.pick("near line", [1, 2]), choices.pick("far line", [6, 7])]
    if turned:
        lines.reverse()
    shift = choices.pick("shift", [0, 1])
    places = []
    for count, line in zip((first, second), lines, strict=True):
        for step in _STEPS[count]:
            along = step + (shift if count < 4 else 0)
            places.append((C.SIZE_SMALL, line, along) if upright else (C.SIZE_SMALL, along, line))
    return places


_MANY = {2: 0.3, 3: 0.35, 4: 0.25, 5: 0.1}


def lay_out(scene: Scene, seed: int, wide: bool = False) -> Layout:
    """Draws what the caption leaves open; in the wide world also scattered detail, and now and then a second drawing of an object."""
    layout = _lay_out(scene, seed, wide)
    return replace(layout, scatter=seed) if wide else layout


def _lay_out(scene: Scene, seed: int, wide: bool) -> Layout:
    choices = _Choices(seed)
    pick = choices.pick
    style = scene.style or "3d"
    if scene.text is not None:
        n = len(C.COLOURS)
        weights = [C.SIGN_FREE / n + (1 - C.SIGN_FREE if c == C.SIGN_COLOUR else 0.0) for c in C.COLOURS]
        colour = scene.sign_colour or pick("sign colour", C.COLOURS, weights)
        room = C.COLUMNS - board_width(len(scene.text))
        x = room // 2 + (pick("x", [-1, 0, 1]) if room else 0)
        return Layout((), PlacedSign(scene.text, colour, x, pick("y", [1, 2, 3, 4, 5]), style), style, None, choices.bits)

    copies = (pick("many", _MANY, list(_MANY.values())),) if scene.many else scene.copies
    slots = [i for i, count in enumerate(copies) for _ in range(count)]
    places: list[tuple[int, int, int]]  # size, x, y
    if len(scene.items) == 3:
        size, cells = pick("triple", _TRIPLES)
        dx, dy = pick("dx", [0, 1]), pick("dy", [0, 1])
        order = pick("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (0, 2, 1)], [0.7, 0.1, 0.1, 0.1])
        places = [(size, cells[order[i]][0] + dx, cells[order[i]][1] + dy) for i in range(3)]
    elif len(scene.items) == 2 and sum(copies) > 2:
        places = _groups(choices, scene)
    elif len(scene.items) == 2 or scene.without and scene.without not in C.ACCESSORIES:
        places = _two(choices, scene)[: len(scene.items)]
    elif copies[0] > 1:
        dx, dy = pick("dx", [0, 1]), pick("dy", [0, 1])
        size, cells = pick("arrangement", _COUNTS[copies[0]])
        places = [(size, x + dx, y + dy) for x, y in cells]
    else:
        item = scene.items[0]
        told = bool(item.size or item.pattern or item.accessory or scene.style or scene.without)
        size = pick("size", [C.SIZE_BIG, C.SIZE_PART], [0.65, 0.35], told)
        if told:
            size = C.SIZE_SMALL if item.size == "small" else C.SIZE_BIG
        middle = (C.COLUMNS - size) // 2
        x = middle + pick("x", [-3, -2, -1, 0, 1, 2, 3])
        if scene.place:  # it stands on the ground
            y = 10 - size + pick("y", [-1, 0])
        else:
            y = middle + pick("y", [-2, -1, 0, 1, 2])
        if item.accessory or scene.without:
            y -= 1
        places = [(size, x, y)]
    # Copies of one item look alike, so facing and colour are chosen once an item.
    keys = {(slot, size): _key(choices, scene.items[slot], slot, size, scene, wide) for slot, size in
            dict.fromkeys((slot, place[0]) for slot, place in zip(slots, places, strict=True))}
    sprites = tuple(
        Placed(keys[slot, size], x, y) for slot, (size, x, y) in zip(slots, places, strict=True)
    )
    return Layout(sprites, None, style, scene.place, choices.bits)

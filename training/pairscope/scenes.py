"""Scene records, their layouts on the token grid, and pairs of records that differ in one aspect.

A ``Scene`` says only what its caption says.  ``lay_out`` adds what the caption leaves open (place,
mirroring, unspoken colours) from a seeded generator, so that a pair drawn with one layout seed
differs in nothing but its one aspect.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from random import Random

from . import config as C


@dataclass(frozen=True)
class Item:
    """One object as spoken of: colour and size are None when the caption does not name them."""

    name: str
    colour: str | None = None
    size: str | None = None  # "big" or "small"


@dataclass(frozen=True)
class Scene:
    """What a caption claims.  Either a sign, or one item ``count`` times, or two items."""

    items: tuple[Item, ...] = ()
    count: int = 1  # copies of the only item
    relation: str | None = None  # items[0] is <relation> items[1]
    text: str | None = None  # letters on a sign
    sign_colour: str | None = None


@dataclass(frozen=True)
class Placed:
    """A sprite on the grid: top left cell (x, y), ``size`` cells square."""

    name: str
    colour: str | None
    size: int
    mirrored: bool
    x: int
    y: int


@dataclass(frozen=True)
class PlacedSign:
    """A sign on the grid: the board's top left cell (x, y)."""

    text: str
    colour: str
    x: int
    y: int

    @property
    def width(self) -> int:
        """Cells across the board."""
        return board_width(len(self.text))


@dataclass(frozen=True)
class Layout:
    """A drawn scene; ``bits`` is the entropy spent on what the caption leaves open."""

    sprites: tuple[Placed, ...]
    sign: PlacedSign | None
    bits: float


def board_width(letters: int) -> int:
    """Cells across a sign's board with that many letters."""
    return C.LETTER_CELLS * letters + 2


class _Choices:
    """Random choices that add up their own surprisal."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.bits = 0.0

    def pick(self, options: list, weights: list[float] | None = None):  # type: ignore[no-untyped-def]
        """One of the options; equal weights unless given."""
        weights = weights or [1.0] * len(options)
        index = self.random.choices(range(len(options)), weights)[0]
        self.bits -= math.log2(weights[index] / sum(weights))
        return options[index]


def _colour(choices: _Choices, spoken: str | None, default: str | None, free: float) -> str | None:
    """The drawn colour.  Draws from the generator even when the colour is spoken, so pairs stay aligned."""
    if default is None:
        return None
    n = len(C.COLOURS)
    before = choices.bits
    drawn = choices.pick(
        list(C.COLOURS), [free / n + (1 - free if c == default else 0.0) for c in C.COLOURS]
    )
    if spoken is None:
        return drawn
    choices.bits = before
    return spoken


# Arrangements of copies: (cells per sprite, top left cells).  One extra cell of jitter fits each.
_COUNTS: dict[int, list[tuple[int, tuple[tuple[int, int], ...]]]] = {
    2: [
        (4, ((1, 4), (7, 4))),
        (4, ((1, 3), (7, 5))),
        (4, ((4, 1), (4, 7))),
        (4, ((1, 1), (7, 7))),
        (4, ((7, 1), (1, 7))),
    ],
    3: [
        (3, ((0, 4), (4, 4), (8, 4))),
        (4, ((4, 1), (1, 7), (7, 7))),
        (4, ((1, 1), (7, 1), (4, 7))),
        (3, ((0, 0), (4, 4), (8, 8))),
    ],
    4: [
        (4, ((1, 1), (7, 1), (1, 7), (7, 7))),
        (3, ((1, 1), (7, 1), (1, 7), (7, 7))),
        (3, ((4, 0), (0, 4), (8, 4), (4, 8))),
    ],
}


def lay_out(scene: Scene, seed: int) -> Layout:
    """Draws what the caption leaves open."""
    choices = _Choices(seed)
    pick = choices.pick
    if scene.text is not None:
        colour = _colour(choices, scene.sign_colour, C.SIGN_COLOUR, C.SIGN_FREE)
        x = (C.COLUMNS - board_width(len(scene.text))) // 2 + pick([-1, 0, 1])
        y = pick([1, 2, 3])
        assert colour is not None
        return Layout((), PlacedSign(scene.text, colour, x, y), choices.bits)

    drawn: list[tuple[Item, str | None, bool]] = []
    for item in scene.items:
        thing = C.BY_NAME[item.name]
        colour = _colour(choices, item.colour, thing.colour, thing.free)
        before = choices.bits
        mirrored = pick([False, True])
        if not thing.mirrored:
            mirrored, choices.bits = False, before
        drawn.append((item, colour, mirrored))

    places: list[tuple[int, int, int]]  # size, x, y
    if len(scene.items) == 2:
        near, far = pick([(1, 6), (1, 7), (2, 7)])
        across = pick([3, 4, 5])
        shift = pick([-1, 0, 1])
        relation = scene.relation or pick(["left", "right", "above"], [0.6, 0.2, 0.2])
        first, second = (near, far) if relation in ("left", "above") else (far, near)
        ends = ((first, across), (second, across + shift))
        if relation in ("above", "below"):
            ends = tuple((b, a) for a, b in ends)  # type: ignore[assignment]
        places = [(C.SIZE_PART, x, y) for x, y in ends]
    elif scene.count > 1:
        dx, dy = pick([0, 1]), pick([0, 1])
        size, cells = pick(_COUNTS[scene.count])
        places = [(size, x + dx, y + dy) for x, y in cells]
        drawn = drawn * scene.count
    else:
        before = choices.bits
        size = pick([C.SIZE_BIG, C.SIZE_PART], [0.6, 0.4])
        if spoken := scene.items[0].size:
            size, choices.bits = {"big": C.SIZE_BIG, "small": C.SIZE_SMALL}[spoken], before
        middle = (C.COLUMNS - size) // 2
        places = [(size, middle + pick([-1, 0, 1]), middle + pick([-1, 0, 1]))]
    sprites = tuple(
        Placed(item.name, colour, size, mirrored, x, y)
        for (item, colour, mirrored), (size, x, y) in zip(drawn, places, strict=True)
    )
    return Layout(sprites, None, choices.bits)


# ------------------------------------------------------------------------------- random scenes

WORDS = (
    "A B C X Z HI GO NO OK UP ME WE TV AI CAT DOG SUN SKY YES BUS TEA ICE RED ART FUN HOT JAM MAP NEW "
    "OPEN OWL PEN POP RUN SEA TOP VAN WIN ZOO BIG BOX CUP EGG FOX HAT KEY LAB MOM NUT PIE TAX WAY"
).split()
WORDS = [word for word in WORDS if len(word) <= C.MAX_LETTERS]


def random_text(random: Random) -> str:
    """Half real words, half random letters, one to three of them."""
    if random.random() < 0.4:
        return random.choice(WORDS)
    length = random.choices([1, 2, 3], [0.15, 0.3, 0.55])[0]
    return "".join(random.choice(C.LETTERS) for _ in range(length))


def random_item(random: Random, coloured: float) -> Item:
    """Any object; a colour is spoken with probability ``coloured`` where the object takes one."""
    name = random.choice(C.THINGS).name
    colour = random.choice(C.COLOURS) if name in C.COLOURABLE and random.random() < coloured else None
    return Item(name, colour)


def _two(random: Random, coloured: float) -> tuple[Item, Item]:
    first = random_item(random, coloured)
    while (second := random_item(random, coloured)).name == first.name:
        pass
    return first, second


def _coloured(random: Random, other_than: str = "") -> Item:
    names = [name for name in C.COLOURABLE if name != other_than]
    return Item(random.choice(names), random.choice(C.COLOURS))


def random_scene(random: Random, category: str) -> Scene:
    """One scene of a PairComp category."""
    if category == "Overall appearance difference":
        draw = random.random()
        if draw < 0.3:
            return Scene((random_item(random, 0.2),))
        if draw < 0.75:
            return Scene((replace(random_item(random, 0.3), size=random.choice(["big", "small"])),))
        return Scene(_two(random, 0.2))
    if category == "Color difference":
        if random.random() < 0.5:
            return Scene((_coloured(random),))
        first = _coloured(random)
        return Scene((first, _coloured(random, first.name)))
    if category == "Counting difference":
        return Scene((random_item(random, 0.3),), count=random.choices([1, 2, 3, 4], [1, 2, 3, 3])[0])
    if category == "Position difference":
        return Scene(_two(random, 0.2), relation=random.choice(C.RELATIONS))
    if category == "Text difference":
        colour = random.choice(C.COLOURS) if random.random() < 0.4 else None
        return Scene(text=random_text(random), sign_colour=colour)
    raise ValueError(f"unknown category: {category}")


def _other(random: Random, options: tuple[str, ...] | str, than: str) -> str:
    return random.choice([option for option in options if option != than])


def random_pair(random: Random, category: str) -> tuple[Scene, Scene]:
    """Two scenes that differ in one aspect of the category."""
    if category == "Overall appearance difference":
        draw = random.random()
        if draw < 0.4:  # another object
            item = random_item(random, 0.0)
            size = random.choice([None, None, "big", "small"])
            other = _other(random, tuple(t.name for t in C.THINGS), item.name)
            return Scene((Item(item.name, None, size),)), Scene((Item(other, None, size),))
        if draw < 0.8:  # size
            item = random_item(random, 0.3)
            sizes = random.sample(["big", "small"], 2)
            return Scene((replace(item, size=sizes[0]),)), Scene((replace(item, size=sizes[1]),))
        first, second = _two(random, 0.0)  # one of two objects replaced
        while (third := random_item(random, 0.0)).name in (first.name, second.name):
            pass
        return Scene((first, second)), Scene((first, third))
    if category == "Color difference":
        scene = random_scene(random, category)
        if len(scene.items) == 2 and scene.items[0].colour != scene.items[1].colour:
            one, two = scene.items  # the colours trade places
            return scene, Scene((replace(one, colour=two.colour), replace(two, colour=one.colour)))
        one = scene.items[0]
        changed = replace(one, colour=_other(random, C.COLOURS, one.colour or ""))
        return scene, Scene((changed, *scene.items[1:]))
    if category == "Counting difference":
        item = random_item(random, 0.3)
        counts = random.sample(range(1, C.MAX_COUNT + 1), 2)
        return Scene((item,), count=counts[0]), Scene((item,), count=counts[1])
    if category == "Position difference":
        scene = random_scene(random, category)
        if random.random() < 0.5:
            opposite = {"left": "right", "right": "left", "above": "below", "below": "above"}
            return scene, replace(scene, relation=opposite[scene.relation or ""])
        return scene, replace(scene, relation=_other(random, C.RELATIONS, scene.relation or ""))
    if category == "Text difference":
        scene = random_scene(random, category)
        assert scene.text is not None
        index = random.randrange(len(scene.text))
        letter = _other(random, C.LETTERS, scene.text[index])
        return scene, replace(scene, text=scene.text[:index] + letter + scene.text[index + 1 :])
    raise ValueError(f"unknown category: {category}")

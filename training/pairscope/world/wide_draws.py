"""Random scenes of the wide world: what people type beyond the first world's grammar."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Callable

from . import config as C
from .draws import random_text
from .held_out import held_out
from .scenes import Item, Scene

_WEIGHTS = [5.0 if name in C.FAVOURITES else 0.4 if name == C.UNKNOWN else 1.0 for name in C.WIDE_NAMES]
_UNKNOWN_SHARE = 0.05
COLOURED_STYLES = ("flat", "chalk", "pixel", "neon", "cartoon", "sticker", "3d")
_LONG_WORDS = (
    "HELLO WORLD CLOSED LUNCH PIZZA COFFEE HAPPY PARTY LIGHT WATER MUSIC NIGHT DREAM BEACH BREAD SMILE PEACE ENTER ORDER BAKERY MARKET "
    "SCHOOL GARDEN DINNER SUMMER WINTER FRIEND FLOWER MEOW WOOF SOLD HATE BOOM COOL SLOW WARM DANGER TOILET SORRY THANKS"
).split()


def _name(random: Random, fits: tuple[str, ...] = ()) -> str:
    if random.random() < _UNKNOWN_SHARE and (not fits or C.UNKNOWN in fits):
        return C.UNKNOWN
    while True:
        name = random.choices(C.WIDE_NAMES, _WEIGHTS)[0]
        if name != C.UNKNOWN and (not fits or name in fits):
            return name


def _item(random: Random, coloured: float) -> Item:
    if random.random() < coloured:
        return Item(_name(random, C.WIDE_COLOURABLE), random.choice(C.WIDE_COLOURS))
    return Item(_name(random))


def _items(random: Random, count: int, coloured: float) -> tuple[Item, ...]:
    items: list[Item] = []
    while len(items) < count:
        item = _item(random, coloured)
        if item.name not in [i.name for i in items]:
            items.append(item)
    return tuple(items)


def _appearance(random: Random) -> Scene:
    draw = random.random()
    place = random.choice(C.PLACES) if random.random() < 0.08 else None
    if draw < 0.22:
        return Scene(_items(random, 1, 0.1))
    if draw < 0.36:
        return Scene((replace(_item(random, 0.2), size=random.choice(["big", "small"])),))
    if draw < 0.48:
        item = Item(random.choice(C.WIDE_PATTERNED), random.choice(C.WIDE_COLOURS[:-3]) if random.random() < 0.4 else None)
        return Scene((replace(item, pattern=random.choices(C.PATTERNS, [1, 3, 3])[0]),), place=place)
    if draw < 0.66:
        wearer = random.choice(C.WIDE_WEARERS) if random.random() < 0.6 else random.choice(("cat", "dog", "rabbit", "bear", "man", "woman"))
        colour = random.choice(C.WIDE_COLOURS) if wearer in C.WIDE_COLOURABLE and random.random() < 0.15 else None
        return Scene((Item(wearer, colour, accessory=random.choice(list(C.ACCESSORIES))),), place=place)
    if draw < 0.78:  # an accessory that is not worn
        wearer = random.choice(C.WIDE_WEARERS) if random.random() < 0.6 else random.choice(("cat", "dog", "rabbit", "bear", "man", "woman"))
        return Scene((Item(wearer),), without=random.choice(list(C.ACCESSORIES)))
    if draw < 0.86:
        one, two = _items(random, 2, 0.0)
        return Scene((one,), without=two.name)
    return Scene(_items(random, 2, 0.15))


def _colour(random: Random) -> Scene:
    count = random.choices([1, 2, 3], [0.6, 0.33, 0.07])[0]
    place = random.choice(C.PLACES) if count == 1 and random.random() < 0.08 else None
    return Scene(_items(random, count, 1.0), place=place)


def _counting(random: Random) -> Scene:
    draw = random.random()
    if draw < 0.15:
        return Scene(_items(random, 1, 0.25), many=True)
    if draw < 0.85:
        place = random.choice(C.PLACES) if random.random() < 0.08 else None
        return Scene(_items(random, 1, 0.2), (random.choices([1, 2, 3, 4, 5], [2, 3, 3, 3, 2])[0],), place=place)
    first = random.randint(1, 3)
    second = random.randint(2 if first == 1 else 1, min(3, C.MAX_COUNT - first))
    return Scene(_items(random, 2, 0.2), (first, second))


def _position(random: Random) -> Scene:
    place = random.choice(C.PLACES) if random.random() < 0.06 else None
    return Scene(_items(random, 2, 0.15), relation=random.choice(C.RELATIONS), place=place)


def _style(random: Random) -> Scene:
    draw = random.random()
    style = random.choice(C.WIDE_STYLES)
    if draw < 0.35:
        return Scene(_items(random, 1, 0.0), style=style)
    if draw < 0.5:
        return Scene(_items(random, 1, 1.0), style=random.choice(COLOURED_STYLES))
    if draw < 0.62:
        return Scene(_items(random, 2, 0.0), style=style, relation=random.choice((None, None, "left", "right", "above", "below")))
    place = random.choice(C.PLACES)
    return Scene(_items(random, 1 if draw < 0.9 else 2, 0.12), place=place)


def _text(random: Random) -> Scene:
    text = random.choice(_LONG_WORDS) if random.random() < 0.35 else random_text(random)
    if random.random() < 0.3:
        text = "".join(random.choice(C.LETTERS) for _ in range(random.choice([4, 5, 5, 6, 6])))
    style = random.choices([None, "chalk", "neon"], [6, 2, 2])[0]
    colour = random.choice(C.COLOURS) if style != "chalk" and random.random() < 0.3 else None
    return Scene(text=text, sign_colour=colour, style=style)


_SCENES: dict[str, Callable[[Random], Scene]] = dict(
    zip(C.CATEGORIES, (_appearance, _colour, _counting, _position, _style, _text), strict=True)
)


def wide_scene(random: Random, category: str) -> Scene:
    """One scene of the wide world that names no held-out combination."""
    while held_out(scene := _SCENES[category](random)):
        pass
    return scene

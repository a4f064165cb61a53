"""Random scenes of every category, and pairs of scenes one aspect apart."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Callable, Sequence, TypeVar

from . import config as C
from .held_out import held_out
from .scenes import Item, Scene

T = TypeVar("T")

WORDS = (
    "A B C X Z HI GO NO OK UP ME WE TV AI CAT DOG SUN SKY YES BUS TEA ICE RED ART FUN HOT JAM MAP NEW "
    "OPEN OWL PEN POP RUN SEA TOP VAN WIN ZOO BIG BOX CUP EGG FOX HAT KEY LAB MOM NUT PIE TAX WAY "
    "STOP PARK EXIT SALE CAFE FREE HOME LOVE BOOK CAKE FISH GOLD JAZZ KIWI LAKE MOON NEWS PLAY QUIZ ROCK SHOP TAXI WIFI ZONE"
).split()


def random_text(random: Random) -> str:
    """Real words and random letters, one to four of them."""
    if random.random() < 0.4:
        return random.choice(WORDS)
    length = random.choices([1, 2, 3, 4], [0.1, 0.2, 0.35, 0.35])[0]
    return "".join(random.choice(C.LETTERS) for _ in range(length))


def _item(random: Random, coloured: float, names: tuple[str, ...] = C.NAMES) -> Item:
    """Any object; a colour is spoken with probability ``coloured`` where the object takes one."""
    name = random.choice(names)
    colour = random.choice(C.COLOURS) if C.BY_NAME[name].colour and random.random() < coloured else None
    return Item(name, colour)


def _different(random: Random, n: int, draw: Callable[[], Item]) -> tuple[Item, ...]:
    """n items of different kinds."""
    items: list[Item] = []
    while len(items) < n:
        item = draw()
        if item.name not in [i.name for i in items]:
            items.append(item)
    return tuple(items)


def _coloured(random: Random) -> Item:
    return Item(random.choice(C.COLOURABLE), random.choice(C.COLOURS))


def _appearance(random: Random) -> Scene:
    draw = random.random()
    if draw < 0.2:
        return Scene((_item(random, 0.2),))
    if draw < 0.45:
        return Scene((replace(_item(random, 0.3), size=random.choice(["big", "small"])),))
    if draw < 0.63:
        item = Item(random.choice(C.PATTERNED), random.choice(C.COLOURS) if random.random() < 0.6 else None)
        return Scene((replace(item, pattern=random.choices(C.PATTERNS, [1, 2, 2])[0]),))
    if draw < 0.78:
        return Scene((Item(random.choice(C.WEARERS), accessory=random.choice(list(C.ACCESSORIES))),))
    if draw < 0.84:
        one, two = _different(random, 2, lambda: _item(random, 0.0))
        return Scene((one,), without=two.name)
    if draw < 0.9:
        one, two = _different(random, 2, lambda: _item(random, 0.1))
        sizes = random.sample(["big", "small"], 2)
        return Scene((replace(one, size=sizes[0]), replace(two, size=sizes[1])))
    return Scene(_different(random, 2, lambda: _item(random, 0.2)))


def _colour(random: Random) -> Scene:
    count = random.choices([1, 2, 3], [0.4, 0.45, 0.15])[0]
    return Scene(_different(random, count, lambda: _coloured(random)))


def _counting(random: Random) -> Scene:
    if random.random() < 0.8:
        return Scene((_item(random, 0.3),), (random.choices([1, 2, 3, 4, 5], [1, 2, 3, 3, 3])[0],))
    first = random.randint(1, 3)
    second = random.randint(2 if first == 1 else 1, min(3, C.MAX_COUNT - first))
    return Scene(_different(random, 2, lambda: _item(random, 0.4)), (first, second))


def _position(random: Random) -> Scene:
    return Scene(_different(random, 2, lambda: _item(random, 0.2)), relation=random.choice(C.RELATIONS))


def _style(random: Random) -> Scene:
    draw = random.random()
    if draw < 0.55:
        return Scene((_item(random, 0.0),), style=random.choice(C.STYLES))
    place = random.choice(C.PLACES)
    if draw < 0.92:
        return Scene((_item(random, 0.12),), place=place)
    return Scene(_different(random, 2, lambda: _item(random, 0.0)), place=place)


def _text(random: Random) -> Scene:
    colour = random.choice(C.COLOURS) if random.random() < 0.4 else None
    return Scene(text=random_text(random), sign_colour=colour)


_SCENES: dict[str, Callable[[Random], Scene]] = dict(
    zip(C.CATEGORIES, (_appearance, _colour, _counting, _position, _style, _text), strict=True)
)


def training_scene(random: Random, category: str) -> Scene:
    """One scene of a PairComp category that names no held-out combination."""
    while held_out(scene := _SCENES[category](random)):
        pass
    return scene


def loosely_named_scene(random: Random, category: str) -> Scene:
    """A scene whose caption will not name its combinations: any object in any colour and relation, but no held-out sign text."""
    while held_out(replace(scene := _SCENES[category](random), items=())):
        pass
    return scene


def _other(random: Random, options: Sequence[T], than: T) -> T:
    return random.choice([option for option in options if option != than])


def _appearance_pair(random: Random) -> tuple[Scene, Scene]:
    scene = _appearance(random)
    item = scene.items[0]
    if scene.without:
        return replace(scene, items=(item, Item(scene.without)), without=None), scene
    if item.accessory:
        other = _other(random, (None, *C.ACCESSORIES), item.accessory)
        return scene, Scene((replace(item, accessory=other),))
    if item.pattern:
        return scene, Scene((replace(item, pattern=_other(random, C.PATTERNS, item.pattern)),))
    if len(scene.items) == 1 and item.size:
        return scene, Scene((replace(item, size="small" if item.size == "big" else "big"),))
    if len(scene.items) == 2 and item.size:  # the sizes trade places
        one, two = scene.items
        return scene, Scene((replace(one, size=two.size), replace(two, size=one.size)))
    # One object becomes another.
    index = random.randrange(len(scene.items))
    taken = {i.name for i in scene.items}
    new = random.choice([n for n in C.NAMES if n not in taken and (not scene.items[index].colour or C.BY_NAME[n].colour)])
    items = list(scene.items)
    items[index] = replace(items[index], name=new)
    return scene, replace(scene, items=tuple(items))


def _colour_pair(random: Random) -> tuple[Scene, Scene]:
    scene = _colour(random)
    items = list(scene.items)
    if len(items) > 1 and items[0].colour != items[1].colour and random.random() < 0.5:
        one, two, *rest = items  # the colours trade places
        return scene, Scene((replace(one, colour=two.colour), replace(two, colour=one.colour), *rest))
    index = random.randrange(len(items))
    items[index] = replace(items[index], colour=_other(random, C.COLOURS, items[index].colour or ""))
    return scene, Scene(tuple(items))


def _counting_pair(random: Random) -> tuple[Scene, Scene]:
    scene = _counting(random)
    if len(scene.items) == 1:
        return scene, replace(scene, counts=(_other(random, (1, 2, 3, 4, 5), scene.counts[0]),))
    first, second = scene.counts
    options = tuple((a, b) for a in (1, 2, 3) for b in (1, 2, 3) if 2 < a + b <= C.MAX_COUNT and (a == first) != (b == second))
    return scene, replace(scene, counts=random.choice(options))


def _position_pair(random: Random) -> tuple[Scene, Scene]:
    scene = _position(random)
    draw = random.random()
    if draw < 0.4:
        opposite = {"left": "right", "right": "left", "above": "below", "below": "above"}
        return scene, replace(scene, relation=opposite[scene.relation or ""])
    if draw < 0.6:  # the objects trade places
        return scene, replace(scene, items=scene.items[::-1])
    return scene, replace(scene, relation=_other(random, C.RELATIONS, scene.relation or ""))


def _style_pair(random: Random) -> tuple[Scene, Scene]:
    scene = _style(random)
    if scene.style:
        return scene, replace(scene, style=_other(random, C.STYLES, scene.style))
    return scene, replace(scene, place=_other(random, C.PLACES, scene.place or ""))


def _text_pair(random: Random) -> tuple[Scene, Scene]:
    scene = _text(random)
    text = scene.text or ""
    if len(text) > 1 and random.random() < 0.15:  # a letter falls away
        index = random.randrange(len(text))
        return scene, replace(scene, text=text[:index] + text[index + 1 :])
    index = random.randrange(len(text))
    letter = _other(random, C.LETTERS, text[index])
    return scene, replace(scene, text=text[:index] + letter + text[index + 1 :])


_PAIRS: dict[str, Callable[[Random], tuple[Scene, Scene]]] = dict(
    zip(
        C.CATEGORIES,
        (_appearance_pair, _colour_pair, _counting_pair, _position_pair, _style_pair, _text_pair),
        strict=True,
    )
)


def any_pair(random: Random, category: str) -> tuple[Scene, Scene]:
    """Two scenes that differ in one aspect of the category, in random order; held-out combinations may occur."""
    pair = _PAIRS[category](random)
    return pair if random.random() < 0.5 else pair[::-1]


def training_pair(random: Random, category: str) -> tuple[Scene, Scene]:
    """A pair that names no held-out combination."""
    while any(map(held_out, pair := any_pair(random, category))):
        pass
    return pair

"""The drawable world: objects, colours, sizes, grid.  Sizes are in cells of the 12 x 12 grid."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "cache"
RUNS = ROOT / "runs" / "v1"

ROWS = COLUMNS = 12
PATCH = 8  # pixels per cell of the picture the tokenizer reads (96 x 96)
DRAW_SCALE = 2  # the decoder draws at 16 pixels per cell (192 x 192)
DRAW_PATCH = PATCH * DRAW_SCALE
CODES = 1024
PREFIX_LENGTH = 20
MAX_LETTERS = 3
MAX_COUNT = 4

COLOURS = ("red", "orange", "yellow", "green", "blue", "purple")
# Hue in degrees, saturation factor, and how far the value is lifted towards 1 (yellow needs light).
COLOUR_HSV: dict[str, tuple[float, float, float]] = {
    "red": (355.0, 1.05, 0.0),
    "orange": (25.0, 1.05, 0.35),
    "yellow": (49.0, 0.95, 0.6),
    "green": (125.0, 0.9, -0.15),
    "blue": (216.0, 1.0, 0.1),
    "purple": (276.0, 0.85, 0.0),
}

# Every sprite is a square of one of these many cells.  A single object of unspoken size is
# drawn at SIZE_PART or SIZE_BIG; the codebook also covers SIZE_HUGE, which no scene uses yet.
SIZE_SMALL, SIZE_PART, SIZE_BIG, SIZE_HUGE = 3, 4, 6, 8
SIZES = (SIZE_SMALL, SIZE_PART, SIZE_BIG, SIZE_HUGE)


@dataclass(frozen=True)
class Thing:
    """One drawable object.  ``names`` are (singular, plural) words, the first pair is canonical."""

    names: tuple[tuple[str, str], ...]
    icon: str
    colour: str | None = None  # default colour when the object can be recoloured
    free: float = 0.0  # chance that an unspoken colour is any of the six instead of the default
    mirrored: bool = False  # may face either way

    @property
    def name(self) -> str:
        """Canonical singular."""
        return self.names[0][0]


def _thing(names: str, icon: str, **options: object) -> Thing:
    pairs = tuple((s, p) for s, p in (entry.split("/") for entry in names.split()))
    return Thing(pairs, icon, **options)  # type: ignore[arg-type]


THINGS: tuple[Thing, ...] = (
    _thing("apple/apples", "red-apple", colour="red"),
    _thing("balloon/balloons", "balloon", colour="red", free=0.6),
    _thing("book/books", "closed-book", colour="red", free=0.6),
    _thing("heart/hearts", "red-heart", colour="red"),
    _thing("star/stars", "star", colour="yellow"),
    _thing("umbrella/umbrellas", "umbrella", colour="purple", free=0.6),
    _thing("car/cars", "automobile", colour="red", free=0.6),
    _thing("bird/birds", "bird", colour="red", free=0.6),
    _thing("gift/gifts present/presents", "wrapped-gift", colour="yellow", free=0.6),
    _thing("tulip/tulips flower/flowers", "tulip", colour="purple", free=0.6),
    _thing("dog/dogs", "dog-face"),
    _thing("cat/cats", "cat-face"),
    _thing("panda/pandas", "panda"),
    _thing("fox/foxes", "fox"),
    _thing("frog/frogs", "frog"),
    _thing("owl/owls", "owl"),
    _thing("bee/bees", "honeybee"),
    _thing("penguin/penguins", "penguin"),
    _thing("elephant/elephants", "elephant", mirrored=True),
    _thing("duck/ducks", "duck", mirrored=True),
    _thing("turtle/turtles", "turtle", mirrored=True),
    _thing("tree/trees", "deciduous-tree"),
    _thing("cactus/cacti", "cactus"),
    _thing("burger/burgers hamburger/hamburgers", "hamburger"),
    _thing("pizza/pizzas", "pizza"),
    _thing("cake/cakes", "birthday-cake"),
    _thing("banana/bananas", "banana"),
    _thing("robot/robots", "robot"),
    _thing("house/houses", "house"),
    _thing("rocket/rockets", "rocket"),
)
BY_NAME: dict[str, Thing] = {thing.name: thing for thing in THINGS}
COLOURABLE: tuple[str, ...] = tuple(thing.name for thing in THINGS if thing.colour)
PLAIN: tuple[str, ...] = tuple(thing.name for thing in THINGS if not thing.colour)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBERS = ("zero", "one", "two", "three", "four")
RELATIONS = ("left", "right", "above", "below")
SIZE_WORDS: dict[str, tuple[str, ...]] = {
    "big": ("big", "big", "large", "huge"),
    "small": ("small", "small", "little", "tiny"),
}
SIGN_COLOUR = "blue"
SIGN_FREE = 0.6
# Sign geometry in cells: a border cell around 2 x 2-cell letters, and a post below.
LETTER_CELLS = 2
POST_CELLS = 3

CATEGORIES = (
    "Overall appearance difference",
    "Color difference",
    "Counting difference",
    "Position difference",
    "Text difference",
)

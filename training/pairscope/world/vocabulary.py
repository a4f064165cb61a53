"""What a person may type, for the app to show, and what the model was never taught."""

from __future__ import annotations

from typing import Any

from . import config as C
from .captions import _PLACES, _RELATIONS, _SIGNS, _STYLES, _TURNED

_STYLE_TITLES = {
    "3d": "3D",
    "flat": "flat",
    "line": "line drawing",
    "chalk": "chalk drawing",
    "pixel": "pixel art",
    "sepia": "sepia",
    "mono": "black and white",
    "neon": "neon",
}


# Aspects that training captions name together, with at most so many kinds of objects; an absent object is one, a sign is none.
_TAUGHT: tuple[tuple[int, tuple[str, ...]], ...] = (
    (1, ("colour", "size")),
    (1, ("colour", "pattern")),
    (1, ("accessory",)),
    (2, ("without",)),
    (2, ("colour", "size")),
    (3, ("colour",)),
    (2, ("colour", "count")),
    (2, ("colour", "relation")),
    (1, ("style",)),
    (1, ("colour", "place")),
    (2, ("place",)),
    (0, ("text", "colour")),
)


def _distinct(phrases: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(phrases))


def vocabulary_json() -> dict[str, Any]:
    """Words and phrasings by kind; ``{}`` in a style's phrase stands for the objects."""
    return {
        "objects": [
            {
                "name": thing.name,
                "plural": thing.names[0][1],
                "synonyms": [s for s, _ in thing.names[1:]],
                "takesColour": thing.colour is not None,
                "takesPattern": thing.patterned,
                "wears": thing.wears,
            }
            for thing in C.THINGS
        ],
        "colours": list(C.COLOURS),
        "counts": [{"word": C.NUMBERS[n], "value": n} for n in range(1, C.MAX_COUNT + 1)],
        "relations": {name: [*_distinct(words), f"with … {_TURNED[name]}"] for name, words in _RELATIONS.items()},
        "sizes": {name: _distinct(words) for name, words in C.SIZE_WORDS.items()},
        "patterns": {name: _distinct(words) for name, words in C.PATTERN_WORDS.items()},
        "accessories": list(C.ACCESSORIES),
        "styles": {_STYLE_TITLES[name]: _distinct(words) for name, words in _STYLES.items()},
        "places": {name: _distinct(words) for name, words in _PLACES.items()},
        "joiningWords": ["and", "with", "without", "next to"],
        "sign": {
            "phrases": [f"a sign {p.format(chr(34) + 'CAT' + chr(34))}" for p in _distinct(_SIGNS)],
            "letters": C.LETTERS,
            "maxLetters": C.MAX_LETTERS,
            "colours": list(C.COLOURS),
        },
        "limits": {
            "maxWords": C.PREFIX_LENGTH - 2,
            "maxCount": C.MAX_COUNT,
            "maxObjects": C.MAX_OBJECTS,
            "untaught": [
                "styles with more than one object, or with colours",
                "places with more than two objects, counts or relations above and below",
                "patterns and accessories on anything but a single object",
                "sizes of more than two objects",
                "counts of three kinds of objects, or more than five objects in all",
                "signs beside objects, in a style or in a place",
            ],
        },
        "taught": [{"objects": objects, "aspects": list(aspects)} for objects, aspects in _TAUGHT],
        "categories": list(C.CATEGORIES),
    }

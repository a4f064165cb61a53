"""Captions of scenes in several phrasings, and the text tokenizer.

Tokenizer contract (the app implements the same): NFKC, control and bidi characters removed; a
segment in quotes gives a quote token, one token per letter A-Z *and its place* (upper-cased; other characters and
letters beyond the last place are <unk>), a quote token; outside quotes, lower-cased runs of letters and
digits are words; everything else separates.  A word may hold hyphens and apostrophes when it is known so, else it falls into its parts, and a
possessive ``'s`` away; emoji are words; some words are read as others (``ALIASES``).  A word after "says", "reads", "sign:" and the like, or
after "the word", is read as if it were in quotes, where nothing else is.  Quotes are straight or curly double quotes, curly single quotes, and straight single
quotes that open at the start or after a space and close before a space, punctuation or the end.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from random import Random
from typing import Any

from . import config as C
from . import wide_words as W
from .scenes import Item, Scene

PAD, BOS, BOI, UNK, QUOTE = range(5)
FIRST_LETTER = 5
FIRST_WORD = FIRST_LETTER + len(C.LETTERS) * C.MAX_LETTERS

_TEMPLATES = ("{}", "{}", "{}", "{}", "{}", "a photo of {}", "a picture of {}", "an image of {}", "there {be} {}")
_RELATIONS: dict[str, tuple[str, ...]] = {
    "left": ("to the left of", "to the left of", "on the left of", "left of", "on the left side of"),
    "right": ("to the right of", "to the right of", "on the right of", "right of", "on the right side of"),
    "above": ("above", "above", "over", "on top of"),
    "below": ("below", "below", "under", "beneath", "underneath"),
}
# The second object is named first; {} is the first object's phrase with "it" for the second.
_TURNED: dict[str, str] = {"left": "on its left", "right": "on its right", "above": "above it", "below": "below it"}
_SIGNS = (
    'that says {}', 'that says {}', 'that says {}', 'saying {}', 'reading {}', 'that reads {}',
    'with the text {}', 'with the word {}', 'with the letters {}', 'with {} on it',
)  # fmt: skip
_STYLES: dict[str, tuple[str, ...]] = {
    "3d": ("a 3d picture of {}", "a 3d render of {}", "{} in 3d"),
    "flat": ("a flat drawing of {}", "a flat picture of {}", "{} in flat style"),
    "line": ("a line drawing of {}", "a line drawing of {}", "{} as a line drawing"),
    "chalk": ("a chalk drawing of {}", "a chalk drawing of {}", "{} drawn in chalk"),
    "pixel": ("a pixel art picture of {}", "pixel art of {}", "{} in pixel art style"),
    "sepia": ("a sepia photo of {}", "a sepia picture of {}", "{} in sepia"),
    "mono": ("a black and white photo of {}", "a black and white picture of {}", "{} in black and white"),
    "neon": ("a neon sign of {}", "a neon drawing of {}", "{} in neon"),
}
_PLACES: dict[str, tuple[str, ...]] = {
    "grass": ("on the grass", "on grass", "in a meadow"),
    "beach": ("on the beach", "at the beach"),
    "snow": ("in the snow", "in snow"),
    "space": ("in space", "in outer space"),
    "sunset": ("at sunset", "at sunset"),
    "night": ("at night", "at night"),
}


def article(word: str) -> str:
    """"a" or "an", by the letter that follows."""
    return "an" if word[0] in "aeiou" and word not in ("unicorn", "ufo") else "a"


def _noun(random: Random, name: str, plural: bool) -> str:
    names = C.BY_NAME[name].names
    chosen = names[0] if len(names) == 1 or random.random() < 0.6 else random.choice(names[1:])
    return chosen[int(plural)]


def _phrase(random: Random, item: Item, count: int, bare: bool = False) -> str:
    # One draw each, in a fixed order, so that pairs stay aligned.
    noun, size, pattern, rest = (Random(random.random()) for _ in range(4))
    words = [_noun(noun, item.name, count > 1)]
    if item.colour:
        words.insert(0, item.colour)
    if item.pattern:
        words.insert(0, pattern.choice(C.PATTERN_WORDS[item.pattern]))
    if item.size:
        words.insert(0, size.choice(C.SIZE_WORDS[item.size]))
    if item.accessory:
        worn = rest.random()
        what = "glasses" if item.accessory == "glasses" else f"a {item.accessory}"
        words.append(f"with {what}" if worn < 0.3 else f"wearing {what}")
    draw = rest.random()
    if count > 1:
        number = str(count) if draw < 0.1 else C.NUMBERS[count]
        return " ".join([number, *words])
    if bare or draw < 0.05:
        return " ".join(words)
    if draw < 0.1:
        return " ".join(["the", *words])
    if draw < 0.17:
        return " ".join(["one", *words])
    return " ".join([article(words[0]), *words])


def _body(random: Random, scene: Scene) -> tuple[str, bool]:
    """The clause without its frame, and whether the frame's verb is a plural."""
    if scene.text is not None:
        says = random.choice(_SIGNS).format(f'"{scene.text}"')
        first = random.choice(["a", "a", "a", "the"])
        if scene.sign_colour:
            first = article(scene.sign_colour) if first == "a" else first
            return f"{first} {scene.sign_colour} sign {says}", False
        return f"{first} sign {says}", False
    bare = random.random() < 0.07 and len(scene.items) > 1 and not scene.relation
    seeds = [random.random() for _ in range(3)]
    said = [_phrase(Random(s), i, n, bare) for s, i, n in zip(seeds, scene.items, scene.copies)]
    joint = random.choice(["and", "and", "and", "with", "next to"])
    relation_draw, style_of_relation = random.random(), random.random()
    if scene.relation:
        relation = random.choice(_RELATIONS[scene.relation])
        if relation_draw < 0.12:
            return f"{said[0]} is {relation} {said[1]}", False
        if relation_draw < 0.2 and style_of_relation < 0.8:
            return f"{said[1]} with {said[0]} {_TURNED[scene.relation]}", False
        return f"{said[0]} {relation} {said[1]}", False
    if scene.without:
        other = _phrase(Random(seeds[1]), Item(scene.without), 1)
        return f"{said[0]} without {other}", False
    plural = scene.copies[0] > 1
    if len(said) == 1:
        return said[0], plural
    if bare:
        return ", ".join(said), plural
    if len(said) == 3:
        return f"{said[0]}, {said[1]} and {said[2]}", plural
    return f"{said[0]} {joint} {said[1]}", plural


def caption(scene: Scene, seed: int) -> str:
    """A caption of the scene; the two scenes of a pair get like phrasings from one seed."""
    random = Random(seed)
    template = random.choice(_TEMPLATES)
    frame = random.random()
    body, plural = _body(Random(random.random()), scene)
    if scene.place:
        place = Random(frame).choice(_PLACES[scene.place])
        body = f"{body} {place}"
    if scene.style:
        return Random(frame).choice(_STYLES[scene.style]).format(body)
    if " is " in body:
        template = "{}"
    return template.format(body, be="are" if plural else "is")


def _first_vocabulary() -> list[str]:
    """Every word a caption of the first world can use, sorted."""
    words: set[str] = set(C.COLOURS) | {"a", "an", "the", "one", "and", "with", "next", "to", "is", "are", "there", "without", "wearing", "sign"}
    for thing in C.THINGS:
        for pair in thing.names:
            words |= set(pair)
    tables = (_RELATIONS, _STYLES, _PLACES, C.SIZE_WORDS, C.PATTERN_WORDS)
    phrases = [p for table in tables for group in table.values() for p in group]
    for phrase in (*_TEMPLATES, *_SIGNS, *_TURNED.values(), *phrases):
        words |= set(re.findall(r"[a-z0-9]+", phrase.replace("{be}", "")))
    words |= set(C.ACCESSORIES)
    for count in range(1, C.MAX_COUNT + 1):
        words |= {str(count), C.NUMBERS[count]}
    return sorted(words)


def _wide_vocabulary(known: set[str]) -> list[str]:
    """The words that captions of the wide world add, sorted."""
    words = W.words() | set(C.WIDE_COLOURS)
    for thing in C.MORE_THINGS:
        if thing.name != C.UNKNOWN:
            words |= set(thing.names[0])
    return sorted(words - known)


# Ids are appended: what a shipped model knows keeps its ids.
_FIRST_WORDS = _first_vocabulary()
FIRST_TEXT_TOKENS = FIRST_WORD + len(_FIRST_WORDS)  # of the first world
_MORE_PLACES = C.LONGEST_SIGN - C.MAX_LETTERS
_WIDE_WORDS = _wide_vocabulary(set(_FIRST_WORDS))
WORDS = [*_FIRST_WORDS, *_WIDE_WORDS]
_WIDE_WORD = FIRST_TEXT_TOKENS + len(C.LETTERS) * _MORE_PLACES
WORD_IDS = {word: FIRST_WORD + i for i, word in enumerate(_FIRST_WORDS)} | {word: _WIDE_WORD + i for i, word in enumerate(_WIDE_WORDS)}
# Letter -> its ids at the first, second ... place inside the quotes.
LETTER_IDS = {
    letter: [
        *(FIRST_LETTER + i * C.MAX_LETTERS + place for place in range(C.MAX_LETTERS)),
        *(FIRST_TEXT_TOKENS + i * _MORE_PLACES + place for place in range(_MORE_PLACES)),
    ]
    for i, letter in enumerate(C.LETTERS)
}
TEXT_TOKENS = _WIDE_WORD + len(_WIDE_WORDS)
HIDDEN = WORD_IDS[W.HIDDEN_WORD]  # for a word that a caption leaves open; <unk> is a word without a drawing
ALIASES = {
    alias: word
    for alias, word in W.aliases({thing.name: thing.names[0][1] for thing in C.WIDE_THINGS}).items()
    if alias not in WORD_IDS and word in WORD_IDS
}


@lru_cache
def relation_words(relation: str | None) -> frozenset[int]:
    """Ids of the words that tell this relation from the others, in any phrasing."""
    if relation is None:
        return frozenset()
    said = {name: set(" ".join([*phrases, _TURNED[name]]).split()) for name, phrases in _RELATIONS.items()}
    shared = set.intersection(*(words for words in said.values())) | {"to", "the", "of", "on", "side", "its", "it"}
    return frozenset(WORD_IDS[word] for word in said[relation] - shared)


def normalise(text: str) -> str:
    """NFKC without control and format (bidi) characters."""
    kept = (c if c not in "\t\n\r" else " " for c in unicodedata.normalize("NFKC", text))
    return "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf"))


_DOUBLE = "\"\u201c\u201d\u201e\u201f"
_SEGMENT = re.compile(
    rf"[{_DOUBLE}](?P<double>[^{_DOUBLE}]*)[{_DOUBLE}]"
    r"|\u2018(?P<curly>[^\u2018\u2019]*)\u2019"
    r"|(?:(?<=\s)|^)'(?P<single>[^'\s](?:[^']*[^'\s])?)'(?=[\s.,;:!?)]|$)"
)
_EMOJI = "".join(alias for alias in ALIASES if not alias.isalnum())
_SPOKEN = re.compile(rf"[{re.escape(_EMOJI)}]|[^\W_]+(?:['\u2019-][^\W_]+)*")
_COMPOUND = re.compile(r"\b(?:" + "|".join(name.replace(" ", r"\s+") for name in W.COMPOUNDS) + r")\b")
_WORD = re.compile(r"[^\W_]+")
# What stands before a word that a sign shows.
_SHOWN = re.compile(
    r"\b(?:(?:says|saying|reads|reading|say|read)(?:\s+the\s+(?:word|words|text|letters?))?|the\s+(?:word|text|letters?)|(?:sign|poster|banner)\s*:)\s*:?\s+(?P<shown>[a-z]+)\b",
    re.IGNORECASE,
)


def _word_ids(word: str) -> list[int]:
    """Ids of one lower-cased word."""
    word = word.replace("\u2019", "'")
    for form in (word, word.replace("-", "")):
        if (known := WORD_IDS.get(ALIASES.get(form, form))) is not None:
            return [known]
    parts = _WORD.findall(word) or [word]
    if len(parts) > 1 and word.endswith("'s"):
        parts.pop()
    return [WORD_IDS.get(ALIASES.get(part, part), UNK) for part in parts]


def text_ids(text: str) -> list[int]:
    """Text ids of a caption, without specials; not cut."""
    text = normalise(text)
    ids: list[int] = []

    def words(part: str) -> None:
        for word in _SPOKEN.findall(_COMPOUND.sub(lambda m: W.COMPOUNDS[" ".join(m[0].split())], part.lower())):
            ids.extend(_word_ids(word))

    def letter(character: str, place: int) -> int:
        places = LETTER_IDS.get(character.upper())
        return places[place] if places and place < len(places) else UNK

    def quoted(inside: str) -> None:
        ids.extend([QUOTE, *(letter(c, i) for i, c in enumerate(inside)), QUOTE])

    segments = [(m.start(), m.end(), next(g for g in m.groups() if g is not None)) for m in _SEGMENT.finditer(text)]
    if not segments and (shown := _SHOWN.search(text)):
        segments = [(*shown.span("shown"), shown["shown"])]
    end = 0
    for first, last, inside in segments:
        words(text[end:first])
        quoted(inside)
        end = last
    words(text[end:])
    return ids


def prefix(ids: list[int] | None) -> list[int]:
    """[bos, words.., pads.., boi] as text ids; None gives the unconditional prefix."""
    slots = C.PREFIX_LENGTH - 2
    kept = (ids or [])[:slots]
    return [BOS, *kept, *[PAD] * (slots - len(kept)), BOI]


def tokenizer_json(text_tokens: int = TEXT_TOKENS) -> dict[str, Any]:
    """What the app needs to tokenise for a model with so many text ids."""
    text = {
        "prefixLength": C.PREFIX_LENGTH,
        "special": {"pad": PAD, "bos": BOS, "boi": BOI, "unk": UNK, "quote": QUOTE},
        "letters": {letter: [at for at in places if at < text_tokens] for letter, places in LETTER_IDS.items()},
        "words": {word: at for word, at in WORD_IDS.items() if at < text_tokens},
    }
    return text if text_tokens == FIRST_TEXT_TOKENS else text | {"aliases": ALIASES, "compounds": W.COMPOUNDS}

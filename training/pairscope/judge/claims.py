"""What a caption claims, read exactly: the phrasings of ``captions`` and what people type in their place.

The vocabulary is data (``vocabulary``), exported to judge.json, so that the browser's parser reads with the same words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..world import config as C
from ..world.captions import _SEGMENT, _WORD, normalise
from ..world.scenes import Scene


class Unreadable(ValueError):
    """A caption that cannot be judged; the message says what could not be read."""


@dataclass(frozen=True)
class Group:
    """Copies of one object; None is what the caption leaves open, but patterns and accessories are never left open."""

    name: str
    count: int = 1
    colour: str | None = None
    size: str | None = None
    pattern: str = "plain"
    accessory: str = "none"


@dataclass(frozen=True)
class Claim:
    """Exactly these objects or this sign, and nothing else, in this style and place.

    ``relations`` are (group, relation, group): every piece of the first is <relation> every piece of the second."""

    groups: tuple[Group, ...] = ()
    relations: tuple[tuple[int, str, int], ...] = ()
    text: str | None = None
    sign_colour: str | None = None
    style: str = "3d"
    place: str | None = None


def claim_of(scene: Scene) -> Claim:
    """The claim of a scene's captions."""
    groups = tuple(
        Group(i.name, n, i.colour, i.size, i.pattern or "plain", i.accessory or "none") for i, n in zip(scene.items, scene.copies)
    )
    relations = ((0, scene.relation, 1),) if scene.relation else ()
    return Claim(groups, relations, scene.text, scene.sign_colour, scene.style or "3d", scene.place)


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """Words and phrases by what they mean; of phrases that fit, the longest is taken."""
    media = ("photo", "photograph", "picture", "image", "drawing", "render", "rendering", "illustration")
    style_words = {
        "3d": ["3d"], "flat": ["flat"], "line": ["line"], "chalk": ["chalk"], "pixel": ["pixel art", "pixel"],
        "sepia": ["sepia"], "mono": ["black and white", "monochrome"], "neon": ["neon"],
    }  # fmt: skip
    before: dict[str, str | None] = {"there is": None, "there are": None, "there s": None}
    after: dict[str, str] = {}
    for article in ("a ", "an ", "the ", ""):
        for medium in media:
            before[f"{article}{medium} of"] = None
        for style, words in style_words.items():
            for word in words:
                for medium in (*media, "sign" if style == "neon" else "style"):
                    before[f"{article}{word} {medium} of"] = style
                    after[f"as {article}{word} {medium}"] = style
                if style == "pixel":
                    before[f"{article}{word} of"] = style
                    after[f"as {article}{word}"] = style
    for style, words in style_words.items():
        for word in words:
            for lead in ("in", "drawn in"):
                after[f"{lead} {word}"] = after[f"{lead} {word} style"] = style
            after[f"{word} style"] = style
    places = {
        "grass": ["on the grass", "on grass", "in the grass", "in a meadow", "in the meadow", "on a meadow"],
        "beach": ["on the beach", "at the beach", "on a beach", "at a beach"],
        "snow": ["in the snow", "in snow", "on the snow", "on snow"],
        "space": ["in space", "in outer space"],
        "sunset": ["at sunset", "in the sunset", "during sunset"],
        "night": ["at night", "in the night", "during the night"],
    }
    numbers = {word: i for i, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")) if i}  # fmt: skip
    numbers |= {str(i): i for i in range(1, 11)} | {"a couple of": 2, "a pair of": 2}
    accessories = {**{word: word for word in C.ACCESSORIES}, "sunglasses": "glasses"}
    return {
        "before": before,
        "after": after,
        "places": {phrase: place for place, phrases in places.items() for phrase in phrases},
        "singular": {one: t.name for t in C.THINGS for one, _ in t.names},
        "plural": {many: t.name for t in C.THINGS for _, many in t.names},
        "colourable": list(C.COLOURABLE),
        "colours": {c: c for c in C.COLOURS},
        "sizes": {word: size for size, words in C.SIZE_WORDS.items() for word in words},
        "patterns": {word: pattern for pattern, words in C.PATTERN_WORDS.items() for word in words},
        "numbers": numbers,
        "accessories": accessories,
        "relations": {
            "to the left of": "left", "on the left of": "left", "left of": "left", "on the left side of": "left",
            "to the right of": "right", "on the right of": "right", "right of": "right", "on the right side of": "right",
            "above": "above", "over": "above", "on top of": "above",
            "below": "below", "under": "below", "beneath": "below", "underneath": "below",
        },
        "turned": {
            "on its left": "left", "to its left": "left", "on its right": "right", "to its right": "right",
            "above it": "above", "over it": "above", "on top of it": "above",
            "below it": "below", "under it": "below", "beneath it": "below", "underneath it": "below",
        },
        "sides": {
            "on the left": "left", "on the right": "right", "at the top": "above", "at the bottom": "below",
            "on the left side": "left", "on the right side": "right",
        },
        "joints": ["and", "with", "next to", "beside", "and also", "plus"],
        "says": [
            "that says", "which says", "saying", "says", "reading", "that reads", "which reads",
            "with the text", "with text", "with the word", "with the letters", "with the letter", "with",
        ],
    }  # fmt: skip


@dataclass(frozen=True)
class _Quoted:
    text: str


_OPPOSITE = {"left": "right", "right": "left", "above": "below", "below": "above"}


def _tokens(caption: str) -> list[str | _Quoted]:
    """Lower-cased words and quoted segments, as the text tokenizer cuts them."""
    text = normalise(caption)
    out: list[str | _Quoted] = []
    end = 0
    for match in _SEGMENT.finditer(text):
        out += _WORD.findall(text[end : match.start()].lower())
        out.append(_Quoted(next(g for g in match.groups() if g is not None)))
        end = match.end()
    return out + _WORD.findall(text[end:].lower())


@lru_cache(maxsize=None)
def _phrases(table: str) -> tuple[tuple[tuple[str, ...], Any], ...]:
    """A table's phrases as word sequences, longest first; lists mean themselves."""
    entries = vocabulary()[table]
    pairs = entries.items() if isinstance(entries, dict) else [(e, e) for e in entries]
    return tuple(sorted(((tuple(p.split()), meaning) for p, meaning in pairs), key=lambda e: -len(e[0])))


class _Reader:
    """A position in the caption's tokens."""

    def __init__(self, tokens: list[str | _Quoted]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def done(self) -> bool:
        return self.at >= len(self.tokens)

    def phrase(self, table: str) -> Any:
        """Reads the longest phrase of a table that stands here: its meaning, or None (nothing is read)."""
        for words, meaning in _phrases(table):
            if tuple(self.tokens[self.at : self.at + len(words)]) == words:
                self.at += len(words)
                return meaning
        return None

    def words(self, *options: str) -> bool:
        """Reads one of these words."""
        if not self.done and self.tokens[self.at] in options:
            self.at += 1
            return True
        return False

    def rest(self) -> str:
        """The next token, to be named in a message."""
        if self.done:
            return "the end"
        token = self.tokens[self.at]
        return f'"{token.text if isinstance(token, _Quoted) else token}"'


def _frame(tokens: list[str | _Quoted]) -> tuple[list[str | _Quoted], str | None, str | None]:
    """Takes frames, styles and places off both ends."""
    styles: list[str] = []
    places: list[str] = []

    def lead(table: str) -> tuple[int, Any] | None:
        for words, meaning in _phrases(table):
            if tuple(tokens[: len(words)]) == words:
                return len(words), meaning
        return None

    def tail(table: str) -> tuple[int, Any] | None:
        for words, meaning in _phrases(table):
            if len(tokens) > len(words) and tuple(tokens[-len(words) :]) == words:
                return len(words), meaning
        return None

    while True:
        if found := lead("before"):
            tokens = tokens[found[0] :]
            if found[1]:
                styles.append(found[1])
        elif found := lead("places"):
            tokens = tokens[found[0] :]
            places.append(found[1])
        elif found := tail("after"):
            tokens = tokens[: -found[0]]
            styles.append(found[1])
        elif found := tail("places"):
            tokens = tokens[: -found[0]]
            places.append(found[1])
        else:
            break
    if len(set(styles)) > 1 or len(set(places)) > 1:
        raise Unreadable("It names two styles or two places.")
    return tokens, styles[0] if styles else None, places[0] if places else None


def _sign(reader: _Reader) -> tuple[str, str | None] | None:
    """The letters and colour of a sign, if the caption is about one."""
    start = reader.at
    reader.words("a", "an", "the", "one")
    colour = reader.phrase("colours")
    if not reader.done and isinstance(reader.tokens[reader.at], _Quoted) and reader.tokens[reader.at + 1 :] == ["sign"]:
        reader.tokens = [*reader.tokens[: reader.at], "sign", reader.tokens[reader.at]]  # a "STOP" sign
    if not reader.words("sign"):
        reader.at = start
        return None
    reader.phrase("says")
    if reader.done:
        raise Unreadable("It does not say what is on the sign.")
    token = reader.tokens[reader.at]
    reader.at += 1
    text = (token.text if isinstance(token, _Quoted) else token).strip().upper()
    if reader.words("on"):
        reader.words("it")
    if not re.fullmatch(rf"[A-Z]{{1,{C.MAX_LETTERS}}}", text):
        raise Unreadable(f'A sign carries one to {C.MAX_LETTERS} letters from A to Z, not "{text}".')
    return text, colour


def _noun_phrase(reader: _Reader) -> Group:
    """[article] [number] [size, pattern, colour in any order] noun [wearing something]."""
    number = reader.phrase("numbers")
    article = number is None and reader.words("a", "an", "the")
    if number is None:
        number = reader.phrase("numbers")
    said: dict[str, str] = {}
    while True:
        for kind, table in (("colour", "colours"), ("size", "sizes"), ("pattern", "patterns")):
            word = reader.phrase(table)
            if word is not None:
                if kind in said:
                    raise Unreadable(f"It gives one thing two {kind}s.")
                said[kind] = word
                break
        else:
            break
    name = reader.phrase("singular")
    if name is None:
        name = reader.phrase("plural")
        if name is None:
            raise Unreadable(f"Expected an object, found {reader.rest()}.")
        if number is None and article is False:
            raise Unreadable(f"It does not say how many {reader.tokens[reader.at - 1]}.")
    if "colour" in said and name not in vocabulary()["colourable"]:
        raise Unreadable(f"The colour of a {name} is not judged.")
    accessory = "none"
    start = reader.at
    if reader.words("wearing", "with", "without"):
        bare = reader.tokens[start] == "without"
        reader.words("a", "an", "the")
        worn = reader.phrase("accessories")
        if worn is None:
            reader.at = start
        elif not bare:
            accessory = worn
    return Group(name, number or 1, said.get("colour"), said.get("size"), said.get("pattern", "plain"), accessory)


def parse(caption: str) -> Claim:
    """Reads a caption; raises Unreadable."""
    tokens, style, place = _frame(_tokens(caption))
    if not tokens:
        raise Unreadable("It names nothing to look for.")
    if style not in (None, "3d") and place:
        raise Unreadable("Places are judged in the plain style only.")
    reader = _Reader(tokens)
    sign = _sign(reader)
    if sign:
        if not reader.done:
            raise Unreadable(f"A sign stands alone; {reader.rest()} follows it.")
        return Claim(text=sign[0], sign_colour=sign[1], style=style or "3d", place=place)

    groups = [_noun_phrase(reader)]
    relations: list[tuple[int, str, int]] = []
    sides: dict[int, str] = {}

    def side() -> None:
        """"on the left" behind an object, but not "on the left of"."""
        start = reader.at
        found = reader.phrase("sides")
        if found and not (not reader.done and reader.tokens[reader.at] == "of"):
            sides[len(groups) - 1] = found
        else:
            reader.at = start

    side()
    while not reader.done:
        last = len(groups) - 1
        if reader.words("without"):
            _noun_phrase(reader)  # nothing unnamed may be there anyway
            continue
        start = reader.at
        reader.words("that", "which")
        reader.words("is", "are")
        relation = reader.phrase("relations")
        if relation is None:
            reader.at = start
            reader.phrase("joints")
        groups.append(_noun_phrase(reader))
        if relation:
            relations.append((last, relation, last + 1))
        elif turned := reader.phrase("turned"):
            relations.append((last + 1, turned, last))
        side()
    if sides:
        if len(groups) != 2 or relations:
            raise Unreadable("Sides are judged for two objects.")
        first = sides.get(0) or _OPPOSITE[sides[1]]
        if sides.get(1, _OPPOSITE[first]) != _OPPOSITE[first]:
            raise Unreadable("Both objects are said to be on one side.")
        relations.append((0, first, 1))
    return Claim(tuple(groups), tuple(relations), None, None, style or "3d", place)

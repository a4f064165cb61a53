"""Captions of scenes in several phrasings, and the text tokenizer.

Tokenizer contract (the app implements the same): NFKC, control and bidi characters removed; a
segment in straight or curly double quotes gives a quote token, one token per letter A-Z
(upper-cased; anything else is <unk>), a quote token; outside quotes, lower-cased runs of letters and
digits are words; everything else separates.
"""

from __future__ import annotations

import re
import unicodedata
from random import Random
from typing import Any

from . import config as C
from .scenes import Item, Scene

PAD, BOS, BOI, UNK, QUOTE = range(5)
FIRST_LETTER = 5
FIRST_WORD = FIRST_LETTER + len(C.LETTERS)

_TEMPLATES = ("{}", "{}", "{}", "{}", "a photo of {}", "a picture of {}", "an image of {}", "there {be} {}")
_RELATIONS: dict[str, tuple[str, ...]] = {
    "left": ("to the left of", "to the left of", "on the left of", "left of", "on the left side of"),
    "right": ("to the right of", "to the right of", "on the right of", "right of", "on the right side of"),
    "above": ("above", "above", "over", "on top of"),
    "below": ("below", "below", "under", "beneath", "underneath"),
}
_SIGNS = (
    'that says {}', 'that says {}', 'that says {}', 'saying {}', 'reading {}', 'that reads {}',
    'with the text {}', 'with the word {}', 'with the letters {}', 'with {} on it',
)  # fmt: skip


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _noun(random: Random, name: str, plural: bool) -> str:
    names = C.BY_NAME[name].names
    chosen = names[0] if len(names) == 1 or random.random() < 0.6 else random.choice(names[1:])
    return chosen[int(plural)]


def _phrase(random: Random, item: Item, count: int) -> str:
    words = [_noun(random, item.name, count > 1)]
    if item.colour:
        words.insert(0, item.colour)
    if item.size:
        words.insert(0, random.choice(C.SIZE_WORDS[item.size]))
    if count > 1:
        number = str(count) if random.random() < 0.1 else C.NUMBERS[count]
        return " ".join([number, *words])
    draw = random.random()
    if draw < 0.04:
        return " ".join(words)
    if draw < 0.08:
        return " ".join(["the", *words])
    if draw < 0.16:
        return " ".join(["one", *words])
    return " ".join([_article(words[0]), *words])


def caption(scene: Scene, seed: int) -> str:
    """A caption of the scene; the two scenes of a pair get like phrasings from one seed."""
    random = Random(seed)
    template = random.choice(_TEMPLATES)
    plural = False
    if scene.text is not None:
        says = random.choice(_SIGNS).format(f'"{scene.text}"')
        article = random.choice(["a", "a", "a", "the"])
        if scene.sign_colour:
            article = {"a": _article(scene.sign_colour)}.get(article, article)
            body = f"{article} {scene.sign_colour} sign {says}"
        else:
            body = f"{article} sign {says}"
    elif len(scene.items) == 2:
        one, two = (_phrase(Random(random.random()), item, 1) for item in scene.items)
        if scene.relation:
            relation = random.choice(_RELATIONS[scene.relation])
            if random.random() < 0.12:
                relation = f"is {relation}"
                template = "{}"
            body = f"{one} {relation} {two}"
        else:
            joint = random.choice(["and", "and", "and", "with", "next to"])
            body = f"{one} {joint} {two}"
    else:
        body = _phrase(Random(random.random()), scene.items[0], scene.count)
        plural = scene.count > 1
    return template.format(body, be="are" if plural else "is")


def _vocabulary() -> list[str]:
    """Every word any caption can use, sorted."""
    words: set[str] = set(C.COLOURS) | {"a", "an", "the", "one", "and", "with", "next", "to", "is", "are", "there"}
    for thing in C.THINGS:
        for singular, plural in thing.names:
            words |= {singular, plural}
    for phrase in (*_TEMPLATES, *_SIGNS, *(r for rs in _RELATIONS.values() for r in rs)):
        words |= set(re.findall(r"[a-z]+", phrase.replace("{be}", "")))
    for sizes in C.SIZE_WORDS.values():
        words |= set(sizes)
    for count in range(2, C.MAX_COUNT + 1):
        words |= {str(count), C.NUMBERS[count]}
    words |= {"sign"}
    return sorted(words)


WORDS = _vocabulary()
WORD_IDS = {word: FIRST_WORD + i for i, word in enumerate(WORDS)}
LETTER_IDS = {letter: FIRST_LETTER + i for i, letter in enumerate(C.LETTERS)}
TEXT_TOKENS = FIRST_WORD + len(WORDS)


def normalise(text: str) -> str:
    """NFKC without control and format (bidi) characters."""
    kept = (c if c not in "\t\n\r" else " " for c in unicodedata.normalize("NFKC", text))
    return "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf"))


_SEGMENT = re.compile(r'["\u201c\u201d\u201e\u201f]([^"\u201c\u201d\u201e\u201f]*)["\u201c\u201d\u201e\u201f]')
_WORD = re.compile(r"[^\W_]+")


def text_ids(text: str) -> list[int]:
    """Text ids of a caption, without specials; not cut."""
    text = normalise(text)
    ids: list[int] = []

    def words(part: str) -> None:
        ids.extend(WORD_IDS.get(word, UNK) for word in _WORD.findall(part.lower()))

    end = 0
    for match in _SEGMENT.finditer(text):
        words(text[end : match.start()])
        letters = [LETTER_IDS.get(c.upper(), UNK) for c in match.group(1)]
        ids += [QUOTE, *letters, QUOTE]
        end = match.end()
    words(text[end:])
    return ids


def prefix(ids: list[int] | None) -> list[int]:
    """[bos, words.., pads.., boi] as text ids; None gives the unconditional prefix."""
    slots = C.PREFIX_LENGTH - 2
    kept = (ids or [])[:slots]
    return [BOS, *kept, *[PAD] * (slots - len(kept)), BOI]


def tokenizer_json() -> dict[str, Any]:
    """What the app needs to tokenise."""
    return {
        "prefixLength": C.PREFIX_LENGTH,
        "special": {"pad": PAD, "bos": BOS, "boi": BOI, "unk": UNK, "quote": QUOTE},
        "letters": LETTER_IDS,
        "words": WORD_IDS,
    }


def vocabulary_json() -> dict[str, Any]:
    """What a person may type, for the app to show."""
    return {
        "objects": [
            {
                "name": thing.name,
                "plural": thing.names[0][1],
                "synonyms": [s for s, _ in thing.names[1:]],
                "takesColour": thing.colour is not None,
            }
            for thing in C.THINGS
        ],
        "colours": list(C.COLOURS),
        "counts": [{"word": C.NUMBERS[n], "value": n} for n in range(1, C.MAX_COUNT + 1)],
        "relations": {name: list(dict.fromkeys(words)) for name, words in _RELATIONS.items()},
        "sizes": {name: list(dict.fromkeys(words)) for name, words in C.SIZE_WORDS.items()},
        "joiningWords": ["and", "with", "next to"],
        "sign": {
            "phrases": [f"a sign {p.format(chr(34) + 'CAT' + chr(34))}" for p in dict.fromkeys(_SIGNS)],
            "letters": C.LETTERS,
            "maxLetters": C.MAX_LETTERS,
            "colours": list(C.COLOURS),
        },
        "limits": {
            "maxWords": C.PREFIX_LENGTH - 2,
            "maxCount": C.MAX_COUNT,
            "maxObjects": 2,
            "background": "white",
        },
        "categories": list(C.CATEGORIES),
    }

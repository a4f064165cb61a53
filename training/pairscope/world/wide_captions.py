"""Captions of the wide world, in people's phrasings."""

from __future__ import annotations

from random import Random

from . import config as C
from . import wide_words as W
from .captions import article
from .scenes import Item, Scene

_CONSONANTS, _VOWELS = "bcdfgklmnprtvz", "aeiou"


class _Say:
    """Choices by name, so that the captions of a pair are worded alike."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def chance(self, name: str) -> float:
        """A number in 0..1."""
        return Random(f"{name} {self.seed}").random()

    def pick(self, name: str, options: tuple[str, ...] | list[str]) -> str:
        """One of the options."""
        return Random(f"{name} {self.seed}").choice(options)

    def unknown(self, name: str) -> str:
        """A word that is not in the vocabulary."""
        random = Random(f"unknown {name} {self.seed}")
        return "".join(random.choice(_CONSONANTS) + random.choice(_VOWELS) for _ in range(3)) + "x"


def _noun(say: _Say, slot: int, name: str, plural: bool) -> str:
    if name == C.UNKNOWN:
        word = say.unknown(f"noun {slot}") + ("es" if plural else "")
        return f"{say.unknown(f'first {slot}')} {word}" if say.chance(f"double {slot}") < 0.2 else word
    names = C.BY_NAME[name].names
    chosen = names[0] if len(names) == 1 or say.chance(f"noun {slot}") < 0.6 else names[1]
    return chosen[int(plural)]


def _worn(accessory: str, phrase: str) -> str:
    plural = accessory == "glasses"
    return phrase.format(a=accessory if plural else f"a {accessory}", bare=accessory)


def _phrase(say: _Say, slot: int, item: Item, count: int, many: bool = False, told_later: bool = False, counted: bool = False) -> str:
    """A noun phrase, article or number included; ``told_later``: the colour comes after a verb."""
    plural = count > 1 or many
    words = [_noun(say, slot, item.name, plural)]
    if item.colour and not told_later:
        joined = say.chance(f"coloured {slot}")
        words.insert(0, f"{item.colour} colored" if joined < 0.03 else item.colour)
    pattern = ""
    if item.pattern:
        after = {"striped": "stripes", "dotted": "dots"}.get(item.pattern)
        if after and say.chance(f"pattern {slot}") < 0.3:
            pattern = f" with {after}"
        else:
            words.insert(0, say.pick(f"pattern word {slot}", C.PATTERN_WORDS[item.pattern]))
    if item.size:
        words.insert(0, say.pick(f"size {slot}", C.SIZE_WORDS[item.size]))
    elif say.chance(f"adjective {slot}") < 0.05:
        words.insert(0, say.unknown(f"adjective {slot}"))
    bare = " ".join(words)
    draw = say.chance(f"article {slot}")
    if many:
        said = f"{say.pick(f'several {slot}', W.SEVERAL)} {bare}".strip()
    elif count == 2 and draw < 0.06:
        said = f"a pair of {bare}"
    elif plural:
        said = f"{count if draw < 0.3 else C.NUMBERS[count]} {bare}"
    elif counted or draw < 0.06:
        said = f"{say.pick(f'only {slot}', W.ONLY)} {bare}"
    elif draw < 0.16:
        said = f"the {bare}"
    elif draw < 0.32:
        said = bare
    else:
        said = f"{article(bare)} {bare}"
    said += pattern
    if item.accessory:
        said += " " + _worn(item.accessory, say.pick(f"worn {slot}", W.WORN))
    return said


def _related(say: _Say, scene: Scene) -> str:
    one, two = (_phrase(say, i, item, 1) for i, item in enumerate(scene.items))
    relation = scene.relation or ""
    draw = say.chance("relation")
    if draw < 0.15:
        first, second = W.SIDES[relation]
        return f"{one} {first} and {two} {second}"
    between = "is " if draw < 0.35 else f"{say.unknown('verb')} " if draw < 0.42 else ""
    return f"{one} {between}{say.pick('relation words', W.RELATIONS[relation])} {two}"


def _coloured_later(say: _Say, scene: Scene) -> str:
    """The colour or the place after a verb: "the gift is red", "a car that is blue"."""
    item, count = scene.items[0], scene.copies[0]
    be = "are" if count > 1 or scene.many else "is"
    said = _phrase(say, 0, item, count, scene.many, told_later=True)
    if say.chance("that") < 0.25:
        return f"{said} that {be} {item.colour}"
    if said.startswith("a ") or said.startswith("an "):
        said = "the " + said.split(" ", 1)[1]
    return f"{said} {be} {item.colour}"


def _sign(say: _Say, scene: Scene) -> str:
    draw = say.chance("quotes")
    text = scene.text or ""
    text = text.lower() if say.chance("lower") < 0.2 else text
    shown = f'"{text}"' if draw < 0.75 else f"'{text}'"
    says = say.pick("says", W.SIGNS).format(shown)
    kind = {"chalk": ("chalkboard", "chalk sign", "chalk sign"), "neon": ("neon sign", "neon sign", "neon sign")}.get(scene.style or "", ("sign",))
    name = say.pick("kind", kind)
    if scene.sign_colour:
        name = f"{scene.sign_colour} {name}"
    if say.chance("bare letter") < 0.1 and len(text) == 1 and not scene.sign_colour and not scene.style:
        return f"the letter {shown}"
    first = say.pick("article", ["a", "a", "a", "the", ""])
    return f"{article(name) if first == 'a' else first} {name} {says}".strip()


def _body(say: _Say, scene: Scene) -> tuple[str, bool]:
    """The clause, and whether it is a sentence of its own."""
    items, copies = scene.items, scene.copies
    if scene.relation:
        said = _related(say, scene)
        return said, " is " in said
    if scene.without in C.ACCESSORIES:
        return f"{_phrase(say, 0, items[0], 1)} {_worn(scene.without, say.pick('not worn', W.NOT_WORN))}", False
    if scene.without:
        draw = say.chance("without")
        other = _phrase(say, 1, Item(scene.without), 1)
        joint = "but no" if draw < 0.2 else "and no" if draw < 0.4 else "with no" if draw < 0.55 else "without"
        if joint != "without":
            other = other.removeprefix(article(other.split(" ", 1)[-1]) + " ").removeprefix("the ")
        return f"{_phrase(say, 0, items[0], 1)} {joint} {other}", False
    if len(items) == 1 and items[0].colour and not items[0].pattern and not items[0].accessory and say.chance("verb") < 0.22:
        return _coloured_later(say, scene), say.chance("that") >= 0.25
    counted = bool(scene.counts)
    said = [_phrase(say, i, item, n, scene.many, counted=counted) for i, (item, n) in enumerate(zip(items, copies, strict=True))]
    if len(said) == 1:
        if scene.place and say.chance("standing") < 0.2:
            return f"{said[0]} {'are' if copies[0] > 1 else 'is'}", True
        if scene.place and say.chance("verb word") < 0.1:
            return f"{said[0]} {say.unknown('verb')}", False
        return said[0], False
    if len(said) == 3:
        return f"{said[0]}, {said[1]} and {said[2]}", False
    return f"{said[0]} {say.pick('joint', W.JOINTS)} {said[1]}", False


def _without_article(said: str) -> str:
    first, _, rest = said.partition(" ")
    return rest if first in ("a", "an", "the") and rest else said


def wide_caption(scene: Scene, seed: int) -> str:
    """A caption of the scene as a person might type it; the two scenes of a pair get like phrasings from one seed."""
    say = _Say(seed)
    if scene.text is not None:
        return _sign(say, scene)
    body, sentence = _body(say, scene)
    if scene.place:
        place = say.pick("place", W.PLACES[scene.place])
        body = f"{place}, {body}" if not sentence and say.chance("first") < 0.1 else f"{body} {place}"
    if scene.style:
        return say.pick("style", W.STYLES[scene.style]).format(body, bare=_without_article(body))
    if sentence:
        return body
    be = "are" if scene.many or scene.copies[0] > 1 else "is"
    return say.pick("frame", W.FRAMES).format(body, bare=_without_article(body), be=be)

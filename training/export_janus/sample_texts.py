"""Strings that tokenizers tend to disagree on, the same ones every time."""

from __future__ import annotations

import random

ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", " ", "  \t", "\n", ".,;:!?'\"()[]{}-_/\\|@#$%^&*+=<>~`",
    "àâäçéèêëîïôöùûüÿœßñåøæ", "абвгдежзийклмнопрстуфхцчшщыэюяАБВ", "αβγδεζηθικλμνξοπρστυφχψωΑΒΓ", "一只红色的气球和蓝礼物在桌子上", "あいうえおかきくけこアイウエオ",
    "빨간풍선과파란선물", "مرحبا بالعالم", "שלום עולם", "नमस्ते दुनिया", "สวัสดีชาวโลก", "🎈🎁🐈‍⬛👩🏽‍🎨🏳️‍🌈❤️", "½²³①Ⅳ٣४", "‘’“”…—–、。！？：；（）～",
    "e\u0301a\u0308n\u0303", "\u00a0\u2003\u3000\u200b\u200d\ufeff", "\u202e\u2066\u2069", "𝒳𝓎𝕫𐐀𐐨", "\r\n",
)  # fmt: skip
SUBJECTS = ("cat", "dog", "red balloon", "old man", "small house", "blue gift", "bicycle", "bowl of fruit", "green chair", "robot")
STYLES = ("a photo of", "an oil painting of", "a close-up of", "a watercolor of", "two", "three", "a sign that says", "")
PLACES = ("on the table", "to the left of a tree", "in the rain", "under a bridge", "at night, studio light", "")
SPECIALS = ("<begin_of_image>", "<end_of_image>", "<|User|>", "<|Assistant|>", "<image_placeholder>", "<\uff5c\u2581pad\u2581\uff5c>",
            "<begin_of_", "<|User", "<\uff5cend\u2581of\u2581sentence\uff5c>")  # fmt: skip


def sample_texts(count: int, seed: int = 4) -> list[str]:
    """Distinct strings: captions, mixed scripts, odd spaces, special tokens and broken ones."""
    chance = random.Random(seed)
    found: dict[str, None] = dict.fromkeys(("", " ", "\n", "a", " a", "a ", "  a", "\u0000", "a\u0000b", "\t\t", "\n\n\n"))
    while len(found) < count:
        found[chance.choice((_caption, _caption, _mixed, _mixed, _special))(chance)] = None
    return list(found)


def _caption(chance: random.Random) -> str:
    words = [chance.choice(STYLES), "a", chance.choice(SUBJECTS), chance.choice(PLACES)]
    text = " ".join(filter(None, words))
    if chance.random() < 0.3:
        text = f"{text} and {chance.randrange(1, 2000)} {chance.choice(SUBJECTS)}s"
    return chance.choice((str, str.upper, str.capitalize, str.title))(text)


def _mixed(chance: random.Random) -> str:
    pieces = []
    for _ in range(chance.randrange(1, 6)):
        letters = chance.choice(ALPHABETS)
        pieces.append("".join(chance.choice(letters) for _ in range(chance.randrange(1, 6))))
    return chance.choice(("", " ")).join(pieces)


def _special(chance: random.Random) -> str:
    around = [_caption(chance) if chance.random() < 0.3 else _mixed(chance) for _ in range(2)]
    return chance.choice(SPECIALS).join(around)

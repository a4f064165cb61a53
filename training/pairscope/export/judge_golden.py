"""Files by which lib/judge is held to this package: ``python -m pairscope export judge-golden`` writes lib/judge/testdata.

They hold a toy judge, whose sixteen codes each stand for one thing, so that its answers mean something without training.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from random import Random
from typing import Any

import numpy as np
import torch

from ..judge.claims import Claim, Unreadable, parse
from ..judge.eye_session import Judge
from ..judge.labels import ACCESSORIES, COLOURS, HEADS
from ..judge.network import Eye
from ..world import config as C
from ..world.captions import caption
from ..world.draws import any_pair
from .judge_graph import write

TESTDATA = C.ROOT.parent / "lib" / "judge" / "testdata"
CODES = 16
_EMPTY, _APPLE, _CAT, _SIGN, _DIRT, _UNSURE = range(6)
_LETTER = 6  # and the nine codes after it: A, B, ...


def toy_eye() -> Eye:
    """Code 1 is a small red apple, 2 a cat in a hat, 3 a sign of two letters, 4 dirt, 5 an apple or a tomato, 6.. letters."""
    torch.manual_seed(0)
    eye = Eye(CODES, CODES, CODES, 2)
    with torch.no_grad():
        for value in eye.parameters():
            value.copy_(0.002 * torch.randn_like(value))
        eye.embed.weight.add_(torch.eye(CODES))
        eye.enter.weight[:, :, 1, 1].add_(torch.eye(CODES))
        starts = dict(zip(HEADS, np.cumsum([0, *HEADS.values()])))

        def says(code: int, head: str, label: int, logit: float = 7.0) -> None:
            eye.heads.weight[int(starts[head]) + label, code] += logit

        for code in range(CODES):
            kind = {_APPLE: 1, _UNSURE: 1, _CAT: 1, _SIGN: 3}.get(code, 0)
            says(code, "kind", kind, 8.0 if code != _UNSURE else 2.0)
            says(code, "junk", 0, 4.0 if code == _DIRT else -6.0)
        for code, name, colour in ((_APPLE, "apple", "red"), (_UNSURE, "apple", "green"), (_CAT, "cat", "none")):
            says(code, "object", C.NAMES.index(name), 9.0)
            says(code, "colour", COLOURS.index(colour))
            says(code, "size", 0 if code == _APPLE else 1)
            says(code, "pattern", 0)
            says(code, "accessory", ACCESSORIES.index("hat" if code == _CAT else "none"))
            says(code, "style", 0)
        says(_UNSURE, "object", C.NAMES.index("tomato"), 8.4)
        says(_SIGN, "letters", 1)
        says(_SIGN, "board", C.COLOURS.index("blue"))
        for index in range(CODES - _LETTER):
            says(_LETTER + index, "glyph", index, 8.0)
        eye.background.weight[0, _EMPTY] += 6.0
    return eye.eval()


def _picture(*pieces: tuple[int, int, int]) -> list[int]:
    """Codes with (code, x, y) on an empty ground."""
    grid = np.zeros((C.ROWS, C.COLUMNS), int)
    for code, x, y in pieces:
        grid[y, x] = code
    return grid.reshape(-1).tolist()


PICTURES: dict[str, list[int]] = {
    "empty": _picture(),
    "apple": _picture((_APPLE, 4, 4)),
    "apple and cat": _picture((_APPLE, 1, 4), (_CAT, 6, 2)),
    "cat above apple": _picture((_CAT, 4, 0), (_APPLE, 4, 8)),
    "three apples": _picture((_APPLE, 0, 0), (_APPLE, 4, 4), (_APPLE, 8, 8)),
    "apple in dirt": _picture((_APPLE, 4, 4), (_DIRT, 0, 0)),
    "dirt under apple": _picture((_APPLE, 4, 4), (_DIRT, 5, 5)),
    "perhaps an apple": _picture((_UNSURE, 4, 4)),
    "two places": _picture((_UNSURE, 4, 4), (_UNSURE, 5, 4)),
    "sign AB": _picture((_SIGN, 3, 3), (_LETTER, 4, 4), (_LETTER + 1, 6, 4)),
    "crowd": _picture(*((_UNSURE, x, y) for x in range(0, 12, 3) for y in range(0, 12, 3))),
}
QUESTIONS = (
    "an apple", "a red apple", "a green apple", "a tomato", "a small apple", "a big apple", "two apples", "three red apples",
    "a cat wearing a hat", "a cat", "an apple and a cat with a hat", "a red apple on the left of a cat wearing a hat",
    "a cat wearing a hat above an apple", "an apple above a cat wearing a hat", "an apple and a tomato",
    'a sign that says "AB"', 'a blue sign reading "AB"', 'a red sign reading "AB"', 'a sign that says "AC"', "an apple in the snow",
    "a line drawing of an apple", "an apple next to something",
)  # fmt: skip
TYPED = (
    "a cat on the left of a dog", "two red apples and a green pear", "red car, blue house", "A cat on the left, a dog on the right",
    "a cat on the left and a dog", "a cat on the left and a dog on the left", "cats and dogs", "the cats", "a sign that says stop",
    "a sign that says ‘GO’", "A sign saying 'no' on it", 'a "STOP" sign', 'a sign that says "TOOLONG"', "a sign", "3 cats",
    "a couple of dogs", "six stars", "a blue cat", "a red red car", "a dog with a ball", "a dog with a hat", "a cat without a hat",
    "a cat without a dog", "at night, an owl", "an owl in space in the snow", "pixel art of a ufo", "a neon sign of a fox at night",
    "a photo of a sepia photo of a bee", "in black and white style", "a monkey above a tree in sepia", "a sofa", "", "   ",
    "a big striped red balloon", "ＡＮ ａｐｐｌｅ", "an\u200b apple", "a pear that is under a star", 'a sign that says "HI" and a cat',
    "a lion, a tiger and a bear", "a lion to the left of a tiger above a bear", "a cat's hat", "an apple!!!",
)  # fmt: skip


def claim_json(text: str) -> dict[str, Any]:
    """What lib/judge should read."""
    try:
        claim: Claim = parse(text)
    except Unreadable as error:
        return {"caption": text, "unreadable": str(error)}
    fields = asdict(claim)
    fields["signColour"] = fields.pop("sign_colour")
    return {"caption": text, "claim": fields}


def golden(judge: Judge, seed: int = 0, scenes: int = 120) -> dict[str, Any]:
    """Captions with their claims, and the toy judge's scores."""
    random = Random(f"golden {seed}")
    captions = [caption(any_pair(random, C.CATEGORIES[i % 6])[0], random.getrandbits(40)) for i in range(scenes)]
    scores = []
    for name, tokens in PICTURES.items():
        for question in QUESTIONS:
            try:
                score: float | str = judge.score(np.array(tokens), question)
            except Unreadable:
                score = "unreadable"
            scores.append([name, question, score])
    return {
        "captions": [claim_json(text) for text in dict.fromkeys((*captions, *TYPED))],
        "pictures": PICTURES,
        "scores": scores,
    }


def main(arguments: list[str]) -> None:
    """Writes the toy judge and the golden file."""
    argparse.ArgumentParser(prog="python -m pairscope export judge-golden", description=main.__doc__).parse_args(arguments)
    eye = toy_eye()
    write(eye, TESTDATA)
    text = json.dumps(golden(Judge(TESTDATA)), ensure_ascii=False, indent=None, separators=(",", ":"))
    (TESTDATA / "golden.json").write_text(text.replace('{"caption"', '\n{"caption"') + "\n")

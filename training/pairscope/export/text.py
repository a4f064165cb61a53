"""Prompts to prefixes from a model folder's text.json, as docs/model-layout.md defines it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DOUBLE = '"\u201c\u201d\u201e\u201f'
_SEGMENT = re.compile(
    rf"[{_DOUBLE}](?P<double>[^{_DOUBLE}]*)[{_DOUBLE}]"
    r"|\u2018(?P<curly>[^\u2018\u2019]*)\u2019"
    r"|(?:(?<=\s)|^)'(?P<single>[^'\s](?:[^']*[^'\s])?)'(?=[\s.,;:!?)]|$)"
)
_WORD = re.compile(r"[^\W_]+")


def prefix(text: dict[str, Any], codes: int, prompt: str | None) -> NDArray[np.int64]:
    """Ids of a prompt's prefix, int64 [prefixLength]; None gives the unconditional one."""
    special = text["special"]
    ids: list[int] = []

    def words(part: str) -> None:
        ids.extend(text["words"].get(word, special["unk"]) for word in _WORD.findall(part.lower()))

    def letter(character: str, place: int) -> int:
        entry = text["letters"].get(character.upper(), ())
        places = [entry] * (place + 1) if isinstance(entry, int) else entry
        return places[place] if place < len(places) else special["unk"]

    if prompt is not None:
        clean = unicodedata.normalize("NFKC", prompt)
        spaced = (" " if c.isspace() else c for c in clean)
        clean = "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf"))
        end = 0
        for match in _SEGMENT.finditer(clean):
            words(clean[end : match.start()])
            inside = next(group for group in match.groups() if group is not None)
            ids += [special["quote"], *(letter(c, i) for i, c in enumerate(inside)), special["quote"]]
            end = match.end()
        words(clean[end:])
    slots = text["prefixLength"] - 2
    ids = ids[:slots]
    whole = [special["bos"], *ids, *[special["pad"]] * (slots - len(ids)), special["boi"]]
    return np.array(whole, dtype=np.int64) + codes

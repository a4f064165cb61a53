"""Prompts to prefixes from a model folder's text.json, as docs/model-layout.md defines it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np
from numpy.typing import NDArray

_QUOTES = '"\u201c\u201d\u201e\u201f'
_SEGMENT = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]")
_WORD = re.compile(r"[^\W_]+")


def prefix(text: dict[str, Any], codes: int, prompt: str | None) -> NDArray[np.int64]:
    """Ids of a prompt's prefix, int64 [prefixLength]; None gives the unconditional one."""
    special = text["special"]
    ids: list[int] = []

    def words(part: str) -> None:
        ids.extend(text["words"].get(word, special["unk"]) for word in _WORD.findall(part.lower()))

    if prompt is not None:
        clean = unicodedata.normalize("NFKC", prompt)
        spaced = (" " if c.isspace() else c for c in clean)
        clean = "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf"))
        end = 0
        for match in _SEGMENT.finditer(clean):
            words(clean[end : match.start()])
            letters = [text["letters"].get(c.upper(), special["unk"]) for c in match.group(1)]
            ids += [special["quote"], *letters, special["quote"]]
            end = match.end()
        words(clean[end:])
    slots = text["prefixLength"] - 2
    ids = ids[:slots]
    whole = [special["bos"], *ids, *[special["pad"]] * (slots - len(ids)), special["boi"]]
    return np.array(whole, dtype=np.int64) + codes

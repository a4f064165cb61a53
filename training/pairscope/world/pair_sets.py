"""Fixed sets of prompt pairs: one for choosing settings, and the held-out one for reporting."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from . import config as C
from .captions import caption
from .draws import any_pair, training_pair
from .held_out import held_out
from .scenes import Scene

HELD_OUT_PAIRS = 120  # of each category
# Categories whose held-out pairs name, every second one, a combination that no training caption names.
_COMBINED = ("Color difference", "Position difference", "Text difference")


@dataclass(frozen=True)
class Prompt:
    """One side of a pair."""

    category: str
    pair: int
    side: int
    scene: Scene
    caption: str
    seed: int
    unseen: tuple[str, ...]  # the held-out combinations it names


def _prompts(category: str, index: int, scenes: tuple[Scene, Scene], random: Random) -> list[Prompt]:
    words, drawing = random.getrandbits(40), random.getrandbits(31)
    return [
        Prompt(category, index, side, scene, caption(scene, words), drawing, tuple(held_out(scene)))
        for side, scene in enumerate(scenes)
    ]


def choosing_set(seed: int, pairs: int) -> list[Prompt]:
    """Pairs of training combinations, ``pairs`` of each category: settings are chosen on these."""
    out = []
    for category in C.CATEGORIES:
        random = Random(f"choosing {seed} {category}")
        for index in range(pairs):
            out += _prompts(category, index, training_pair(random, category), random)
    return out


def held_out_set(pairs: int = HELD_OUT_PAIRS) -> list[Prompt]:
    """The first ``pairs`` of each category of the fixed held-out set; two sides of a pair follow each other."""
    out = []
    for category in C.CATEGORIES:
        random = Random(f"held out {category}")
        seen: set[tuple[Scene, Scene]] = set()
        for index in range(pairs):
            wanted = category in _COMBINED and index % 2 == 0
            while True:
                scenes = any_pair(random, category)
                if scenes not in seen and (not wanted or any(map(held_out, scenes))):
                    break
            seen.add(scenes)
            out += _prompts(category, index, scenes, random)
    return out


def main(arguments: list[str]) -> None:
    """Writes the held-out pairs in PairComp's shape, with a statement of what was held out."""
    parser = argparse.ArgumentParser(prog="python -m pairscope world pairs", description=main.__doc__)
    parser.add_argument("--out", type=Path, default=C.RUNS / "held-out.json")
    a = parser.parse_args(arguments)
    items = held_out_set()
    rows = [
        {"category": one.category, "caption1": one.caption, "caption2": two.caption}
        for one, two in zip(items[::2], items[1::2], strict=True)
    ]
    a.out.write_text("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n")
    unseen = Counter(p.category for p in items if p.unseen)
    print(f"{len(rows)} pairs; prompts that name an unseen combination: {dict(unseen)}")

"""Exports prompt pairs with their images, in the shape of FocusDiff-Data: {prompt1, prompt2, image1, image2} and PNG files."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from . import config as C
from .captions import caption
from .draws import training_pair
from .render import draw
from .scenes import lay_out


def main(arguments: list[str]) -> None:
    """Writes DIR/pairs.json and DIR/images/*.png; the same seed gives the same files."""
    parser = argparse.ArgumentParser(prog="python -m pairscope world focusdiff", description=main.__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--pairs", type=int, default=100, help="pairs of each category")
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args(arguments)
    (a.out / "images").mkdir(parents=True, exist_ok=True)
    rows = []
    for category in C.CATEGORIES:
        random = Random(f"data {a.seed} {category}")
        for _ in range(a.pairs):
            scenes = training_pair(random, category)
            words, drawing = random.getrandbits(40), random.getrandbits(40)
            row: dict[str, str] = {"category": category}
            for side, scene in enumerate(scenes, 1):
                name = f"images/{len(rows):06}_{side}.png"
                pixels = (draw(lay_out(scene, drawing)) * 255 + 0.5).astype(np.uint8)
                Image.fromarray(pixels).save(a.out / name, optimize=True)
                row |= {f"prompt{side}": caption(scene, words), f"image{side}": name}
            rows.append(row)
    (a.out / "pairs.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False))
    print(f"{len(rows)} pairs in {a.out}")

"""Pictures of a report: learning curves, and random pairs as each method draws them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from ..evaluation.pictures import decode
from ..model.decoder_net import PixelDecoder
from ..world import config as C
from ..world.pair_sets import Prompt
from .held_out_run import Shown

COLOURS = {"pair": "#0a58ca", "vanilla": "#c2410c", "supervised": "#4d7c0f"}
_MOST_SMOOTHED = 20  # steps


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(C.ROOT / "node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf"), size)


def window_of(logs: Iterable[list[dict[str, Any]]]) -> int:
    """Steps that a point of a curve is the mean of: an eighth of the longest run with rewards, at most 20."""
    longest = max((len(log) for log in logs if log and "reward" in log[0]), default=0)
    return max(1, min(_MOST_SMOOTHED, longest // 8))


def smoothed(values: list[float], window: int) -> list[float]:
    """Means over the last steps."""
    return [float(np.mean(values[max(0, i + 1 - window) : i + 1])) for i in range(len(values))]


def curves(logs: dict[str, list[dict[str, Any]]], path: Path) -> None:
    """By step, one line a run (named METHOD-SEED): mean reward of the rollouts, and KL from the base."""
    width, height, edge, gap = 380, 240, 44, 60
    window = window_of(logs.values())
    image = Image.new("RGB", (2 * width + gap + 2 * edge, height + 2 * edge), "white")
    pen = ImageDraw.Draw(image)
    for panel, (key, title) in enumerate((("reward", "mean reward of the rollouts"), ("kl", "KL from the base, nats a token"))):
        lines = {name: smoothed([line[key] for line in log], window) for name, log in logs.items() if log and key in log[0]}
        if not lines:
            continue
        every = [v for values in lines.values() for v in values]
        low, high, steps = min(every), max(max(every), min(every) + 1e-9), max(map(len, lines.values()))
        x0 = edge + panel * (width + gap)
        pen.rectangle((x0, edge, x0 + width, edge + height), outline="#999")
        pen.text((x0, edge - 20), f"{title}, means over {window} steps", fill="#222", font=_font(11))
        pen.text((x0 - 42, edge - 5), f"{high:.3g}", fill="#333", font=_font(10))
        pen.text((x0 - 42, edge + height - 8), f"{low:.3g}", fill="#333", font=_font(10))
        pen.text((x0 + width - 60, edge + height + 4), f"{steps} steps", fill="#333", font=_font(10))
        for name, values in lines.items():
            points = [(x0 + width * i / max(1, steps - 1), edge + height * (high - v) / (high - low)) for i, v in enumerate(values)]
            pen.line(points, fill=COLOURS.get(name.split("-")[0], "#444"), width=2)
    for i, method in enumerate(dict.fromkeys(name.split("-")[0] for name, log in logs.items() if log and "reward" in log[0])):
        pen.text((edge + 110 * i, height + edge + 22), method, fill=COLOURS.get(method, "#444"), font=_font(12))
    image.quantize(32).save(path, optimize=True)


def sheet(methods: dict[str, Shown], items: list[Prompt], decoder: PixelDecoder, path: Path, each: int = 2, seed: int = 0) -> None:
    """Random pairs of every category (the draw depends on ``seed`` alone), their first pictures side by side under each method; green
    frames are right by the oracle."""
    random, side, label, words = Random(f"sheet {seed}"), 96, 18, 200
    chosen = []
    for category in C.CATEGORIES:
        mine = [i for i in range(len(items) // 2) if items[2 * i].category == category]
        chosen += sorted(random.sample(mine, min(each, len(mine))))
    block = 2 * side + 14
    image = Image.new("RGB", (words + len(methods) * block, label + len(chosen) * (side + 8)), "white")
    pen = ImageDraw.Draw(image)
    for column, (name, found) in enumerate(methods.items()):
        pen.text((words + column * block, 2), name, fill="#222", font=_font(11))
        pictures = decode(decoder, torch.from_numpy(found.tokens[chosen][:, :, 0].reshape(2 * len(chosen), -1)))
        for index, picture in enumerate(pictures):
            row, which = divmod(index, 2)
            x, y = words + column * block + which * (side + 4), label + row * (side + 8)
            image.paste(Image.fromarray((picture * 255 + 0.5).astype(np.uint8)).resize((side, side)), (x, y))
            pen.rectangle((x, y, x + side, y + side), outline="#15803d" if found.right[chosen[row], which, 0] else "#b91c1c", width=2)
    for row, pair in enumerate(chosen):
        text = "\n".join(textwrap.fill(items[2 * pair + which].caption, 34) for which in (0, 1))
        pen.text((4, label + row * (side + 8) + 4), text, fill="#222", font=_font(10))
    image.save(path, optimize=True)

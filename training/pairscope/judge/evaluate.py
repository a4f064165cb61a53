"""Measures the judge against the oracle on pictures that the generator drew; writes evaluation.json, reliability.png, disagreements.png."""

from __future__ import annotations

import argparse
import json
import textwrap
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ..evaluation.pictures import decode, load_decoder
from ..model.processor import suit_the_processor
from ..world import config as C
from ..world.pair_sets import Prompt
from .claims import parse
from .drawn import Source, parse_source, tokens_of, verdicts_of
from .eye_session import Judge
from .match import probability
from .train import JUDGE

BINS = 10


@dataclass(frozen=True)
class Case:
    """One drawn picture: the oracle's faults, and the judge's scores for its own caption and its sibling's."""

    source: str
    prompt: Prompt
    tokens: NDArray[np.int64]
    faults: list[str]
    own: float
    sibling: float

    @property
    def right(self) -> bool:
        """By the oracle."""
        return not self.faults


def cases_of(judge: Judge, source: Source, again: bool) -> list[Case]:
    """Draws, asks the oracle (both kept for the next time), and judges."""
    prompts, tokens, faults = source.prompts(), tokens_of(source), verdicts_of(source, again)
    seen = judge.see(tokens)
    claims = [parse(p.caption) for p in prompts]
    return [
        Case(source.name, p, tokens[i], faults[i], probability(seen[i], claims[i]), probability(seen[i], claims[i ^ 1]))
        for i, p in enumerate(prompts)
    ]


def _balanced(cases: list[Case]) -> dict[str, Any]:
    right = [c.own for c in cases if c.right]
    wrong = [c.own for c in cases if not c.right]
    yes = float(np.mean([p > 0.5 for p in right])) if right else float("nan")
    no = float(np.mean([p <= 0.5 for p in wrong])) if wrong else float("nan")
    ahead = float(np.mean([c.own > c.sibling for c in cases if c.right])) if right else float("nan")
    return {
        "right": len(right),
        "wrong": len(wrong),
        "yesWhereRight": round(yes, 4),
        "noWhereWrong": round(no, 4),
        "balancedAccuracy": round((yes + no) / 2, 4),
        "ownPreferredToSibling": round(ahead, 4),
    }


def reliability(cases: list[Case]) -> tuple[float, list[dict[str, float]]]:
    """Expected calibration error over ten equal bins of P(yes), and the bins."""
    p, right = np.array([c.own for c in cases]), np.array([c.right for c in cases])
    index = np.minimum((p * BINS).astype(int), BINS - 1)
    bins, error = [], 0.0
    for i in range(BINS):
        mine = index == i
        if mine.any():
            said, was = float(p[mine].mean()), float(right[mine].mean())
            error += mine.mean() * abs(said - was)
            bins.append({"from": i / BINS, "pictures": int(mine.sum()), "said": round(said, 4), "right": round(was, 4)})
    return float(error), bins


def summary(cases: list[Case]) -> dict[str, Any]:
    """All numbers."""
    error, bins = reliability(cases)
    by = {category: _balanced([c for c in cases if c.prompt.category == category]) for category in C.CATEGORIES}
    overall = _balanced(cases)
    overall["balancedAccuracyMeanOfCategories"] = round(float(np.mean([one["balancedAccuracy"] for one in by.values()])), 4)
    return {"overall": overall, "categories": by, "expectedCalibrationError": round(error, 4), "reliability": bins}


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(C.ROOT / "node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf"), size)


def plot(result: dict[str, Any], path: Path) -> None:
    """Reliability: share right (by the oracle) against what the judge said, with the number of pictures in each bin."""
    side, edge = 360, 48
    image = Image.new("RGB", (side + 2 * edge, side + 2 * edge), "white")
    pen = ImageDraw.Draw(image)

    def at(x: float, y: float) -> tuple[float, float]:
        return edge + x * side, edge + (1 - y) * side

    for i in range(11):
        pen.line([at(i / 10, 0), at(i / 10, 1)], fill="#eee")
        pen.line([at(0, i / 10), at(1, i / 10)], fill="#eee")
    pen.rectangle([at(0, 1), at(1, 0)], outline="#999")
    pen.line([at(0, 0), at(1, 1)], fill="#bbb", width=2)
    points = [(b["said"], b["right"], b["pictures"]) for b in result["reliability"]]
    pen.line([at(x, y) for x, y, _ in points], fill="#0a58ca", width=2)
    for x, y, n in points:
        cx, cy = at(x, y)
        pen.ellipse([cx - 4, cy - 4, cx + 4, cy + 4], fill="#0a58ca")
        pen.text((cx + 6, cy - 14 if y < 0.9 else cy + 4), str(n), fill="#333", font=_font(10))
    for i in (0, 5, 10):
        pen.text((at(i / 10, 0)[0] - 8, edge + side + 4), f"{i / 10:g}", fill="#333", font=_font(11))
        pen.text((edge - 26, at(0, i / 10)[1] - 6), f"{i / 10:g}", fill="#333", font=_font(11))
    pen.text((edge, 8), f"Right by the oracle against P(yes); ECE {100 * result['expectedCalibrationError']:.1f} points", fill="#000", font=_font(12))
    pen.text((edge, edge + side + 22), "P(yes) of the judge; the numbers count pictures", fill="#333", font=_font(11))
    image.save(path, optimize=True)


def sheet(cases: list[Case], path: Path, each: int = 8) -> None:
    """The strongest disagreements of every category: caption, P(yes), the oracle's first fault."""
    side, text = 150, 74
    decoder = load_decoder()
    canvas = Image.new("RGB", (2 * each * side, len(C.CATEGORIES) * (side + text)), "white")
    pen = ImageDraw.Draw(canvas)
    for row, category in enumerate(C.CATEGORIES):
        mine = [c for c in cases if c.prompt.category == category]
        missed = sorted((c for c in mine if c.right and c.own <= 0.5), key=lambda c: c.own)[:each]
        passed = sorted((c for c in mine if not c.right and c.own > 0.5), key=lambda c: -c.own)[:each]
        for column, c in [*enumerate(missed), *enumerate(passed, each)]:
            picture = decode(decoder, torch.from_numpy(c.tokens)[None])[0]
            x, y = column * side, row * (side + text)
            canvas.paste(Image.fromarray((picture * 255 + 0.5).astype(np.uint8)).resize((side - 4, side - 4)), (x, y))
            words = textwrap.fill(c.prompt.caption, 27) + f"\n{c.own:.3f} | " + textwrap.fill(c.faults[0] if c.faults else "right", 27)
            pen.text((x, y + side - 2), words, fill="#060" if c.right else "#b00", font=_font(9))
    canvas.save(path, optimize=True)


def main(arguments: list[str]) -> None:
    """Judge against oracle on generated pictures."""
    parser = argparse.ArgumentParser(prog="python -m pairscope judge evaluate", description=main.__doc__)
    parser.add_argument("sources", nargs="+", help="checkpoint:guidance:mask:pairs, or ...:seed for prompts of a choosing set")
    parser.add_argument("--judge", type=Path, default=JUDGE, help="folder of judge.onnx")
    parser.add_argument("--out", type=Path, default=JUDGE)
    parser.add_argument("--again", action="store_true", help="ask the oracle again")
    a = parser.parse_args(arguments)
    torch.set_num_threads(1)
    suit_the_processor()
    judge = Judge(a.judge)
    sources = [parse_source(text) for text in a.sources]
    cases = [case for source in sources for case in cases_of(judge, source, a.again)]
    told = [{"checkpoint": s.checkpoint, **asdict(s.settings), "pairs": s.pairs, "choosing": s.choosing} for s in sources]
    result = {"judge": judge.id, "sources": told, **summary(cases)}
    a.out.mkdir(parents=True, exist_ok=True)
    (a.out / "evaluation.json").write_text(json.dumps(result, indent=1) + "\n")
    plot(result, a.out / "reliability.png")
    sheet(cases, a.out / "disagreements.png")
    print(json.dumps(result, indent=1))

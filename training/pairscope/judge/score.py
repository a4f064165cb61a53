"""PairComp's protocol for the embedded domain: two pictures a prompt, P(yes) of each, s_a, s_g and their gap."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..evaluation.pictures import draw_prompts
from ..model.language_model import ImageTokenModel, load_checkpoint
from ..model.processor import suit_the_processor
from ..model.sample import Settings
from ..model.weights import dequantized_model, weights_of
from ..world import config as C
from ..world.pair_sets import HELD_OUT_PAIRS, Prompt, choosing_set, held_out_set
from .claims import parse
from .eye_session import Judge
from .match import probability
from .train import JUDGE

IMAGES = 2  # of each prompt


def draw_and_score(judge: Judge, model: ImageTokenModel, items: list[Prompt], settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """The authors' scores file: pair index -> its four scores; two sides of a pair follow each other in ``items``."""
    drawn = [draw_prompts(model, [replace(p, seed=p.seed + image) for p in items], settings).numpy() for image in range(IMAGES)]
    seen = [judge.see(tokens) for tokens in drawn]
    out: dict[str, list[dict[str, Any]]] = {}
    for index, item in enumerate(items):
        claim = parse(item.caption)
        for image in range(IMAGES):
            score = round(probability(seen[image][index], claim), 4)
            entry = {"pair_idx": index // 2, "prompt_idx": item.side, "image_idx": image, "score": score}
            out.setdefault(str(index // 2), []).append(entry)
    return out


def averages(scores: dict[str, list[dict[str, Any]]], categories: list[str]) -> dict[str, dict[str, float]]:
    """Per category, and their mean: s_a and s_g in per cent (means over pairs of the arithmetic and the geometric mean), and the gap."""
    table: dict[str, dict[str, float]] = {}
    for category in C.CATEGORIES:
        pairs = [np.array([e["score"] for e in scores[str(i)]]) for i, one in enumerate(categories) if one == category]
        if pairs:
            arithmetic = 100 * float(np.mean([p.mean() for p in pairs]))
            geometric = 100 * float(np.mean([p.prod() ** (1 / len(p)) for p in pairs]))
            table[category] = {"s_a": round(arithmetic, 2), "s_g": round(geometric, 2), "gap": round(arithmetic - geometric, 2)}
    table["Average"] = {key: round(float(np.mean([row[key] for row in table.values()])), 2) for key in ("s_a", "s_g", "gap")}
    return table


def card_scores(scores: dict[str, list[dict[str, Any]]], categories: list[str]) -> dict[str, Any]:
    """The same as shares of one, with the standard error of s_a over pairs: what a model card says."""
    table, out = averages(scores, categories), {}
    for category, row in table.items():
        means = [np.mean([e["score"] for e in scores[str(i)]]) for i, one in enumerate(categories) if one == category]
        error = {"standardError": round(float(np.std(means, ddof=1) / len(means) ** 0.5), 4)} if len(means) > 1 else {}
        out[category] = {key: round(value / 100, 4) for key, value in row.items()} | error
    return {"pairs": len(categories), "images": IMAGES, "average": out.pop("Average"), "categories": out}


def main(arguments: list[str]) -> None:
    """Draws two pictures for each prompt, scores them, prints s_a, s_g and their gap, and writes the scores file."""
    parser = argparse.ArgumentParser(prog="python -m pairscope judge score", description=main.__doc__)
    parser.add_argument("--checkpoint", type=Path, default=C.RUNS / "lm.pt")
    parser.add_argument("--bits", type=int, choices=[0, 4, 8], default=0, help="weights as shipped, or 0 for float32")
    parser.add_argument("--guidance", type=float, default=Settings.guidance)
    parser.add_argument("--mask", type=float, default=Settings.mask)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--pairs", type=int, default=HELD_OUT_PAIRS, help="of each category")
    parser.add_argument("--choosing", type=int, help="seed of a choosing set, in place of the held-out set")
    parser.add_argument("--judge", type=Path, default=JUDGE, help="folder of judge.onnx")
    parser.add_argument("--out", type=Path, default=JUDGE / "scores.json")
    parser.add_argument("--threads", type=int, default=1)
    a = parser.parse_args(arguments)
    torch.set_num_threads(a.threads)
    suit_the_processor()
    model, _ = load_checkpoint(str(a.checkpoint))
    if a.bits:
        model = dequantized_model(model, weights_of(model, a.bits)).eval()
    items = held_out_set(a.pairs) if a.choosing is None else choosing_set(a.choosing, a.pairs)
    judge, settings = Judge(a.judge), Settings(a.guidance, a.mask, a.temperature)
    scores = draw_and_score(judge, model, items, settings)
    a.out.parent.mkdir(parents=True, exist_ok=True)
    a.out.write_text(json.dumps(scores, indent=1) + "\n")
    summary = {"judge": judge.id, "settings": asdict(settings), **card_scores(scores, [p.category for p in items[::2]])}
    a.out.with_name(f"{a.out.stem}-summary.json").write_text(json.dumps(summary, indent=1) + "\n")
    print(f"{'':32s}{'s_a':>8s}{'s_g':>8s}{'gap':>8s}")
    for name, row in averages(scores, [p.category for p in items[::2]]).items():
        print(f"{name:32s}{row['s_a']:8.2f}{row['s_g']:8.2f}{row['gap']:8.2f}")

"""Draws pairs from a checkpoint, asks the oracle, and writes numbers and contact sheets.

Settings are chosen on one set of prompts (``sweep``) and reported on the held-out pairs (``report``).
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from ..model.language_model import load_checkpoint
from ..model.processor import suit_the_processor
from ..model.sample import Settings
from ..model.weights import dequantized_model, weights_of
from ..world import config as C
from ..world.pair_sets import choosing_set, held_out_set
from .contact_sheet import contact_sheet
from .measures import ceiling, different_pictures, score, trace_facts
from .pictures import decode, draw_prompts, load_decoder

CHOOSING_SEED = 101
SWEEP_PROMPTS = 8  # that the variety of pictures is measured on
SWEEP = (
    Settings(2.0, 0.05),
    Settings(1.25, 0.01),
    Settings(1.0, 0.05),
    Settings(1.0, 0.02),
    Settings(1.0, 0.005),
    Settings(1.0, 0.002),
    Settings(1.0, 0.0),
)


def main(arguments: list[str]) -> None:
    """look and sweep: on the choosing prompts.  report and ceiling: on the held-out pairs."""
    parser = argparse.ArgumentParser(prog="python -m pairscope evaluation", description=main.__doc__)
    parser.add_argument("task", choices=["look", "sweep", "report", "ceiling"])
    parser.add_argument("--checkpoint", type=Path, default=C.RUNS / "lm.pt")
    parser.add_argument("--bits", type=int, choices=[0, 4, 8], default=0, help="weights as shipped, or 0 for float32")
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--guidance", type=float, default=Settings.guidance)
    parser.add_argument("--mask", type=float, default=Settings.mask)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--out", type=Path, default=C.RUNS)
    parser.add_argument("--threads", type=int, default=1, help="on shared cores two were far slower than one")
    a = parser.parse_args(arguments)
    torch.set_num_threads(a.threads)
    suit_the_processor()
    net = load_decoder()
    settings = Settings(a.guidance, a.mask, a.temperature)
    if a.task == "ceiling":
        result = ceiling(net, held_out_set(a.pairs))
        print([v for v in result.pop("verdicts") if v][:20])
        print(json.dumps(result, indent=1))
        return
    model, stored = load_checkpoint(str(a.checkpoint))
    if a.bits:
        model = dequantized_model(model, weights_of(model, a.bits)).eval()
    if a.task == "sweep":
        items, rows = choosing_set(CHOOSING_SEED, a.pairs), []
        for one in SWEEP:
            result = score(items, decode(net, draw_prompts(model, items, one)))
            row = {
                **asdict(one),
                "right": result["right"],
                "bothOfPair": result["bothOfPair"],
                "differentOf20": float(np.median(different_pictures(model, one, items[:: len(items) // SWEEP_PROMPTS]))),
                "categories": {k.split()[0]: v["right"] for k, v in result["categories"].items()},
            }
            rows.append(row)
            print(json.dumps(row), flush=True)
        (a.out / "sweep.json").write_text(json.dumps({"step": stored["step"], "rows": rows}, indent=1))
        return
    items = choosing_set(CHOOSING_SEED, a.pairs) if a.task == "look" else held_out_set(a.pairs)
    started = time.time()
    tokens = draw_prompts(model, items, settings)
    rate = len(items) / (time.time() - started)
    images = decode(net, tokens)
    result = score(items, images)
    verdicts = result.pop("verdicts")
    name = a.task if a.task == "look" else {0: "report", 4: "report-int4", 8: "shipped"}[a.bits]
    contact_sheet(items, images, verdicts, a.out / f"{name}.png")
    summary = {
        "how": f"Strict template-matching oracle on {'training combinations' if a.task == 'look' else 'held-out prompts; settings chosen on others'}.",
        "weightType": f"int{a.bits}" if a.bits else "float32",
        "step": stored["step"],
        "settings": asdict(settings),
        "imagesPerSecond": round(rate, 2),
        **result,
    }
    if a.task == "report":
        if a.bits != 4:
            truth = ceiling(net, items)
            truth.pop("verdicts")
            summary["ceiling"] = truth
        if name == "shipped":
            counts = different_pictures(model, settings, items[::4])
            summary["differentPicturesOf20"] = {"prompts": len(counts), "median": float(np.median(counts))}
            summary |= trace_facts(model, settings, items, tokens)
        record = [
            {"category": p.category, "caption": p.caption, "seed": p.seed, "faults": v}
            for p, v in zip(items, verdicts, strict=True)
        ]
        (a.out / f"{name}.json").write_text(json.dumps(summary, indent=1))
        (a.out / f"{name}-prompts.json").write_text(json.dumps(record, indent=1))
    print(json.dumps(summary, indent=1))
    print([(p.caption, v) for p, v in zip(items, verdicts, strict=True) if v][:25])

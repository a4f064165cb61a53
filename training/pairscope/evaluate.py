"""Draws pairs from a checkpoint, judges them with the oracle, and makes contact sheets.

Settings are chosen on one seed of prompts (``sweep``) and reported on another (``report``).
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from . import config as C
from .captions import caption
from .decoder_net import PixelDecoder
from .model import ImageTokenModel, load_checkpoint
from .oracle import faults, read
from .sample import Settings, sample
from .scenes import Scene, lay_out, random_pair
from .sprites import Array
from .tokenizer import centroids, layout_tokens

SWEEP_SEED, REPORT_SEED = 101, 202
SWEEP = (
    Settings(2.0, 0.05),
    Settings(3.0, 0.1),
    Settings(1.5, 0.05),
    Settings(3.0, 0.03),
    Settings(2.0, 0.1),
    Settings(5.0, 0.1),
    Settings(2.0, 0.05, 0.8),
    Settings(1.0, 0.0),
)


@dataclass(frozen=True)
class Prompt:
    """One side of a pair."""

    category: str
    pair: int
    side: int
    scene: Scene
    caption: str
    seed: int


def prompts(seed: int, pairs: int) -> list[Prompt]:
    """``pairs`` random pairs of each category."""
    out = []
    for category in C.CATEGORIES:
        random = Random(f"prompts {seed} {category}")
        for index in range(pairs):
            scenes, words = random_pair(random, category), random.getrandbits(40)
            drawing = random.getrandbits(31)
            out += [Prompt(category, index, s, scene, caption(scene, words), drawing) for s, scene in enumerate(scenes)]
    return out


def load_decoder(path: Path = C.RUNS / "decoder.pt") -> PixelDecoder:
    """The trained pixel decoder."""
    net = PixelDecoder(len(centroids()))
    net.load_state_dict(torch.load(path, weights_only=True)["state_dict"])
    return net.eval()


@torch.no_grad()
def decode(net: PixelDecoder, tokens: Tensor) -> list[Array]:
    """[B, 144] -> pictures [192, 192, 3] in 0..1."""
    out: list[Array] = []
    for chunk in tokens.split(32):
        out += list(net(chunk).clamp(0, 1).permute(0, 2, 3, 1).numpy())
    return out


def draw_prompts(model: ImageTokenModel, items: list[Prompt], settings: Settings, batch: int = 64) -> Tensor:
    """Codes [n, 144]."""
    parts = [items[i : i + batch] for i in range(0, len(items), batch)]
    return torch.cat([sample(model, [p.caption for p in part], [p.seed for p in part], settings) for part in parts])


def score(items: list[Prompt], images: list[Array]) -> dict[str, Any]:
    """Share right by category with standard errors, both-of-a-pair, blanks; and every verdict."""
    verdicts = [faults(item.scene, read(image)) for item, image in zip(items, images, strict=True)]
    right = [not v for v in verdicts]
    out: dict[str, Any] = {"categories": {}}
    for category in C.CATEGORIES:
        mine = [i for i, item in enumerate(items) if item.category == category]
        good = [right[i] for i in mine]
        share = sum(good) / len(good)
        both = [right[i] and right[i + 1] for i in mine if items[i].side == 0]
        out["categories"][category] = {
            "prompts": len(good),
            "right": round(share, 4),
            "standardError": round(math.sqrt(share * (1 - share) / len(good)), 4),
            "bothOfPair": round(sum(both) / len(both), 4),
        }
    share = sum(right) / len(right)
    out["right"] = round(share, 4)
    out["standardError"] = round(math.sqrt(share * (1 - share) / len(right)), 4)
    out["bothOfPair"] = round(float(np.mean([c["bothOfPair"] for c in out["categories"].values()])), 4)
    out["blank"] = round(sum(v == ["blank"] for v in verdicts) / len(verdicts), 4)
    out["verdicts"] = verdicts
    return out


def ceiling(net: PixelDecoder, items: list[Prompt]) -> dict[str, Any]:
    """Ground truth through tokenizer and decoder, judged the same way."""
    layouts = [lay_out(item.scene, item.seed) for item in items]
    tokens = torch.from_numpy(np.stack([layout_tokens(layout).reshape(-1) for layout in layouts]))
    return score(items, decode(net, tokens))


def distinct_share(model: ImageTokenModel, settings: Settings, seed: int, captions: int = 20, seeds: int = 4) -> float:
    """Distinct token grids among ``seeds`` drawings of one caption, less one, over seeds less one; mean."""
    items = [p for p in prompts(seed, captions // len(C.CATEGORIES)) if p.side == 0]
    drawn = [Prompt(p.category, p.pair, p.side, p.scene, p.caption, p.seed + k) for p in items for k in range(seeds)]
    tokens = draw_prompts(model, drawn, settings).reshape(len(items), seeds, -1)
    return float(np.mean([(len({t.numpy().tobytes() for t in group}) - 1) / (seeds - 1) for group in tokens]))


def contact_sheet(items: list[Prompt], images: list[Array], verdicts: list[list[str]], path: Path, pairs: int = 6) -> None:
    """The first pairs of each category, green caption when right and red when wrong."""
    side, text = 160, 40
    font = ImageFont.truetype(str(C.ROOT / "node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf"), 11)
    sheet = Image.new("RGB", (pairs * 2 * (side + 6), len(C.CATEGORIES) * (side + text)), "white")
    pen = ImageDraw.Draw(sheet)
    for item, image, verdict in zip(items, images, verdicts, strict=True):
        if item.pair >= pairs:
            continue
        x = (item.pair * 2 + item.side) * (side + 6)
        y = C.CATEGORIES.index(item.category) * (side + text)
        sheet.paste(Image.fromarray((image * 255 + 0.5).astype(np.uint8)).resize((side, side)), (x, y))
        pen.rectangle((x, y, x + side, y + side), outline="#ddd")
        lines = [item.caption[i : i + 26] for i in range(0, len(item.caption), 26)]
        pen.text((x, y + side + 2), "\n".join(lines), fill="#b00" if verdict else "#060", font=font)
    sheet.save(path)


def main() -> None:
    """sweep: all settings on the choosing prompts.  report: one setting on fresh prompts."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("task", choices=["look", "sweep", "report", "ceiling"])
    parser.add_argument("--checkpoint", type=Path, default=C.RUNS / "lm.pt")
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--guidance", type=float, default=2.0)
    parser.add_argument("--mask", type=float, default=0.05)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--out", type=Path, default=C.RUNS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--part", type=int, default=0, help="with --parts: run every parts-th setting of the sweep")
    parser.add_argument("--parts", type=int, default=1)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    net = load_decoder()
    settings = Settings(a.guidance, a.mask, a.temperature)
    if a.task == "ceiling":
        result = ceiling(net, prompts(REPORT_SEED, a.pairs))
        print([v for v in result.pop("verdicts") if v][:20])
        print(json.dumps(result, indent=1))
        return
    model, stored = load_checkpoint(str(a.checkpoint))
    if a.task == "sweep":
        items, rows = prompts(SWEEP_SEED, a.pairs), []
        for one in SWEEP[a.part :: a.parts]:
            result = score(items, decode(net, draw_prompts(model, items, one)))
            row = {
                **asdict(one),
                "right": result["right"],
                "bothOfPair": result["bothOfPair"],
                "distinct": distinct_share(model, one, SWEEP_SEED),
                "categories": {k.split()[0]: v["right"] for k, v in result["categories"].items()},
            }
            rows.append(row)
            print(json.dumps(row), flush=True)
        name = "sweep.json" if a.parts == 1 else f"sweep-{a.part}.json"
        (a.out / name).write_text(json.dumps({"step": stored["step"], "rows": rows}, indent=1))
        return
    items = prompts(SWEEP_SEED if a.task == "look" else REPORT_SEED, a.pairs)
    started = time.time()
    tokens = draw_prompts(model, items, settings)
    rate = len(items) / (time.time() - started)
    images = decode(net, tokens)
    result = score(items, images)
    verdicts = result.pop("verdicts")
    contact_sheet(items, images, verdicts, a.out / f"{a.task}.png")
    summary = {"step": stored["step"], "settings": asdict(settings), "imagesPerSecond": round(rate, 2), **result}
    if a.task == "report":
        truth = ceiling(net, items)
        truth.pop("verdicts")
        summary["ceiling"] = truth
        summary["distinctOverFourSeeds"] = distinct_share(model, settings, REPORT_SEED, captions=60)
        record = [
            {"category": p.category, "caption": p.caption, "seed": p.seed, "faults": v}
            for p, v in zip(items, verdicts, strict=True)
        ]
        (a.out / "report.json").write_text(json.dumps({**summary, "prompts": record}, indent=1))
    print(json.dumps(summary, indent=1))
    print([(p.caption, v) for p, v in zip(items, verdicts, strict=True) if v][:25])


if __name__ == "__main__":
    main()

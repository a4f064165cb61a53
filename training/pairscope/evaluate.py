"""Draws pairs from a checkpoint, judges them with the oracle, and makes contact sheets.

Settings are chosen on one set of prompts (``sweep``) and reported on the held-out pairs (``report``).
"""

from __future__ import annotations

import argparse
import json
import math
import textwrap
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from . import config as C
from .decoder_net import PixelDecoder
from .export.weights import dequantized_model, weights_of
from .grpo.rollout import draw
from .model import ImageTokenModel, load_checkpoint
from .oracle import faults
from .pair_sets import Prompt, choosing_set, held_out_set
from .processor import suit_the_processor
from .sample import Settings
from .scenes import lay_out
from .sprites import Array
from .tokenizer import background_tokens, centroids, layout_tokens

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
# A cell differs where the mean colour of its patch does by more than this (of 1); a picture where so many cells do.
CELL_DIFFERENCE, CELLS_DIFFERENT = 10 / 255, 5


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


def draw_prompts(model: ImageTokenModel, items: list[Prompt], settings: Settings, batch: int = 96) -> Tensor:
    """Codes [n, 144]: the pictures of ``sample.sample``, several times as fast."""
    parts = [items[i : i + batch] for i in range(0, len(items), batch)]
    return torch.cat([draw(model, [p.caption for p in part], [p.seed for p in part], settings).tokens for part in parts])


def _rate(values: list[bool]) -> dict[str, float]:
    share = sum(values) / len(values)
    return {"right": round(share, 4), "standardError": round(math.sqrt(share * (1 - share) / len(values)), 4)}


def score(items: list[Prompt], images: list[Array]) -> dict[str, Any]:
    """Share right by category with standard errors, both-of-a-pair, blanks; and every verdict."""
    verdicts = [faults(item.scene, image) for item, image in zip(items, images, strict=True)]
    right = [not v for v in verdicts]
    out: dict[str, Any] = {"prompts": len(items), **_rate(right), "categories": {}}
    for category in C.CATEGORIES:
        mine = [i for i, item in enumerate(items) if item.category == category]
        both = [right[i] and right[i + 1] for i in mine if items[i].side == 0]
        entry = {"prompts": len(mine), **_rate([right[i] for i in mine]), "bothOfPair": round(sum(both) / len(both), 4)}
        unseen = [right[i] for i in mine if items[i].unseen]
        if len(unseen) >= 10:
            entry["unseenCombination"] = {"prompts": len(unseen), **_rate(unseen)}
            entry["seenCombination"] = _rate([right[i] for i in mine if not items[i].unseen])
        out["categories"][category] = entry
    both = [right[i] and right[i + 1] for i in range(0, len(items), 2)]
    out["bothOfPair"] = round(sum(both) / len(both), 4)
    out["blank"] = round(sum(v[:1] == ["blank"] for v in verdicts) / len(verdicts), 4)
    out["verdicts"] = verdicts
    return out


def ceiling(net: PixelDecoder, items: list[Prompt]) -> dict[str, Any]:
    """Ground truth through tokenizer and decoder, judged the same way."""
    layouts = [lay_out(item.scene, item.seed) for item in items]
    tokens = torch.from_numpy(np.stack([layout_tokens(layout).reshape(-1) for layout in layouts]))
    return score(items, decode(net, tokens))


def different_pictures(model: ImageTokenModel, settings: Settings, items: list[Prompt], seeds: int = 20) -> list[int]:
    """Of ``seeds`` pictures of each prompt, how many differ from all those kept before, greedily."""
    drawn = [replace(p, seed=p.seed + k) for p in items for k in range(seeds)]
    colour = centroids().reshape(len(centroids()), -1, 3).mean(1)
    cells = colour[draw_prompts(model, drawn, settings)].view(len(items), seeds, -1, 3)
    counts = []
    for group in cells:
        kept: list[Tensor] = []
        for picture in group:
            if all(int(((picture - k).abs().amax(-1) > CELL_DIFFERENCE).sum()) >= CELLS_DIFFERENT for k in kept):
                kept.append(picture)
        counts.append(len(kept))
    return counts


@torch.no_grad()
def trace_facts(model: ImageTokenModel, settings: Settings, items: list[Prompt], tokens: Tensor) -> dict[str, float]:
    """Entropy of foreground tokens, and how often the two sides' distributions differ in part, along drawn tokens."""
    from .captions import prefix, text_ids
    from .sample import guided

    entropies, between, cells = [], 0, 0
    for start in range(0, len(items), 32):
        part, drawn = items[start : start + 32], tokens[start : start + 32]
        text = [prefix(text_ids(p.caption)) for p in part] + [prefix(None)] * len(part)
        ids = torch.cat([torch.tensor(text) + model.config.codes, torch.cat([drawn, drawn])], 1)[:, :-1]
        cond, uncond = model(ids).float().chunk(2)
        k = cond.shape[-1]
        logits = guided(cond.reshape(-1, k), uncond.reshape(-1, k), settings)
        p = torch.softmax(logits, -1).view(len(part), -1, k)
        entropy = -(p * p.clamp_min(1e-30).log2()).sum(-1)
        empty = torch.stack(
            [torch.from_numpy(background_tokens(i.scene.style or "3d", i.scene.place)).reshape(-1) for i in part]
        )
        entropies.append(entropy[drawn != empty])
        a, b = p[0::2], p[1::2]
        m = (a + b) / 2
        divergence = 0.5 * sum((x * (x.clamp_min(1e-30) / m.clamp_min(1e-30)).log2()).sum(-1) for x in (a, b))
        between += int(((divergence > 0.02) & (divergence < 0.98)).sum())
        cells += divergence.numel()
    return {
        "foregroundEntropyBits": round(float(torch.cat(entropies).mean()), 4),
        "stepsOfPartialDivergence": round(between / cells, 4),
    }


def contact_sheet(items: list[Prompt], images: list[Array], verdicts: list[list[str]], path: Path, pairs: int = 6) -> None:
    """The first pairs of each category, green caption when right and red when wrong."""
    side, text = 144, 44
    font = ImageFont.truetype(str(C.ROOT / "node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf"), 10)
    sheet = Image.new("RGB", (pairs * (2 * side + 12), len(C.CATEGORIES) * (side + text)), "white")
    pen = ImageDraw.Draw(sheet)
    for item, image, verdict in zip(items, images, verdicts, strict=True):
        if item.pair >= pairs:
            continue
        x = item.pair * (2 * side + 12) + item.side * (side + 2)
        y = C.CATEGORIES.index(item.category) * (side + text)
        sheet.paste(Image.fromarray((image * 255 + 0.5).astype(np.uint8)).resize((side, side)), (x, y))
        pen.rectangle((x, y, x + side, y + side), outline="#ddd")
        pen.text((x, y + side + 2), textwrap.fill(item.caption, 25), fill="#b00" if verdict else "#060", font=font)
    sheet.save(path, optimize=True)


def main() -> None:
    """look and sweep: on the choosing prompts.  report and ceiling: on the held-out pairs."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("task", choices=["look", "sweep", "report", "ceiling"])
    parser.add_argument("--checkpoint", type=Path, default=C.RUNS / "lm.pt")
    parser.add_argument("--bits", type=int, choices=[0, 4, 8], default=0, help="weights as shipped, or 0 for float32")
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--guidance", type=float, default=Settings.guidance)
    parser.add_argument("--mask", type=float, default=Settings.mask)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--out", type=Path, default=C.RUNS)
    parser.add_argument("--threads", type=int, default=1, help="on shared cores two were far slower than one")
    a = parser.parse_args()
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


if __name__ == "__main__":
    main()

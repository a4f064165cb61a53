"""Draws the pairs that people would type (``free_pairs.json``) from a checkpoint: a contact sheet to look at, and how much is chosen in a picture."""

from __future__ import annotations

import argparse
import json
import textwrap
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from ..model.language_model import ImageTokenModel, load_checkpoint
from ..model.processor import suit_the_processor
from ..model.rollout import draw
from ..model.sample import Settings
from ..model.tokenizer import centroids
from ..world import config as C
from ..world.captions import prefix, text_ids
from ..world.sprites import Array

FREE_PAIRS = C.ROOT / "free_pairs.json"
_SIDE, _TEXT, _ACROSS = 144, 40, 5  # pixels of a picture and of its caption, pairs in a row


@dataclass(frozen=True)
class FreePair:
    """Two prompts as typed, and what their difference is about."""

    category: str
    prompts: tuple[str, str]


def free_pairs(path: Path = FREE_PAIRS) -> list[FreePair]:
    """The pairs of the list, in its order."""
    return [FreePair(entry["category"], tuple(entry["prompts"])) for entry in json.loads(path.read_text())["pairs"]]


def coarse_pictures(tokens: Tensor) -> list[Array]:
    """Codes [B, 144] as their centroids: what the language model says, without a pixel decoder; [96, 96, 3] each."""
    patch = C.PATCH
    cells = centroids()[tokens].view(-1, C.ROWS, C.COLUMNS, patch, patch, 3)
    return list(cells.permute(0, 1, 3, 2, 4, 5).reshape(-1, C.ROWS * patch, C.COLUMNS * patch, 3).clamp(0, 1).numpy())


@torch.no_grad()
def entropies(model: ImageTokenModel, captions: list[str], tokens: Tensor) -> Tensor:
    """Bits of the model's own distribution at every cell of drawn pictures, [B, 144]."""
    found = []
    for first in range(0, len(captions), 24):
        part = captions[first : first + 24]
        text = torch.tensor([prefix(text_ids(caption)) for caption in part]) + model.config.codes
        logp = torch.log_softmax(model(torch.cat([text, tokens[first : first + 24, :-1]], 1)).float(), -1)
        found.append(-(logp.exp() * logp).sum(-1) / np.log(2))
    return torch.cat(found)


def sheet(pairs: list[FreePair], images: list[Array], path: Path) -> None:
    """All pairs side by side, with their prompts."""
    font = ImageFont.truetype(str(C.ROOT / "node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf"), 10)
    width, height = 2 * _SIDE + 14, _SIDE + _TEXT
    canvas = Image.new("RGB", (_ACROSS * width, -(-len(pairs) // _ACROSS) * height), "white")
    pen = ImageDraw.Draw(canvas)
    for index, (prompt, image) in enumerate(zip((p for pair in pairs for p in pair.prompts), images, strict=True)):
        pair, side = divmod(index, 2)
        x, y = pair % _ACROSS * width + side * (_SIDE + 2), pair // _ACROSS * height
        picture = Image.fromarray((image * 255 + 0.5).astype(np.uint8))
        canvas.paste(picture.resize((_SIDE, _SIDE), Image.Resampling.NEAREST if image.shape[0] < _SIDE else Image.Resampling.LANCZOS), (x, y))
        pen.rectangle((x, y, x + _SIDE, y + _SIDE), outline="#ddd")
        pen.text((x, y + _SIDE + 2), textwrap.fill(prompt, 25), fill="#000", font=font)
    canvas.save(path, optimize=True)


def main(arguments: list[str]) -> None:
    """Writes the sheet of a checkpoint and prints entropy and equal tokens of the pairs, both sides drawn with the same noise."""
    parser = argparse.ArgumentParser(prog="python -m pairscope evaluation free", description=main.__doc__)
    parser.add_argument("--checkpoint", type=Path, default=C.RUNS / "lm.pt")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mask", type=float, default=Settings.mask)
    parser.add_argument("--out", type=Path, help="folder of the sheet; that of the checkpoint by default")
    a = parser.parse_args(arguments)
    suit_the_processor()
    torch.set_num_threads(1)
    model, stored = load_checkpoint(str(a.checkpoint))
    pairs = free_pairs()
    prompts = [prompt for pair in pairs for prompt in pair.prompts]
    seeds = [a.seed + index // 2 for index in range(len(prompts))]
    tokens = draw(model, prompts, seeds, Settings(mask=a.mask)).tokens
    bits = entropies(model, prompts, tokens)
    path = (a.out or a.checkpoint.parent) / f"free-{stored['step']:06}.png"
    sheet(pairs, coarse_pictures(tokens), path)
    facts = {
        "step": stored["step"],
        "entropyBits": round(float(bits.mean()), 3),
        "stepsOverHalfABit": round(float((bits > 0.5).float().mean()), 3),
        "equalTokensOfPairs": round(float((tokens[::2] == tokens[1::2]).float().mean()), 3),
        "sheet": str(path),
    }
    print(json.dumps(facts))

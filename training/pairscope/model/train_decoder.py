"""Trains the pixel decoder on rendered scenes and on grids packed with sprites."""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from random import Random

import numpy as np
import torch
from torch import Tensor

from ..world import config as C
from ..world.draws import random_text, training_scene
from ..world.render import draw
from ..world.scenes import Layout, Placed, PlacedSign, board_width, lay_out
from ..world.sprites import SpriteKey, background
from .decoder_net import PixelDecoder
from .tokenizer import centroids, layout_tokens


def _random_key(random: Random, style: str) -> SpriteKey:
    """A sprite as the scenes use it."""
    thing = random.choice(C.THINGS)
    if style != "3d":
        mirrored = thing.mirrored and random.random() < 0.5
        return SpriteKey(thing.name, None, C.SIZE_BIG, mirrored, style=style)
    size = random.choice(C.SIZES)
    colour = random.choice(C.COLOURS) if thing.colour else None
    pattern = random.choice(C.PATTERNS) if thing.patterned and size == C.SIZE_BIG else "plain"
    accessory = random.choice(list(C.ACCESSORIES)) if thing.wears and size == C.SIZE_BIG and random.random() < 0.5 else None
    return SpriteKey(thing.name, colour, size, thing.mirrored and random.random() < 0.5, pattern, accessory)


def packed(random: Random) -> Layout:
    """As many sprites as fit, touching: more foreground per picture than a scene has."""
    taken = np.zeros((C.ROWS, C.COLUMNS), bool)
    sprites: list[Placed] = []
    sign: PlacedSign | None = None
    style = random.choice(C.STYLES) if random.random() < 0.3 else "3d"
    if style == "3d" and random.random() < 0.3:
        text = random_text(random)
        w, h = board_width(len(text)), 2 + C.LETTER_CELLS + C.POST_CELLS
        sign = PlacedSign(text, random.choice(C.COLOURS), random.randint(0, C.COLUMNS - w), random.randint(0, C.ROWS - h))
        taken[sign.y : sign.y + h, sign.x : sign.x + w] = True
    for _ in range(40):
        key = _random_key(random, style)
        x, y = random.randint(0, C.COLUMNS - key.size), random.randint(0, C.ROWS - key.rows)
        if not taken[y : y + key.rows, x : x + key.size].any():
            taken[y : y + key.rows, x : x + key.size] = True
            sprites.append(Placed(key, x, y))
    return Layout(tuple(sprites), sign, style, None, 0.0)


def batch(seed: int, size: int, scenes: float = 0.5) -> tuple[Tensor, Tensor, Tensor]:
    """Tokens [size, 144], pictures [size, 3, 192, 192] and their foreground [size, 192, 192]; ``scenes`` is the share of plain scenes."""
    random = Random(seed)
    layouts = [
        lay_out(training_scene(random, random.choice(C.CATEGORIES)), random.getrandbits(40))
        if random.random() < scenes
        else packed(random)
        for _ in range(size)
    ]
    tokens = np.stack([layout_tokens(layout).reshape(-1) for layout in layouts])
    images = np.stack([draw(layout) for layout in layouts])
    empty = np.stack([background(layout.style, layout.place) for layout in layouts])
    foreground = np.abs(images - empty).max(-1) > 0.02
    return torch.from_numpy(tokens), torch.from_numpy(images.transpose(0, 3, 1, 2).copy()), torch.from_numpy(foreground)


def loss_of(drawn: Tensor, truth: Tensor, foreground: Tensor) -> Tensor:
    """Foreground-weighted L1 + squared error + L1 of the gradients."""
    weight = 1 + 3 * foreground[:, None].float()
    difference = drawn - truth
    value = (weight * (difference.abs() + 2 * difference.square())).mean()
    dx = (difference[..., 1:] - difference[..., :-1]).abs().mean()
    dy = (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()
    return value + 0.5 * (dx + dy)


@torch.no_grad()
def psnr(net: PixelDecoder, seed: int = 10**9, size: int = 160) -> dict[str, float]:
    """PSNR in dB on held-out plain scenes, over everything and over the foreground."""
    net.eval()
    error, foreground, count, part = 0.0, 0.0, 0, 0
    for index in range(size // 32):
        tokens, truth, mask = batch(seed + index, 32, scenes=1.0)
        square = (net(tokens).clamp(0, 1) - truth).square().mean(1)
        error, count = error + float(square.sum()), count + square.numel()
        foreground, part = foreground + float(square[mask].sum()), part + int(mask.sum())
    net.train()
    return {"all": -10 * math.log10(error / count), "foreground": -10 * math.log10(foreground / part)}


def main(arguments: list[str]) -> None:
    """Trains for a number of steps; writes decoder.pt as it goes and resumes from it."""
    parser = argparse.ArgumentParser(prog="python -m pairscope model train-decoder", description=main.__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true", help="only where the processor has it")
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=2e-3)
    a = parser.parse_args(arguments)
    torch.manual_seed(0)
    torch.set_num_threads(a.threads)
    path = C.RUNS / "decoder.pt"
    net = PixelDecoder(len(centroids())).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    net.start_from(centroids())
    optimizer = torch.optim.AdamW(net.parameters(), a.rate, betas=(0.9, 0.98), weight_decay=1e-4)
    first = 0
    if path.exists():
        stored = torch.load(path, weights_only=True)
        net.load_state_dict(stored["state_dict"])
        optimizer.load_state_dict(stored["optimizer"])
        first = stored["step"]
    print("parameters", sum(p.numel() for p in net.parameters()), flush=True)
    started = time.time()
    for step in range(first, a.steps):
        progress = step / a.steps
        rate = a.rate * min(1, (step + 1) / 50) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        tokens, truth, foreground = batch(step, a.batch)
        with torch.autocast("cpu", torch.bfloat16, enabled=a.bf16):
            drawn = net(tokens)
        loss = loss_of(drawn.float(), truth, foreground)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        if step % 20 == 0:
            print(f"step {step} loss {loss.item():.4f} seconds {time.time() - started:.0f}", flush=True)
        if (step + 1) % 100 == 0 or step + 1 == a.steps:
            quality = psnr(net)
            print(f"step {step + 1} psnr {quality}", flush=True)
            state = {"state_dict": net.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1, "psnr": quality}
            torch.save(state, f"{path}.tmp")
            os.replace(f"{path}.tmp", path)
    (C.RUNS / "decoder.json").write_text(json.dumps(psnr(net), indent=1))

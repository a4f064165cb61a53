"""Pixels of every sprite and sign, at the 192-pixel drawing scale, on white.

A sprite of ``size`` cells is a float array [16 * size, 16 * size, 3] in 0..1.  The 96-pixel version
that the tokenizer reads is its 2 x 2 mean.
"""

from __future__ import annotations

import subprocess
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from . import config as C

Array = NDArray[np.float32]
SpriteKey = tuple[str, str | None, int, bool]  # name, colour, cells, mirrored

_SOURCE_PIXELS = 256
_FONT = C.ROOT / "node_modules" / "dejavu-fonts-ttf" / "ttf" / "DejaVuSans-Bold.ttf"


def rasterise() -> None:
    """Runs the node rasteriser once; the PNG files are cached."""
    folder = C.CACHE / "sprites"
    missing = [t.icon for t in C.THINGS if not (folder / f"{t.icon}.png").exists()]
    if missing:
        command = ["node", "rasterize.mjs", str(folder), str(_SOURCE_PIXELS), *missing]
        subprocess.run(command, cwd=C.ROOT, check=True)


def _to_hsv(rgb: Array) -> Array:
    """[..., 3] RGB in 0..1 -> hue in degrees, saturation, value."""
    high, low = rgb.max(-1), rgb.min(-1)
    span = high - low
    r, g, b = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    safe = np.where(span > 0, span, 1)
    hue = np.where(
        high == r, (g - b) / safe % 6, np.where(high == g, (b - r) / safe + 2, (r - g) / safe + 4)
    )
    saturation = np.where(high > 0, span / np.where(high > 0, high, 1), 0)
    return np.stack([hue * 60, saturation, high], -1).astype(np.float32)


def _to_rgb(hsv: Array) -> Array:
    """Inverse of ``_to_hsv``."""
    k = (np.array([5, 3, 1], np.float32) + hsv[..., :1] / 60) % 6
    return hsv[..., 2:] * (1 - hsv[..., 1:2] * np.clip(np.minimum(k, 4 - k), 0, 1))


def recolour(rgba: Array, colour: str) -> Array:
    """Turns the dominant hue of an RGBA picture in 0..1 into ``colour``; other hues stay."""
    hsv = _to_hsv(rgba[..., :3])
    hue, saturation, value = hsv[..., 0], hsv[..., 1], hsv[..., 2]
    weight = rgba[..., 3] * saturation * value * (saturation > 0.25)
    angle = np.deg2rad(hue)
    histogram, _ = np.histogram(hue, 36, (0, 360), weights=weight)
    peak = np.deg2rad(histogram.argmax() * 10 + 5)
    near = np.cos(angle - peak) > np.cos(np.deg2rad(30))
    mean = np.arctan2((weight * np.sin(angle))[near].sum(), (weight * np.cos(angle))[near].sum())
    turn = (np.rad2deg(angle - mean) + 180) % 360 - 180
    # Full effect up to 36 degrees from the mean hue, fading out at 50.
    amount = np.clip((50 - np.abs(turn)) / 14, 0, 1) * np.clip((saturation - 0.1) / 0.1, 0, 1)
    target, saturate, lift = C.COLOUR_HSV[colour]
    # Pale sources (umbrella, tulip) are brought up to the saturation of the others.
    usual = (weight * saturation)[near].sum() / max(weight[near].sum(), 1e-6)
    saturate *= max(1.0, 0.8 / max(usual, 0.4))
    new_value = 1 - (1 - value) * (1 - lift) if lift >= 0 else value * (1 + lift)
    new = np.stack([(target + 0.25 * turn) % 360, np.clip(saturation * saturate, 0, 1), new_value], -1)
    mixed = rgba[..., :3] * (1 - amount[..., None]) + _to_rgb(new.astype(np.float32)) * amount[..., None]
    return np.concatenate([mixed, rgba[..., 3:]], -1).astype(np.float32)


@lru_cache(maxsize=None)
def _source(name: str, colour: str | None) -> Image.Image:
    """RGBA source picture of an object, premultiplied resizing is left to the caller."""
    rgba = np.asarray(Image.open(C.CACHE / "sprites" / f"{C.BY_NAME[name].icon}.png").convert("RGBA"), np.float32) / 255
    if colour is not None:
        rgba = recolour(rgba, colour)
    on_white = rgba[..., :3] * rgba[..., 3:] + 1 - rgba[..., 3:]
    return Image.fromarray((on_white * 255 + 0.5).astype(np.uint8))


@lru_cache(maxsize=None)
def sprite(key: SpriteKey) -> Array:
    """[16 * cells, 16 * cells, 3]."""
    name, colour, cells, mirrored = key
    pixels = cells * C.DRAW_PATCH
    image = _source(name, colour).resize((pixels, pixels), Image.Resampling.LANCZOS)
    array = np.asarray(image, np.float32) / 255
    array = array[:, ::-1] if mirrored else array
    array = array.copy()
    array[array.min(-1) > 0.985] = 1.0  # resampling noise must not reach empty cells
    return array


def all_keys() -> list[SpriteKey]:
    """Every sprite a layout can ask for."""
    return [
        (thing.name, colour, size, mirrored)
        for thing in C.THINGS
        for colour in (C.COLOURS if thing.colour else (None,))
        for size in C.SIZES
        for mirrored in ((False, True) if thing.mirrored else (False,))
    ]


# --------------------------------------------------------------------------------------- signs

PANEL = np.array([1.0, 0.985, 0.93], np.float32)
INK = np.array([0.1, 0.1, 0.14], np.float32)
SIGN_RGB: dict[str, tuple[float, float, float]] = {
    "red": (0.87, 0.13, 0.18),
    "orange": (0.98, 0.52, 0.1),
    "yellow": (0.98, 0.82, 0.15),
    "green": (0.16, 0.66, 0.3),
    "blue": (0.16, 0.42, 0.9),
    "purple": (0.55, 0.26, 0.82),
}


@lru_cache(maxsize=None)
def letter(character: str) -> Array:
    """A letter on the panel colour, [32, 32, 3]; narrower and taller than the font's own cut."""
    side = C.LETTER_CELLS * C.DRAW_PATCH
    scale = 8
    font = ImageFont.truetype(str(_FONT), 40 * scale)
    box = font.getbbox(character)
    width, height = box[2] - box[0], box[3] - box[1]
    mask = Image.new("L", (width, height), 0)
    ImageDraw.Draw(mask).text((-box[0], -box[1]), character, 255, font)
    target_height = 29
    target_width = min(27, round(width / height * target_height))
    small = mask.resize((target_width, target_height), Image.Resampling.BOX)
    alpha = np.zeros((side, side, 1), np.float32)
    x, y = (side - target_width) // 2, (side - target_height) // 2
    alpha[y : y + target_height, x : x + target_width, 0] = np.asarray(small, np.float32) / 255
    return PANEL * (1 - alpha) + INK * alpha


@lru_cache(maxsize=None)
def sign_blank(letters: int, colour: str) -> Array:
    """Board without letters, and its post: [16 * 7, 16 * (2 * letters + 2), 3]."""
    patch = C.DRAW_PATCH
    columns = C.LETTER_CELLS * letters + 2
    rows = C.LETTER_CELLS + 2
    array = np.ones(((rows + C.POST_CELLS) * patch, columns * patch, 3), np.float32)
    rgb = np.array(SIGN_RGB[colour], np.float32)
    middle = columns * patch // 2
    array[rows * patch - 8 :, middle - 7 : middle + 7] = rgb * 0.72
    board = array[4 : rows * patch - 4, 4:-4]
    board[:] = rgb
    board[5:-5, 5:-5] = PANEL
    return array


def sign(text: str, colour: str) -> Array:
    """A whole sign, [112, 16 * (2 * letters + 2), 3]."""
    array = sign_blank(len(text), colour).copy()
    patch, side = C.DRAW_PATCH, C.LETTER_CELLS * C.DRAW_PATCH
    for index, character in enumerate(text):
        x = patch + index * side
        array[patch : patch + side, x : x + side] = letter(character)
    return array


def shrink(array: Array) -> Array:
    """2 x 2 mean: [2h, 2w, 3] -> [h, w, 3]."""
    h, w, c = array.shape
    return array.reshape(h // 2, 2, w // 2, 2, c).mean((1, 3))

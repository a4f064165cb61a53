"""Pixels of every piece of a scene at the 192-pixel drawing scale: sprites as RGBA, signs as RGB, backgrounds.

A sprite of ``size`` cells is a premultiplied float array [16 * rows, 16 * columns, 4] in 0..1; the 96-pixel
version that the tokenizer reads is its 2 x 2 mean.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from . import config as C

Array = NDArray[np.float32]

_SOURCE_PIXELS = 256
_FONT = C.ROOT / "node_modules" / "dejavu-fonts-ttf" / "ttf" / "DejaVuSans-Bold.ttf"
_LINES = "fluent-emoji-high-contrast"
_SETS = {"flat": "fluent-emoji-flat", "line": _LINES, "chalk": _LINES, "neon": _LINES, "cartoon": "noto", "sticker": "twemoji"}
_OWN = "own:"  # icons that are drawings of this project: the folder of the coloured ones, and that of the lines
_OWN_SETS = {_LINES: "drawings/line"}
_INSTEAD = {("noto", "package"): "twemoji"}  # the renderer stumbles over the first


@dataclass(frozen=True)
class SpriteKey:
    """Everything that fixes a sprite's pixels, wherever it stands."""

    name: str
    colour: str | None = None
    size: int = C.SIZE_BIG
    mirrored: bool = False
    pattern: str = "plain"
    accessory: str | None = None
    style: str = "3d"

    @property
    def rows(self) -> int:
        """Cells down, accessories included."""
        return self.size + (C.HAT_ROWS if self.accessory else 0)


# Where the head of a drawing is that is no face: middle, top and width in cells of 6 x 6.
_HEADS: dict[str, tuple[float, float, float]] = {
    "owl": (3.0, 0.3, 4.6),
    "penguin": (3.0, 0.2, 3.6),
    "snowman": (3.0, 0.3, 3.4),
    "ghost": (3.0, 0.2, 4.6),
    "teddy": (3.0, 0.2, 4.6),
    "chick": (3.0, 0.6, 4.4),
}


def _where(set_name: str, icon: str) -> tuple[str, str]:
    """Set and name of an icon, own drawings included."""
    if icon.startswith(_OWN):
        return _OWN_SETS.get(set_name, "drawings/colour"), icon.removeprefix(_OWN)
    return _INSTEAD.get((set_name, icon), set_name), icon


def rasterise() -> None:
    """Has node make the PNG files that are not in the cache yet."""
    wanted: dict[str, list[str]] = {"fluent-emoji": list(C.ACCESSORIES.values())}
    for set_name in ("fluent-emoji", *_SETS.values()):
        for thing in C.WIDE_THINGS:
            where, icon = _where(set_name, thing.icon)
            wanted.setdefault(where, []).append(icon)
    for name, icons in wanted.items():
        folder = C.CACHE / name
        missing = [icon for icon in dict.fromkeys(icons) if not (folder / f"{icon}.png").exists()]
        if missing:
            command = ["node", "rasterize.mjs", name, str(folder), str(_SOURCE_PIXELS), *missing]
            subprocess.run(command, cwd=C.ROOT, check=True)


# -------------------------------------------------------------------------------------- colour


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


def _dominant(rgba: Array) -> tuple[Array, Array, Array, float]:
    """HSV, turn from the dominant hue in degrees, membership 0..1, usual saturation there."""
    hsv = _to_hsv(rgba[..., :3])
    hue, saturation, value = hsv[..., 0], hsv[..., 1], hsv[..., 2]
    weight = rgba[..., 3] * saturation * value * (saturation > 0.25)
    angle = np.deg2rad(hue)
    histogram, _ = np.histogram(hue, 36, (0, 360), weights=weight)
    peak = np.deg2rad(histogram.argmax() * 10 + 5)
    near = np.cos(angle - peak) > np.cos(np.deg2rad(30))
    mean = np.arctan2((weight * np.sin(angle))[near].sum(), (weight * np.cos(angle))[near].sum())
    turn = (hue - np.rad2deg(mean) + 180) % 360 - 180
    # Full effect up to 36 degrees from the mean hue, fading out at 50.
    amount = np.clip((50 - np.abs(turn)) / 14, 0, 1) * np.clip((saturation - 0.1) / 0.1, 0, 1)
    usual = float((weight * saturation)[near].sum() / max(weight[near].sum(), 1e-6))
    return hsv, turn, amount.astype(np.float32), usual


def recolour(rgba: Array, colour: str) -> Array:
    """Turns the dominant hue of a straight RGBA picture in 0..1 into ``colour``; other hues stay."""
    hsv, turn, amount, usual = _dominant(rgba)
    saturation, value = hsv[..., 1], hsv[..., 2]
    target, saturate, lift = C.COLOUR_HSV[colour]
    # Pale sources (umbrella, tulip) are brought up to the saturation of the others.
    saturate *= max(1.0, 0.8 / max(usual, 0.4))
    new_value = 1 - (1 - value) * (1 - lift) if lift >= 0 else value * (1 + lift)
    new = np.stack([(target + 0.25 * turn) % 360, np.clip(saturation * saturate, 0, 1), new_value], -1)
    mixed = rgba[..., :3] * (1 - amount[..., None]) + _to_rgb(new.astype(np.float32)) * amount[..., None]
    return np.concatenate([mixed, rgba[..., 3:]], -1).astype(np.float32)


def _patterned(rgba: Array, area: Array, pattern: str) -> Array:
    """White diagonal stripes or dots over ``area`` (0..1)."""
    y, x = np.mgrid[: rgba.shape[0], : rgba.shape[1]].astype(np.float32) / rgba.shape[0]
    if pattern == "striped":
        ink = np.clip((np.sin((x + y) * 2 * np.pi * 6) - 0.1) * 4, 0, 1)
    else:
        step = 0.17
        row = np.floor(y / step)
        u, v = (x / step + 0.5 * (row % 2)) % 1 - 0.5, y / step - row - 0.5
        ink = np.clip((0.3 - np.hypot(u, v)) * 12, 0, 1)
    ink = (ink * area * 0.92)[..., None]
    return np.concatenate([rgba[..., :3] * (1 - ink) + ink, rgba[..., 3:]], -1).astype(np.float32)


# ------------------------------------------------------------------------------------- sprites

_ACCESSORY_BOX = {  # width, left, top, in cells from the top left of the whole 6 x 8 block
    "hat": (3.5, 1.25, -0.35),
    "crown": (3.2, 1.4, 0.25),
    "glasses": (4.4, 0.8, 3.15),
    "bow": (2.5, 1.75, 6.0),
}


def _load(set_name: str, icon: str) -> Array:
    set_name, icon = _where(set_name, icon)
    path = C.CACHE / set_name / f"{icon}.png"
    if not path.exists():
        rasterise()
    return np.asarray(Image.open(path).convert("RGBA"), np.float32) / 255


_INKS = {"chalk": (0.96, 0.96, 0.92), "neon": (0.2, 1.0, 0.95)}
# Colours of glyphs on a dark board and of grey things, where no hue can be turned.
INK_RGB: dict[str, tuple[float, float, float]] = {
    "red": (0.93, 0.2, 0.24),
    "orange": (1.0, 0.58, 0.16),
    "yellow": (1.0, 0.85, 0.22),
    "green": (0.25, 0.78, 0.36),
    "blue": (0.25, 0.53, 0.98),
    "purple": (0.65, 0.36, 0.92),
    "pink": (1.0, 0.6, 0.79),
    "black": (0.2, 0.2, 0.23),
    "white": (0.98, 0.98, 0.99),
    "brown": (0.55, 0.33, 0.18),
    "gray": (0.6, 0.62, 0.66),
}
_HUED = 0.25  # share of a picture that its dominant hue has, from which on that hue is turned


def tinted(rgba: Array, colour: str) -> Array:
    """A picture of grey tones in shades of ``colour``; its darkest parts stay dark."""
    light = rgba[..., :3] @ np.array([0.35, 0.5, 0.15], np.float32)
    solid = light[rgba[..., 3] > 0.5]
    shade = (light / max(float(np.quantile(solid, 0.75)), 0.2))[..., None]
    ink = np.array(INK_RGB[colour], np.float32)
    mixed = ink * np.minimum(shade, 1) + (1 - ink) * np.clip(shade - 1, 0, 1) * 0.5
    return np.concatenate([np.clip(mixed, 0, 1), rgba[..., 3:]], -1).astype(np.float32)


def coloured(rgba: Array, colour: str) -> tuple[Array, Array]:
    """A picture in ``colour``, by its dominant hue or, where it has none, by its grey tones; and the area that changed."""
    area = _dominant(rgba)[2]
    if float((area * rgba[..., 3]).sum()) > _HUED * float(rgba[..., 3].sum()):
        return recolour(rgba, colour), area
    return tinted(rgba, colour), np.ones_like(area)


def rimmed(rgba: Array) -> Array:
    """A picture with a darker rim, so that a white one stands out from paper."""
    solid = Image.fromarray((rgba[..., 3] * 255).astype(np.uint8))
    inner = np.asarray(solid.filter(ImageFilter.MinFilter(11)).filter(ImageFilter.GaussianBlur(2)), np.float32) / 255
    rim = np.clip(rgba[..., 3] - inner, 0, 1)[..., None]
    return np.concatenate([rgba[..., :3] * (1 - 0.38 * rim), rgba[..., 3:]], -1).astype(np.float32)


@lru_cache(maxsize=256)
def _source(name: str, colour: str | None, pattern: str, style: str) -> Array:
    """Straight RGBA of an object, 256 pixels square."""
    thing = C.BY_NAME[name]
    rgba = _load(_SETS.get(style, "fluent-emoji"), thing.icon)
    area = np.ones(rgba.shape[:2], np.float32)
    if style in ("3d", "pixel") and thing.colour in C.COLOURS and (colour or thing.colour) in C.COLOURS:
        area = _dominant(rgba)[2]
        rgba = recolour(rgba, colour or thing.colour)
    elif colour and style not in _INKS:
        mark = (rgba[..., :3].min(-1, keepdims=True) > 0.9) & (name == C.UNKNOWN)
        plain, (rgba, area) = rgba, coloured(rgba, colour)
        # The question mark of the box stays white, on a white one gray.
        rgba = np.where(mark, plain * np.array([*[0.6 if colour == "white" else 1.0] * 3, 1], np.float32), rgba)
    if colour == "white" and style not in _INKS:
        rgba = rimmed(rgba)
    if pattern != "plain":
        rgba = _patterned(rgba, area, pattern)
    if style in _INKS:  # the glyph is one colour
        ink = np.array(INK_RGB[colour] if colour else _INKS[style], np.float32)
        rgba = np.concatenate([np.broadcast_to(ink, (*rgba.shape[:2], 3)), rgba[..., 3:]], -1).astype(np.float32)
    elif style in ("sepia", "mono"):
        rgba = np.concatenate([toned(rgba[..., :3], style), rgba[..., 3:]], -1)
    return rgba


def toned(rgb: Array, style: str) -> Array:
    """The colour transform of sepia and black-and-white pictures."""
    grey = (rgb @ np.array([0.35, 0.5, 0.15], np.float32))[..., None]
    if style == "mono":
        return np.repeat(grey, 3, -1).astype(np.float32)
    dark, light = np.array([0.2, 0.1, 0.03], np.float32), np.array([0.98, 0.86, 0.66], np.float32)
    return (dark + (light - dark) * grey).astype(np.float32)


def _resize(rgba: Array, pixels: int, method: Image.Resampling = Image.Resampling.LANCZOS) -> Array:
    """Square RGBA resized with premultiplied alpha; result premultiplied."""
    pre = np.concatenate([rgba[..., :3] * rgba[..., 3:], rgba[..., 3:]], -1)
    bands = [np.asarray(Image.fromarray(pre[..., i]).resize((pixels, pixels), method)) for i in range(4)]
    out = np.clip(np.stack(bands, -1), 0, 1)
    out[out[..., 3] < 0.03] = 0  # resampling noise must not reach empty cells
    return np.minimum(out, np.concatenate([out[..., 3:]] * 4, -1)).astype(np.float32)


def _over(below: Array, above: Array, x: int, y: int) -> None:
    """Composites premultiplied ``above`` onto ``below`` in place, cut at the edges."""
    top, left = max(0, -y), max(0, -x)
    h = min(above.shape[0] - top, below.shape[0] - max(0, y))
    w = min(above.shape[1] - left, below.shape[1] - max(0, x))
    part = above[top : top + h, left : left + w]
    view = below[max(0, y) : max(0, y) + h, max(0, x) : max(0, x) + w]
    view[:] = part + view * (1 - part[..., 3:])


@lru_cache(maxsize=1024)
def sprite(key: SpriteKey) -> Array:
    """Premultiplied RGBA, [16 * key.rows, 16 * key.size, 4]."""
    pixels = key.size * C.DRAW_PATCH
    source = _source(key.name, key.colour, key.pattern, key.style)
    if key.style == "pixel":
        block = C.DRAW_PATCH // 2  # two blocks a cell
        coarse = _resize(source, pixels // block, Image.Resampling.BOX)
        alpha = (coarse[..., 3:] > 0.5).astype(np.float32)
        rgb = coarse[..., :3] / np.maximum(coarse[..., 3:], 1e-6)
        rgb = np.round(rgb * 6) / 6
        small = np.concatenate([rgb * alpha, alpha], -1)
        out = small.repeat(block, 0).repeat(block, 1).astype(np.float32)
    else:
        out = _resize(source, pixels)
    if key.mirrored:
        out = out[:, ::-1].copy()
    if key.accessory:
        whole = np.zeros((key.rows * C.DRAW_PATCH, pixels, 4), np.float32)
        whole[C.HAT_ROWS * C.DRAW_PATCH :] = out
        middle, over, broad = _HEADS.get(key.name, (3.0, 0.0, 6.0))
        width, left, top = _ACCESSORY_BOX[key.accessory]
        width, left, top = width * broad / 6, middle + (left - 3) * broad / 6, C.HAT_ROWS + over + (top - C.HAT_ROWS) * broad / 6
        width, left, top = (round(v * C.DRAW_PATCH) for v in (width, left, top))
        _over(whole, _resize(_load("fluent-emoji", C.ACCESSORIES[key.accessory]), width), left, top)
        out = whole
    return out


@lru_cache(maxsize=None)
def cover(key: SpriteKey) -> NDArray[np.bool_]:
    """Which cells of its block a sprite touches, [rows, size]."""
    alpha = sprite(key)[..., 3]
    patch = C.DRAW_PATCH
    return alpha.reshape(key.rows, patch, key.size, patch).max((1, 3)) > 0


def by_pixel(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells [h, w] -> pixels [16h, 16w]."""
    return cells.repeat(C.DRAW_PATCH, 0).repeat(C.DRAW_PATCH, 1)


# --------------------------------------------------------------------------------- backgrounds

_STYLE_PAPER: dict[str, tuple[float, float, float]] = {
    "3d": (1.0, 1.0, 1.0),
    "flat": (0.87, 0.94, 1.0),
    "line": (1.0, 1.0, 1.0),
    "chalk": (0.12, 0.25, 0.2),
    "pixel": (0.93, 0.9, 0.98),
    "sepia": (0.98, 0.89, 0.74),
    "mono": (0.9, 0.9, 0.9),
    "neon": (0.05, 0.03, 0.12),
}
# Rows of one colour each, as (first row, RGB).
_PLACE_BANDS: dict[str, tuple[tuple[int, tuple[float, float, float]], ...]] = {
    "grass": ((0, (0.72, 0.89, 0.99)), (8, (0.45, 0.76, 0.35))),
    "beach": ((0, (0.78, 0.93, 1.0)), (6, (0.2, 0.62, 0.85)), (8, (0.96, 0.86, 0.64))),
    "snow": ((0, (0.74, 0.8, 0.88)), (8, (0.95, 0.97, 1.0))),
    "space": ((0, (0.04, 0.04, 0.1)),),
    "sunset": ((0, (0.98, 0.62, 0.42)), (4, (1.0, 0.76, 0.42)), (8, (0.42, 0.22, 0.4))),
    "night": ((0, (0.07, 0.1, 0.27)), (8, (0.09, 0.2, 0.16))),
}
# Fixed marks, one cell each, so that a background is the same in every scene: place -> cells (x, y).
_MARKS: dict[str, tuple[tuple[int, int], ...]] = {
    "snow": ((1, 1), (4, 0), (8, 2), (10, 0), (0, 4), (11, 5), (6, 1)),
    "space": ((0, 2), (2, 0), (5, 1), (9, 0), (11, 3), (1, 7), (10, 8), (3, 11), (7, 10), (0, 10), (11, 11)),
    "night": ((1, 1), (3, 3), (7, 0), (0, 5), (11, 4)),
}


def _mark(place: str) -> Array:
    """A star or a snowflake on its own cell, [16, 16, 1] coverage."""
    y, x = np.mgrid[:16, :16].astype(np.float32) - 7.5
    distance = np.hypot(x, y) if place == "snow" else np.abs(x) ** 0.7 + np.abs(y) ** 0.7
    radius = 3.0 if place == "snow" else 2.6
    return np.clip(radius - distance, 0, 1)[..., None]


@lru_cache(maxsize=None)
def background(style: str, place: str | None, marked: bool = True) -> Array:
    """RGB, [192, 192, 3]; the same in every scene of that style or place; ``marked``: with the stars or snowflakes of the place."""
    patch = C.DRAW_PATCH
    canvas = np.empty((C.ROWS * patch, C.COLUMNS * patch, 3), np.float32)
    canvas[:] = _STYLE_PAPER[style]
    if place is None:
        return canvas
    for first, rgb in _PLACE_BANDS[place]:
        canvas[first * patch :] = rgb
    for x, y in _MARKS.get(place, ()) if marked else ():
        cell = canvas[y * patch : (y + 1) * patch, x * patch : (x + 1) * patch]
        cover = _mark(place)
        cell[:] = cell * (1 - cover) + cover
    if place == "night":  # the moon
        y, x = np.mgrid[: 2 * patch, : 2 * patch].astype(np.float32) - patch + 0.5
        cover = np.clip(13 - np.hypot(x, y), 0, 1)[..., None]
        cell = canvas[patch : 3 * patch, 9 * patch : 11 * patch]
        cell[:] = cell * (1 - cover) + np.array([0.99, 0.96, 0.8], np.float32) * cover
    if place == "sunset":  # half a sun on the horizon
        y, x = np.mgrid[: 2 * patch, : 4 * patch].astype(np.float32)
        cover = np.clip(30 - np.hypot(x - 2 * patch + 0.5, y - 2 * patch + 0.5), 0, 1)[..., None]
        cell = canvas[6 * patch : 8 * patch, 4 * patch : 8 * patch]
        cell[:] = cell * (1 - cover) + np.array([1.0, 0.93, 0.55], np.float32) * cover
    return canvas


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
    "pink": (0.98, 0.55, 0.75),
    "black": (0.15, 0.15, 0.18),
}


# Panel, ink and, where it is not the sign's own colour, frame of signs in a style.
_SIGN_STYLES: dict[str, tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float] | None]] = {
    "chalk": ((0.12, 0.25, 0.2), (0.96, 0.96, 0.92), (0.62, 0.42, 0.24)),
    "neon": ((0.05, 0.03, 0.12), (1.0, 0.35, 0.75), None),
}


@lru_cache(maxsize=None)
def letter(character: str, style: str = "3d") -> Array:
    """A letter on the panel colour, [32, 32, 3]; narrower and taller than the font's own cut."""
    panel, ink = (np.array(rgb, np.float32) for rgb in _SIGN_STYLES[style][:2]) if style in _SIGN_STYLES else (PANEL, INK)
    side = C.LETTER_CELLS * C.DRAW_PATCH
    scale = 8
    font = ImageFont.truetype(str(_FONT), 40 * scale)
    box = font.getbbox(character)
    width, height = box[2] - box[0], box[3] - box[1]
    mask = Image.new("L", (round(width), round(height)), 0)
    ImageDraw.Draw(mask).text((-box[0], -box[1]), character, 255, font)
    target_height = 29
    target_width = min(27, round(width / height * target_height))
    small = mask.resize((target_width, target_height), Image.Resampling.BOX)
    alpha = np.zeros((side, side, 1), np.float32)
    x, y = (side - target_width) // 2, (side - target_height) // 2
    alpha[y : y + target_height, x : x + target_width, 0] = np.asarray(small, np.float32) / 255
    return panel * (1 - alpha) + ink * alpha


def sign_border(letters: int) -> int:
    """Columns of a board beside its letters; the longest sign fills the picture."""
    return 0 if C.LETTER_CELLS * letters + 2 > C.COLUMNS else 1


@lru_cache(maxsize=None)
def sign_blank(letters: int, colour: str, style: str = "3d") -> Array:
    """Board without letters, and its post, on the style's ground: [16 * 7, 16 * columns, 3]."""
    patch = C.DRAW_PATCH
    border = sign_border(letters)
    columns = C.LETTER_CELLS * letters + 2 * border
    rows = C.LETTER_CELLS + 2
    panel, _, frame = _SIGN_STYLES.get(style, (tuple(PANEL), None, None))
    array = np.empty(((rows + C.POST_CELLS) * patch, columns * patch, 3), np.float32)
    array[:] = panel if style in _SIGN_STYLES else 1.0
    rgb = np.array(frame or (INK_RGB if style == "neon" else SIGN_RGB)[colour], np.float32)
    middle = columns * patch // 2
    array[rows * patch - 8 :, middle - 7 : middle + 7] = rgb * 0.72
    board = array[4 : rows * patch - 4, 4 * border : columns * patch - 4 * border]
    board[:] = rgb
    board[5:-5, 5 * border : board.shape[1] - 5 * border] = panel
    return array


@lru_cache(maxsize=None)
def sign_cover(letters: int) -> NDArray[np.bool_]:
    """Which cells of its block a sign touches, [7, columns]."""
    columns = C.LETTER_CELLS * letters + 2 * sign_border(letters)
    cells = np.ones((C.LETTER_CELLS + 2 + C.POST_CELLS, columns), bool)
    cells[-C.POST_CELLS :] = False
    cells[-C.POST_CELLS :, columns // 2 - 1 : columns // 2 + 1] = True
    return cells


def sign(text: str, colour: str, style: str = "3d") -> Array:
    """A whole sign, [112, 16 * columns, 3]."""
    array = sign_blank(len(text), colour, style).copy()
    patch, side = C.DRAW_PATCH, C.LETTER_CELLS * C.DRAW_PATCH
    for index, character in enumerate(text):
        x = sign_border(len(text)) * patch + index * side
        array[patch : patch + side, x : x + side] = letter(character, style)
    return array


def shrink(array: Array) -> Array:
    """2 x 2 mean: [2h, 2w, c] -> [h, w, c]."""
    h, w, c = array.shape
    return array.reshape(h // 2, 2, w // 2, 2, c).mean((1, 3))

"""Contact sheets of pairs, with the oracle's verdicts."""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..world import config as C
from ..world.pair_sets import Prompt
from ..world.sprites import Array


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

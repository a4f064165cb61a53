"""Error rates of the oracle on fresh random scenes: how much ground truth it rejects, and how many single faults it accepts.

Pictures are what a model's tokens would give: codes of the layout, drawn by the pixel decoder.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Callable

import numpy as np
import torch

from ..model.decoder_net import PixelDecoder
from ..model.tokenizer import Tokens, background_tokens, centroids, encode, layout_tokens, letter_tokens, on_background
from ..world import config as C
from ..world.draws import any_pair
from ..world.scenes import Layout, Placed, PlacedSign, Scene, lay_out
from ..world.sprites import Array, SpriteKey, shrink
from .verdict import faults

# Shares of a sprite's cells that a mixture replaces, from and to; and the mean square difference of two codes' patches that is seen.
MIXED = (0.25, 0.5)
VISIBLE = 0.005


@dataclass(frozen=True)
class Case:
    """Codes [12, 12] that do, or do not, show the scene; ``kind`` is "truth" or the name of the single fault."""

    category: str
    kind: str
    scene: Scene
    tokens: Tokens


def _cells(placed: Placed) -> set[tuple[int, int]]:
    return {(x, y) for x in range(placed.x, placed.x + placed.key.size) for y in range(placed.y, placed.y + placed.key.rows)}


def _free(placed: Placed, others: list[Placed]) -> bool:
    inside = placed.x >= 0 and placed.y >= 0 and placed.x + placed.key.size <= C.COLUMNS and placed.y + placed.key.rows <= C.ROWS
    return inside and not any(_cells(placed) & _cells(other) for other in others)


def _somewhere(random: Random, key: SpriteKey, others: list[Placed], rows: list[int] | None = None) -> Placed | None:
    """The sprite at a random place that shares no cell with the others."""
    options = [Placed(key, x, y) for x in range(C.COLUMNS) for y in (rows or range(C.ROWS))]
    options = [p for p in options if _free(p, others)]
    return random.choice(options) if options else None


def _with(layout: Layout, index: int, placed: Placed) -> Layout:
    sprites = list(layout.sprites)
    sprites[index] = placed
    return replace(layout, sprites=tuple(sprites))


def _removed(random: Random, scene: Scene, layout: Layout) -> Layout | None:
    if not layout.sprites:
        return None
    index = random.randrange(len(layout.sprites))
    return replace(layout, sprites=layout.sprites[:index] + layout.sprites[index + 1 :])


def _added(random: Random, scene: Scene, layout: Layout) -> Layout | None:
    """Another copy, the absent object, or any object."""
    if not layout.sprites:
        return None
    old = random.choice(layout.sprites).key
    name = scene.without or random.choice([old.name, random.choice(C.NAMES)])
    colour = C.BY_NAME[name].colour if layout.style == "3d" else None
    size = random.choice([C.SIZE_SMALL, C.SIZE_PART])
    placed = _somewhere(random, SpriteKey(name, colour, size, style=layout.style), list(layout.sprites))
    return placed and replace(layout, sprites=(*layout.sprites, placed))


def _exchanged(random: Random, scene: Scene, layout: Layout) -> Layout | None:
    """Another object in the place of one."""
    if not layout.sprites:
        return None
    index = random.randrange(len(layout.sprites))
    old = layout.sprites[index]
    other = C.BY_NAME[random.choice([n for n in C.NAMES if n != old.key.name])]
    colour = (old.key.colour or other.colour) if other.colour and layout.style == "3d" else None
    key = SpriteKey(other.name, colour, old.key.size, style=layout.style)
    return _with(layout, index, Placed(key, old.x, old.y + old.key.rows - old.key.size))


def _recoloured(random: Random, scene: Scene, layout: Layout) -> Layout | None:
    """A colour that is spoken, or that the object always has, changed."""
    if layout.sign:
        if not scene.sign_colour:
            return None
        return replace(layout, sign=replace(layout.sign, colour=random.choice([c for c in C.COLOURS if c != scene.sign_colour])))
    spoken = {item.name for item in scene.items if item.colour or not C.BY_NAME[item.name].free}
    options = [i for i, p in enumerate(layout.sprites) if p.key.colour and p.key.name in spoken]
    if not options:
        return None
    index = random.choice(options)
    old = layout.sprites[index]
    key = replace(old.key, colour=random.choice([c for c in C.COLOURS if c != old.key.colour]))
    return _with(layout, index, replace(old, key=key))


def _holds(relation: str, one: Placed, two: Placed) -> bool:
    """Do the boxes' centres lie as said, even loosely?"""
    dx, dy = (two.x + two.key.size / 2) - (one.x + one.key.size / 2), (two.y + two.key.size / 2) - (one.y + one.key.size / 2)
    along, across = {"left": (dx, dy), "right": (-dx, dy), "above": (dy, dx), "below": (-dy, dx)}[relation]
    return along > 0 and along > abs(across)


def _moved(random: Random, scene: Scene, layout: Layout) -> Layout | None:
    """To where the relation does not hold, or off the ground."""
    if scene.relation:
        index = random.randrange(2)
        old, other = layout.sprites[index], layout.sprites[1 - index]
        for _ in range(40):
            new = _somewhere(random, old.key, [other])
            if new and not _holds(scene.relation, *((new, other) if index == 0 else (other, new))):
                return _with(layout, index, new)
        return None
    if scene.place:
        index = random.randrange(len(layout.sprites))
        old = layout.sprites[index]
        rows = [y for y in range(C.ROWS) if not -1 <= y - old.y <= 1]
        new = _somewhere(random, old.key, [p for p in layout.sprites if p != old], rows)
        return new and _with(layout, index, new)
    return None


def _overlapping(random: Random, scene: Scene, layout: Layout) -> Layout | None:
    """One sprite moved onto another, a quarter of whose cells it hides."""
    if len(layout.sprites) < 2:
        return None
    index, other = random.sample(range(len(layout.sprites)), 2)
    old, under = layout.sprites[index], layout.sprites[other]
    places = [Placed(old.key, x, y) for x in range(C.COLUMNS - old.key.size + 1) for y in range(C.ROWS - old.key.rows + 1)]
    places = [p for p in places if len(_cells(p) & _cells(under)) >= len(_cells(under)) / 4]
    sprites = [p for i, p in enumerate(layout.sprites) if i != index]
    return replace(layout, sprites=(*sprites, random.choice(places)))


def _letter_changed(random: Random, scene: Scene, layout: Layout) -> Layout | None:
    if layout.sign is None:
        return None
    text, index = layout.sign.text, random.randrange(len(layout.sign.text))
    letter = random.choice([c for c in C.LETTERS if c != text[index]])
    return replace(layout, sign=replace(layout.sign, text=text[:index] + letter + text[index + 1 :]))


def _letter_count(random: Random, scene: Scene, layout: Layout) -> Layout | None:
    """A letter more or less, the board with it."""
    if layout.sign is None:
        return None
    text = layout.sign.text
    longer = len(text) == 1 or len(text) < C.MAX_LETTERS and random.random() < 0.5
    text = text + random.choice(C.LETTERS) if longer else text[:-1]
    return replace(layout, sign=PlacedSign(text, layout.sign.colour, random.choice([0, 1]), layout.sign.y))


def _respoken(change: Callable[[Random, Scene], Scene | None]) -> Callable[[Random, Scene, Layout], Layout | None]:
    """A fault that is the drawing of another record, all else as near as its layout allows."""

    def fault(random: Random, scene: Scene, layout: Layout) -> Layout | None:
        other = change(random, scene)
        return other and lay_out(other, random.getrandbits(40))

    return fault


def _item_changed(random: Random, scene: Scene, aspect: str, options: tuple[str | None, ...]) -> Scene | None:
    spoken = [i for i, item in enumerate(scene.items) if getattr(item, aspect)]
    if not spoken:
        return None
    items = list(scene.items)
    if aspect == "size" and len(items) == 2:  # one is big, one is small
        return replace(scene, items=(replace(items[0], size=items[1].size), replace(items[1], size=items[0].size)))
    index = random.choice(spoken)
    old = getattr(items[index], aspect)
    items[index] = replace(items[index], **{aspect: random.choice([o for o in options if o != old])})
    return replace(scene, items=tuple(items))


def _style_changed(random: Random, scene: Scene) -> Scene | None:
    return replace(scene, style=random.choice([s for s in C.STYLES if s != scene.style])) if scene.style else None


def _place_changed(random: Random, scene: Scene) -> Scene | None:
    return replace(scene, place=random.choice([p for p in C.PLACES if p != scene.place])) if scene.place else None


FAULTS: dict[str, Callable[[Random, Scene, Layout], Layout | None]] = {
    "removed": _removed,
    "added": _added,
    "exchanged": _exchanged,
    "recoloured": _recoloured,
    "moved": _moved,
    "overlapping": _overlapping,
    "letter changed": _letter_changed,
    "letter more or less": _letter_count,
    "size": _respoken(lambda r, s: _item_changed(r, s, "size", ("big", "small"))),
    "pattern": _respoken(lambda r, s: _item_changed(r, s, "pattern", C.PATTERNS)),
    "accessory": _respoken(lambda r, s: _item_changed(r, s, "accessory", (None, *C.ACCESSORIES))),
    "style": _respoken(_style_changed),
    "place": _respoken(_place_changed),
}


def _placed_tokens(layout: Layout, placed: Placed) -> Tokens:
    return encode(shrink(on_background(placed, layout.style, layout.place)))


def _mixed(random: Random, layout: Layout, tokens: Tokens, how: str) -> tuple[Tokens, bool] | None:
    """Cells of one sprite replaced by those of another sprite, colour or facing, or by the empty background.

    Also whether the replaced cells that look different are enough of the sprite.
    """
    placed = random.choice(layout.sprites)
    key, rows, columns = placed.key, placed.key.rows, placed.key.size
    block = slice(placed.y, placed.y + rows), slice(placed.x, placed.x + columns)
    own = tokens[block]
    if how == "of another object":
        name = random.choice([n for n in C.NAMES if n != key.name])
        colour = C.BY_NAME[name].colour if layout.style == "3d" else None
        other_key = SpriteKey(name, colour, key.size, style=layout.style)
        other = _placed_tokens(layout, Placed(other_key, placed.x, placed.y + rows - key.size))
        other = np.concatenate([own[: rows - key.size], other])
    elif how == "of another colour":
        if not key.colour:
            return None
        changed = replace(key, colour=random.choice([c for c in C.COLOURS if c != key.colour]))
        other = _placed_tokens(layout, replace(placed, key=changed))
    elif how == "of the other facing":
        if not C.BY_NAME[key.name].mirrored:
            return None
        other = _placed_tokens(layout, replace(placed, key=replace(key, mirrored=not key.mirrored)))
    else:
        other = background_tokens(layout.style, layout.place)[block]
    different = np.argwhere(own != other)
    least, most = math.ceil(MIXED[0] * own.size), int(MIXED[1] * own.size)
    if len(different) < least:
        return None
    if random.random() < 0.5:  # scattered cells, or from one side
        random.shuffle(different)  # type: ignore[arg-type]
    chosen = different[: random.randint(least, min(most, len(different)))]
    out = tokens.copy()
    out[block][tuple(chosen.T)] = other[tuple(chosen.T)]
    looks_different = (centroids()[out[block]] - centroids()[own]).square().mean(-1) > VISIBLE
    return out, int(looks_different.sum()) >= least


def _half_letter(random: Random, layout: Layout, tokens: Tokens) -> Tokens | None:
    """Two quadrants of a letter from another one."""
    sign = layout.sign
    if sign is None:
        return None
    index = random.randrange(len(sign.text))
    x, y = sign.x + 1 + index * C.LETTER_CELLS, sign.y + 1
    own = letter_tokens(sign.text[index])
    other = letter_tokens(random.choice(C.LETTERS))
    different = np.argwhere(own != other)
    if len(different) < 2:
        return None
    out = tokens.copy()
    for dy, dx in random.sample(different.tolist(), 2):
        out[y + dy, x + dx] = other[dy, dx]
    return out


def cases(seed: str, scenes: int) -> list[Case]:
    """Ground truth of ``scenes`` random scenes a category, their siblings' pictures, and one picture of every fault that applies."""
    out: list[Case] = []
    for category in C.CATEGORIES:
        random = Random(f"oracle {seed} {category}")
        for _ in range(scenes):
            scene, sibling = any_pair(random, category)
            drawing = random.getrandbits(40)
            layout = lay_out(scene, drawing)
            tokens = layout_tokens(layout)
            out.append(Case(category, "truth", scene, tokens))
            out.append(Case(category, "sibling", scene, layout_tokens(lay_out(sibling, drawing))))
            for kind, fault in FAULTS.items():
                if wrong := fault(random, scene, layout):
                    out.append(Case(category, kind, scene, layout_tokens(wrong)))
            if layout.sprites:
                how = random.choice(["of another object", "of another object", "of another colour", "of the other facing", "missing"])
                if mixture := _mixed(random, layout, tokens, how):
                    mixed, seen = mixture
                    out.append(Case(category, f"cells {how}" + ("" if seen else ", hardly seen"), scene, mixed))
            elif (mixed := _half_letter(random, layout, tokens)) is not None:
                out.append(Case(category, "half a letter", scene, mixed))
    return out


@torch.no_grad()
def drawn(tokens: list[Tokens], net: PixelDecoder | None) -> list[Array]:
    """Pictures [192, 192, 3] by the pixel decoder, or by the codebook's own patches."""
    out: list[Array] = []
    for start in range(0, len(tokens), 32):
        codes = torch.from_numpy(np.stack(tokens[start : start + 32]))
        if net is not None:
            out += list(net(codes.flatten(1)).clamp(0, 1).permute(0, 2, 3, 1).numpy())
            continue
        patches = centroids()[codes].view(-1, C.ROWS, C.COLUMNS, C.PATCH, C.PATCH, 3).permute(0, 1, 3, 2, 4, 5)
        small = patches.reshape(-1, C.ROWS * C.PATCH, C.COLUMNS * C.PATCH, 3)
        out += list(small.repeat_interleave(2, 1).repeat_interleave(2, 2).numpy())
    return out


def rate(wrong: int, of: int) -> dict[str, float]:
    """Share with its standard error."""
    share = wrong / of
    return {"pictures": of, "share": round(share, 4), "standardError": round(math.sqrt(share * (1 - share) / of), 4)}


def main(arguments: list[str]) -> None:
    """Prints what the oracle gets wrong, and writes runs/v2/oracle.json."""
    parser = argparse.ArgumentParser(prog="python -m pairscope oracle report", description=main.__doc__)
    parser.add_argument("--scenes", type=int, default=100, help="scenes of each category")
    parser.add_argument("--seed", default="report")
    parser.add_argument("--codebook", action="store_true", help="draw with the codebook's own patches instead of the decoder")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=C.RUNS / "oracle.json")
    a = parser.parse_args(arguments)
    torch.set_num_threads(a.threads)
    net = None
    if not a.codebook:
        net = PixelDecoder(len(centroids()))
        net.load_state_dict(torch.load(C.RUNS / "decoder.pt", weights_only=True)["state_dict"])
        net.eval()
    items = cases(a.seed, a.scenes)
    total: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    seconds = 0.0
    for start in range(0, len(items), 64):
        part = items[start : start + 64]
        images = drawn([case.tokens for case in part], net)
        started = time.process_time()
        for case, image in zip(part, images, strict=True):
            found = faults(case.scene, image)
            for group in (case.category, "all"):
                total[case.kind, group] += 1
                wrong[case.kind, group] += bool(found) == (case.kind == "truth")
            if bool(found) == (case.kind == "truth"):
                print(case.kind, case.scene, found)
        seconds += time.process_time() - started
    kinds = list(dict.fromkeys(case.kind for case in items))
    result = {
        "seed": a.seed,
        "drawnBy": "codebook" if net is None else "decoder",
        "picturesPerSecond": round(len(items) / seconds, 1),
        "truthRejected": {g: rate(wrong["truth", g], total["truth", g]) for g in (*C.CATEGORIES, "all")},
        "faultsAccepted": {k: rate(wrong[k, "all"], total[k, "all"]) for k in kinds if k != "truth"},
        "allFaultsAccepted": {
            g: rate(sum(wrong[k, g] for k in kinds if k != "truth"), sum(total[k, g] for k in kinds if k != "truth"))
            for g in (*C.CATEGORIES, "all")
        },
    }
    a.out.write_text(json.dumps(result, indent=1) + "\n")
    for title in ("truthRejected", "faultsAccepted", "allFaultsAccepted"):
        print(title)
        for name, entry in result[title].items():  # type: ignore[attr-defined]
            print(f"  {name:32} {entry['pictures']:6} {100 * entry['share']:6.2f} % +- {100 * entry['standardError']:.2f}")
    print(result["picturesPerSecond"], "pictures a second")

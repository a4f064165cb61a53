"""Combinations that no training caption ever names, and the held-out set made of them.

Held out are (object, colour), (first object, relation) and sign texts, chosen by a checksum so that the list is the same
everywhere.  A drawing may still show a held-out combination that its caption does not name: "a car" may happen to be drawn in any colour, and
some captions lack one of a combination's two words.
"""

from __future__ import annotations

import zlib

from .scenes import Scene

_ONE_IN = 12


def _chosen(*parts: str) -> bool:
    return zlib.crc32("|".join(parts).encode()) % _ONE_IN == 0


def held_out_colour(name: str, colour: str) -> bool:
    """No training caption names this object with this colour."""
    return _chosen("colour", name, colour)


def held_out_relation(name: str, relation: str) -> bool:
    """No training caption says that this object is <relation> another."""
    return _chosen("relation", name, relation)


def held_out_text(text: str) -> bool:
    """No training sign shows this text; single letters are never held out."""
    return len(text) > 1 and _chosen("text", text)


def held_out(scene: Scene) -> list[str]:
    """Which held-out combinations a scene names; empty for every training scene."""
    found = [f"{item.colour} {item.name}" for item in scene.items if item.colour and held_out_colour(item.name, item.colour)]
    if scene.relation and scene.items and held_out_relation(scene.items[0].name, scene.relation):
        found.append(f"{scene.items[0].name} {scene.relation}")
    if scene.text and held_out_text(scene.text):
        found.append(f'"{scene.text}"')
    return found

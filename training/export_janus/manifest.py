"""`manifest.json` of an exported folder: every file's size and SHA-256, and what a reader must know of the model."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from .checkpoint import Checkpoint

DEFAULTS = {"guidanceWeight": 5, "temperature": 1, "topK": 0, "topP": 1, "plausibility": 0, "coupling": "coupled"}
"""The official sampling: guidance 5, temperature 1, no truncation."""
LICENCES = [
    {
        "of": "weights",
        "licence": "DeepSeek Model License",
        "notice": "Use restrictions apply: https://github.com/deepseek-ai/DeepSeek-LLM/blob/HEAD/LICENSE-MODEL",
    }
]
RANDOM_LICENCES = [{"of": "weights", "licence": "MIT", "notice": "Random weights, for tests."}]


def entry(path: Path) -> dict[str, Any]:
    """Size and SHA-256 of one file, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 22):
            digest.update(piece)
    return {"bytes": path.stat().st_size, "sha256": digest.hexdigest()}


def description(checkpoint: Checkpoint, name: str, title: str, random: bool) -> dict[str, Any]:
    """What both layouts say of a model."""
    s = checkpoint.shape
    return {
        "name": name,
        "title": title,
        "grid": {"rows": s.grid, "columns": s.grid},
        "codes": s.codes,
        "image": {"width": s.picture_size, "height": s.picture_size},
        "positions": s.positions,
        "textTokens": s.vocabulary,
        "layers": s.layers,
        "heads": s.heads,
        "headSize": s.head_size,
        "defaults": DEFAULTS,
        "licences": RANDOM_LICENCES if random else LICENCES,
    }


def write_manifest(folder: Path, value: dict[str, Any]) -> Path:
    """Writes the folder's `manifest.json`."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")
    return path


def write_hub_manifest(folder: Path, about: dict[str, Any]) -> Path:
    """For the hub's layout: files by path."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json")
    files = {p.relative_to(folder).as_posix(): entry(p) for p in paths}
    return write_manifest(folder, {"format": 1, "layout": "hub", **about, "files": files})

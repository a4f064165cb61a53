"""Writes a model folder: graphs, shared weights, companions, and the manifest that names every byte."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..model.weights import ModelWeights
from .graphs import chunk_graph, step_graph
from .onnx_graph import Weights

ROLES = {
    "graph.webgpu": "step.onnx",
    "graph.cpu": "chunk.onnx",
    "weights": "weights.bin",
    "decoder": "decoder.onnx",
    "text": "text.json",
    "codebook": "codebook.png",
    "centroids": "centroids.bin",
    "vocabulary": "vocabulary.json",
    "card": "model-card.json",
    "contactSheet": "contact-sheet.png",
}
"""Role in the manifest -> file name; the first three are made here, the others are companions, the last is optional."""


@dataclass(frozen=True)
class Description:
    """What the manifest says beyond shapes and files."""

    name: str
    title: str
    parameters: int
    image: tuple[int, int]  # width, height
    background_code: int
    near_code_distance: float
    defaults: dict[str, Any]
    licences: list[dict[str, str]]


def write_graphs(model: ModelWeights, folder: Path) -> None:
    """`step.onnx`, `chunk.onnx` and the `weights.bin` that both read."""
    weights = Weights()
    step_graph(model, weights).save(folder / ROLES["graph.webgpu"])
    chunk_graph(model, weights).save(folder / ROLES["graph.cpu"])
    weights.save(folder)


def manifest_of(model: ModelWeights, description: Description, folder: Path) -> bytes:
    """Canonical bytes of manifest.json for the files in a folder."""
    c = model.config
    files = {}
    for role, file_name in ROLES.items():
        if role == "contactSheet" and not (folder / file_name).exists():
            continue
        data = (folder / file_name).read_bytes()
        files[role] = {"path": file_name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    width, height = description.image
    manifest = {
        "format": 1,
        "layout": "fused",
        "name": description.name,
        "title": description.title,
        "weightType": f"int{model.bits}",
        "parameters": description.parameters,
        "grid": {"rows": c.rows, "columns": c.columns},
        "codes": c.codes,
        "image": {"width": width, "height": height},
        "prefixLength": c.prefix_length,
        "textTokens": c.text_tokens,
        "layers": c.layers,
        "heads": c.heads,
        "headSize": c.head_dim,
        "backgroundCode": description.background_code,
        "nearCodeDistance": description.near_code_distance,
        "defaults": description.defaults,
        "files": files,
        "licences": description.licences,
    }
    return (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode()


def write_folder(
    out: Path, model: ModelWeights, description: Description, companions: dict[str, bytes], plain: bool = False
) -> Path:
    """Writes `out/<name>@<hash>/` (or `out` itself when `plain`) and returns it.

    Files appear under their final name only once all of them are there.
    """
    out.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".new-", dir=out.parent if plain else out))
    try:
        write_graphs(model, work)
        for role, data in companions.items():
            (work / ROLES[role]).write_bytes(data)
        manifest = manifest_of(model, description, work)
        (work / "manifest.json").write_bytes(manifest)
        work.chmod(0o755)
        digest = hashlib.sha256(manifest).hexdigest()[:16]
        folder = out if plain else out / f"{description.name}@{digest}"
        shutil.rmtree(folder, ignore_errors=True)
        work.rename(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return folder


# What shows recorded tokens: an archived model keeps these files and its manifest.
_SHOWN_BY = ("decoder", "codebook")


def archive(folder: Path) -> None:
    """Leaves of a model folder what opens links that were made with it."""
    kept = {"manifest.json", *(ROLES[role] for role in _SHOWN_BY)}
    for path in folder.iterdir():
        if path.name not in kept:
            path.unlink()


def read_index(out: Path) -> dict[str, Any]:
    """`index.json` as it is; empty where there is none."""
    path = out / "index.json"
    return json.loads(path.read_text()) if path.exists() else {}


def write_index(out: Path, default: str, others: list[str], roles: dict[str, str] | None = None, archived: list[str] | None = None) -> None:
    """`index.json`: which model draws, which others can, which of them have a role, and which are archived besides those that are already; what it says of judges stays."""
    index = read_index(out)
    index |= {"default": default, "models": list(dict.fromkeys([default, *others]))}
    if archived:
        index["archived"] = list(dict.fromkeys([*archived, *index.get("archived", [])]))
    if roles := index.get("roles", {}) | (roles or {}):
        index["roles"] = roles
    (out / "index.json").write_text(json.dumps(index, indent=1) + "\n")

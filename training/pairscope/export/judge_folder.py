"""Writes the judge's folder as it is served, `judge@<hash>/`, and lists it in index.json: `python -m pairscope export judge-folder`.

The folder holds the graph and labels of `pairscope export judge`, and a manifest that names them and the codebook whose tokens the
judge reads, by the SHA-256 of that model's centroids.bin (docs/model-layout.md, "Judges").
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from ..judge.train import JUDGE
from ..world import config as C
from .licences import EMBEDDED

NAME, TITLE = "judge", "Pairscope judge"
ROLES = {"graph": "judge.onnx", "labels": "judge.json"}


def manifest_of(source: Path, centroids: Path) -> dict[str, Any]:
    """What manifest.json says; ValueError where the two files do not belong together."""
    files = {}
    for role, name in ROLES.items():
        data = (source / name).read_bytes()
        files[role] = {"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    labels = json.loads((source / ROLES["labels"]).read_text())
    if labels["graph"]["sha256"] != files["graph"]["sha256"]:
        raise ValueError(f"{source}: judge.json describes another graph than judge.onnx; export the judge again.")
    vectors = centroids.read_bytes()
    if len(vectors) % (2 * labels["codes"]):
        raise ValueError(f"{centroids} does not hold {labels['codes']} codes, which this judge reads.")
    return {
        "format": 1,
        "kind": "judge",
        "name": NAME,
        "title": TITLE,
        "codebook": {"codes": labels["codes"], "sha256": hashlib.sha256(vectors).hexdigest()},
        "files": files,
        "licences": EMBEDDED,
    }


def write_folder(source: Path, centroids: Path, out: Path) -> Path:
    """Writes `out/judge@<hash>/`, lists it in `out/index.json`, and removes what it takes the place of: judges of the same codebook."""
    index = json.loads((out / "index.json").read_text())
    description = manifest_of(source, centroids)
    manifest = (json.dumps(description, indent=1, ensure_ascii=False) + "\n").encode()
    folder = out / f"{NAME}@{hashlib.sha256(manifest).hexdigest()[:16]}"
    work = Path(tempfile.mkdtemp(prefix=".new-", dir=out))
    try:
        for name in ROLES.values():
            shutil.copyfile(source / name, work / name)
        (work / "manifest.json").write_bytes(manifest)
        work.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        work.rename(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    kept, replaced = [], []
    for name in index.get("judges", []):
        path = out / name / "manifest.json"
        if name == folder.name or not path.exists():
            continue
        same = json.loads(path.read_text())["codebook"]["sha256"] == description["codebook"]["sha256"]
        (replaced if same else kept).append(name)
    index["judges"] = [folder.name, *kept]
    (out / "index.json").write_text(json.dumps(index, indent=1) + "\n")
    for name in replaced:
        shutil.rmtree(out / name)
    return folder


def main(arguments: list[str]) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m pairscope export judge-folder", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judge", type=Path, default=JUDGE, help="folder of judge.onnx and judge.json")
    parser.add_argument("--centroids", type=Path, default=C.RUNS / "export" / "centroids.bin", help="of the model whose tokens it reads")
    parser.add_argument("--out", type=Path, default=C.ROOT.parent / "public" / "models")
    a = parser.parse_args(arguments)
    print(write_folder(a.judge, a.centroids, a.out))

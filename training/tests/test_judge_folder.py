"""The judge's folder as it is served."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from pairscope.export.folder import write_index
from pairscope.export.judge_folder import manifest_of, write_folder

CODES = 16


def exported(folder: Path, graph: bytes) -> Path:
    """Files that stand for an exported judge's."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "judge.onnx").write_bytes(graph)
    labels = {"graph": {"sha256": hashlib.sha256(graph).hexdigest()}, "codes": CODES}
    (folder / "judge.json").write_text(json.dumps(labels))
    return folder


def centroids(path: Path, fill: int) -> Path:
    path.write_bytes(bytes([fill]) * CODES * 2 * 3)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    models = tmp_path / "models"
    models.mkdir()
    (models / "index.json").write_text(json.dumps({"default": "m@0123456789abcdef", "models": ["m@0123456789abcdef"]}))
    return models


def judges(out: Path) -> list[str]:
    return json.loads((out / "index.json").read_text())["judges"]


def test_the_folder_is_named_by_its_manifest_and_listed(tmp_path: Path, out: Path) -> None:
    folder = write_folder(exported(tmp_path / "judge", b"graph"), centroids(tmp_path / "c.bin", 1), out)
    manifest = (folder / "manifest.json").read_bytes()
    assert folder.name == f"judge@{hashlib.sha256(manifest).hexdigest()[:16]}"
    said = json.loads(manifest)
    for file in said["files"].values():
        data = (folder / file["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    assert said["codebook"] == {"codes": CODES, "sha256": hashlib.sha256((tmp_path / "c.bin").read_bytes()).hexdigest()}
    assert judges(out) == [folder.name]
    assert json.loads((out / "index.json").read_text())["default"] == "m@0123456789abcdef"


def test_a_judge_takes_the_place_of_one_for_the_same_codebook_only(tmp_path: Path, out: Path) -> None:
    here, there = centroids(tmp_path / "here.bin", 1), centroids(tmp_path / "there.bin", 2)
    first = write_folder(exported(tmp_path / "one", b"one"), here, out)
    other = write_folder(exported(tmp_path / "one", b"one"), there, out)
    second = write_folder(exported(tmp_path / "two", b"two"), here, out)
    assert judges(out) == [second.name, other.name]
    assert not first.exists() and other.exists()
    again = write_folder(exported(tmp_path / "two", b"two"), here, out)
    assert again == second and judges(out) == [second.name, other.name]


def test_a_new_index_of_models_keeps_the_judges(tmp_path: Path, out: Path) -> None:
    folder = write_folder(exported(tmp_path / "judge", b"graph"), centroids(tmp_path / "c.bin", 1), out)
    write_index(out, "m@fedcba9876543210", [])
    assert judges(out) == [folder.name]
    assert json.loads((out / "index.json").read_text())["models"] == ["m@fedcba9876543210"]


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path, out: Path) -> None:
    source = exported(tmp_path / "judge", b"graph")
    (source / "judge.onnx").write_bytes(b"another")
    with pytest.raises(ValueError, match="another graph"):
        manifest_of(source, centroids(tmp_path / "c.bin", 1))
    (tmp_path / "short.bin").write_bytes(b"123")
    with pytest.raises(ValueError, match="does not hold 16 codes"):
        manifest_of(exported(tmp_path / "judge", b"graph"), tmp_path / "short.bin")
    assert "judges" not in json.loads((out / "index.json").read_text())

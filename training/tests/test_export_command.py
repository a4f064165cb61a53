"""The export command on a run with random weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pairscope.export import command, tiny
from pairscope.export.folder import ROLES
from pairscope.model.language_model import save_checkpoint


@pytest.fixture
def run(tmp_path: Path) -> Path:
    model, _ = tiny.tiny_model()
    folder = tmp_path / "run"
    (folder / "export").mkdir(parents=True)
    save_checkpoint(str(folder / "lm.pt"), model, step=3)
    files = tiny.companions_of(model.config, tiny.tiny_text(), {"objects": []}, 8)
    for role, name in command.SOURCES.items():
        if role in files:
            (folder / "export" / name).write_bytes(files[role])
    return folder


def export(*arguments: str | Path) -> None:
    command.main(["--block", "32", "--no-check", *map(str, arguments)])


def test_defaults_come_from_the_finished_run(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "models"
    (run / "DONE").write_text(json.dumps({"defaults": {"guidance": 2.5, "mask": 0.05, "temperature": 0.9}}))
    (run / "shipped.json").write_text(json.dumps({"right": 0.5}))
    export("--run", run, "--out", out)
    index = json.loads((out / "index.json").read_text())
    folder = out / index["default"]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert index["models"] == [folder.name] and set(manifest["files"]) == set(ROLES) - {"contactSheet"}
    assert manifest["defaults"]["guidanceWeight"] == 2.5 and manifest["defaults"]["plausibility"] == 0.05
    assert manifest["image"] == {"width": 48, "height": 48}
    assert json.loads((folder / "model-card.json").read_text())["asShipped"] == {"right": 0.5}


def test_exporting_twice_gives_the_same_bytes(run: Path, tmp_path: Path) -> None:
    arguments = ("--run", run, "--guidance", "2", "--mask", "0.1")
    for name in ("one", "two"):
        export(*arguments, "--out", tmp_path / name)
    assert (tmp_path / "one/index.json").read_bytes() == (tmp_path / "two/index.json").read_bytes()


def test_other_models_stay_unless_replaced(run: Path, tmp_path: Path) -> None:
    out, common = tmp_path / "models", ("--run", run, "--mask", "0.1")
    export(*common, "--out", out, "--guidance", "2")
    export(*common, "--out", out, "--guidance", "3")
    assert len(json.loads((out / "index.json").read_text())["models"]) == 2
    export(*common, "--out", out, "--guidance", "4", "--replace")
    index = json.loads((out / "index.json").read_text())
    assert [p.name for p in out.glob("*@*")] == index["models"] == [index["default"]]


def test_an_archived_model_keeps_what_opens_its_links(run: Path, tmp_path: Path) -> None:
    out, common = tmp_path / "models", ("--run", run, "--mask", "0.1", "--archive")
    made = []
    for guidance in ("2", "3", "4"):
        export(*common, "--out", out, "--guidance", guidance)
        made.append(json.loads((out / "index.json").read_text())["default"])
    index = json.loads((out / "index.json").read_text())
    assert index["models"] == [made[2]] and index["archived"] == [made[1], made[0]]
    for name in made[:2]:
        assert {p.name for p in (out / name).iterdir()} == {"manifest.json", "decoder.onnx", "codebook.png"}


def test_an_unfinished_run_needs_settings(run: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="--guidance"):
        export("--run", run, "--out", tmp_path / "models")


def test_models_with_a_role_and_of_other_names_stay(run: Path, tmp_path: Path) -> None:
    out, common = tmp_path / "models", ("--run", run, "--mask", "0.1")
    export(*common, "--out", out, "--guidance", "2")
    base = json.loads((out / "index.json").read_text())["default"]
    export(*common, "--out", out, "--guidance", "2", "--name", "pair-grpo")
    tuned = json.loads((out / "index.json").read_text())["default"]
    roles = {"base": base, "pair-grpo": tuned}
    (out / "index.json").write_text(json.dumps({"default": base, "models": [base, tuned], "judges": ["judge@0"], "roles": roles}))
    export(*common, "--out", out, "--guidance", "3", "--replace")
    index = json.loads((out / "index.json").read_text())
    assert index == {"default": index["default"], "models": [index["default"], base, tuned], "judges": ["judge@0"], "roles": roles}
    assert index["default"] not in (base, tuned) and all((out / name).is_dir() for name in index["models"])

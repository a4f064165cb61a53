"""Janus in the fused layout: both graphs draw what Hugging Face's PyTorch model draws, and the self-check can fail."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from janus_fixtures import GOLDEN, checkpoint, hub, work
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from export_janus import __main__ as command
from export_janus import golden, selfcheck
from export_janus.checkpoint import Checkpoint
from export_janus.fused import write_fused
from export_janus.fused_network import WEIGHT_TYPES
from export_janus.fused_runtime import FusedRuntime
from export_janus.hub_runtime import prompt_rows
from export_janus.manifest import description
from export_janus.special_tokens import special_ids
from export_janus.streamed import Stored, streamed_logits

NUMBERS = [2, 3, 5, 6, 7, 8]
OWN = [*range(6), *range(9, 25)]


def export(weights: str, cpu: str = "auto") -> Path:
    folder = work() / f"fused-{weights}-{cpu}"
    if not folder.exists():
        opened = Checkpoint(checkpoint())
        write_fused(opened, folder, weights, description(opened, "tiny", "Tiny", True), cpu)
    return folder


@pytest.fixture(scope="module")
def chunk() -> FusedRuntime:
    return FusedRuntime(export("fp32"), "chunk")


@pytest.mark.parametrize("index", range(len(golden.CASES)))
@pytest.mark.parametrize("graph", ("chunk", "step"))
def test_a_pair_is_drawn_as_by_pytorch(graph: str, index: int) -> None:
    case, recorded = golden.CASES[index], json.loads((GOLDEN / "draws.json").read_text())["cases"][index]
    runtime = FusedRuntime(export("fp32"), graph)
    stats = runtime.draw(case.a, case.b, case.settings, case.cross_lanes, golden.forced_tokens(case, 64))
    assert stats[:, 0, 0].tolist() == recorded["tokens"]["a"]
    assert stats[:, 1, 0].tolist() == recorded["tokens"]["b"]
    known = np.array(recorded["stats"]).reshape(64, 2, 25)[:, :, NUMBERS]
    assert np.abs(np.minimum(stats[:, :, NUMBERS], 1e9) - np.minimum(known, 1e9)).max() < 1e-3


def test_chunking_changes_no_token(chunk: FusedRuntime) -> None:
    """Values of a run's own tokens are summed apart from earlier ones, so numbers differ by rounding."""
    case = golden.CASES[0]
    whole = chunk.draw(case.a, case.b, case.settings, steps=20, chunks=(20,))
    for chunks in ((1,), (1, 16), (5, 7)):
        stats = chunk.draw(case.a, case.b, case.settings, steps=20, chunks=chunks)
        assert np.array_equal(stats[:, :, :2], whole[:, :, :2])
        assert np.abs(stats[:, :, NUMBERS] - whole[:, :, NUMBERS]).max() < 1e-4


def test_with_fixed_slots_editing_one_prompt_leaves_the_other_side_alone(chunk: FusedRuntime) -> None:
    case = golden.CASES[0]
    first = chunk.draw(case.a, case.b, case.settings, steps=12, slots=96)
    for other in ("cat", golden.PROMPTS[3]):
        second = chunk.draw(case.a, other, case.settings, steps=12, slots=96)
        assert np.array_equal(first[:, 0, OWN], second[:, 0, OWN])
        assert not np.array_equal(first[:, 1, OWN], second[:, 1, OWN])


def test_cross_lanes_change_no_side(chunk: FusedRuntime) -> None:
    case = golden.CASES[0]
    with_cross, without = (chunk.draw(case.a, case.b, case.settings, cross, steps=12) for cross in (True, False))
    assert np.array_equal(with_cross[:, :, OWN], without[:, :, OWN])


@pytest.mark.parametrize(("weights", "cpu"), [("fp16", "auto"), ("q8", "auto"), ("q4", "packed"), ("q4f16", "auto"), ("q8f16", "packed")])
def test_each_weight_type_agrees_with_pytorch_on_the_same_values(weights: str, cpu: str) -> None:
    folder = export(weights, cpu)
    report = selfcheck.check_fused(Checkpoint(checkpoint()), folder, steps=3)
    assert report["chunk"]["largestDifference"] < 1e-4
    assert report["step"]["largestDifference"] < (0.06 if "16" in weights else 1e-4)
    graph = onnx.load(str(folder / "chunk.onnx"), load_external_data=False).graph
    (loop,) = [node for node in graph.node if node.op_type == "Loop"]
    (body,) = [attribute.g for attribute in loop.attribute if attribute.HasField("g")]
    assert ("MatMulNBits" in {node.op_type for node in body.node}) == (cpu == "packed")


def test_the_streamed_reference_is_hugging_faces_model() -> None:
    from janus_fixtures import reference

    prompts = [golden.PROMPTS[2], golden.PROMPTS[3]]
    tokens = np.random.default_rng(3).integers(0, 256, (2, 9))
    ids, mask = prompt_rows(Tokenizer.from_file(str(hub() / "tokenizer.json")), prompts, special_ids(hub() / "tokenizer.json"))
    stored = Stored.fused(WEIGHT_TYPES["fp32"])
    streamed = streamed_logits(Checkpoint(checkpoint()), stored, ids, mask, tokens.repeat(2, axis=0))
    assert np.abs(streamed - reference().logits(prompts, tokens)).max() < 1e-4


def test_the_self_check_finds_another_models_weights(tmp_path: Path) -> None:
    state = load_file(checkpoint() / "model.safetensors")
    state["model.language_model.layers.1.mlp.up_proj.weight"] += 0.02
    save_file(state, tmp_path / "changed.safetensors")
    changed = Checkpoint(checkpoint(), tmp_path / "changed.safetensors")
    with pytest.raises(selfcheck.ExportError):
        selfcheck.check_fused(changed, export("fp32"), steps=3)
    with pytest.raises(selfcheck.ExportError):
        selfcheck.check_hub(changed, hub(), "", steps=3)


def test_large_models_are_checked_by_their_first_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selfcheck, "FLOAT32_LIMIT", 1000)
    monkeypatch.setattr(selfcheck, "FIRST_LAYERS", 1)
    report = selfcheck.check_folder(Checkpoint(checkpoint()), export("fp32"))
    assert report["firstLayers"] == 1 and report["step"]["steps"] == selfcheck.STEPS


def test_the_decoder_gives_pictures_between_0_and_1() -> None:
    folder = export("fp32")
    assert selfcheck.check_decoder(Checkpoint(checkpoint()), folder)["largestDifference"] < 1e-4
    shape = onnx.load(str(folder / "decoder.onnx")).graph.output[0].type.tensor_type.shape.dim
    assert [d.dim_value for d in shape][1:] == [3, 16, 16]


def test_the_manifest_names_every_file_and_how_to_read_it() -> None:
    folder = export("q4f16")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {p.name for p in folder.iterdir()} == {"manifest.json", *(f["path"] for f in manifest["files"].values())}
    for file in manifest["files"].values():
        data = (folder / file["path"]).read_bytes()
        assert len(data) == file["bytes"] and hashlib.sha256(data).hexdigest() == file["sha256"]
    assert manifest["cacheType"] == "float16" and manifest["defaults"]["guidanceWeight"] == 5
    table = manifest["textEmbeddings"]
    rows = np.fromfile(folder / "text-embeddings.bin", table["type"]).reshape(table["rows"], table["columns"])
    assert np.array_equal(rows, Checkpoint(checkpoint()).tensor("model.language_model.embed_tokens.weight").astype("<f2"))


def test_weights_are_split_below_the_limit_and_still_load(tmp_path: Path) -> None:
    opened = Checkpoint(checkpoint())
    write_fused(opened, tmp_path, "q8", description(opened, "tiny", "Tiny", True), shard_bytes=40_000)
    shards = sorted(tmp_path.glob("weights.bin*"))
    assert len(shards) > 2 and all(s.stat().st_size <= 40_000 for s in shards)
    case = golden.CASES[0]
    drawn = [FusedRuntime(f, "chunk").draw(case.a, case.b, case.settings, steps=3) for f in (tmp_path, export("q8"))]
    assert np.array_equal(*drawn)


def test_step_graph_keeps_to_the_operators_of_the_embedded_models() -> None:
    """Those of the embedded model's graph, and three between floats; integers are only looked up by, never computed with."""
    seen = {
        "Abs", "Add", "ArgMax", "Cast", "Concat", "CumSum", "Div", "Erf", "Exp", "Gather", "GatherBlockQuantized",
        "GatherElements", "Greater", "GreaterOrEqual", "GroupQueryAttention", "Less", "Log", "MatMul", "MatMulNBits", "Max",
        "Mul", "Neg", "QuickGelu", "ReduceMax", "ReduceSum", "Relu", "Reshape", "ScatterElements",
        "SimplifiedLayerNormalization", "SkipSimplifiedLayerNormalization", "Slice", "Split", "Sub", "TopK", "Where",
    }  # fmt: skip
    for weights in ("fp32", "q4f16"):
        graph = onnx.load(str(export(weights) / "step.onnx"), load_external_data=False).graph
        assert {node.op_type for node in graph.node} <= seen
        integers = {"ids", "forced", "top_k", "cond_lane", "uncond_lane", "cross_lane", "lane_side"}
        for node in graph.node:
            if integers & set(node.input):
                assert node.op_type in {"Gather", "GatherBlockQuantized"}


def test_a_state_file_takes_the_place_of_the_checkpoints_parameters(tmp_path: Path) -> None:
    name = "model.generation_head.vision_head.bias"
    torch.save({"gen_head.vision_head.bias": torch.full((256,), 3.0)}, tmp_path / "tuned.pth")
    tuned = Checkpoint(checkpoint(), tmp_path / "tuned.pth")
    assert (tuned.tensor(name) == 3).all()
    other = "model.generation_head.vision_head.weight"
    assert np.array_equal(tuned.tensor(other), Checkpoint(checkpoint()).tensor(other))


def run(*words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["export_janus", *words])
    command.main()


def test_the_command_exports_and_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    run("fused", str(checkpoint()), str(tmp_path / "fused"), "--weights", "q8", "--random", monkeypatch=monkeypatch)
    assert '"stepsTooCloseToCall"' in capsys.readouterr().out
    run("hub", str(checkpoint()), str(tmp_path / "hub"), "--dtypes", "fp32,q4f16", "--name", "mine", monkeypatch=monkeypatch)
    assert '"language_model_q4f16"' in capsys.readouterr().out
    manifest = json.loads((tmp_path / "hub/manifest.json").read_text())
    assert (manifest["layout"], manifest["name"]) == ("hub", "mine")
    for path, file in manifest["files"].items():
        assert hashlib.sha256((tmp_path / "hub" / path).read_bytes()).hexdigest() == file["sha256"]
    shutil.copyfile(hub() / "onnx/language_model_q4.onnx", tmp_path / "hub/onnx/language_model.onnx")
    with pytest.raises(SystemExit, match="language_model.onnx: logits differ from PyTorch's"):
        run("check", str(checkpoint()), str(tmp_path / "hub"), monkeypatch=monkeypatch)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("fused", "nowhere", "out"), "nowhere is neither a folder nor a hub id"),
        (("hub", "CHECKPOINT", "out", "--dtypes", "q3"), "The type q3 is not known"),
        (("check", "CHECKPOINT", "out"), "out has no manifest.json"),
    ],
)
def test_the_command_says_what_is_wrong(words: tuple[str, ...], sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        run(*(str(checkpoint()) if word == "CHECKPOINT" else word for word in words), monkeypatch=monkeypatch)
    assert sentence in str(stopped.value)

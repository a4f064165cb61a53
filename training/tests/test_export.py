"""The exported graphs against the PyTorch reference, on the tiny model."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from pairscope.export import golden, tiny
from pairscope.export.folder import ROLES
from pairscope.export.reference import Settings, draw, pair_plan
from pairscope.export.runtime import ChunkRuntime
from pairscope.export.text import prefix
from pairscope.model.quantize import quantize
from pairscope.model.weights import dequantized_model, weights_of

TESTDATA = Path(__file__).parents[2] / "lib/engine/testdata"
OWN = [*range(6), *range(9, 25)]  # statistics of one side alone


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return tiny.write(tmp_path_factory.mktemp("models") / "tiny", full=False)


@pytest.fixture(scope="module")
def runtime(folder: Path) -> ChunkRuntime:
    return ChunkRuntime(folder / "chunk.onnx")


def plan_of(a: str, b: str, cross_lanes: bool = True):  # type: ignore[no-untyped-def]
    text = tiny.tiny_text()
    return pair_plan(*(prefix(text, 64, p) for p in (a, b, None)), cross_lanes)


@pytest.mark.parametrize("case", golden.CASES)
def test_chunk_graph_draws_what_pytorch_draws(case: golden.Case, runtime: ChunkRuntime) -> None:
    model, weights = tiny.tiny_model()
    plan = plan_of(case.a, case.b, case.cross_lanes)
    forced = golden.forced_tokens(case, 36)
    expected = draw(dequantized_model(model, weights), plan, case.settings, 36, forced)
    got = runtime.draw(plan, case.settings, 36, forced)
    tokens = [0, 1, 4, *range(9, 17)]
    assert np.array_equal(got[:, :, tokens], expected[:, :, tokens])
    # Where a single token is left the margin is a huge stand-in for infinity.
    close = [3, 5, 6, 7, 8, *range(17, 25)]
    assert np.abs(got[:, :, close] - expected[:, :, close]).max() < 1e-4
    margins = np.minimum(np.stack([got[:, :, 2], expected[:, :, 2]]), 1e29)
    assert np.abs(margins[0] - margins[1]).max() < 1e-4


def test_chunking_changes_nothing(runtime: ChunkRuntime) -> None:
    plan, settings = plan_of(golden.RED, golden.BLUE), Settings(plausibility=0.1)
    whole = runtime.draw(plan, settings, 36, chunks=(36,))
    for chunks in ((1,), (1, 16), (5, 7)):
        assert np.array_equal(runtime.draw(plan, settings, 36, chunks=chunks), whole)


def test_editing_one_prompt_leaves_the_other_side_alone(runtime: ChunkRuntime) -> None:
    settings = Settings(plausibility=0.1)
    first = runtime.draw(plan_of(golden.RED, golden.BLUE), settings, 36)
    second = runtime.draw(plan_of(golden.RED, "two green cup"), settings, 36)
    assert np.array_equal(first[:, 0, OWN], second[:, 0, OWN])
    assert not np.array_equal(first[:, 1, OWN], second[:, 1, OWN])


def test_cross_lanes_change_no_side(runtime: ChunkRuntime) -> None:
    settings = Settings(plausibility=0.1)
    with_cross = runtime.draw(plan_of(golden.RED, golden.BLUE), settings, 36)
    without = runtime.draw(plan_of(golden.RED, golden.BLUE, cross_lanes=False), settings, 36)
    assert np.array_equal(with_cross[:, :, OWN], without[:, :, OWN])
    assert not without[:, :, 8].any() and not without[:, :, 7].any()


def test_forcing_the_drawn_tokens_repeats_the_draw(runtime: ChunkRuntime) -> None:
    plan, settings = plan_of(golden.RED, golden.BLUE), Settings(plausibility=0.1)
    drawn = runtime.draw(plan, settings, 36)
    again = runtime.draw(plan, settings, 36, forced=drawn[:, :, 0].astype(np.int64))
    assert np.array_equal(drawn, again)


def test_equal_prompts_give_equal_sides(runtime: ChunkRuntime) -> None:
    stats = runtime.draw(plan_of(golden.RED, golden.RED), Settings(plausibility=0.1), 36)
    assert np.array_equal(stats[:, 0], stats[:, 1])
    assert not stats[:, :, 6].any() and not stats[:, :, 7].any() and not stats[:, :, 8].any()


def test_no_quantized_kernels_on_the_cpu(folder: Path) -> None:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(folder / "optimized.onnx")
    options.log_severity_level = 3
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    onnxruntime.InferenceSession(str(folder / "chunk.onnx"), options, ["CPUExecutionProvider"])
    graph = onnx.load(str(folder / "optimized.onnx"), load_external_data=False).graph
    kinds = {node.op_type for node in graph.node}
    for node in graph.node:
        kinds |= {n.op_type for a in node.attribute if a.HasField("g") for n in a.g.node}
    assert "MatMul" in kinds
    assert not kinds & {"DequantizeLinear", "MatMulNBits", "DynamicQuantizeLinear", "QuantizeLinear"}


def test_step_graph_uses_only_kernels_seen_on_webgpu(folder: Path) -> None:
    """The list was read off onnxruntime-web 1.30's placement log; integer Cast, Add and Shape run on the CPU there."""
    seen = {
        "Abs", "Add", "ArgMax", "Concat", "CumSum", "Div", "Exp", "Gather", "GatherBlockQuantized", "GatherElements",
        "Greater", "GreaterOrEqual", "GroupQueryAttention", "Less", "Log", "MatMulNBits", "Max", "Mul", "Neg",
        "QuickGelu", "ReduceMax", "ReduceSum", "Relu", "Reshape", "ScatterElements", "SimplifiedLayerNormalization",
        "SkipSimplifiedLayerNormalization", "Slice", "Split", "Sub", "TopK", "Where",
    }  # fmt: skip
    graph = onnx.load(str(folder / "step.onnx"), load_external_data=False).graph
    assert {node.op_type for node in graph.node} <= seen
    integers = {"start", "ids", "forced", "top_k", "cond_lane", "uncond_lane", "cross_lane", "lane_side"}
    for node in graph.node:
        if integers & set(node.input):
            assert node.op_type in {"Gather", "GatherBlockQuantized"}


@pytest.mark.parametrize("bits", (8, 4))
def test_quantization_error_is_half_a_level(bits: int) -> None:
    weight = np.random.default_rng(1).normal(size=(16, 64)).astype(np.float32)
    q = quantize(weight, bits, 32)
    error = np.abs(q.dequantized() - weight).reshape(16, 2, 32)
    levels = np.abs(q.scales)[..., None]
    # With 4 bits the level opposite to the largest value is missing, so one value may be a level off.
    assert (error <= levels * (0.5001 if bits == 8 else 1.0001)).all()
    assert len(q.packed()) == weight.size * bits // 8


def test_four_bit_graph_agrees_with_its_own_reference(tmp_path: Path) -> None:
    from pairscope.export.folder import write_graphs

    model, _ = tiny.tiny_model()
    weights = weights_of(model, bits=4)
    write_graphs(weights, tmp_path)
    plan, settings = plan_of(golden.RED, golden.BLUE), Settings(plausibility=0.1)
    got = ChunkRuntime(tmp_path / "chunk.onnx").draw(plan, settings, 36)
    expected = draw(dequantized_model(model, weights), plan, settings, 36)
    assert np.array_equal(got[:, :, 0], expected[:, :, 0])


def test_manifest_names_every_file(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert set(manifest["files"]) == set(ROLES) - {"contactSheet"}
    for entry in manifest["files"].values():
        data = (folder / entry["path"]).read_bytes()
        assert len(data) == entry["bytes"] and hashlib.sha256(data).hexdigest() == entry["sha256"]


def test_committed_tiny_model_and_golden_draws_are_current(folder: Path) -> None:
    committed = TESTDATA.parents[1] / "models/testdata/tiny-model"
    text = json.loads((TESTDATA / "tiny-golden.json").read_text())
    assert text["modelHash"] == hashlib.sha256((committed / "manifest.json").read_bytes()).hexdigest()[:16]
    assert (committed / "step.onnx").read_bytes() == (folder / "step.onnx").read_bytes()
    assert (committed / "chunk.onnx").read_bytes() == (folder / "chunk.onnx").read_bytes()
    assert (committed / "weights.bin").read_bytes() == (folder / "weights.bin").read_bytes()
    runtime = ChunkRuntime(committed / "chunk.onnx")
    for case in text["cases"]:
        plan = plan_of(case["prompts"]["a"], case["prompts"]["b"], case["crossLanes"])
        s = case["settings"]
        settings = Settings(
            s["seed"], s["coupling"] == "coupled", s["guidanceWeight"], s["temperature"],
            s["topK"], s["topP"], s["plausibility"], s["greedy"],
        )  # fmt: skip
        forced = case["forced"] and np.array([case["forced"]["a"], case["forced"]["b"]]).T
        stats = runtime.draw(plan, settings, 36, forced if forced is not None else None)
        assert stats[:, 0, 0].tolist() == case["tokens"]["a"]
        assert stats[:, 1, 0].tolist() == case["tokens"]["b"]
        recorded = np.array(case["stats"], dtype=np.float32).reshape(36, 2, 25)
        assert np.abs(np.minimum(stats, 1e9) - np.minimum(recorded, 1e9)).max() < 2e-4

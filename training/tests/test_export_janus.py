"""Janus in the hub's layout: the graphs compute what Hugging Face's PyTorch model computes."""

from __future__ import annotations

import filecmp
import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from janus_fixtures import COMMITTED, GOLDEN, checkpoint, hub, reference
from safetensors.torch import load_file, save_file

from export_janus import golden
from export_janus.checkpoint import Checkpoint, CheckpointError
from export_janus.hub import write_graphs
from export_janus.hub_runtime import HubRuntime, open_session
from export_janus.onnx_writer import load
from pairscope.model.noise import noise_of_steps

F16, F32, I64 = "tensor(float16)", "tensor(float)", "tensor(int64)"


@pytest.fixture(scope="module")
def runtime() -> HubRuntime:
    return HubRuntime(hub())


def generated(prompts: list[str], guidance: float) -> dict:
    cases = json.loads((GOLDEN / "generate.json").read_text())["cases"]
    return next(c for c in cases if c["prompts"] == prompts and c["guidanceWeight"] == guidance)


def test_the_committed_folder_is_what_the_commands_write() -> None:
    files = sorted(p.relative_to(COMMITTED) for p in COMMITTED.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(hub()) for p in hub().rglob("*") if p.is_file())
    assert filecmp.cmpfiles(hub(), COMMITTED, files, shallow=False)[0] == files
    assert sum((COMMITTED / p).stat().st_size for p in files) < 1.5e6


@pytest.mark.parametrize("guidance", golden.GUIDANCE)
@pytest.mark.parametrize("prompts", ([golden.PROMPTS[0]], [golden.PROMPTS[5]], [golden.PROMPTS[2], golden.PROMPTS[3]]))
def test_tokens_of_hugging_face_generate(prompts: list[str], guidance: float, runtime: HubRuntime) -> None:
    tokens, _ = runtime.draw(prompts, guidance)
    assert tokens.tolist() == generated(prompts, guidance)["tokens"]


def test_the_recorded_tokens_are_what_generate_gives_today() -> None:
    prompts = [golden.PROMPTS[2], golden.PROMPTS[3]]
    assert reference().generate(prompts, 5.0).tolist() == generated(prompts, 5.0)["tokens"]


def test_logits_and_pixels(runtime: HubRuntime) -> None:
    prompts = [golden.PROMPTS[2], golden.PROMPTS[3]]
    tokens, guided = runtime.draw(prompts, 5.0)
    logits = reference().logits(prompts, tokens)
    expected = logits[:, 1::2] + 5 * (logits[:, 0::2] - logits[:, 1::2])
    assert np.abs(guided - expected).max() < 1e-3
    assert np.abs(runtime.decode(tokens) - reference().pixels(tokens)).max() < 1e-4


def test_a_sampled_pair_with_the_documented_noise(runtime: HubRuntime) -> None:
    case = json.loads((GOLDEN / "draws.json").read_text())["cases"][0]
    prompts = [case["prompts"]["a"], case["prompts"]["b"]]
    noise = noise_of_steps(case["settings"]["seed"], True, 0, 64, 256)
    tokens, _ = runtime.draw(prompts, case["settings"]["guidanceWeight"], noise=lambda step: noise[step])
    assert tokens.tolist() == [case["tokens"]["a"], case["tokens"]["b"]]


@pytest.mark.parametrize("index", range(len(golden.CASES)))
def test_the_recorded_pairs_are_what_pytorch_draws_today(index: int) -> None:
    recorded = json.loads((GOLDEN / "draws.json").read_text())["cases"][index]
    case = golden.CASES[index]
    steps = 12
    stats = reference().draw(case.a, case.b, case.settings, case.cross_lanes, golden.forced_tokens(case, 64)[:steps], steps)
    assert stats[:, 0, 0].tolist() == recorded["tokens"]["a"][:steps]
    known = np.array(recorded["stats"][:steps]).reshape(steps, 2, 25)
    assert np.abs(np.minimum(stats, 1e9) - np.minimum(known, 1e9)).max() < 1e-3


def test_pytorch_draws_the_recorded_pairs_with_the_weights_of_the_published_builder(tmp_path: Path) -> None:
    graph = COMMITTED.parent / "janus-builder/onnx/language_model_q4.onnx"
    written = golden.write_builder_golden(checkpoint(), graph, tmp_path)
    recorded, now = json.loads((GOLDEN / "builder.json").read_text()), json.loads(written.read_text())
    assert recorded["languageModelSha256"] == now["languageModelSha256"]
    assert [case["tokens"] for case in recorded["cases"]] == [case["tokens"] for case in now["cases"]]


def test_the_recorded_answers_are_what_pytorch_begins_today() -> None:
    recorded, now = json.loads((GOLDEN / "understanding.json").read_text()), golden.understanding(reference())
    assert recorded["rgb"] == now["rgb"]
    for known, case in zip(recorded["cases"], now["cases"], strict=True):
        assert known["question"] == case["question"]
        assert case["probabilities"] == pytest.approx(known["probabilities"], rel=1e-4)


def test_every_recorded_text_has_the_tokens_of_the_reference_tokenizer() -> None:
    from transformers import PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(checkpoint() / "tokenizer.json"))
    texts = json.loads((GOLDEN / "tokenization.json").read_text())["texts"]
    assert len(texts) == golden.TEXTS
    assert tokenizer([t for t, _ in texts]).input_ids == [ids for _, ids in texts]


def test_half_precision_and_four_bits_stay_near(runtime: HubRuntime) -> None:
    """The seams of the public files: float32 embeddings in, float16 hidden states and cache out."""
    prompts = [golden.PROMPTS[0], golden.PROMPTS[3]]
    _, exact = runtime.draw(prompts, 5.0, steps=1)
    _, half = HubRuntime(hub(), "_fp16", "_fp16").draw(prompts, 5.0, steps=1)
    assert 0 < np.abs(half - exact).max() < 0.2
    four, four_half = HubRuntime(hub(), "_q4"), HubRuntime(hub(), "_q4f16", "_fp16")
    (_, q4), (_, q4f16) = four.draw(prompts, 5.0, steps=1), four_half.draw(prompts, 5.0, steps=1)
    assert 0 < np.abs(q4 - q4f16).max() < 0.3
    assert 0.2 < np.abs(q4 - exact).max()


def test_names_types_and_dimensions_of_the_public_files() -> None:
    def interface(name: str) -> tuple[dict, dict]:
        session = open_session(hub() / "onnx" / f"{name}.onnx")
        return tuple({v.name: (v.type, v.shape) for v in part} for part in (session.get_inputs(), session.get_outputs()))

    batch = ["batch_size", "sequence_length"]
    past, present = (["batch_size", 2, f"{n}_sequence_length", 16] for n in ("past", "total"))
    for suffix, kind in (("", F32), ("_fp16", F16), ("_q4", F32), ("_q4f16", F16)):
        inputs, outputs = interface(f"language_model{suffix}")
        assert inputs == {
            "inputs_embeds": (F32, [*batch, 32]),
            "attention_mask": (I64, ["batch_size", "total_sequence_length"]),
            "position_ids": (I64, batch),
            **{f"past_key_values.{i}.{n}": (kind, past) for i in range(2) for n in ("key", "value")},
        }
        assert outputs == {
            "hidden_states": (kind, [*batch, 32]),
            **{f"present.{i}.{n}": (kind, present) for i in range(2) for n in ("key", "value")},
        }
    for suffix, kind in (("", F32), ("_fp16", F16)):
        assert interface(f"gen_head{suffix}") == ({"hidden_states": (kind, [*batch, 32])}, {"logits": (kind, [*batch, 256])})
    assert interface("gen_img_embeds") == ({"image_ids": (I64, batch)}, {"inputs_embeds": (F32, [*batch, 32])})
    assert interface("embed_tokens_fp16") == ({"input_ids": (I64, batch)}, {"inputs_embeds": (F32, [*batch, 32])})
    assert interface("image_decode") == (
        {"generated_tokens": (I64, ["batch_size", 64])},
        {"decoded_image": (F32, ["batch_size", 3, 16, 16])},
    )


def test_pictures_among_text_embed_as_in_pytorch() -> None:
    model, ids = reference().model, reference().ids
    picture = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(1))
    rows = np.array([[ids["bos"], 70, *[model.config.image_token_id] * 64, 71], [ids["bos"], 72, *[model.config.image_token_id] * 64, 73]])
    mask = rows == model.config.image_token_id
    session = open_session(hub() / "onnx" / "prepare_inputs_embeds.onnx")
    got = session.run(None, {
        "input_ids": rows, "pixel_values": picture[:, None].numpy(), "images_seq_mask": mask,
        "images_emb_mask": np.ones((2, 1, 64), bool),
    })[0]  # fmt: skip
    with torch.inference_mode():
        features = model.model.get_image_features(picture).pooler_output
        expected = model.get_input_embeddings()(torch.from_numpy(rows))
        expected[torch.from_numpy(mask)] = features.reshape(-1, 32)
    assert np.abs(got - expected.numpy()).max() < 1e-4
    text = session.run(None, {
        "input_ids": rows[:, :2], "pixel_values": np.zeros((2, 0, 3, 16, 16), np.float32),
        "images_seq_mask": np.zeros((2, 2), bool), "images_emb_mask": np.zeros((2, 0, 64), bool),
    })[0]  # fmt: skip
    assert np.array_equal(text, got[:, :2])


def original_keys(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """A Hugging Face state in the original's names: the inverse of what the exporter applies."""
    swaps = (
        (r"^lm_head\.", "language_model.lm_head."),
        (r"^model\.language_model\.", "language_model.model."),
        (r"^model\.generation_embeddings\.", "gen_embed."),
        (r"^model\.generation_aligner\.fc1\.", "gen_aligner.layers.0."),
        (r"^model\.generation_aligner\.hidden_layers\.0\.", "gen_aligner.layers.2."),
        (r"^model\.aligner\.fc1\.", "aligner.layers.0."),
        (r"^model\.aligner\.hidden_layers\.0\.", "aligner.layers.2."),
        (r"^model\.generation_head\.proj_out\.", "gen_head.output_mlp_projector."),
        (r"^model\.generation_head\.", "gen_head."),
        (r"^(model\.vqmodel\..*)\.mid\.block_1\.", r"\1.mid.0."),
        (r"^(model\.vqmodel\..*)\.mid\.attn_1\.", r"\1.mid.1."),
        (r"^(model\.vqmodel\..*)\.mid\.block_2\.", r"\1.mid.2."),
        (r"^(model\.vqmodel\..*)\.(?:up|down)\.(\d+)\.block\.", r"\1.conv_blocks.\2.res."),
        (r"^(model\.vqmodel\..*)\.(?:up|down)\.", r"\1.conv_blocks."),
        (r"^model\.vqmodel\.", "gen_vision_model."),
        (r"^model\.vision_model\.embeddings\.position_embedding\.weight", "vision_model.vision_tower.pos_embed"),
        (r"^model\.vision_model\.embeddings\.patch_embedding\.", "vision_model.vision_tower.patch_embed.proj."),
        (r"^model\.vision_model\.post_layernorm\.", "vision_model.vision_tower.norm."),
        (r"^model\.vision_model\.encoder\.layers\.", "vision_model.vision_tower.blocks."),
        (r"\.layer_norm([12])\.", r".norm\1."),
        (r"\.self_attn\.projection_layer\.", ".attn.proj."),
        (r"(blocks\.\d+)\.self_attn\.", r"\1.attn."),
    )
    renamed = {}
    for key, value in state.items():
        for pattern, replacement in swaps:
            key = re.sub(pattern, replacement, key)
        renamed[key] = value[None] if key.endswith("pos_embed") else value
    for key in [k for k in renamed if ".attn.q_proj." in k]:
        parts = [renamed.pop(key.replace("q_proj", f"{p}_proj")) for p in "qkv"]
        renamed[key.replace("q_proj", "qkv")] = torch.cat(parts)
    return renamed


def test_the_original_names_of_the_parameters_are_known(tmp_path: Path) -> None:
    """The deepseek-style keys of Janus-Pro and Janus-FocusDiff, in pickled shards with an index."""
    known = Checkpoint(checkpoint())
    state = original_keys(load_file(checkpoint() / "model.safetensors"))
    assert "language_model.model.embed_tokens.weight" in state and "gen_vision_model.decoder.conv_blocks.0.res.0.conv1.weight" in state
    names = sorted(state)
    shards = {"pytorch_model-1.bin": names[::2], "pytorch_model-2.bin": names[1::2]}
    for file, part in shards.items():
        torch.save({name: state[name] for name in part}, tmp_path / file)
    index = {"weight_map": {name: file for file, part in shards.items() for name in part}}
    (tmp_path / "pytorch_model.bin.index.json").write_text(json.dumps(index))
    (tmp_path / "config.json").write_text((checkpoint() / "config.json").read_text())
    opened = Checkpoint(tmp_path)
    for name in load_file(checkpoint() / "model.safetensors"):
        assert np.array_equal(opened.tensor(name).reshape(known.tensor(name).shape), known.tensor(name)), name


def test_the_original_config_of_the_7b_leaves_llamas_defaults_out(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({
        "model_type": "multi_modality",
        "language_config": {"model_type": "llama", "num_hidden_layers": 30, "vocab_size": 102400, "max_position_embeddings": 16384},
        "gen_vision_config": {"params": {"image_token_size": 16384, "n_embed": 8}},
        "vision_config": {"params": {"image_size": 384}},
    }))  # fmt: skip
    save_file({"gen_embed.weight": torch.zeros(1)}, tmp_path / "model.safetensors")
    shape = Checkpoint(tmp_path).shape
    assert (shape.width, shape.layers, shape.heads, shape.head_size, shape.ffn) == (4096, 30, 32, 128, 11008)
    assert (shape.grid, shape.image_tokens, shape.codes) == (24, 576, 16384)


def test_large_weights_lie_in_shards_beside_the_graph(tmp_path: Path, runtime: HubRuntime) -> None:
    write_graphs(Checkpoint(checkpoint()), tmp_path, ("",), ("language_model",), shard_bytes=40_000, inline_bytes=0)
    shards = sorted((tmp_path / "onnx").glob("language_model.onnx_data*"))
    assert len(shards) > 2 and all(s.stat().st_size <= 40_000 for s in shards)
    session = open_session(tmp_path / "onnx/language_model.onnx")
    feeds = {v.name: np.zeros((1, 2, 0, 16), np.float32) for v in session.get_inputs() if "past" in v.name}
    feeds |= {"inputs_embeds": np.ones((1, 3, 32), np.float32), "attention_mask": np.ones((1, 3), np.int64), "position_ids": np.arange(3)[None]}
    assert np.array_equal(session.run(None, feeds)[0], runtime.language_model.run(None, feeds)[0])


def test_four_bit_weights_are_symmetric_blocks_of_32() -> None:
    nodes = [n for n in load(hub() / "onnx/language_model_q4f16.onnx").graph.node if n.op_type == "MatMulNBits"]
    assert len(nodes) == 2 * 7
    for node in nodes:
        attributes = {a.name: a.i for a in node.attribute}
        assert (attributes["bits"], attributes["block_size"]) == (4, 32)
        assert len(node.input) == 3  # no zero points


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda d: (d / "config.json").unlink(), "config.json is missing"),
        (lambda d: (d / "config.json").write_text("{"), "config.json is not JSON"),
        (lambda d: (d / "config.json").write_text('{"model_type": "llama"}'), "'llama' model"),
        (lambda d: (d / "model.safetensors").unlink(), "neither model.safetensors nor pytorch_model.bin"),
        (lambda d: (d / "model.safetensors").write_bytes(b"\x10" * 99), "model.safetensors cannot be read"),
    ],
)
def test_what_is_wrong_with_a_checkpoint_is_said(damage, sentence: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((checkpoint() / name).read_bytes())
    damage(tmp_path)
    with pytest.raises(CheckpointError, match=re.escape(sentence)):
        Checkpoint(tmp_path)


def test_a_missing_tensor_is_named(tmp_path: Path) -> None:
    state = load_file(checkpoint() / "model.safetensors")
    del state["model.generation_head.proj_out.weight"]
    save_file(state, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text((checkpoint() / "config.json").read_text())
    with pytest.raises(CheckpointError, match="no tensor model.generation_head.proj_out.weight"):
        write_graphs(Checkpoint(tmp_path), tmp_path / "out", ("",))

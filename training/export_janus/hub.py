"""The hub layout: `config.json`, tokenizer and one ONNX file for each part, as Janus-Pro-1B-ONNX has them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from . import image_graphs
from .checkpoint import Checkpoint
from .language_model import language_model
from .onnx_writer import INLINE_BYTES, SHARD_BYTES, Graph, Shards
from .special_tokens import special_ids
from .vision import prepare_inputs_embeds

Spec = tuple[type, int]
LANGUAGE_MODELS: dict[str, Spec] = {
    "": (np.float32, 0),
    "_fp16": (np.float16, 0),
    "_q4": (np.float32, 4),
    "_q4f16": (np.float16, 4),
    "_q8": (np.float32, 8),
    "_q8f16": (np.float16, 8),
}
"""File name suffix -> type that is computed in, bits of the weights (0: that type)."""
HALVES: dict[str, Spec] = {"": (np.float32, 0), "_fp16": (np.float16, 0)}
PARTS = {
    "gen_head": (image_graphs.gen_head, HALVES),
    "embed_tokens": (image_graphs.embed_tokens, HALVES),
    "lm_head": (image_graphs.lm_head, HALVES),
    "gen_img_embeds": (image_graphs.gen_img_embeds, {"": (np.float32, 0)}),
    "image_decode": (image_graphs.image_decode, {"": (np.float32, 0)}),
    "prepare_inputs_embeds": (prepare_inputs_embeds, {"": (np.float32, 0)}),
}
DRAWING = ("language_model", "gen_head", "gen_img_embeds", "image_decode", "embed_tokens")
UNDERSTANDING = ("prepare_inputs_embeds", "lm_head")


def write_graphs(
    checkpoint: Checkpoint,
    out: Path,
    suffixes: tuple[str, ...],
    parts: tuple[str, ...] = DRAWING,
    shard_bytes: int = SHARD_BYTES,
    inline_bytes: int = INLINE_BYTES,
) -> list[Path]:
    """Writes `onnx/<part><suffix>.onnx` (and `_data` files); parts that have no such variant are written in float32 or float16."""
    folder = out / "onnx"
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for part in parts:
        for suffix, (kind, bits) in _variants(part, suffixes).items():
            name = f"{part}{suffix}.onnx"
            graph = Graph(part, Shards(folder, f"{name}_data", shard_bytes), kind)
            if part == "language_model":
                language_model(graph, checkpoint, bits)
            else:
                PARTS[part][0](graph, checkpoint)
            written += graph.finish(folder / name, inline_bytes)
    return written


def _variants(part: str, suffixes: tuple[str, ...]) -> dict[str, Spec]:
    known = LANGUAGE_MODELS if part == "language_model" else PARTS[part][1]
    found: dict[str, Spec] = {}
    for suffix in suffixes:
        half = "_fp16" if suffix.endswith("f16") or suffix == "_fp16" else ""
        chosen = next(s for s in (suffix, half, "") if s in known)
        found[chosen] = known[chosen]
    return found


def write_texts(checkpoint: Checkpoint, out: Path) -> None:
    """`config.json` and its neighbours, in the original Janus layout that the hub's ONNX folders have."""
    out.mkdir(parents=True, exist_ok=True)
    source = checkpoint.folder
    ids = special_ids(source / "tokenizer.json")
    s = checkpoint.shape
    original = checkpoint.config["model_type"] == "multi_modality"
    _write(out / "config.json", checkpoint.config if original else original_config(checkpoint))
    _write(
        out / "generation_config.json",
        {
            "_from_model_config": True,
            "bos_token_id": ids["bos"],
            "do_sample": True,
            "eos_token_id": ids["eos"],
            "num_image_tokens": s.image_tokens,
            "pad_token_id": ids["pad"],
            "temperature": 0.7,
            "top_p": 0.95,
        },
    )
    _write(
        out / "processor_config.json",
        {
            "add_special_token": False,
            "ignore_id": -100,
            "image_end_tag": "<end_of_image>",
            "image_start_tag": "<begin_of_image>",
            "image_tag": "<image_placeholder>",
            "mask_prompt": True,
            "num_image_tokens": s.image_tokens,
            "pad_tag": "<\uff5c\u2581pad\u2581\uff5c>",
            "processor_class": "VLChatProcessor",
            "sft_format": "deepseek",
        },
    )
    _write(
        out / "preprocessor_config.json",
        {
            "background_color": [127, 127, 127],
            "do_normalize": True,
            "image_mean": [0.5, 0.5, 0.5],
            "image_processor_type": "VLMImageProcessor",
            "image_size": s.image_size,
            "image_std": [0.5, 0.5, 0.5],
            "min_size": 14,
            "processor_class": "VLChatProcessor",
            "rescale_factor": 1 / 255,
        },
    )
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        if (source / name).exists():
            shutil.copyfile(source / name, out / name)


def original_config(checkpoint: Checkpoint) -> dict[str, Any]:
    """`config.json` in the original layout, of a checkpoint in Hugging Face's."""
    s = checkpoint.shape
    aligner = {"depth": 2, "n_embed": s.width, "projector_type": "mlp_gelu"}
    return {
        "model_type": "multi_modality",
        "architectures": ["MultiModalityCausalLM"],
        "language_config": {
            "model_type": "llama",
            "hidden_size": s.width,
            "intermediate_size": s.ffn,
            "max_position_embeddings": s.positions,
            "num_attention_heads": s.heads,
            "num_hidden_layers": s.layers,
            "num_key_value_heads": s.heads,
            "rms_norm_eps": s.norm_eps,
            "rope_theta": s.rope_theta,
            "vocab_size": s.vocabulary,
        },
        "gen_vision_config": {
            "cls": "VQ-16",
            "model_type": "gen_vision",
            "params": {"image_token_size": s.codes, "n_embed": s.code_width},
        },
        "gen_head_config": {
            "cls": "vision_head",
            "model_type": "gen_head",
            "params": {"image_token_embed": s.width, "image_token_size": s.codes, "n_embed": s.width},
        },
        "gen_aligner_config": {
            "cls": "MlpProjector",
            "model_type": "gen_aligner",
            "params": aligner | {"input_dim": s.code_width},
        },
        "aligner_config": {
            "cls": "MlpProjector",
            "model_type": "aligner",
            "params": aligner | {"input_dim": s.vision.width},
        },
        "vision_config": {
            "cls": "CLIPVisionTower",
            "model_type": "vision",
            "params": {"image_size": s.image_size, "select_feature": "same", "select_layer": -1},
        },
    }


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")

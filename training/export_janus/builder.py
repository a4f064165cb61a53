"""`language_model*.onnx` as onnxruntime-genai's own builder makes it: the tool of the published Janus-Pro folders.

Runs in an environment of its own (`requirements-builder.txt`), because the builder needs older packages than the rest:
`python -m export_janus.builder CHECKPOINT OUT` writes `language_model.onnx`, `_q4` and `_q4f16` into OUT.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from tempfile import mkdtemp

import onnx
import torch
from onnx import TensorProto

KINDS = {"": (TensorProto.FLOAT, "fp32"), "_q4": (TensorProto.FLOAT, "int4"), "_q4f16": (TensorProto.FLOAT16, "int4")}
"""File name suffix -> type of inputs, arithmetic and cache; the builder's name for the weights."""
PREFIX = "model.language_model."


def write_llama(checkpoint: Path, out: Path) -> None:
    """The language model of a Janus in Hugging Face's format, as a Llama of its own."""
    from safetensors.torch import load_file
    from transformers import LlamaConfig, LlamaForCausalLM

    text = json.loads((checkpoint / "config.json").read_text())["text_config"]
    names = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
             "num_key_value_heads", "max_position_embeddings", "rms_norm_eps")  # fmt: skip
    config = LlamaConfig(**{name: text[name] for name in names if name in text}, tie_word_embeddings=False)
    config.head_dim = config.hidden_size // config.num_attention_heads
    weights = load_file(checkpoint / "model.safetensors")
    state = {"model." + name.removeprefix(PREFIX): tensor for name, tensor in weights.items() if name.startswith(PREFIX)}
    state["lm_head.weight"] = weights["lm_head.weight"]
    model = LlamaForCausalLM(config)
    model.load_state_dict({name: tensor.float() for name, tensor in state.items()})
    model.save_pretrained(out)


def build(llama: Path, out: Path, suffix: str) -> Path:
    """One graph, without text embeddings and head, its weights inside."""
    from onnxruntime_genai.models import builder
    from transformers import AutoConfig

    kind, weights = KINDS[suffix]
    config = AutoConfig.from_pretrained(llama)
    cache, made = Path(mkdtemp(prefix="cache-")), Path(mkdtemp(prefix="made-"))
    # Where it builds for WebGPU, the builder takes MultiHeadAttention, as the published graphs have it.
    options = {"exclude_embeds": "true", "exclude_lm_head": "true"}
    model = builder.LlamaModel(config, kind, weights, "web", str(cache), options)
    model.make_model(str(llama))
    model.save_model(str(made))
    graph = onnx.load(made / model.filename)
    for tensor in graph.graph.initializer:
        tensor.ClearField("data_location")
        tensor.ClearField("external_data")
    path = out / f"language_model{suffix}.onnx"
    onnx.save(graph, path)
    return path


def main() -> None:
    """The command line."""
    p = argparse.ArgumentParser(prog="python -m export_janus.builder", description=__doc__)
    p.add_argument("checkpoint", type=Path, help="a Janus checkpoint in Hugging Face's format, one safetensors file")
    p.add_argument("out", type=Path)
    arguments = p.parse_args()
    torch.set_num_threads(1)
    llama = Path(mkdtemp(prefix="llama-"))
    write_llama(arguments.checkpoint, llama)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for suffix in KINDS:
        path = build(llama, arguments.out, suffix)
        print(f"{path.stat().st_size:>12,}  {path.name}")


if __name__ == "__main__":
    main()

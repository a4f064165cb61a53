"""`prepare_inputs_embeds.onnx`: text embeddings with the vision tower's put where pictures stand."""

from __future__ import annotations

import numpy as np

from .checkpoint import Checkpoint
from .onnx_writer import BOOL, FLOAT, INT64, Graph

TOWER = "model.vision_model."


def prepare_inputs_embeds(g: Graph, checkpoint: Checkpoint) -> None:
    """input_ids [B, S], pixel_values [B, N, 3, h, w], masks [B, S] and [B, N, tokens] -> inputs_embeds [B, S, width]."""
    s = checkpoint.shape
    size = s.image_size
    g.input("input_ids", INT64, ["batch_size", "sequence_length"])
    g.input("pixel_values", FLOAT, ["batch_size", "num_images", 3, size, size])
    g.input("images_seq_mask", BOOL, ["batch_size", "sequence_length"])
    g.input("images_emb_mask", BOOL, ["batch_size", "num_images", s.image_tokens])

    pixels = g.op("Reshape", "pixel_values", g.i64(-1, 3, size, size))
    features = g.op("Reshape", _aligned(g, _tower(g, pixels, checkpoint), checkpoint), g.i64(-1, s.width))
    shown = g.op("Reshape", "images_emb_mask", g.i64(-1))
    features = g.op("Compress", features, shown, axis=0)
    table = g.weight("embed_tokens.weight", checkpoint.tensor("model.language_model.embed_tokens.weight"))
    # Picture slots may hold ids outside the vocabulary.
    ids = g.op("Where", "images_seq_mask", g.constant(np.array(0, dtype=np.int64)), "input_ids")
    places = g.op("Transpose", g.op("NonZero", "images_seq_mask"), perm=[1, 0])
    x = g.op("ScatterND", g.op("Gather", table, ids, axis=0), places, features)
    g.rename({x: "inputs_embeds"})
    g.output("inputs_embeds", FLOAT, ["batch_size", "sequence_length", s.width])


def _linear(g: Graph, x: str, name: str, checkpoint: Checkpoint) -> str:
    return g.linear(x, name, checkpoint.tensor(f"{name}.weight"), bias=checkpoint.tensor(f"{name}.bias"))


def _norm(g: Graph, x: str, name: str, checkpoint: Checkpoint) -> str:
    gain, bias = (g.weight(f"{name}.{part}", checkpoint.tensor(f"{name}.{part}")) for part in ("weight", "bias"))
    return g.op("LayerNormalization", x, gain, bias, axis=-1, epsilon=checkpoint.shape.vision.norm_eps)


def _tower(g: Graph, pixels: str, checkpoint: Checkpoint) -> str:
    """[N, 3, h, w] -> [N, tokens, vision width]."""
    s, v = checkpoint.shape, checkpoint.shape.vision
    name = TOWER + "embeddings.patch_embedding"
    weight = g.weight(f"{name}.weight", checkpoint.tensor(f"{name}.weight"))
    bias = g.weight(f"{name}.bias", checkpoint.tensor(f"{name}.bias"))
    x = g.op("Conv", pixels, weight, bias, kernel_shape=[v.patch, v.patch], strides=[v.patch, v.patch])
    x = g.op("Transpose", g.op("Reshape", x, g.i64(0, v.width, s.image_tokens)), perm=[0, 2, 1])
    name = TOWER + "embeddings.position_embedding.weight"
    x = g.op("Add", x, g.weight(name, checkpoint.tensor(name).reshape(s.image_tokens, v.width)))
    for i in range(v.layers):
        at = f"{TOWER}encoder.layers.{i}."
        normed = _norm(g, x, at + "layer_norm1", checkpoint)
        q, k, value = (_linear(g, normed, f"{at}self_attn.{part}_proj", checkpoint) for part in "qkv")
        mixed = g.contrib("MultiHeadAttention", q, k, value, num_heads=v.heads, scale=(v.width // v.heads) ** -0.5)
        x = g.op("Add", x, _linear(g, mixed, at + "self_attn.projection_layer", checkpoint))
        hidden = g.gelu(_linear(g, _norm(g, x, at + "layer_norm2", checkpoint), at + "mlp.fc1", checkpoint))
        x = g.op("Add", x, _linear(g, hidden, at + "mlp.fc2", checkpoint))
    return _norm(g, x, TOWER + "post_layernorm", checkpoint)


def _aligned(g: Graph, x: str, checkpoint: Checkpoint) -> str:
    x = _linear(g, x, "model.aligner.fc1", checkpoint)
    layer = 0
    while checkpoint.has(f"model.aligner.hidden_layers.{layer}.weight"):
        x = _linear(g, g.gelu(x), f"model.aligner.hidden_layers.{layer}", checkpoint)
        layer += 1
    return x

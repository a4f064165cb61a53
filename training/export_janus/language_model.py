"""`language_model.onnx` of the hub layout: embeddings and a growing key-value cache in, hidden states out.

Names, types and operators follow the public Janus-Pro-1B-ONNX files: `MatMulNBits` in blocks of 32,
`RotaryEmbedding` by position ids, `MultiHeadAttention` with an additive mask, past and present apart.
"""

from __future__ import annotations

import numpy as np

from pairscope.export.onnx_graph import CONTRIB

from .checkpoint import Checkpoint, Shape
from .onnx_writer import FLOAT, INT64, Graph

LAYER = "model.language_model.layers.{}."


def rope_tables(shape: Shape) -> tuple[np.ndarray, np.ndarray]:
    """Cosines and sines by position: float32 [positions, head size / 2] each."""
    exponents = np.arange(0, shape.head_size, 2, dtype=np.float32) / np.float32(shape.head_size)
    frequencies = (1.0 / np.float32(shape.rope_theta) ** exponents).astype(np.float32)
    angles = np.arange(shape.positions, dtype=np.float32)[:, None] * frequencies[None]
    return np.cos(angles), np.sin(angles)


def language_model(g: Graph, checkpoint: Checkpoint, bits: int = 0) -> None:
    """Fills the graph; the cache, the hidden states and the arithmetic have its type, the embeddings are float32."""
    s = checkpoint.shape
    g.input("inputs_embeds", FLOAT, ["batch_size", "sequence_length", s.width])
    g.input("attention_mask", INT64, ["batch_size", "total_sequence_length"])
    g.input("position_ids", INT64, ["batch_size", "sequence_length"])
    past = ["batch_size", s.heads, "past_sequence_length", s.head_size]
    for i in range(s.layers):
        g.input(f"past_key_values.{i}.key", g.kind, past)
        g.input(f"past_key_values.{i}.value", g.kind, past)

    cos, sin = (g.weight(f"rope.{name}", table) for name, table in zip(("cos", "sin"), rope_tables(s)))
    bias = _attention_bias(g)
    residual = g.op("Cast", "inputs_embeds", to=g.kind) if g.kind != FLOAT else "inputs_embeds"
    addend, names = "", {}
    for i in range(s.layers):
        at = LAYER.format(i)

        def linear(x: str, part: str, at: str = at) -> str:
            return g.linear(x, at + part, checkpoint.tensor(f"{at}{part}.weight"), bits)

        x, residual = add_norm(g, residual, addend, at + "input_layernorm", checkpoint)
        q, k, v = (linear(x, f"self_attn.{part}_proj") for part in "qkv")
        q, k = (
            g.contrib("RotaryEmbedding", part, "position_ids", cos, sin, interleaved=0, num_heads=s.heads)
            for part in (q, k)
        )
        keys = (f"past_key_values.{i}.key", f"past_key_values.{i}.value")
        y, key, value = g.contrib(
            "MultiHeadAttention", q, k, v, "", "", bias, *keys, outputs=3, num_heads=s.heads, scale=s.head_size**-0.5
        )
        names |= {key: f"present.{i}.key", value: f"present.{i}.value"}
        x, residual = add_norm(g, residual, linear(y, "self_attn.o_proj"), at + "post_attention_layernorm", checkpoint)
        gate, up = linear(x, "mlp.gate_proj"), linear(x, "mlp.up_proj")
        hidden = g.op("Mul", g.op("Mul", gate, g.op("Sigmoid", gate)), up)
        addend = linear(hidden, "mlp.down_proj")
    hidden, _ = add_norm(g, residual, addend, "model.language_model.norm", checkpoint)
    names[hidden] = "hidden_states"
    g.rename(names)
    g.output("hidden_states", g.kind, ["batch_size", "sequence_length", s.width])
    present = ["batch_size", s.heads, "total_sequence_length", s.head_size]
    for i in range(s.layers):
        g.output(f"present.{i}.key", g.kind, present)
        g.output(f"present.{i}.value", g.kind, present)


def add_norm(g: Graph, residual: str, addend: str, name: str, checkpoint: Checkpoint) -> tuple[str, str]:
    """residual + addend RMS-normalised, and the sum itself; the first layer has no addend."""
    gain, eps = g.weight(f"{name}.weight", checkpoint.tensor(f"{name}.weight")), checkpoint.shape.norm_eps
    if not addend:
        return g.op("SimplifiedLayerNormalization", residual, gain, axis=-1, epsilon=eps), residual
    normed, _, _, total = g.op(
        "SkipSimplifiedLayerNormalization", residual, addend, gain, domain=CONTRIB, outputs=4, skipped=(1, 2), epsilon=eps
    )
    return normed, total


def _attention_bias(g: Graph) -> str:
    """[batch, 1, sequence, total]: 0 where a token may look, the lowest number elsewhere."""
    lowest = g.number(float(np.finfo(g.dtype).min))
    total = g.op("Shape", "attention_mask", start=1, end=2)
    length = g.op("Shape", "inputs_embeds", start=1, end=2)
    end, axis = g.op("Squeeze", total, g.i64(0)), g.i64(0)
    zero, one = (g.constant(np.array(n, dtype=np.int64)) for n in (0, 1))
    column = g.op("Range", zero, end, one)
    row = g.op("Range", g.op("Squeeze", g.op("Sub", total, length), axis), end, one)
    causal = g.op("LessOrEqual", column, g.op("Unsqueeze", row, g.i64(1)))
    real = g.op("Unsqueeze", g.op("Greater", "attention_mask", zero), g.i64(1, 2))
    return g.op("Where", g.op("And", causal, real), g.number(0.0), lowest)

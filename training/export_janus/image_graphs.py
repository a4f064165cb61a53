"""The hub layout's graphs around the language model: embeddings, heads and the pixel decoder."""

from __future__ import annotations

import numpy as np

from .checkpoint import Checkpoint
from .onnx_writer import FLOAT, INT64, Graph

ALIGNER, HEAD = "model.generation_aligner.", "model.generation_head."
GROUPS, GROUP_EPS = 32, 1e-6


def embed_tokens(g: Graph, checkpoint: Checkpoint) -> None:
    """input_ids int64 [B, S] -> inputs_embeds float32 [B, S, width]; the table has the graph's type."""
    g.input("input_ids", INT64, ["batch_size", "sequence_length"])
    table = g.weight("embed_tokens.weight", checkpoint.tensor("model.language_model.embed_tokens.weight"))
    _give(g, g.op("Gather", table, "input_ids", axis=0), "inputs_embeds", FLOAT, checkpoint.shape.width)


def lm_head(g: Graph, checkpoint: Checkpoint) -> None:
    """hidden_states [B, S, width] -> logits [B, S, vocabulary], for understanding."""
    g.input("hidden_states", g.kind, ["batch_size", "sequence_length", checkpoint.shape.width])
    tied = "model.language_model.embed_tokens.weight"
    weight = checkpoint.tensor("lm_head.weight" if checkpoint.has("lm_head.weight") else tied)
    _give(g, g.linear("hidden_states", "lm_head", weight), "logits", g.kind, checkpoint.shape.vocabulary)


def gen_head(g: Graph, checkpoint: Checkpoint) -> None:
    """hidden_states [B, S, width] -> logits of the image codes [B, S, codes]."""
    g.input("hidden_states", g.kind, ["batch_size", "sequence_length", checkpoint.shape.width])
    hidden = g.gelu(_dense(g, "hidden_states", HEAD + "proj_out", checkpoint))
    _give(g, _dense(g, hidden, HEAD + "vision_head", checkpoint), "logits", g.kind, checkpoint.shape.codes)


def gen_img_embeds(g: Graph, checkpoint: Checkpoint) -> None:
    """image_ids int64 [B, S] -> inputs_embeds float32 [B, S, width]: code embedding and aligner."""
    g.input("image_ids", INT64, ["batch_size", "sequence_length"])
    name = "model.generation_embeddings.weight"
    x = g.op("Gather", g.weight(name, checkpoint.tensor(name)), "image_ids", axis=0)
    x = _dense(g, x, ALIGNER + "fc1", checkpoint)
    layer = 0
    while checkpoint.has(f"{ALIGNER}hidden_layers.{layer}.weight"):
        x = _dense(g, g.gelu(x), f"{ALIGNER}hidden_layers.{layer}", checkpoint)
        layer += 1
    _give(g, x, "inputs_embeds", FLOAT, checkpoint.shape.width)


def image_decode(g: Graph, checkpoint: Checkpoint) -> None:
    """generated_tokens int64 [B, tokens] -> decoded_image [B, 3, size, size], about -1..1."""
    s = checkpoint.shape
    g.input("generated_tokens", INT64, ["batch_size", s.image_tokens])
    x = pixel_decoder(g, checkpoint, "generated_tokens")
    g.rename({x: "decoded_image"})
    g.output("decoded_image", g.kind, ["batch_size", 3, s.picture_size, s.picture_size])


def pixel_decoder(g: Graph, checkpoint: Checkpoint, tokens: str) -> str:
    """The decoder of the VQ-16 tokenizer, from code numbers to NCHW."""
    s, at = checkpoint.shape, "model.vqmodel."
    book = checkpoint.tensor(at + "quantize.embedding.weight")
    # Codes are looked up on the unit sphere.
    book = book / np.maximum(np.linalg.norm(book, axis=-1, keepdims=True), np.float32(1e-12))
    x = g.op("Gather", g.weight("codebook", book), tokens, axis=0)
    x = g.op("Reshape", x, g.i64(0, s.grid, s.grid, s.code_width))
    x = g.op("Transpose", x, perm=[0, 3, 1, 2])
    x = _conv(g, x, at + "post_quant_conv", checkpoint)
    at += "decoder."
    x = _conv(g, x, at + "conv_in", checkpoint)
    x = _residual(g, x, at + "mid.block_1", checkpoint)
    x = _attention(g, x, at + "mid.attn_1", checkpoint)
    x = _residual(g, x, at + "mid.block_2", checkpoint)
    levels = len(s.pixels.multipliers)
    for level in range(levels):
        for block in range(s.pixels.res_blocks + 1):
            x = _residual(g, x, f"{at}up.{level}.block.{block}", checkpoint)
            if checkpoint.has(f"{at}up.{level}.attn.{block}.q.weight"):
                x = _attention(g, x, f"{at}up.{level}.attn.{block}", checkpoint)
        if level != levels - 1:
            x = g.op("Resize", x, "", g.f32(1, 1, 2, 2), mode="nearest", nearest_mode="floor",
                     coordinate_transformation_mode="asymmetric")  # fmt: skip
            x = _conv(g, x, f"{at}up.{level}.upsample.conv", checkpoint)
    x = _swish(g, _group_norm(g, x, at + "norm_out", checkpoint))
    return _conv(g, x, at + "conv_out", checkpoint)


def _give(g: Graph, value: str, name: str, kind: int, channels: int) -> None:
    """Declares a [B, S, channels] output, in another type than the graph's if need be."""
    if kind != g.kind:
        value = g.op("Cast", value, to=kind)
    g.rename({value: name})
    g.output(name, kind, ["batch_size", "sequence_length", channels])


def _dense(g: Graph, x: str, name: str, checkpoint: Checkpoint) -> str:
    return g.linear(x, name, checkpoint.tensor(f"{name}.weight"), bias=checkpoint.tensor(f"{name}.bias"))


def _conv(g: Graph, x: str, name: str, checkpoint: Checkpoint) -> str:
    weight = checkpoint.tensor(f"{name}.weight")
    pad = weight.shape[-1] // 2
    stored = g.weight(f"{name}.weight", weight)
    bias = g.weight(f"{name}.bias", checkpoint.tensor(f"{name}.bias"))
    return g.op("Conv", x, stored, bias, kernel_shape=list(weight.shape[2:]), pads=[pad] * 4)


def _group_norm(g: Graph, x: str, name: str, checkpoint: Checkpoint) -> str:
    """By `InstanceNormalization` over the groups, which every execution provider has."""
    gain, bias = (checkpoint.tensor(f"{name}.{part}") for part in ("weight", "bias"))
    ones, zeros = np.ones(GROUPS, g.dtype), np.zeros(GROUPS, g.dtype)
    grouped = g.op("Reshape", x, g.i64(0, GROUPS, -1))
    normed = g.op("InstanceNormalization", grouped, g.constant(ones), g.constant(zeros), epsilon=GROUP_EPS)
    y = g.op("Reshape", normed, g.op("Shape", x))
    y = g.op("Mul", y, g.weight(f"{name}.weight", gain.reshape(-1, 1, 1)))
    return g.op("Add", y, g.weight(f"{name}.bias", bias.reshape(-1, 1, 1)))


def _swish(g: Graph, x: str) -> str:
    return g.op("Mul", x, g.op("Sigmoid", x))


def _residual(g: Graph, x: str, name: str, checkpoint: Checkpoint) -> str:
    y = _conv(g, _swish(g, _group_norm(g, x, f"{name}.norm1", checkpoint)), f"{name}.conv1", checkpoint)
    y = _conv(g, _swish(g, _group_norm(g, y, f"{name}.norm2", checkpoint)), f"{name}.conv2", checkpoint)
    if checkpoint.has(f"{name}.nin_shortcut.weight"):
        x = _conv(g, x, f"{name}.nin_shortcut", checkpoint)
    return g.op("Add", x, y)


def _attention(g: Graph, x: str, name: str, checkpoint: Checkpoint) -> str:
    normed = _group_norm(g, x, f"{name}.norm", checkpoint)
    q, k, v = (g.op("Reshape", _conv(g, normed, f"{name}.{part}", checkpoint), g.i64(0, 0, -1)) for part in "qkv")
    channels = len(checkpoint.tensor(f"{name}.q.bias"))
    scores = g.op("Mul", g.op("MatMul", g.op("Transpose", q, perm=[0, 2, 1]), k), g.number(channels**-0.5))
    mixed = g.op("MatMul", v, g.op("Transpose", g.op("Softmax", scores, axis=-1), perm=[0, 2, 1]))
    return g.op("Add", x, _conv(g, g.op("Reshape", mixed, g.op("Shape", x)), f"{name}.proj_out", checkpoint))

"""The decoder's layers as ONNX nodes, in two dialects over the same weights.

`webgpu`: MatMulNBits and GroupQueryAttention on a static key-value cache.
`cpu`: float32 MatMul on weights that onnxruntime dequantizes once, when it folds constants at load
(session option `session.disable_quant_qdq` = 1), and plain attention on a growing cache. Activations are
never quantized: a shared scale would let one lane change another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from onnx import TensorProto

from ..model.language_model import rope_tables
from ..model.quantize import Quantized
from ..model.weights import BlockWeights, ModelWeights
from ..world.captions import BOI
from .onnx_graph import Graph

KeyValue = tuple[str, str]


@dataclass(frozen=True)
class Position:
    """Where the tokens of a run stand: `start` and `end` int64 [1]; WebGPU takes its attention's inputs instead of `end`."""

    start: str
    end: str = ""
    seqlens_k: str = ""
    total_sequence_length: str = ""


class Network:
    """Node builders for one graph. Values are [L, S, channels] unless a docstring says otherwise."""

    def __init__(self, weights: ModelWeights, webgpu: bool) -> None:
        self.weights = weights
        self.config = weights.config
        self.webgpu = webgpu

    def dequantize(self, g: Graph, name: str, q: Quantized) -> str:
        """float32 [rows, columns] of a quantized weight."""
        rows, columns = q.values.shape
        kind = TensorProto.UINT8 if q.bits == 8 else TensorProto.UINT4
        zero = q.zero if q.bits == 8 else q.zero * 0x11
        count = q.scales.size
        stored = g.external(f"{name}.q", q.packed(), kind, (rows, columns))
        scales = g.external_array(f"{name}.scale", q.scales)
        zeros = g.external(f"{name}.zero", bytes([zero]) * ((count * q.bits + 7) // 8), kind, q.scales.shape)
        return g.op("DequantizeLinear", stored, scales, zeros, axis=1, block_size=q.block)

    def linear(self, g: Graph, x: str, name: str, q: Quantized) -> str:
        """x @ weight^T."""
        rows, columns = q.values.shape
        if not self.webgpu:
            return g.op("MatMul", x, self.shared[name])
        per_row = columns // q.block
        blob = q.block * q.bits // 8
        stored = g.external(f"{name}.q", q.packed(), TensorProto.UINT8, (rows, per_row, blob))
        scales = g.external(f"{name}.scale", q.scales.tobytes(), TensorProto.FLOAT, (q.scales.size,))
        return g.contrib(
            "MatMulNBits", x, stored, scales, K=columns, N=rows, bits=q.bits, block_size=q.block
        )

    def prepare(self, g: Graph) -> None:
        """Adds to the outermost graph what all layers, and all bodies, share."""
        c = self.config
        cos, sin = rope_tables(c, c.prefix_length + c.cells)
        half = c.head_dim // 2
        self.cos = g.external_array("rope.cos", cos[:, :half].numpy())
        self.sin = g.external_array("rope.sin", sin[:, :half].numpy())
        self.target = g.external_array("target", self.weights.target)
        self.shared: dict[str, str] = {}
        if self.webgpu:
            return
        self.shared["embed"] = self.dequantize(g, "embed", self.weights.embed)
        for i, b in enumerate(self.weights.blocks):
            for part, q in (("qkv", b.qkv), ("o", b.o), ("gate_up", b.gate_up), ("down", b.down)):
                name = f"blocks.{i}.{part}"
                self.shared[name] = g.op("Transpose", self.dequantize(g, name, q), perm=[1, 0])
        self.shared["head"] = g.op("Transpose", self.dequantize(g, "head", self.weights.head), perm=[1, 0])

    def embed(self, g: Graph, ids: str, position: Position) -> str:
        """Token embedding plus that of the cell about to be predicted; ids int64 [L, S]."""
        if self.webgpu:
            return self._embed_webgpu(g, ids, position)
        tokens = g.op("Gather", self.shared["embed"], ids, axis=0)
        target = g.op("Slice", self.target, position.start, position.end, g.i64(0))
        return g.op("Add", tokens, target)

    def _embed_webgpu(self, g: Graph, ids: str, position: Position) -> str:
        """The same without reading a shape or a position on the CPU, which would wait for the GPU.

        Only runs from position 0 have several tokens, and of those only <boi> predicts a cell, the first.
        """
        c, q = self.config, self.weights.embed
        rows, columns = q.values.shape
        stored = g.external("embed.q", q.packed(), TensorProto.UINT8, (rows, columns * q.bits // 8))
        scales = g.external_array("embed.scale", q.scales)
        tokens = g.contrib(
            "GatherBlockQuantized",
            stored,
            ids,
            scales,
            gather_axis=0,
            quantize_axis=1,
            block_size=q.block,
            bits=q.bits,
        )
        x = g.op("Add", tokens, g.op("Gather", self.target, position.start, axis=0))
        boi = np.zeros((rows, 1), np.float32)
        boi[c.codes + BOI] = 1
        is_boi = g.op("Gather", g.constant(boi), ids, axis=0)
        first = g.constant(self.weights.target[c.prefix_length - 1])
        return g.op("Add", x, g.op("Mul", is_boi, first))

    def norm(self, g: Graph, x: str, name: str, gain: np.ndarray) -> str:
        """RMS normalisation."""
        weight = g.external_array(name, gain)
        return g.op("SimplifiedLayerNormalization", x, weight, axis=-1, epsilon=self.config.norm_eps)

    def add_norm(self, g: Graph, x: str, y: str, name: str, gain: np.ndarray) -> tuple[str, str]:
        """x + y normalised, and x + y itself."""
        weight = g.external_array(name, gain)
        normed, _, _, total = g.contrib(
            "SkipSimplifiedLayerNormalization",
            x,
            y,
            weight,
            outputs=4,
            skipped=(1, 2),
            epsilon=self.config.norm_eps,
        )
        return normed, total

    def attention(self, g: Graph, qkv: str, position: Position, past: KeyValue) -> tuple[str, KeyValue]:
        """Packed [L, S, 3 width] -> mixed values [L, S, width] and the grown cache."""
        build = self._attention_webgpu if self.webgpu else self._attention_cpu
        return build(g, qkv, position, past)

    def _attention_webgpu(
        self, g: Graph, qkv: str, position: Position, past: KeyValue
    ) -> tuple[str, KeyValue]:
        c = self.config
        y, key, value = g.contrib(
            "GroupQueryAttention",
            qkv,
            "",
            "",
            *past,
            position.seqlens_k,
            position.total_sequence_length,
            self.cos,
            self.sin,
            outputs=3,
            num_heads=c.heads,
            kv_num_heads=c.heads,
            do_rotary=1,
            rotary_interleaved=0,
            scale=c.head_dim**-0.5,
        )
        return y, (key, value)

    def _attention_cpu(
        self, g: Graph, qkv: str, position: Position, past: KeyValue
    ) -> tuple[str, KeyValue]:
        c = self.config
        qk, v = g.op("Split", qkv, g.i64(2 * c.width, c.width), outputs=2, axis=-1)
        qk = g.contrib("RotaryEmbedding", qk, position.start, self.cos, self.sin, interleaved=0)
        q, k = g.op("Split", qk, g.i64(c.width, c.width), outputs=2, axis=-1)

        def heads(x: str) -> str:
            split = g.op("Reshape", x, g.i64(0, 0, c.heads, c.head_dim))
            return g.op("Transpose", split, perm=[0, 2, 1, 3])

        key = g.op("Concat", past[0], heads(k), axis=2)
        value = g.op("Concat", past[1], heads(v), axis=2)
        scores = g.contrib("FusedMatMul", heads(q), key, transB=1, alpha=c.head_dim**-0.5)
        scores = self.mask(g, scores)
        mixed = g.op("MatMul", g.op("Softmax", scores, axis=-1), value)
        y = g.op("Transpose", mixed, perm=[0, 2, 1, 3])
        return g.op("Reshape", y, g.i64(0, 0, c.width)), (key, value)

    causal: str | None = None
    """Mask added to the scores, float32 [S, t + S]; none when S = 1."""

    def mask(self, g: Graph, scores: str) -> str:
        """Scores with the causal mask, where there is one."""
        return scores if self.causal is None else g.op("Add", scores, self.causal)

    def ffn(self, g: Graph, x: str, index: int, block: BlockWeights) -> str:
        """SwiGLU."""
        both = self.linear(g, x, f"blocks.{index}.gate_up", block.gate_up)
        gate, up = g.op("Split", both, outputs=2, axis=-1, num_outputs=2)
        hidden = g.op("Mul", g.contrib("QuickGelu", gate, alpha=1.0), up)
        return self.linear(g, hidden, f"blocks.{index}.down", block.down)

    def run(
        self, g: Graph, ids: str, position: Position, past: list[KeyValue]
    ) -> tuple[str, list[KeyValue]]:
        """Logits of the last position, float32 [L, K], and the grown cache of every layer."""
        c = self.config
        residual = self.embed(g, ids, position)
        addend = ""
        present: list[KeyValue] = []
        for i, block in enumerate(self.weights.blocks):
            at = f"blocks.{i}."
            if addend:
                x, residual = self.add_norm(g, residual, addend, at + "attention_norm", block.attention_norm)
            else:
                x = self.norm(g, residual, at + "attention_norm", block.attention_norm)
            qkv = self.linear(g, x, at + "qkv", block.qkv)
            mixed, grown = self.attention(g, qkv, position, past[i])
            present.append(grown)
            y = self.linear(g, mixed, at + "o", block.o)
            x, residual = self.add_norm(g, residual, y, at + "ffn_norm", block.ffn_norm)
            addend = self.ffn(g, x, i, block)
        hidden, _ = self.add_norm(g, residual, addend, "final_norm", self.weights.final_norm)
        last = g.op("Slice", hidden, g.i64(-1), g.i64(np.iinfo(np.int64).max), g.i64(1))
        logits = self.linear(g, last, "head", self.weights.head)
        return g.op("Reshape", logits, g.i64(-1, c.codes)), present

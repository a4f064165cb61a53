"""Janus's layers and image head as nodes of the fused graphs, in two dialects over the same stored weights.

`step` (WebGPU): `GroupQueryAttention` on a static cache, rows padded on the right, arithmetic in the stored type.
`chunk` (CPU): plain attention on a growing cache, rows padded on the left, arithmetic in float32; its weights are
either dequantized once at load or, where that would not fit into memory, read packed by `MatMulNBits`. Activations are never
quantized: a shared scale would let one lane change another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from onnx import TensorProto

from pairscope.export.caches import KeyValue, LoopCache, attend
from pairscope.model.quantize import quantize

from .checkpoint import F32, Checkpoint
from .language_model import LAYER, rope_tables
from .onnx_writer import BLOCK, FLOAT, Graph

Make = Callable[[], F32]


@dataclass(frozen=True)
class WeightType:
    """Type of the arithmetic on the GPU (and of the cache there), and bits of the matrices (0: that type)."""

    dtype: Any
    bits: int

    @property
    def table_bits(self) -> int:
        """The image head and the codes' embeddings keep 8 bits where the layers have 4."""
        return 8 if self.bits else 0


WEIGHT_TYPES = {
    "fp32": WeightType(np.float32, 0),
    "fp16": WeightType(np.float16, 0),
    "q8": WeightType(np.float32, 8),
    "q4": WeightType(np.float32, 4),
    "q8f16": WeightType(np.float16, 8),
    "q4f16": WeightType(np.float16, 4),
}


def code_table(checkpoint: Checkpoint) -> F32:
    """Embedding and aligner of every image code, folded: float32 [codes, width]."""
    at = "model.generation_aligner."

    def dense(x: torch.Tensor, name: str) -> torch.Tensor:
        weight, bias = (torch.from_numpy(checkpoint.tensor(f"{at}{name}.{part}")) for part in ("weight", "bias"))
        return torch.nn.functional.linear(x, weight, bias)

    with torch.inference_mode():
        x = dense(torch.from_numpy(checkpoint.tensor("model.generation_embeddings.weight")), "fc1")
        layer = 0
        while checkpoint.has(f"{at}hidden_layers.{layer}.weight"):
            x = dense(torch.nn.functional.gelu(x), f"hidden_layers.{layer}")
            layer += 1
    return x.numpy()


class Network:
    """Node builders for one graph and the bodies inside. Values are [L, S, channels]."""

    def __init__(self, root: Graph, checkpoint: Checkpoint, weights: WeightType, gpu: bool, packed: bool) -> None:
        self.root, self.checkpoint, self.weights = root, checkpoint, weights
        self.gpu, self.packed = gpu, gpu or packed
        self.shape = checkpoint.shape
        self._known: dict[str, str] = {}

    def _once(self, name: str, build: Callable[[Graph], str]) -> str:
        """A value of the outermost graph, which bodies read as well."""
        if name not in self._known:
            self._known[name] = build(self.root)
        return self._known[name]

    def _computed(self, g: Graph, stored: str) -> str:
        """A stored value in the type that this graph computes in."""
        return stored if g.dtype == self.weights.dtype else g.op("Cast", stored, to=g.kind)

    def _stored(self, g: Graph, name: str, make: Make, dims: tuple[int, ...], dtype: Any = None) -> str:
        """An array in the stored type; made only if no other graph has stored it."""
        dtype = np.dtype(dtype or self.weights.dtype)
        data = b"" if g.shards.knows(name) else np.ascontiguousarray(make().astype(dtype)).tobytes()
        kind = TensorProto.FLOAT if dtype == np.float32 else TensorProto.FLOAT16
        return g.external(name, data, kind, dims)

    def vector(self, name: str) -> str:
        """A norm's gain or a bias."""
        make = lambda: self.checkpoint.tensor(name)  # noqa: E731
        width = self.checkpoint.length(name)
        return self._once(name, lambda g: self._computed(g, self._stored(g, name, make, (width,))))

    def _quantized(self, g: Graph, name: str, rows: int, columns: int, make: Make, bits: int) -> None:
        if not g.shards.knows(f"{name}.q"):
            q = quantize(make(), bits, BLOCK)
            g.shards.write(f"{name}.q", q.packed())
            g.shards.write(f"{name}.scale", q.scales.astype(self.weights.dtype).tobytes())

    def _scale(self, g: Graph, name: str, dims: tuple[int, ...]) -> str:
        kind = TensorProto.FLOAT if self.weights.dtype == np.float32 else TensorProto.FLOAT16
        return g.external(f"{name}.scale", b"", kind, dims)

    def _dequantized(self, g: Graph, name: str, rows: int, columns: int, bits: int) -> str:
        """float32 [rows, columns], folded when the graph is loaded."""
        kind = TensorProto.UINT8 if bits == 8 else TensorProto.UINT4
        blocks = rows * columns // BLOCK
        stored = g.external(f"{name}.q", b"", kind, (rows, columns))
        scale = self._computed(g, self._scale(g, name, (rows, columns // BLOCK)))
        zero = g.external_head(f"zero{bits}", name, kind, (rows, columns // BLOCK), blocks * bits // 8)
        return g.op("DequantizeLinear", stored, scale, zero, axis=1, block_size=BLOCK)

    def linear(self, g: Graph, x: str, name: str, rows: int, columns: int, make: Make, bits: int) -> str:
        """x @ weight^T; weight [rows, columns]."""
        if not bits:
            transposed = lambda: make().T  # noqa: E731
            weight = self._once(
                name, lambda r: self._computed(r, self._stored(r, f"{name}.transposed", transposed, (columns, rows)))
            )
            return g.op("MatMul", x, weight)
        self._quantized(self.root, name, rows, columns, make, bits)
        if self.packed:
            blob = BLOCK * bits // 8
            stored = g.external(f"{name}.q", b"", TensorProto.UINT8, (rows, columns // BLOCK, blob))
            flat = self._once(
                f"{name}.scale", lambda r: self._computed(r, self._scale(r, name, (rows * columns // BLOCK,)))
            )
            return g.contrib("MatMulNBits", x, stored, flat, K=columns, N=rows, bits=bits, block_size=BLOCK)
        weight = self._once(
            name, lambda r: r.op("Transpose", self._dequantized(r, name, rows, columns, bits), perm=[1, 0])
        )
        return g.op("MatMul", x, weight)

    def embed(self, g: Graph, ids: str) -> str:
        """Image codes int64 [L, S] -> what the layers read."""
        s, bits = self.shape, self.weights.table_bits
        make = lambda: code_table(self.checkpoint)  # noqa: E731
        if not bits:
            build = lambda r: self._computed(r, self._stored(r, "codes", make, (s.codes, s.width)))  # noqa: E731
            return g.op("Gather", self._once("codes", build), ids, axis=0)
        self._quantized(self.root, "codes", s.codes, s.width, make, bits)
        if not self.packed:
            table = self._once("codes", lambda r: self._dequantized(r, "codes", s.codes, s.width, bits))
            return g.op("Gather", table, ids, axis=0)
        stored = g.external("codes.q", b"", TensorProto.UINT8, (s.codes, s.width * bits // 8))
        scale = self._once("codes.scale", lambda r: self._computed(r, self._scale(r, "codes", (s.codes, s.width // BLOCK))))
        return g.contrib(
            "GatherBlockQuantized", stored, ids, scale, gather_axis=0, quantize_axis=1, block_size=BLOCK, bits=bits
        )

    def add_norm(self, g: Graph, residual: str, addend: str, name: str) -> tuple[str, str]:
        """residual + addend RMS-normalised, and the sum itself."""
        gain, eps = self.vector(f"{name}.weight"), self.shape.norm_eps
        if not addend:
            return g.op("SimplifiedLayerNormalization", residual, gain, axis=-1, epsilon=eps), residual
        normed, _, _, total = g.contrib(
            "SkipSimplifiedLayerNormalization", residual, addend, gain, outputs=4, skipped=(1, 2), epsilon=eps
        )
        return normed, total

    def _rope(self) -> tuple[str, str]:
        s, tables = self.shape, dict(zip(("cos", "sin"), rope_tables(self.shape)))
        size = (s.positions, s.head_size // 2)
        cos, sin = (
            self._once(f"rope.{n}", lambda r, n=n, t=t: self._stored(r, f"rope.{n}.{r.dtype}", lambda: t, size, r.dtype))
            for n, t in tables.items()
        )
        return cos, sin

    def attention(
        self, g: Graph, qkv: str, position: dict[str, str], past: KeyValue | LoopCache
    ) -> tuple[str, KeyValue]:
        """Packed [L, S, 3 width] -> mixed values [L, S, width] and the grown cache."""
        s, (cos, sin) = self.shape, self._rope()
        if not isinstance(past, LoopCache):
            places = (position["seqlens_k"], position["total_sequence_length"])
            y, key, value = g.contrib(
                "GroupQueryAttention", qkv, "", "", *past, *places, cos, sin, outputs=3, num_heads=s.heads,
                kv_num_heads=s.heads, do_rotary=1, rotary_interleaved=0, scale=s.head_size**-0.5,
            )  # fmt: skip
            return y, (key, value)
        heads = g.op("Transpose", g.op("Reshape", qkv, g.i64(0, 0, 3 * s.heads, s.head_size)), perm=[0, 2, 1, 3])
        qk, v = g.op("Split", heads, g.i64(2 * s.heads, s.heads), outputs=2, axis=1)
        qk = g.contrib("RotaryEmbedding", qk, position["ids"], cos, sin, interleaved=0)
        q, k = g.op("Split", qk, outputs=2, axis=1, num_outputs=2)
        mixed, grown = attend(g, (q, k, v), past, position["mask"], position["sizes"], s.head_size**-0.5)
        return g.op("Reshape", g.op("Transpose", mixed, perm=[0, 2, 1, 3]), g.i64(0, 0, s.width)), grown

    def layers(
        self, g: Graph, x: str, position: dict[str, str], past: Sequence[KeyValue | LoopCache]
    ) -> tuple[str, list[KeyValue]]:
        """Hidden states [L, S, width] after the last norm, and the grown cache of every layer."""
        s, bits = self.shape, self.weights.bits
        residual, addend = x, ""
        present: list[KeyValue] = []
        for i in range(s.layers):
            at = LAYER.format(i)

            def packed(*parts: str, at: str = at) -> Make:
                return lambda: np.concatenate([self.checkpoint.tensor(f"{at}{part}.weight") for part in parts])

            x, residual = self.add_norm(g, residual, addend, at + "input_layernorm")
            make = packed("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")
            qkv = self.linear(g, x, at + "qkv", 3 * s.width, s.width, make, bits)
            mixed, grown = self.attention(g, qkv, position, past[i])
            present.append(grown)
            y = self.linear(g, mixed, at + "o", s.width, s.width, packed("self_attn.o_proj"), bits)
            x, residual = self.add_norm(g, residual, y, at + "post_attention_layernorm")
            both = self.linear(g, x, at + "gate_up", 2 * s.ffn, s.width, packed("mlp.gate_proj", "mlp.up_proj"), bits)
            gate, up = g.op("Split", both, outputs=2, axis=-1, num_outputs=2)
            hidden = g.op("Mul", g.contrib("QuickGelu", gate, alpha=1.0), up)  # with alpha 1 it is SiLU
            addend = self.linear(g, hidden, at + "down", s.width, s.ffn, packed("mlp.down_proj"), bits)
        return self.add_norm(g, residual, addend, "model.language_model.norm")[0], present

    def head(self, g: Graph, hidden: str) -> str:
        """The last position's hidden state [L, 1, width] -> logits of the image codes, float32 [L, codes]."""
        s, bits, x = self.shape, self.weights.table_bits, hidden
        for name, rows in (("proj_out", s.width), ("vision_head", s.codes)):
            full = f"model.generation_head.{name}"
            make = lambda full=full: self.checkpoint.tensor(f"{full}.weight")  # noqa: E731
            x = g.op("Add", self.linear(g, x, full, rows, s.width, make, bits), self.vector(f"{full}.bias"))
            if name == "proj_out":
                x = g.gelu(x)
        if g.kind != FLOAT:
            x = g.op("Cast", x, to=FLOAT)
        return g.op("Reshape", x, g.i64(-1, s.codes))

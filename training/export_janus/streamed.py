"""PyTorch's answer for models of any size: Hugging Face's Llama layers, one in memory at a time.

All positions go through a layer at once, along tokens that are given (teacher forcing), and the weights have the values that
an export stores, so that what is compared is the graphs' arithmetic and not the loss by quantization.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pairscope.model.quantize import quantize

from .checkpoint import F32, Checkpoint
from .fused_network import WeightType, code_table
from .onnx_writer import BLOCK

I64 = NDArray[np.int64]


def rounded(weight: F32, dtype: Any, bits: int = 0) -> F32:
    """The values of a matrix, or of anything else when bits is 0, as an export stores them."""
    if not bits:
        return weight.astype(dtype).astype(np.float32)
    q = quantize(weight, bits, BLOCK)
    scales = q.scales.astype(dtype).astype(np.float32)
    return type(q)(q.bits, q.block, q.values, scales).dequantized()


@dataclass(frozen=True)
class Stored:
    """How an export keeps the parts of a model."""

    layers: WeightType
    head: WeightType
    table: WeightType
    text: Any

    @staticmethod
    def fused(weights: WeightType) -> Stored:
        """Of a fused folder."""
        rest = WeightType(weights.dtype, weights.table_bits)
        return Stored(weights, rest, rest, weights.dtype)

    @staticmethod
    def hub(dtype: Any, bits: int, head: Any) -> Stored:
        """Of a folder in the hub's layout, with float32 embeddings."""
        full = WeightType(np.float32, 0)
        return Stored(WeightType(dtype, bits), WeightType(head, 0), full, np.float32)


def streamed_logits(checkpoint: Checkpoint, stored: Stored, rows: I64, mask: I64, tokens: I64) -> F32:
    """Logits before each token: float32 [steps, L, codes]; rows and mask int64 [L, P], padded left, tokens int64 [L, steps]."""
    from transformers import LlamaConfig
    from transformers.models.llama.modeling_llama import LlamaDecoderLayer, LlamaRMSNorm, LlamaRotaryEmbedding

    s, steps = checkpoint.shape, tokens.shape[1]
    config = LlamaConfig(
        hidden_size=s.width, intermediate_size=s.ffn, num_attention_heads=s.heads, num_key_value_heads=s.heads,
        num_hidden_layers=s.layers, rms_norm_eps=s.norm_eps, max_position_embeddings=s.positions,
        rope_parameters={"rope_type": "default", "rope_theta": s.rope_theta}, attn_implementation="eager",
    )  # fmt: skip

    def part(name: str, spec: WeightType) -> Tensor:
        tensor = checkpoint.tensor(name)
        return torch.from_numpy(rounded(tensor, spec.dtype, spec.bits if tensor.ndim == 2 else 0))

    with torch.inference_mode():
        texts = checkpoint.tensor("model.language_model.embed_tokens.weight")[rows]
        codes = rounded(code_table(checkpoint), stored.table.dtype, stored.table.bits)[tokens[:, :-1]]
        x = torch.from_numpy(np.concatenate([rounded(texts, stored.text), codes], axis=1))
        whole = torch.cat([torch.from_numpy(mask), torch.ones(len(mask), steps - 1, dtype=torch.int64)], 1)
        positions = (whole.cumsum(1) - 1).clamp(min=0)
        places = LlamaRotaryEmbedding(config)(x, positions)
        length = x.shape[1]
        looks = torch.ones(length, length, dtype=torch.bool).tril() & whole[:, None, None, :].bool()
        bias = torch.zeros(looks.shape).masked_fill(~looks, torch.finfo(torch.float32).min)
        for i in range(s.layers):
            layer = _load(lambda i=i: LlamaDecoderLayer(config, i), f"model.language_model.layers.{i}.", part, stored.layers)
            y = layer(x, attention_mask=bias, position_ids=positions, position_embeddings=places)
            x = y[0] if isinstance(y, tuple) else y
        norm = _load(lambda: LlamaRMSNorm(s.width, s.norm_eps), "model.language_model.norm.", part, stored.layers)
        x = norm(x[:, -steps:])
        for name in ("proj_out", "vision_head"):
            at = f"model.generation_head.{name}."
            x = torch.nn.functional.linear(x, part(at + "weight", stored.head), part(at + "bias", stored.head))
            x = torch.nn.functional.gelu(x) if name == "proj_out" else x
    return np.ascontiguousarray(x.numpy().swapaxes(0, 1))


def _load(
    build: Callable[[], torch.nn.Module], at: str, part: Callable[[str, WeightType], Tensor], spec: WeightType
) -> Any:
    with torch.device("meta"):
        module = build()
    state = {name: part(at + name, spec) for name in module.state_dict()}
    module.load_state_dict(state, assign=True)
    return module.eval()

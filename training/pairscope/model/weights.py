"""The network's parameters as the graphs use them: packed, quantized, and dequantized again for the reference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from .language_model import Config, ImageTokenModel
from .quantize import Quantized, quantize

F32 = NDArray[np.float32]


@dataclass(frozen=True)
class BlockWeights:
    """One layer; matrices are [out, in]."""

    attention_norm: F32
    qkv: Quantized
    o: Quantized
    ffn_norm: F32
    gate_up: Quantized
    down: Quantized


@dataclass(frozen=True)
class ModelWeights:
    """All layers and tables. `head` has the values of the first K rows of `embed` when the head is tied."""

    config: Config
    bits: int
    block: int
    embed: Quantized  # [K + V, width]
    target: F32  # [P + N, width]: by absolute position, what is added to a token's embedding
    blocks: tuple[BlockWeights, ...]
    final_norm: F32
    head: Quantized  # [K, width]


def weights_of(model: ImageTokenModel, bits: int = 8, block: int = 32) -> ModelWeights:
    """Quantizes the matrices; norms and the small position tables stay float32."""
    config = model.config
    state = {name: value.detach().float().numpy() for name, value in model.state_dict().items()}

    def packed(*names: str) -> Quantized:
        return quantize(np.concatenate([state[name] for name in names]), bits, block)

    embed = packed("token_embed.weight")
    k = config.codes
    head = (
        Quantized(bits, block, embed.values[:k], embed.scales[:k])
        if config.tie_head
        else packed("head.weight")
    )
    target = np.zeros((config.prefix_length + config.cells, config.width), np.float32)
    first = config.prefix_length - 1
    target[first : first + config.cells] = model.target_embed().detach().float().numpy()
    blocks = []
    for i in range(config.layers):
        at = f"blocks.{i}."
        blocks.append(
            BlockWeights(
                attention_norm=state[at + "attention_norm.weight"],
                qkv=packed(*(f"{at}attention.{n}.weight" for n in "qkv")),
                o=packed(at + "attention.o.weight"),
                ffn_norm=state[at + "ffn_norm.weight"],
                gate_up=packed(at + "ffn.gate.weight", at + "ffn.up.weight"),
                down=packed(at + "ffn.down.weight"),
            )
        )
    return ModelWeights(
        config, bits, block, embed, target, tuple(blocks), state["final_norm.weight"], head
    )


def dequantized_model(model: ImageTokenModel, weights: ModelWeights) -> ImageTokenModel:
    """A copy of the network that computes with the quantized weight values, in float32."""
    config = weights.config
    state = {name: value.clone() for name, value in model.state_dict().items()}

    def put(quantized: Quantized, *names: str) -> None:
        for name, part in zip(names, np.split(quantized.dequantized(), len(names))):
            state[name] = torch.from_numpy(part.copy())

    put(weights.embed, "token_embed.weight")
    if not config.tie_head:
        put(weights.head, "head.weight")
    for i, block in enumerate(weights.blocks):
        at = f"blocks.{i}."
        put(block.qkv, *(f"{at}attention.{n}.weight" for n in "qkv"))
        put(block.o, at + "attention.o.weight")
        put(block.gate_up, at + "ffn.gate.weight", at + "ffn.up.weight")
        put(block.down, at + "ffn.down.weight")
    copy = ImageTokenModel(config)
    copy.load_state_dict(state)
    return copy.eval()

"""A random Janus of a few hundred kilobytes in Hugging Face's format, for tests. It draws noise."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from .tiny_tokenizer import write_tokenizer


@dataclass(frozen=True)
class TinyShape:
    """Sizes of a random model; the defaults are those of the committed one."""

    grid: int = 8
    width: int = 32
    layers: int = 2
    heads: int = 2
    ffn: int = 64
    codes: int = 256
    patch: int = 2
    seed: int = 11


def write_tiny(folder: Path, shape: TinyShape = TinyShape()) -> Path:
    """Writes `config.json`, `model.safetensors`, `generation_config.json` and the tokenizer."""
    logging.getLogger("transformers").setLevel(logging.ERROR)
    from transformers import (
        GenerationConfig,
        JanusConfig,
        JanusForConditionalGeneration,
        JanusVisionConfig,
        JanusVQVAEConfig,
        LlamaConfig,
    )

    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = write_tokenizer(folder)
    from .special_tokens import SPECIAL

    ids = {role: tokenizer.token_to_id(text) for role, text in SPECIAL.items()}
    levels = shape.patch.bit_length()  # the pixel decoder doubles levels - 1 times
    if shape.patch != 2 ** (levels - 1):
        raise ValueError(f"The patch size {shape.patch} is no power of two.")
    config = JanusConfig(
        text_config=LlamaConfig(
            vocab_size=-(-tokenizer.get_vocab_size() // 8) * 8,
            hidden_size=shape.width,
            intermediate_size=shape.ffn,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            num_key_value_heads=shape.heads,
            max_position_embeddings=1024,
            bos_token_id=ids["bos"],
            eos_token_id=ids["eos"],
            pad_token_id=ids["pad"],
        ),
        vision_config=JanusVisionConfig(
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            mlp_ratio=2.0,
            image_size=shape.grid * shape.patch,
            patch_size=shape.patch,
            num_image_tokens=shape.grid**2,
            projection_dim=shape.width,
        ),
        vq_config=JanusVQVAEConfig(
            num_embeddings=shape.codes,
            base_channels=32,
            latent_channels=32,
            channel_multiplier=[1] * levels,
            num_res_blocks=0,
            projection_dim=shape.width,
            image_token_embed_dim=shape.width,
        ),
        image_token_id=tokenizer.token_to_id("<image_placeholder>"),
        tie_word_embeddings=False,
    )
    torch.manual_seed(shape.seed)
    model = JanusForConditionalGeneration(config).eval()
    _randomize(model)
    model.generation_config = GenerationConfig(
        bos_token_id=ids["bos"],
        eos_token_id=ids["eos"],
        pad_token_id=ids["pad"],
        guidance_scale=5.0,
        generation_kwargs={"boi_token_id": ids["boi"]},
    )
    model.save_pretrained(folder)
    return folder


def _randomize(model: nn.Module) -> None:
    """Weights large enough that prompts and histories decide the tokens."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name and name.endswith("weight"):
                parameter.normal_(1.0, 0.1)
            elif parameter.dim() == 1:
                parameter.normal_(std=0.1)
            elif "embed" in name and "patch" not in name:
                parameter.normal_(std=1.0)
            else:
                gain = 4.0 if "vision_head" in name else 0.4 if "decoder.conv_out" in name else 1.2
                parameter.normal_(std=gain * parameter[0].numel() ** -0.5)

"""A Janus checkpoint on disk: its shape, and its tensors one at a time.

Two layouts are read: Hugging Face's (`model_type: janus`) and the original one (`model_type: multi_modality`), whose
keys are renamed to Hugging Face's. Nothing is loaded before it is asked for.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

F32 = NDArray[np.float32]


class CheckpointError(Exception):
    """The checkpoint cannot be exported; the message names the file and the way on."""


@dataclass(frozen=True)
class VisionShape:
    """The vision tower, which understanding needs and drawing does not."""

    width: int
    layers: int
    heads: int
    ffn: int
    patch: int
    norm_eps: float


@dataclass(frozen=True)
class PixelDecoderShape:
    """The decoder half of the VQ-16 tokenizer."""

    base_channels: int
    multipliers: tuple[int, ...]
    res_blocks: int


@dataclass(frozen=True)
class Shape:
    """What the graphs must know of a Janus model."""

    width: int
    layers: int
    heads: int
    ffn: int
    vocabulary: int
    positions: int
    rope_theta: float
    norm_eps: float
    codes: int
    code_width: int
    grid: int
    image_size: int
    pixels: PixelDecoderShape
    vision: VisionShape

    @property
    def head_size(self) -> int:
        """Channels of one attention head."""
        return self.width // self.heads

    @property
    def picture_size(self) -> int:
        """Width and height that the pixel decoder gives."""
        return self.grid * 2 ** (len(self.pixels.multipliers) - 1)

    @property
    def image_tokens(self) -> int:
        """Codes of one image."""
        return self.grid * self.grid


# Original key -> Hugging Face key, applied in this order to each key.
_RENAMES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^language_model\.lm_head\.", "lm_head."),
        (r"^language_model\.model\.", "model.language_model."),
        (r"^gen_embed\.", "model.generation_embeddings."),
        (r"^gen_aligner\.layers\.0\.", "model.generation_aligner.fc1."),
        (r"^gen_aligner\.layers\.2\.", "model.generation_aligner.hidden_layers.0."),
        (r"^aligner\.layers\.0\.", "model.aligner.fc1."),
        (r"^aligner\.layers\.2\.", "model.aligner.hidden_layers.0."),
        (r"^gen_head\.output_mlp_projector\.", "model.generation_head.proj_out."),
        (r"^gen_head\.", "model.generation_head."),
        (r"^gen_vision_model\.(encoder|decoder)\.mid\.0\.", r"model.vqmodel.\1.mid.block_1."),
        (r"^gen_vision_model\.(encoder|decoder)\.mid\.1\.", r"model.vqmodel.\1.mid.attn_1."),
        (r"^gen_vision_model\.(encoder|decoder)\.mid\.2\.", r"model.vqmodel.\1.mid.block_2."),
        (r"^gen_vision_model\.decoder\.conv_blocks\.(\d+)\.res\.", r"model.vqmodel.decoder.up.\1.block."),
        (r"^gen_vision_model\.decoder\.conv_blocks\.", "model.vqmodel.decoder.up."),
        (r"^gen_vision_model\.encoder\.conv_blocks\.(\d+)\.res\.", r"model.vqmodel.encoder.down.\1.block."),
        (r"^gen_vision_model\.encoder\.conv_blocks\.", "model.vqmodel.encoder.down."),
        (r"^gen_vision_model\.", "model.vqmodel."),
        (r"^vision_model\.vision_tower\.pos_embed$", "model.vision_model.embeddings.position_embedding.weight"),
        (r"^vision_model\.vision_tower\.patch_embed\.proj\.", "model.vision_model.embeddings.patch_embedding."),
        (r"^vision_model\.vision_tower\.norm\.", "model.vision_model.post_layernorm."),
        (r"^vision_model\.vision_tower\.blocks\.(\d+)\.norm", r"model.vision_model.encoder.layers.\1.layer_norm"),
        (
            r"^vision_model\.vision_tower\.blocks\.(\d+)\.attn\.proj\.",
            r"model.vision_model.encoder.layers.\1.self_attn.projection_layer.",
        ),
        (r"^vision_model\.vision_tower\.blocks\.(\d+)\.attn\.", r"model.vision_model.encoder.layers.\1.self_attn."),
        (r"^vision_model\.vision_tower\.blocks\.", "model.vision_model.encoder.layers."),
    )
)


def hugging_face_key(key: str) -> str:
    """The name that Hugging Face's Janus gives to a parameter of the original one; its own names stay."""
    for pattern, replacement in _RENAMES:
        renamed, count = pattern.subn(replacement, key)
        if count:
            return renamed
    return key


class Checkpoint:
    """A folder with `config.json`, `tokenizer.json` and weights (safetensors or PyTorch files, sharded or not).

    `state` is a file of parameters that take the place of the folder's, as fine-tuned ones are often given.
    """

    def __init__(self, folder: Path, state: Path | None = None) -> None:
        self.folder, self.state = folder, state
        self.config = _json(folder / "config.json")
        self.shape = _shape(self.config)
        self._index = _index(folder)
        if state:
            self._index |= {hugging_face_key(key): (state, key) for key in _keys(state)}
        self._open: dict[Path, Any] = {}

    def has(self, name: str) -> bool:
        """Whether the checkpoint holds this parameter, by Hugging Face's name."""
        return name in self._index or _merged(name)[0] in self._index

    def tensor(self, name: str) -> F32:
        """One parameter as float32, by Hugging Face's name."""
        if name in self._index:
            return self._read(name).float().numpy()
        merged, part = _merged(name)
        if merged in self._index:
            return self._read(merged).float().chunk(3)[part].numpy()
        raise CheckpointError(f"{self.folder} has no tensor {name}: the checkpoint is incomplete; fetch it again.")

    def length(self, name: str) -> int:
        """Number of values of a vector, without keeping it."""
        return len(self.tensor(name))

    def _read(self, name: str) -> torch.Tensor:
        path, stored = self._index[name]
        if path not in self._open:
            self._open.clear()  # one file at a time: pickled ones lie in memory as a whole
            self._open[path] = _open(path)
        reader = self._open[path]
        return reader[stored] if isinstance(reader, dict) else reader.get_tensor(stored)


def _merged(name: str) -> tuple[str, int]:
    """Where the original vision tower keeps a projection: in one tensor for queries, keys and values."""
    match = re.search(r"\.([qkv])_proj\.", name)
    if not match or not name.startswith("model.vision_model."):
        return "", 0
    return name.replace(f".{match[1]}_proj.", ".qkv."), "qkv".index(match[1])


def _json(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise CheckpointError(f"{path} is missing: give the folder of a Janus checkpoint.")
    try:
        return json.loads(path.read_text())
    except ValueError as error:
        raise CheckpointError(f"{path} is not JSON ({error}): fetch it again.") from error


def _index(folder: Path) -> dict[str, tuple[Path, str]]:
    """Hugging Face's name -> file, name in the file."""
    for stem, suffix in (("model", "safetensors"), ("pytorch_model", "bin")):
        whole, index = folder / f"{stem}.{suffix}", folder / f"{stem}.{suffix}.index.json"
        if index.exists():
            entries = _json(index)["weight_map"].items()
            found = {hugging_face_key(key): (folder / file, key) for key, file in entries}
            for path in {path for path, _ in found.values()}:
                if not path.exists():
                    raise CheckpointError(f"{path} is missing, though {index.name} names it: fetch it again.")
            return found
        if whole.exists():
            return {hugging_face_key(key): (whole, key) for key in _keys(whole)}
    raise CheckpointError(f"{folder} has neither model.safetensors nor pytorch_model.bin (nor an index of shards).")


def _keys(path: Path) -> list[str]:
    return list(_open(path).keys())


def _open(path: Path) -> Any:
    try:
        if path.suffix == ".safetensors":
            from safetensors import safe_open

            return safe_open(str(path), framework="pt")
        return torch.load(path, map_location="cpu", mmap=True, weights_only=True)
    except Exception as error:  # both readers have many kinds of their own
        raise CheckpointError(f"{path} cannot be read ({error}): fetch it again.") from error


def _shape(config: dict[str, Any]) -> Shape:
    kind = config.get("model_type")
    if kind == "janus":
        shape = _hugging_face_shape(config)
    elif kind == "multi_modality":
        shape = _original_shape(config)
    else:
        raise CheckpointError(f"config.json is of a {kind!r} model: only Janus (janus, multi_modality) can be exported.")
    if shape.width % shape.heads or shape.width % 32 or shape.ffn % 32:
        raise CheckpointError(f"Hidden size {shape.width} or FFN size {shape.ffn} is no multiple of 32 or of the heads.")
    return shape


def _hugging_face_shape(config: dict[str, Any]) -> Shape:
    text, vision, vq = config["text_config"], config["vision_config"], config["vq_config"]
    _require_multi_head(text)
    for part in (vision, vq):
        if part.get("hidden_act", "gelu") != "gelu":
            raise CheckpointError(f"config.json asks for the activation {part['hidden_act']!r}: only gelu is known.")
    rope = text.get("rope_parameters") or {}
    return Shape(
        width=text["hidden_size"],
        layers=text["num_hidden_layers"],
        heads=text["num_attention_heads"],
        ffn=text["intermediate_size"],
        vocabulary=text["vocab_size"],
        positions=text.get("max_position_embeddings", 2048),
        rope_theta=float(text.get("rope_theta") or rope.get("rope_theta", 10000.0)),
        norm_eps=text.get("rms_norm_eps", 1e-6),
        codes=vq.get("num_embeddings", 16384),
        code_width=vq.get("embed_dim", 8),
        grid=vision.get("image_size", 384) // vision.get("patch_size", 16),
        image_size=vision.get("image_size", 384),
        pixels=PixelDecoderShape(
            base_channels=vq.get("base_channels", 128),
            multipliers=tuple(vq.get("channel_multiplier", (1, 1, 2, 2, 4))),
            res_blocks=vq.get("num_res_blocks", 2),
        ),
        vision=VisionShape(
            width=vision.get("hidden_size", 1024),
            layers=vision.get("num_hidden_layers", 24),
            heads=vision.get("num_attention_heads", 16),
            ffn=int(vision.get("hidden_size", 1024) * vision.get("mlp_ratio", 4.0)),
            patch=vision.get("patch_size", 16),
            norm_eps=vision.get("layer_norm_eps", 1e-6),
        ),
    )


def _original_shape(config: dict[str, Any]) -> Shape:
    """The original config leaves out what equals the defaults of Llama, SigLIP-L/16 and VQ-16."""
    text, codes = config["language_config"], config["gen_vision_config"]["params"]
    _require_multi_head(text)
    image_size = config["vision_config"]["params"].get("image_size", 384)
    return Shape(
        width=text.get("hidden_size", 4096),
        layers=text.get("num_hidden_layers", 32),
        heads=text.get("num_attention_heads", 32),
        ffn=text.get("intermediate_size", 11008),
        vocabulary=text.get("vocab_size", 102400),
        positions=text.get("max_position_embeddings", 16384),
        rope_theta=float(text.get("rope_theta", 10000.0)),
        norm_eps=text.get("rms_norm_eps", 1e-6),
        codes=codes["image_token_size"],
        code_width=codes["n_embed"],
        grid=image_size // 16,
        image_size=image_size,
        pixels=PixelDecoderShape(128, (1, 1, 2, 2, 4), 2),
        vision=VisionShape(1024, 24, 16, 4096, 16, 1e-6),
    )


def _require_multi_head(text: dict[str, Any]) -> None:
    heads = text.get("num_attention_heads", 32)
    if text.get("num_key_value_heads") not in (None, heads):
        raise CheckpointError("The language model shares key-value heads between heads: no Janus does, and no graph here.")
    if text.get("rope_scaling"):
        raise CheckpointError("The language model scales its rotary positions: no Janus does, and no graph here.")

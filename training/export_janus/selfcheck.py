"""Whether an exported folder computes what PyTorch computes with the same weight values."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from pairscope.export.reference import F32, PairPlan, Settings, draw

from .checkpoint import Checkpoint
from .fused import matrix_parameters, write_fused
from .fused_network import WEIGHT_TYPES
from .fused_runtime import LANES, SIDES, FusedRuntime
from .hub import HALVES, LANGUAGE_MODELS, write_graphs, write_texts
from .hub_runtime import HubRuntime, prompt_rows
from .manifest import description
from .special_tokens import special_ids
from .streamed import Stored, streamed_logits

PAIR = ("a photo of a red apple on a wooden table", "a photo of two green apples, one blue cup")
SETTINGS = Settings(seed=7, guidance_weight=5.0)
STEPS = 6
TOLERANCE = {np.dtype(np.float32): 1e-3, np.dtype(np.float16): 0.03}
"""Of the logits, as a part of their largest magnitude, by the type of the arithmetic."""


class ExportError(Exception):
    """An exported graph does not compute what the network computes."""


@dataclass
class _Config:
    codes: int


class Recorded:
    """Logits known beforehand, behind the interface that `pairscope.export.reference.draw` takes."""

    def __init__(self, logits: F32) -> None:
        self.lines, self.config = torch.from_numpy(logits), _Config(logits.shape[-1])

    def run(self, ids: torch.Tensor, start: int, cache: Any) -> tuple[torch.Tensor, int]:
        """The next step's logits in place of hidden states; the cache counts steps."""
        step = 0 if cache is None else cache
        return self.lines[step][:, None], step + 1

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """They are logits already."""
        return hidden


def check_fused(checkpoint: Checkpoint, folder: Path, steps: int = STEPS) -> dict[str, Any]:
    """Both graphs of a fused folder along the tokens that they draw; raises `ExportError` where they disagree with PyTorch."""
    weights = WEIGHT_TYPES[json.loads((folder / "manifest.json").read_text())["weightType"]]
    rows, mask = _rows(folder, 6)
    report: dict[str, Any] = {}
    for graph in ("chunk", "step"):
        runtime = FusedRuntime(folder, graph)
        got = runtime.draw(*PAIR, SETTINGS, steps=steps)
        del runtime
        tokens = got[:, :, 0].astype(np.int64)
        logits = streamed_logits(checkpoint, Stored.fused(weights), rows, mask, tokens[:, list(SIDES)].T)
        model: Any = Recorded(logits)
        expected = draw(model, PairPlan(rows, np.array(SIDES)), SETTINGS, steps, tokens)
        kind = np.dtype(weights.dtype) if graph == "step" else np.dtype(np.float32)
        report[graph] = _compared(graph, got, expected, kind)
    return report


def _compared(graph: str, got: F32, expected: F32, kind: Any) -> dict[str, float]:
    tolerance = TOLERANCE[kind]
    decided = expected[:, :, 2] > 20 * tolerance
    if (got[:, :, 1] != expected[:, :, 1])[decided].any():
        raise ExportError(f"{graph}.onnx chooses other tokens than PyTorch.")
    worst = float(np.abs(got[:, :, [3, 7]] - expected[:, :, [3, 7]]).max())
    if worst > 2 * tolerance:
        raise ExportError(f"{graph}.onnx: probabilities differ from PyTorch's by {worst:.2g}.")
    return {"steps": len(got), "largestDifference": worst, "stepsTooCloseToCall": int((~decided).sum())}


def check_hub(checkpoint: Checkpoint, folder: Path, suffix: str, steps: int = STEPS) -> dict[str, Any]:
    """The graphs of a variant, greedily, against PyTorch along their tokens."""
    kind, bits = LANGUAGE_MODELS[suffix]
    head = "_fp16" if kind is np.float16 and "_fp16" in HALVES and (folder / "onnx/gen_head_fp16.onnx").exists() else ""
    runtime = HubRuntime(folder, suffix, head)
    tokens, guided = runtime.draw(list(PAIR), SETTINGS.guidance_weight, steps)
    del runtime
    rows, mask = _rows(folder, 4)
    stored = Stored.hub(kind, bits, HALVES[head][0])
    logits = streamed_logits(checkpoint, stored, rows, mask, tokens.repeat(2, axis=0))
    expected = logits[:, 1::2] + SETTINGS.guidance_weight * (logits[:, 0::2] - logits[:, 1::2])
    worst = float(np.abs(guided - expected).max() / np.abs(expected).max())
    if worst > TOLERANCE[np.dtype(kind)]:
        raise ExportError(f"language_model{suffix}.onnx: logits differ from PyTorch's by {worst:.2g} of the largest.")
    return {"steps": steps, "largestDifference": worst}


def check_decoder(checkpoint: Checkpoint, folder: Path) -> dict[str, Any]:
    """The pixel decoder against Hugging Face's, on one picture of noise."""
    from transformers import JanusVQVAEConfig
    from transformers.models.janus.modeling_janus import JanusVQVAE

    from .hub_runtime import open_session

    s = checkpoint.shape
    config = JanusVQVAEConfig(
        embed_dim=s.code_width, num_embeddings=s.codes, base_channels=s.pixels.base_channels, num_patches=s.grid,
        latent_channels=len(checkpoint.tensor("model.vqmodel.post_quant_conv.bias")),
        channel_multiplier=list(s.pixels.multipliers), num_res_blocks=s.pixels.res_blocks,
    )  # fmt: skip
    model = JanusVQVAE(config).eval()
    state = {
        name: torch.from_numpy(checkpoint.tensor(f"model.vqmodel.{name}"))
        for name in model.state_dict()
        if name.startswith(("decoder.", "post_quant_conv.", "quantize."))
    }
    model.load_state_dict(state, strict=False, assign=True)
    tokens = np.random.default_rng(1).integers(0, s.codes, (1, s.image_tokens))
    with torch.inference_mode():
        expected = model.decode(torch.from_numpy(tokens)).numpy()
    hub = (folder / "onnx").exists()
    path = folder / ("onnx/image_decode.onnx" if hub else "decoder.onnx")
    got = open_session(path).run(None, {"generated_tokens" if hub else "tokens": tokens})[0]
    worst = float(np.abs(got - (expected if hub else (np.clip(expected, -1, 1) + 1) / 2)).max())
    if worst > 1e-3:
        raise ExportError(f"{path.name}: pixels differ from PyTorch's by {worst:.2g}.")
    return {"largestDifference": worst}


def _rows(folder: Path, lanes: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Token ids and mask of the lanes of the checked pair."""
    path = folder / "tokenizer.json"
    ids, mask = prompt_rows(Tokenizer.from_file(str(path)), list(PAIR), special_ids(path))
    return ids[list(LANES[:lanes])], mask[list(LANES[:lanes])]


FLOAT32_LIMIT = 24 * 2**30
"""onnxruntime's CPU computes in float32: graphs whose weights take more are checked by their first layers."""
FIRST_LAYERS = 2


def check_folder(checkpoint: Checkpoint, folder: Path) -> dict[str, Any]:
    """Every graph of an exported folder, of either layout; large models' language model by an export of its first layers."""
    if not (folder / "onnx").exists() and not (folder / "manifest.json").exists():
        raise ExportError(f"{folder} has no manifest.json and no onnx folder: give the folder that an export wrote.")
    if not (folder / "onnx").exists():
        weights = json.loads((folder / "manifest.json").read_text())["weightType"]
        report = {"decoder": check_decoder(checkpoint, folder)}
        if not WEIGHT_TYPES[weights].bits and 4 * matrix_parameters(checkpoint) > FLOAT32_LIMIT:
            with TemporaryDirectory(dir=folder.parent) as work:
                first = first_layers(checkpoint)
                write_fused(first, Path(work), weights, description(first, "first-layers", "First layers", True))
                return report | {"firstLayers": FIRST_LAYERS} | check_fused(first, Path(work))
        return report | check_fused(checkpoint, folder)
    report = {"image_decode": check_decoder(checkpoint, folder)}
    for suffix, (_, bits) in LANGUAGE_MODELS.items():
        if not (folder / f"onnx/language_model{suffix}.onnx").exists():
            continue
        if not bits and 4 * matrix_parameters(checkpoint) > FLOAT32_LIMIT:
            with TemporaryDirectory(dir=folder.parent) as work:
                first = first_layers(checkpoint)
                write_texts(first, Path(work))
                write_graphs(first, Path(work), (suffix,))
                found = {"firstLayers": FIRST_LAYERS} | check_hub(first, Path(work), suffix)
        else:
            found = check_hub(checkpoint, folder, suffix)
        report[f"language_model{suffix}"] = found
    return report


def first_layers(checkpoint: Checkpoint, layers: int = FIRST_LAYERS) -> Checkpoint:
    """The same checkpoint, as if the language model ended there."""
    cut = Checkpoint(checkpoint.folder, checkpoint.state)
    cut.shape = replace(cut.shape, layers=min(layers, cut.shape.layers))
    return cut

"""Makes a run out of a shipped model folder, so that training can go on where only the shipped files are left.

Codebook and pixel decoder come out as they were exported (float16 values); the language model has its quantized
weight values and a fresh optimizer.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from ..world import config as C
from ..world.captions import LETTER_IDS, WORD_IDS
from .decoder_net import PixelDecoder
from .language_model import Config, ImageTokenModel, save_checkpoint

MODELS = C.ROOT.parent / "public" / "models"


def drawing_model(models: Path = MODELS) -> Path:
    """The folder of the model that draws."""
    return models / json.loads((models / "index.json").read_text())["default"]


def _arrays(path: Path) -> dict[str, np.ndarray]:
    graph = onnx.load(str(path)).graph
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}


def language_model(folder: Path) -> ImageTokenModel:
    """The network with the weight values that the CPU graph of a fused folder computes with."""
    manifest = json.loads((folder / "manifest.json").read_text())
    arrays = _arrays(folder / "chunk.onnx")

    def matrix(name: str) -> torch.Tensor:
        q, scale, zero = (arrays[f"{name}.{part}"].astype(np.float32) for part in ("q", "scale", "zero"))
        blocks = q.reshape(*scale.shape, -1) - zero[..., None]
        return torch.from_numpy((blocks * scale[..., None]).reshape(q.shape))

    rows, columns = manifest["grid"]["rows"], manifest["grid"]["columns"]
    config = Config(
        codes=manifest["codes"],
        text_tokens=manifest["textTokens"],
        prefix_length=manifest["prefixLength"],
        rows=rows,
        columns=columns,
        width=arrays["final_norm"].shape[0],
        layers=manifest["layers"],
        heads=manifest["heads"],
        ffn=arrays["blocks.0.down.q"].shape[1],
    )
    state = {"token_embed.weight": matrix("embed"), "final_norm.weight": torch.from_numpy(arrays["final_norm"].copy())}
    # Only the sum of a row's and a column's embedding is stored; any split of it is the same model.
    target = torch.from_numpy(arrays["target"].copy())[config.prefix_length - 1 :][: config.cells].view(rows, columns, -1)
    state["row_embed.weight"] = target.mean(1) - target.mean((0, 1)) / 2
    state["column_embed.weight"] = target.mean(0) - target.mean((0, 1)) / 2
    for i in range(config.layers):
        at = f"blocks.{i}."
        for name in ("attention_norm", "ffn_norm"):
            state[f"{at}{name}.weight"] = torch.from_numpy(arrays[at + name].copy())
        for name, part in zip("qkv", matrix(at + "qkv").chunk(3), strict=True):
            state[f"{at}attention.{name}.weight"] = part
        state[at + "attention.o.weight"] = matrix(at + "o")
        for name, part in zip(("gate", "up"), matrix(at + "gate_up").chunk(2), strict=True):
            state[f"{at}ffn.{name}.weight"] = part
        state[at + "ffn.down.weight"] = matrix(at + "down")
    model = ImageTokenModel(config)
    model.load_state_dict(state)
    return model.eval()


def pixel_decoder(folder: Path) -> PixelDecoder:
    """The network of decoder.onnx."""
    arrays = _arrays(folder / "decoder.onnx")
    net = PixelDecoder(arrays["embed"].shape[0])
    names = {name: "embed" if name == "embed.weight" else name for name in net.state_dict()}
    net.load_state_dict({name: torch.from_numpy(arrays[stored].astype(np.float32)) for name, stored in names.items()})
    return net.eval()


def codebook(folder: Path) -> np.ndarray:
    """Centroids [K, 192], float32."""
    return np.fromfile(folder / "centroids.bin", "<f2").astype(np.float32).reshape(-1, C.PATCH * C.PATCH * 3)


def strange_words(folder: Path) -> list[str]:
    """Words and letters of a folder whose ids are not this vocabulary's; a folder may lack the later ones."""
    known = json.loads((folder / "text.json").read_text())
    letters = [letter for letter, places in known["letters"].items() if LETTER_IDS.get(letter, [])[: len(places)] != places]
    return letters + [word for word, at in known["words"].items() if WORD_IDS.get(word) != at]


def main(arguments: list[str]) -> None:
    """Writes codebook, pixel decoder, what is known of them, and lm.pt into a run that does not have them."""
    parser = argparse.ArgumentParser(prog="python -m pairscope model unpack", description=main.__doc__)
    parser.add_argument("--folder", type=Path, help="a fused model folder; the one that draws by default")
    parser.add_argument("--out", type=Path, default=C.RUNS)
    a = parser.parse_args(arguments)
    folder = a.folder or drawing_model()
    (a.out / "judge").mkdir(parents=True, exist_ok=True)
    model = language_model(folder)
    unlike = strange_words(folder)
    if unlike:
        raise SystemExit(f"{folder.name} has other ids than this vocabulary, of {', '.join(unlike[:5])}.")
    card = json.loads((folder / "model-card.json").read_text())
    made = {
        "centroids.npy": lambda path: np.save(path, codebook(folder)),
        "decoder.pt": lambda path: torch.save({"state_dict": pixel_decoder(folder).state_dict()}, path),
        "codebook.json": lambda path: path.write_text(json.dumps({k: v for k, v in card["tokenizer"].items() if k != "pixelDecoderPsnr"})),
        "decoder.json": lambda path: path.write_text(json.dumps(card["tokenizer"].get("pixelDecoderPsnr", {}))),
        "judge/card.json": lambda path: path.write_text(json.dumps(card.get("judge", {}))),
        "lm.pt": lambda path: save_checkpoint(str(path), model, step=0, seconds=0.0, before=card["languageModel"]),
    }
    for name, write in made.items():
        path = a.out / name
        print(f"{path} is there already and stays" if path.exists() else path)
        if not path.exists():
            write(path)

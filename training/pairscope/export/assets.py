"""Writes what the app needs besides the language model: pixel decoder, codebook, text files."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from ..evaluation.pictures import load_decoder
from ..model.decoder_net import PixelDecoder, Residual
from ..model.tokenizer import centroids
from ..world import config as C
from ..world.captions import FIRST_TEXT_TOKENS, TEXT_TOKENS, tokenizer_json
from ..world.vocabulary import vocabulary_json


class _Graph:
    """Collects nodes; weights are stored as fp16 and cast to fp32 when the session loads."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.count = 0

    def node(self, op: str, inputs: list[str], output: str | None = None, **attributes: object) -> str:
        """Appends a node and names its output."""
        self.count += 1
        name = output or f"{op.lower()}_{self.count}"
        self.nodes.append(helper.make_node(op, inputs, [name], name=f"n{self.count}_{op}", **attributes))
        return name

    def constant(self, value: NDArray, name: str) -> str:
        """An initializer as it is."""
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def weight(self, value: torch.Tensor, name: str) -> str:
        """An initializer kept in fp16."""
        half = value.detach().numpy().astype(np.float16)
        return self.node("Cast", [self.constant(half, name)], to=TensorProto.FLOAT)

    def conv(self, x: str, layer: torch.nn.Conv2d, name: str) -> str:
        """Convolution with bias."""
        assert layer.bias is not None
        pad = layer.kernel_size[0] // 2
        inputs = [x, self.weight(layer.weight, f"{name}.weight"), self.weight(layer.bias, f"{name}.bias")]
        return self.node("Conv", inputs, kernel_shape=list(layer.kernel_size), pads=[pad] * 4)

    def residual(self, x: str, block: Residual, name: str) -> str:
        """``Residual.forward``."""
        y = self.conv(self.node("Relu", [x]), block.wide, f"{name}.wide")
        return self.node("Add", [x, self.conv(self.node("Relu", [y]), block.mix, f"{name}.mix")])

    def shuffle(self, x: str, factor: int) -> str:
        """``pixel_shuffle``: channels are ordered colour, row, column."""
        return self.node("DepthToSpace", [x], blocksize=factor, mode="CRD")


def decoder_graph(net: PixelDecoder) -> onnx.ModelProto:
    """tokens int64 [B, 144] -> image float32 [B, 3, 192, 192] in 0..1."""
    g = _Graph()
    x = g.node("Gather", [g.weight(net.embed.weight, "embed"), "tokens"], axis=0)
    x = g.node("Transpose", [x], perm=[0, 2, 1])
    shape = np.array([-1, net.embed.embedding_dim, C.ROWS, C.COLUMNS], np.int64)
    x = g.node("Reshape", [x, g.constant(shape, "grid_shape")])
    x = g.conv(x, net.enter, "enter")
    for index, block in enumerate(net.trunk):
        x = g.residual(x, block, f"trunk.{index}")  # type: ignore[arg-type]
    x = g.shuffle(g.conv(x, net.to_middle, "to_middle"), 2)
    for index, block in enumerate(net.middle):
        x = g.residual(x, block, f"middle.{index}")  # type: ignore[arg-type]
    x = g.shuffle(g.conv(x, net.to_fine, "to_fine"), 2)
    x = g.residual(x, net.fine, "fine")
    x = g.conv(g.node("Relu", [x]), net.out, "out")
    x = g.shuffle(x, 4)
    low, high = g.constant(np.float32(0).reshape(()), "low"), g.constant(np.float32(1).reshape(()), "high")
    g.node("Clip", [x, low, high], output="image")
    side = C.ROWS * C.DRAW_PATCH
    graph = helper.make_graph(
        g.nodes,
        "pixel_decoder",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["B", C.ROWS * C.COLUMNS])],
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["B", 3, side, side])],
        g.constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], producer_name="pairscope")
    model.ir_version = 9
    onnx.checker.check_model(model, full_check=True)
    return model


def codebook_facts(book: NDArray[np.float32]) -> dict[str, float]:
    """Nearest-neighbour distances of the centroids: Euclidean, over 192 values in 0..1."""
    x = torch.from_numpy(book)
    near = torch.cdist(x, x).fill_diagonal_(torch.inf).min(1).values.numpy()
    return {f"nearestNeighbour{name}": round(float(np.percentile(near, p)), 4) for name, p in (("P05", 5), ("P25", 25), ("Median", 50))}


def main(arguments: list[str]) -> None:
    """Writes decoder.onnx, codebook.png, centroids.bin, text_tokenizer.json and vocabulary.json."""
    parser = argparse.ArgumentParser(prog="python -m pairscope export assets", description=main.__doc__)
    parser.add_argument("--out", type=Path, default=C.RUNS / "export")
    out = parser.parse_args(arguments).out
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(2)
    net, book = load_decoder(), centroids().numpy()
    onnx.save(decoder_graph(net), str(out / "decoder.onnx"))

    per_row = 32
    rows = len(book) // per_row
    atlas = book.reshape(rows, per_row, C.PATCH, C.PATCH, 3).transpose(0, 2, 1, 3, 4)
    atlas = atlas.reshape(rows * C.PATCH, per_row * C.PATCH, 3)
    Image.fromarray((atlas.clip(0, 1) * 255 + 0.5).astype(np.uint8)).save(out / "codebook.png", optimize=True)
    # Row-major [K, 192] little-endian fp16; a vector is the patch's rows, columns, RGB in 0..1.
    book.astype("<f2").tofile(out / "centroids.bin")
    (out / "text_tokenizer.json").write_text(json.dumps(tokenizer_json(FIRST_TEXT_TOKENS if len(centroids()) == C.CODES else TEXT_TOKENS), indent=1))
    facts = codebook_facts(book)
    vocabulary = vocabulary_json()
    vocabulary["notes"] = {
        "codebook": {
            "codes": len(book),
            "patchPixels": C.PATCH,
            "atlasColumns": per_row,
            **facts,
            "nearThreshold": facts["nearestNeighbourP05"],
            "nearMeaning": "Two codes whose centroids lie closer than this (Euclidean, 192 values in 0..1) look nearly alike: "
            "the 5th percentile of nearest-neighbour distances.",
        }
    }
    (out / "vocabulary.json").write_text(json.dumps(vocabulary, indent=1))

    import onnxruntime

    session = onnxruntime.InferenceSession(str(out / "decoder.onnx"), providers=["CPUExecutionProvider"])
    tokens = torch.randint(0, len(book), (2, C.ROWS * C.COLUMNS), generator=torch.Generator().manual_seed(0))
    drawn = session.run(None, {"tokens": tokens.numpy()})[0]
    with torch.no_grad():
        error = float(np.abs(net(tokens).clamp(0, 1).numpy() - drawn).max())
    print(f"decoder.onnx {(out / 'decoder.onnx').stat().st_size / 1e6:.2f} MB, largest difference {error:.4f}; {facts}")

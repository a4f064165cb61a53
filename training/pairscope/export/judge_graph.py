"""Writes judge.onnx and judge.json: the eye with 16-bit weights, and the words and labels that the browser's half needs."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from ..judge.claims import vocabulary
from ..judge.labels import ACCESSORIES, COLOURS, GLYPHS, HEADS, KINDS
from ..judge.match import EPSILON, MAX_CANDIDATES
from ..judge.network import Eye, load
from ..judge.pieces import BACKGROUNDS, SIGN_ROWS
from ..judge.train import JUDGE
from ..world import config as C
from .onnx_graph import OPSET

FORMAT = 1


class _Writer:
    """Nodes in order; weights are stored as float16 and cast when the session starts."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, value: NDArray[np.float32]) -> str:
        self.weights.append(numpy_helper.from_array(value.astype(np.float16), f"{name}.half"))
        return self.op("Cast", f"{name}.half", name=name, to=TensorProto.FLOAT)

    def shape(self, *values: int) -> str:
        name = "shape_" + "_".join(str(v) for v in values)
        if name not in [w.name for w in self.weights]:
            self.weights.append(numpy_helper.from_array(np.array(values, np.int64), name))
        return name

    def op(self, kind: str, *inputs: str, name: str | None = None, **attributes: Any) -> str:
        output = name or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output


def eye_onnx(eye: Eye) -> onnx.ModelProto:
    """tokens int64 [B, 144] -> cells float32 [B, CHANNELS, 12, 12] and background float32 [B, 14]: logits."""
    state = {name: value.detach().float().numpy() for name, value in eye.state_dict().items()}
    embed, blocks = eye.shape["embed"], eye.shape["blocks"]
    g = _Writer()

    def conv(x: str, name: str, size: int, output: str | None = None) -> str:
        weights = (g.weight(f"{name}.weight", state[f"{name}.weight"]), g.weight(f"{name}.bias", state[f"{name}.bias"]))
        return g.op("Conv", x, *weights, name=output, kernel_shape=[size, size], pads=[size // 2] * 4)

    def linear(x: str, name: str, output: str | None = None) -> str:
        weights = (g.weight(f"{name}.weight", state[f"{name}.weight"]), g.weight(f"{name}.bias", state[f"{name}.bias"]))
        return g.op("Gemm", x, *weights, name=output, transB=1)

    def pool(x: str) -> str:
        y = g.op("Relu", x)
        both = [g.op("Flatten", g.op(kind, y)) for kind in ("GlobalAveragePool", "GlobalMaxPool")]
        return g.op("Concat", *both, axis=1)

    cells = g.op("Gather", g.weight("embed.weight", state["embed.weight"]), "tokens", axis=0)
    x = g.op("Reshape", g.op("Transpose", cells, perm=[0, 2, 1]), g.shape(-1, embed, C.ROWS, C.COLUMNS))
    x = conv(g.op("Add", x, g.weight("place", state["place"])), "enter", 3)
    for index in range(blocks):
        x = g.op("Add", x, conv(g.op("Relu", x), f"blocks.{index}", 3))
        if index == blocks // 2 - 1:
            x = g.op("Add", x, g.op("Reshape", linear(pool(x), "summary"), g.shape(-1, eye.shape["width"], 1, 1)))
    conv(g.op("Relu", x), "heads", 1, "cells")
    linear(pool(x), "background", "background")
    graph = helper.make_graph(
        g.nodes,
        "judge",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["B", C.ROWS * C.COLUMNS])],
        [
            helper.make_tensor_value_info("cells", TensorProto.FLOAT, ["B", sum(HEADS.values()), C.ROWS, C.COLUMNS]),
            helper.make_tensor_value_info("background", TensorProto.FLOAT, ["B", len(BACKGROUNDS) + 1]),
        ],
        g.weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    return model


def judge_json(graph: bytes, codes: int = C.CODES) -> dict[str, Any]:
    """What lib/judge needs beside the graph, which it names by its digest."""
    digest = hashlib.sha256(graph).hexdigest()
    return {
        "format": FORMAT,
        "id": f"pairscope-judge@{digest[:12]}",
        "graph": {"path": "judge.onnx", "bytes": len(graph), "sha256": digest},
        "grid": {"rows": C.ROWS, "columns": C.COLUMNS},
        "codes": codes,
        "heads": HEADS,
        "labels": {
            "kind": KINDS,
            "object": C.NAMES,
            "colour": COLOURS,
            "size": C.SIZES,
            "pattern": C.PATTERNS,
            "accessory": ACCESSORIES,
            "style": C.STYLES,
            "board": C.COLOURS,
            "glyph": GLYPHS,
            "background": [{"style": style, "place": place} for style, place in BACKGROUNDS],
        },
        "sizes": {"big": C.SIZE_BIG, "small": C.SIZE_SMALL},
        "accessoryRows": C.HAT_ROWS,
        "sign": {"rows": SIGN_ROWS, "letterCells": C.LETTER_CELLS, "maxLetters": C.MAX_LETTERS},
        "matching": {"epsilon": EPSILON, "maxCandidates": MAX_CANDIDATES},
        "vocabulary": vocabulary(),
    }


def write(eye: Eye, folder: Path) -> None:
    """Both files."""
    folder.mkdir(parents=True, exist_ok=True)
    graph = eye_onnx(eye).SerializeToString()
    (folder / "judge.onnx").write_bytes(graph)
    (folder / "judge.json").write_text(json.dumps(judge_json(graph, eye.shape["codes"]), ensure_ascii=False, separators=(",", ":")) + "\n")


def main(arguments: list[str]) -> None:
    """Writes judge.onnx and judge.json from the trained eye."""
    parser = argparse.ArgumentParser(prog="python -m pairscope export judge", description=main.__doc__)
    parser.add_argument("--eye", type=Path, default=JUDGE / "eye.pt")
    parser.add_argument("--out", type=Path, default=JUDGE)
    a = parser.parse_args(arguments)
    eye, stored = load(a.eye)
    write(eye, a.out)
    print(f"step {stored['step']}: {(a.out / 'judge.onnx').stat().st_size / 2**20:.2f} MiB")

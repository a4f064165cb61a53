"""The judge as shipped: judge.onnx in onnxruntime, and the matching."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from .claims import Claim, parse
from .match import Seen, probability


class Judge:
    """P(yes) of pictures for captions."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self.id = json.loads((folder / "judge.json").read_text())["id"]
        self._session = onnxruntime.InferenceSession(str(folder / "judge.onnx"), options, ["CPUExecutionProvider"])

    def see(self, tokens: NDArray[np.integer]) -> list[Seen]:
        """[B, 144] codes -> what is in each picture."""
        out: list[Seen] = []
        for start in range(0, len(tokens), 32):
            chunk = np.asarray(tokens[start : start + 32], np.int64)
            cells, background = self._session.run(["cells", "background"], {"tokens": chunk})
            out += [Seen.of(c, b) for c, b in zip(cells, background, strict=True)]
        return out

    def score(self, tokens: NDArray[np.integer], caption: str | Claim) -> float:
        """P(yes) of one picture [144]; raises Unreadable."""
        claim = parse(caption) if isinstance(caption, str) else caption
        return probability(self.see(np.asarray(tokens)[None])[0], claim)

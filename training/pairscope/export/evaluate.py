"""Accuracy of a model folder as it is served: its graph, its quantized weights, its pixel decoder, the product's noise.

`python -m pairscope.export.evaluate ../public/models/embedded@... --out runs/v1/shipped.json`

Prompts are fresh: neither those that settings were chosen on nor those of the training report.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from pairscope.evaluate import prompts, score

from .reference import Settings, pair_plan
from .runtime import ChunkRuntime
from .text import prefix

SEED = 303


def evaluate(folder: Path, pairs: int) -> dict[str, Any]:
    """Draws `pairs` coupled pairs of each category with the manifest's defaults and asks the oracle."""
    manifest = json.loads((folder / "manifest.json").read_text())
    text = json.loads((folder / "text.json").read_text())
    defaults, codes = manifest["defaults"], manifest["codes"]
    steps = manifest["grid"]["rows"] * manifest["grid"]["columns"]
    runtime = ChunkRuntime(folder / "chunk.onnx")
    decoder = onnxruntime.InferenceSession(str(folder / "decoder.onnx"), providers=["CPUExecutionProvider"])
    items = prompts(SEED, pairs)
    images: list[NDArray[np.float32]] = []
    for a, b in zip(items[::2], items[1::2], strict=True):
        settings = Settings(
            seed=a.seed,
            guidance_weight=defaults["guidanceWeight"],
            temperature=defaults["temperature"],
            top_k=defaults["topK"],
            top_p=defaults["topP"],
            plausibility=defaults["plausibility"],
        )
        lanes = (prefix(text, codes, p) for p in (a.caption, b.caption, None))
        stats = runtime.draw(pair_plan(*lanes, cross_lanes=False), settings, steps)
        drawn = decoder.run(None, {"tokens": stats[:, :, 0].T.astype(np.int64)})[0]
        images += list(drawn.transpose(0, 2, 3, 1))
    result = score(items, images)
    del result["verdicts"]
    return {
        "how": f"The served graph, its {manifest['weightType']} weights, its decoder and its noise; defaults; "
        "strict oracle on fresh prompts.",
        "weightType": manifest["weightType"],
        "settings": defaults,
        **result,
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pairs", type=int, default=30, help="pairs a category")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    text = json.dumps(evaluate(arguments.folder, arguments.pairs), indent=1)
    if arguments.out:
        arguments.out.write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()

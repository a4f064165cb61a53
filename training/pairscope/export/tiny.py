"""Models with random weights, for tests: `python -m pairscope export tiny OUTDIR [--shape full]`.

The tiny one is a few hundred kilobytes at most and draws 6 x 6 tokens; `--shape full` has the shape of the
real model, so that speed and sizes can be measured before training ends. Both draw noise.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from ..model.language_model import Config, ImageTokenModel
from ..model.weights import ModelWeights, weights_of
from ..world import captions
from ..world.vocabulary import vocabulary_json
from .folder import Description, write_folder
from .simple_decoder import codebook_png, colours_of, decoder_onnx

DEFAULTS = {
    "guidanceWeight": 3,
    "temperature": 1,
    "topK": 0,
    "topP": 1,
    "plausibility": 0.1,
    "coupling": "coupled",
}
TINY_WORDS = ["a", "an", "and", "apple", "blue", "cup", "green", "left", "of", "red", "right", "the", "to", "two"]
FIRST_LETTER = 5


def tiny_text() -> dict[str, object]:
    """text.json of the tiny model."""
    letters = {chr(65 + i): FIRST_LETTER + i for i in range(26)}
    words = {word: FIRST_LETTER + 26 + i for i, word in enumerate(TINY_WORDS)}
    special = {"pad": 0, "bos": 1, "boi": captions.BOI, "unk": 3, "quote": 4}
    return {"prefixLength": 20, "special": special, "letters": letters, "words": words}


def random_model(config: Config, seed: int) -> ImageTokenModel:
    """Random weights, large enough that prompts and histories matter to the logits."""
    torch.manual_seed(seed)
    model = ImageTokenModel(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 2:
                parameter.normal_(std=parameter.shape[1] ** -0.5 * (1.6 if "embed" in name else 1.2))
    return model


def tiny_config() -> Config:
    """Two layers of width 32 over 64 codes."""
    text_tokens = FIRST_LETTER + 26 + len(TINY_WORDS)
    return Config(
        codes=64, text_tokens=text_tokens, rows=6, columns=6, width=32, layers=2, heads=2, ffn=64
    )


def tiny_model() -> tuple[ImageTokenModel, ModelWeights]:
    """The committed tiny model."""
    model = random_model(tiny_config(), seed=5)
    return model, weights_of(model)


def companions_of(config: Config, text: dict[str, object], vocabulary: object, cell: int) -> dict[str, bytes]:
    """Stand-ins for what training makes."""
    colours = colours_of(config.codes, seed=3)
    card = {"summary": "Random weights, for tests. It draws noise."}
    return {
        "decoder": decoder_onnx(colours, config.rows, config.columns, cell),
        "text": _json(text),
        "codebook": codebook_png(colours, 8),
        "centroids": (colours.astype(np.float32) / np.float32(255)).astype("<f2").tobytes(),
        "vocabulary": _json(vocabulary),
        "card": _json(card),
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


def write(out: Path, full: bool) -> Path:
    """Writes a random model into the folder itself."""
    if full:
        config = Config(codes=1024, text_tokens=captions.TEXT_TOKENS)
        model = random_model(config, seed=6)
        weights = weights_of(model)
        text, vocabulary, cell = captions.tokenizer_json(), vocabulary_json(), 16
    else:
        model, weights = tiny_model()
        config, cell = model.config, 8
        text = tiny_text()
        vocabulary = {"objects": [{"name": "apple"}, {"name": "cup"}], "colours": ["red", "blue", "green"]}
    description = Description(
        name="random" if full else "tiny",
        title="Random weights" if full else "Tiny random weights",
        parameters=model.parameters_count(),
        image=(config.columns * cell, config.rows * cell),
        background_code=0,
        near_code_distance=0.1,
        defaults=DEFAULTS,
        licences=[{"of": "weights", "licence": "MIT", "notice": "Pairscope"}],
    )
    return write_folder(out, weights, description, companions_of(config, text, vocabulary, cell), plain=True)


def main(arguments: list[str]) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m pairscope export tiny", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--shape", choices=("tiny", "full"), default="tiny")
    a = parser.parse_args(arguments)
    print(write(a.out, a.shape == "full"))

"""Janus checkpoints to ONNX: `python -m export_janus --help`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from .checkpoint import Checkpoint, CheckpointError


def tiny(arguments: argparse.Namespace) -> None:
    """A random checkpoint."""
    from .tiny import TinyShape, write_tiny

    shape = TinyShape(grid=arguments.grid, width=arguments.width, layers=arguments.layers, heads=arguments.heads,
                      ffn=arguments.ffn, codes=arguments.codes, patch=arguments.patch, seed=arguments.seed)  # fmt: skip
    print(write_tiny(arguments.out, shape))


def hub(arguments: argparse.Namespace) -> None:
    """The hub layout."""
    from .hub import DRAWING, UNDERSTANDING, write_graphs, write_texts

    checkpoint = Checkpoint(arguments.checkpoint)
    suffixes = tuple("" if kind == "fp32" else f"_{kind}" for kind in arguments.dtypes.split(","))
    parts = DRAWING + (UNDERSTANDING if arguments.understanding else ())
    write_texts(checkpoint, arguments.out)
    for path in write_graphs(checkpoint, arguments.out, suffixes, parts):
        print(f"{path.stat().st_size:>12,}  {path.relative_to(arguments.out)}")


def golden(arguments: argparse.Namespace) -> None:
    """What PyTorch and the reference tokenizer say of a checkpoint."""
    from .golden import write_golden

    for path in write_golden(arguments.checkpoint, arguments.model, arguments.out):
        print(f"{path.stat().st_size:>12,}  {path.name}")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m export_janus", description=__doc__)
    commands = top.add_subparsers(required=True)

    p = commands.add_parser("tiny", help="write a tiny random Janus checkpoint in Hugging Face's format")
    p.add_argument("out", type=Path)
    for name, value in (("grid", 8), ("width", 32), ("layers", 2), ("heads", 2), ("ffn", 64), ("codes", 256),
                        ("patch", 2), ("seed", 11)):  # fmt: skip
        p.add_argument(f"--{name}", type=int, default=value)
    p.set_defaults(run=tiny)

    p = commands.add_parser("hub", help="write a checkpoint in the hub's layout, one ONNX file for each part")
    p.add_argument("checkpoint", type=Path, help="folder of a Janus checkpoint")
    p.add_argument("out", type=Path)
    p.add_argument("--dtypes", default="fp32", help="of fp32, fp16, q4, q4f16, q8, q8f16; several with commas")
    p.add_argument("--understanding", action="store_true", help="also the vision tower and the text head")
    p.set_defaults(run=hub)

    p = commands.add_parser("golden", help="record tokens, logits, pictures and token ids from PyTorch, for the engine's tests")
    p.add_argument("checkpoint", type=Path, help="folder of a tiny Janus checkpoint")
    p.add_argument("model", type=Path, help="its folder in the hub's layout")
    p.add_argument("out", type=Path)
    p.set_defaults(run=golden)
    return top


def main() -> None:
    """Runs a command; what is wrong with the input is said in a sentence."""
    torch.set_num_threads(1)
    arguments = parser().parse_args()
    try:
        arguments.run(arguments)
    except CheckpointError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

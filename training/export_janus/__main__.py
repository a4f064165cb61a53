"""Janus checkpoints to ONNX: `python -m export_janus --help`."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from .checkpoint import Checkpoint, CheckpointError

DTYPES = "fp32, fp16, q4, q4f16, q8, q8f16"


def tiny(arguments: argparse.Namespace) -> None:
    """A random checkpoint."""
    from .tiny import TinyShape, write_tiny

    shape = TinyShape(grid=arguments.grid, width=arguments.width, layers=arguments.layers, heads=arguments.heads,
                      ffn=arguments.ffn, codes=arguments.codes, patch=arguments.patch, seed=arguments.seed)  # fmt: skip
    print(write_tiny(arguments.out, shape))


def hub(arguments: argparse.Namespace) -> None:
    """The hub layout."""
    from .hub import DRAWING, LANGUAGE_MODELS, UNDERSTANDING, write_graphs, write_texts
    from .manifest import write_hub_manifest

    checkpoint = Checkpoint(source(arguments), arguments.state)
    suffixes = tuple("" if kind == "fp32" else f"_{kind}" for kind in arguments.dtypes.split(","))
    for suffix in suffixes:
        if suffix not in LANGUAGE_MODELS:
            raise CheckpointError(f"The type {suffix[1:]} is not known; choose of {DTYPES}.")
    parts = DRAWING + (UNDERSTANDING if arguments.understanding else ())
    write_texts(checkpoint, arguments.out)
    for path in write_graphs(checkpoint, arguments.out, suffixes, parts):
        print(f"{path.stat().st_size:>14,}  {path.relative_to(arguments.out)}")
    if arguments.manifest:
        write_hub_manifest(arguments.out, about(checkpoint, arguments))
    if arguments.check:
        check(checkpoint, arguments.out)


def fused(arguments: argparse.Namespace) -> None:
    """The fused layout."""
    from .fused import write_fused
    from .onnx_writer import SHARD_BYTES

    checkpoint = Checkpoint(source(arguments), arguments.state)
    folder = write_fused(checkpoint, arguments.out, arguments.weights, about(checkpoint, arguments), arguments.cpu,
                         arguments.shard_bytes or SHARD_BYTES)  # fmt: skip
    for path in sorted(folder.iterdir()):
        print(f"{path.stat().st_size:>14,}  {path.name}")
    if arguments.check:
        check(checkpoint, folder)


def check_command(arguments: argparse.Namespace) -> None:
    """The self-check of a folder that is there already."""
    check(Checkpoint(source(arguments), arguments.state), arguments.out)


def check(checkpoint: Checkpoint, folder: Path) -> None:
    """Prints what the self-check found; raises where it found a fault."""
    from .selfcheck import check_folder

    print(json.dumps(check_folder(checkpoint, folder), indent=1))


def about(checkpoint: Checkpoint, arguments: argparse.Namespace) -> dict[str, Any]:
    """What the manifest says of the model."""
    from .manifest import description

    name = arguments.name or re.sub(r"[^\w.-]+", "-", Path(arguments.checkpoint).name).lower()
    return description(checkpoint, name, arguments.title or name, arguments.random)


def source(arguments: argparse.Namespace) -> Path:
    """The checkpoint's folder; a hub id is fetched (or found in the local cache) first."""
    given = arguments.checkpoint
    if Path(given).is_dir():
        return Path(given)
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", given):
        raise CheckpointError(f"{given} is neither a folder nor a hub id (owner/name).")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    wanted = ["*.json", "*.safetensors", "pytorch_model*.bin"]
    try:
        return Path(snapshot_download(given, revision=arguments.revision, allow_patterns=wanted))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise CheckpointError(f"{given} cannot be fetched ({error}); give the folder of a downloaded checkpoint.") from error


def golden(arguments: argparse.Namespace) -> None:
    """What PyTorch and the reference tokenizer say of a checkpoint."""
    from .golden import write_golden

    for path in write_golden(arguments.checkpoint, arguments.model, arguments.out):
        print(f"{path.stat().st_size:>12,}  {path.name}")


def golden_fused(arguments: argparse.Namespace) -> None:
    """What fused folders draw, by the reference runtime."""
    from .golden import write_fused_golden

    print(write_fused_golden(arguments.folders, arguments.out))


def golden_builder(arguments: argparse.Namespace) -> None:
    """What PyTorch draws with the weights of a graph that onnxruntime-genai's builder made."""
    from .golden import write_builder_golden

    print(write_builder_golden(arguments.checkpoint, arguments.graph, arguments.out))


def checkpoint_options(p: argparse.ArgumentParser) -> None:
    """Where the parameters come from."""
    p.add_argument("--revision", help="commit of a hub id")
    p.add_argument("--state", type=Path, help="a file of parameters that take the place of the checkpoint's")


def exporting(p: argparse.ArgumentParser) -> None:
    """What both layouts need to be told."""
    p.add_argument("checkpoint", help="folder of a Janus checkpoint (Hugging Face's or the original), or a hub id")
    p.add_argument("out", type=Path)
    checkpoint_options(p)
    p.add_argument("--name", help="the model's name in the manifest; by default the checkpoint's")
    p.add_argument("--title", help="the name that people see")
    p.add_argument("--random", action="store_true", help="the weights are random: the manifest names no licence of theirs")
    p.add_argument("--no-check", dest="check", action="store_false", help="skip the comparison with PyTorch")


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
    exporting(p)
    p.add_argument("--dtypes", default="fp32", help=f"of {DTYPES}; several with commas")
    p.add_argument("--no-manifest", dest="manifest", action="store_false", help="as the hub's own folders are")
    p.add_argument("--understanding", action="store_true", help="also the vision tower and the text head")
    p.set_defaults(run=hub)

    p = commands.add_parser("fused", help="write a checkpoint in the fused layout, everything in one graph")
    exporting(p)
    p.add_argument("--weights", default="q4f16", choices=DTYPES.split(", "))
    p.add_argument("--cpu", default="auto", choices=("auto", "dequantized", "packed"),
                   help="how the CPU's graph has its weights; auto: dequantized where that fits into a page's memory")  # fmt: skip
    p.add_argument("--shard-bytes", type=int, help="how long a file of weights may be; by default 900 MiB")
    p.set_defaults(run=fused)

    p = commands.add_parser("check", help="compare an exported folder with PyTorch")
    p.add_argument("checkpoint", help="folder of a Janus checkpoint, or a hub id")
    p.add_argument("out", type=Path, help="the exported folder")
    checkpoint_options(p)
    p.set_defaults(run=check_command)

    p = commands.add_parser("golden", help="record tokens, logits, pictures and token ids from PyTorch, for the engine's tests")
    p.add_argument("checkpoint", type=Path, help="folder of a tiny Janus checkpoint")
    p.add_argument("model", type=Path, help="its folder in the hub's layout")
    p.add_argument("out", type=Path)
    p.set_defaults(run=golden)

    p = commands.add_parser("golden-fused", help="record tokens of fused folders, for the engine's tests")
    p.add_argument("out", type=Path)
    p.add_argument("folders", type=Path, nargs="+")
    p.set_defaults(run=golden_fused)
    p = commands.add_parser("golden-builder", help="record tokens of a 4-bit graph by onnxruntime-genai's builder, for the engine's tests")
    p.add_argument("checkpoint", type=Path)
    p.add_argument("graph", type=Path, help="language_model_q4.onnx, made by `python -m export_janus.builder`")
    p.add_argument("out", type=Path)
    p.set_defaults(run=golden_builder)
    return top


def main() -> None:
    """Runs a command; what is wrong with the input is said in a sentence."""
    from .selfcheck import ExportError

    arguments = parser().parse_args()
    try:
        arguments.run(arguments)
    except (CheckpointError, ExportError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

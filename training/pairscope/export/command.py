"""Exports a training run as a model folder: `python -m pairscope export model --run runs/v2 --out ../public/models`.

The run holds `lm.pt`, `export/` (decoder.onnx, codebook.png, centroids.bin, text_tokenizer.json,
vocabulary.json, model-card.json), `DONE` with the default settings, and, once `pairscope evaluation report --bits 8` has run,
`shipped.json`, which goes into the card. A run without `DONE` needs `--guidance` and `--mask`.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import onnx
import torch

from ..model.language_model import ImageTokenModel, load_checkpoint, save_checkpoint
from ..model.weights import dequantized_model, weights_of
from .folder import Description, archive, read_index, write_folder, write_index
from .licences import EMBEDDED
from .reference import PairPlan, Settings, pair_plan
from .selfcheck import check
from .text import prefix

SOURCES = {
    "decoder": "decoder.onnx",
    "text": "text_tokenizer.json",
    "codebook": "codebook.png",
    "centroids": "centroids.bin",
    "vocabulary": "vocabulary.json",
    "card": "model-card.json",
    "contactSheet": "contact-sheet.png",
}
BACKGROUND = 0  # the tokenizer's code of an empty cell
CHECKED_PAIRS = (
    ("a red apple to the left of a blue car", "a blue apple to the left of a red car"),
    ("three cats", "four cats"),
    ('a sign that says "CAT"', 'a sign that says "COT"'),
)


def companions(run: Path, step: int) -> dict[str, bytes]:
    """Files that training made; JSON without its indentation."""
    found = {}
    for role, name in SOURCES.items():
        path = run / "export" / name
        if role == "card" and not path.exists():
            found[role] = _json({"summary": f"Unfinished training run, step {step}."})
        elif role == "contactSheet" and not path.exists():
            continue
        elif path.suffix == ".json":
            found[role] = _json(json.loads(path.read_text()))
        else:
            found[role] = path.read_bytes()
    shipped = run / "shipped.json"
    if shipped.exists():
        found["card"] = _json(json.loads(found["card"]) | {"asShipped": json.loads(shipped.read_text())})
    return found


def _json(value: Any) -> bytes:
    return (json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


def image_size(decoder: bytes) -> tuple[int, int]:
    """Width and height of the decoder's pictures, once its interface is found to be the documented one."""
    graph = onnx.load_from_string(decoder).graph
    if [v.name for v in graph.input] != ["tokens"] or [v.name for v in graph.output] != ["image"]:
        raise SystemExit("decoder.onnx must take `tokens` and give `image`.")
    shape = graph.output[0].type.tensor_type.shape.dim
    return shape[3].dim_value, shape[2].dim_value


def settings_of(arguments: argparse.Namespace) -> Settings:
    """The default settings: those the run was finished with, unless the command line says otherwise."""
    done = arguments.run / "DONE"
    chosen = json.loads(done.read_text())["defaults"] if done.exists() else {"temperature": 1.0}
    given = {"guidance": arguments.guidance, "mask": arguments.mask, "temperature": arguments.temperature}
    chosen |= {name: value for name, value in given.items() if value is not None}
    if "guidance" not in chosen or "mask" not in chosen:
        raise SystemExit("The run has no DONE; give --guidance and --mask.")
    return Settings(
        guidance_weight=chosen["guidance"], temperature=chosen["temperature"], plausibility=chosen["mask"]
    )


def defaults_of(settings: Settings) -> dict[str, Any]:
    """The manifest's default settings."""
    return {
        "guidanceWeight": settings.guidance_weight,
        "temperature": settings.temperature,
        "topK": 0,
        "topP": 1,
        "plausibility": settings.plausibility,
        "coupling": "coupled",
    }


def plans(text: dict[str, Any], codes: int) -> list[PairPlan]:
    """The pairs of the self-check."""
    return [pair_plan(*(prefix(text, codes, p) for p in (a, b, None))) for a, b in CHECKED_PAIRS]


def export(arguments: argparse.Namespace, settings: Settings) -> tuple[Path, ImageTokenModel]:
    """Writes the folder and the index."""
    run, out = arguments.run, arguments.out
    model, stored = load_checkpoint(str(run / "lm.pt"))
    files = companions(run, int(stored.get("step", 0)))
    notes = json.loads(files["vocabulary"]).get("notes", {}).get("codebook", {})
    description = Description(
        name=arguments.name,
        title=arguments.title,
        parameters=model.parameters_count(),
        image=image_size(files["decoder"]),
        background_code=BACKGROUND,
        near_code_distance=float(notes.get("nearThreshold", 0)),
        defaults=defaults_of(settings),
        licences=EMBEDDED,
    )
    folder = write_folder(out, weights_of(model, arguments.bits, arguments.block), description, files)
    index = read_index(out)
    archived, in_roles = index.get("archived", []), index.get("roles", {}).values()
    here = dict.fromkeys([*index.get("models", []), *(p.name for p in sorted(out.glob(f"{arguments.name}@*")))])
    others = [name for name in here if name != folder.name and name not in archived and (out / name).is_dir()]
    gone: list[str] = []
    if arguments.replace or arguments.archive:
        gone = [name for name in others if name.startswith(f"{arguments.name}@") and name not in in_roles]
        for name in gone:
            (archive if arguments.archive else shutil.rmtree)(out / name)
        others = [name for name in others if name not in gone]
    write_index(out, folder.name, others, archived=gone if arguments.archive else [])
    return folder, model


def main(arguments: list[str]) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m pairscope export model", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path("runs/v2"))
    parser.add_argument("--out", type=Path, default=Path("../public/models"))
    parser.add_argument("--name", default="embedded")
    parser.add_argument("--title", default="Embedded model")
    parser.add_argument("--bits", type=int, choices=(4, 8), default=8)
    parser.add_argument("--block", type=int, default=32)
    parser.add_argument("--guidance", type=float, help="default guidance weight")
    parser.add_argument("--mask", type=float, help="default plausibility mask")
    parser.add_argument("--temperature", type=float, help="default temperature")
    others = parser.add_mutually_exclusive_group()
    others.add_argument(
        "--replace",
        action="store_true",
        help="remove other folders of this name that have no role and are not archived (no link was made with them)",
    )
    others.add_argument("--archive", action="store_true", help="leave of the same folders only what opens links that were made with them")
    parser.add_argument("--no-check", action="store_true", help="skip the self-check")
    parser.add_argument(
        "--dequantized", type=Path, help="also write a checkpoint with the quantized weight values, for evaluation"
    )
    a = parser.parse_args(arguments)
    torch.set_num_threads(1)
    settings = settings_of(a)
    folder, model = export(a, settings)
    print(folder)
    if a.dequantized:
        served = dequantized_model(model, weights_of(model, a.bits, a.block))
        _, stored = load_checkpoint(str(a.run / "lm.pt"))
        save_checkpoint(str(a.dequantized), served, step=stored.get("step", 0))
    if not a.no_check:
        text = json.loads((folder / "text.json").read_text())
        report = check(
            folder / "chunk.onnx", model, a.bits, a.block, plans(text, model.config.codes), settings
        )
        print(json.dumps(report, indent=1))

"""Puts a trained run beside its base as a model of the playground: same tokenizer, codebook and pixel decoder, byte for byte; other weights."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import torch

from ..export.__main__ import defaults_of, image_size, plans
from ..export.folder import ROLES, Description, read_index, write_folder, write_index
from ..export.licences import EMBEDDED
from ..export.reference import Settings
from ..export.selfcheck import check
from ..export.weights import weights_of
from ..model import ImageTokenModel, load_checkpoint
from ..unpack import MODELS
from .run_folder import Plan, RunFolder
from .train import GRPO

NAME, TITLE, ROLE = "pair-grpo", "Pair-GRPO", "pair-grpo"
SHARED = ("decoder", "text", "codebook", "centroids", "vocabulary")
BITS, BLOCK = 8, 32

DESCRIPTION = (
    "The base model after {steps} steps of Pair-GRPO: reinforcement learning in which the pictures of two nearly identical prompts are rewarded by "
    "the judge and their rewards normalised together. Tokenizer, codebook and pixel decoder are the base’s."
)
HELD_OUT = (
    "Trained on pairs of training prompts only: none names a held-out combination, and none has a prompt of the held-out pairs. The judge gave the "
    "rewards, so its scores of this model are of what was trained; the oracle had no part in training."
)
HOW = "Two pictures a prompt of the held-out pairs, this checkpoint's own numbers, drawn from float32 weights at guidance {guidance:g}, mask {mask:g}."


def drawn_at(plan: Plan) -> Settings:
    """The settings of the distribution that a run trained."""
    return Settings(guidance_weight=plan.guidance, temperature=plan.temperature, plausibility=plan.mask)


def card_of(base: dict[str, Any], plan: Plan, steps: int, seconds: float, report: dict[str, Any] | None) -> dict[str, Any]:
    """The model card: what it is made of, and, where the experiment has a report, what that measured of this run."""
    card: dict[str, Any] = {
        "name": "pairscope-emoji-pair-grpo",
        "description": DESCRIPTION.format(steps=steps),
        "languageModel": {"steps": steps, "imagesPerStep": 2 * plan.pairs * plan.samples, "wallClockMinutes": round(seconds / 60, 1)},
        "data": base.get("data"),
        "heldOut": HELD_OUT,
        "tokenizer": base.get("tokenizer"),
        "licences": base.get("licences"),
    }
    if report is not None:
        mean, settings = report["methods"]["pair"]["seeds"][plan.seed], report["settings"]
        how = HOW.format(**settings)
        card["evaluation"] = {
            "how": f"{how} By the oracle.",
            "settings": settings,
            "right": round(mean["right"] / 100, 4),
            "bothOfPair": round(mean["bothRight"] / 100, 4),
        }
        average = {name: round(mean[name] / 100, 4) for name in ("s_a", "s_g", "gap")}
        card["judge"] = {"name": "Pairscope judge", "how": f"{how} The judge was also the reward.", "average": average}
    return {name: value for name, value in card.items() if value is not None}


def ship(models: Path, base: str, model: ImageTokenModel, plan: Plan, card: dict[str, Any]) -> Path:
    """Writes the folder `pair-grpo@...` beside the base's, gives both their roles in index.json, and removes an earlier one that no link was made with."""
    index, source = read_index(models), models / base
    if base not in index.get("models", []):
        raise SystemExit(f"index.json lists no model {base} that draws.")
    of = json.loads((source / "manifest.json").read_text())
    config = model.config
    if (config.codes, config.rows, config.columns, config.text_tokens) != (of["codes"], *of["grid"].values(), of["textTokens"]):
        raise SystemExit(f"The run was not made from {base}: its grid, codes or words are others.")
    files = {role: (source / ROLES[role]).read_bytes() for role in SHARED}
    files["card"] = (json.dumps(card, separators=(",", ":"), ensure_ascii=False) + "\n").encode()
    description = Description(
        name=NAME,
        title=TITLE,
        parameters=model.parameters_count(),
        image=image_size(files["decoder"]),
        background_code=of["backgroundCode"],
        near_code_distance=of["nearCodeDistance"],
        # What it was trained to draw from.
        defaults=defaults_of(drawn_at(plan)),
        licences=EMBEDDED,
    )
    folder = write_folder(models, weights_of(model, BITS, BLOCK), description, files)
    before = index.get("roles", {}).get(ROLE)
    if before is not None and before not in (folder.name, index["default"]):
        shutil.rmtree(models / before, ignore_errors=True)
    others = [name for name in index["models"] if name != before]
    write_index(models, index["default"], [*others, folder.name], {"base": base, ROLE: folder.name})
    return folder


def main(arguments: list[str]) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m pairscope.grpo ship", description=__doc__)
    parser.add_argument("--run", type=Path, default=GRPO / "pair-0", help="folder of the run")
    parser.add_argument("--base", help="folder name of the model it was trained from; index.json's base, or else its default")
    parser.add_argument("--report", type=Path, default=GRPO / "report/report.json", help="numbers for the card; left out where there is none")
    parser.add_argument("--models", type=Path, default=MODELS)
    a = parser.parse_args(arguments)
    torch.set_num_threads(1)
    index, run = read_index(a.models), RunFolder(a.run)
    if not run.checkpoint.exists():
        raise SystemExit(f"{a.run} has no checkpoint.")
    base = a.base or index.get("roles", {}).get("base") or index["default"]
    (model, stored), plan = load_checkpoint(str(run.checkpoint)), run.plan()
    lines = [line for line in run.lines() if line["step"] <= stored["step"]]
    report = json.loads(a.report.read_text()) if a.report.exists() else None
    if report is not None and report["base"] != plan.base:
        raise SystemExit(f"{a.report} is of another base than {a.run}.")
    before = json.loads((a.models / base / ROLES["card"]).read_text())
    card = card_of(before, plan, int(stored["step"]), sum(line["wall"] for line in lines), report)
    folder = ship(a.models, base, model, plan, card)
    print(folder)
    text = json.loads((folder / "text.json").read_text())
    print(json.dumps(check(folder / "chunk.onnx", model, BITS, BLOCK, plans(text, model.config.codes), drawn_at(plan)), indent=1))

"""Puts a trained run, and the checkpoint that it began from, into the playground: tokenizer, codebook and pixel decoder of the default model, byte for byte; other weights."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch

from ..grpo.run_folder import Plan, RunFolder, digest
from ..grpo.train import GRPO
from ..model.language_model import ImageTokenModel, load_checkpoint
from ..model.unpack import MODELS
from ..model.weights import weights_of
from .command import defaults_of, image_size, plans
from .folder import ROLES, Description, archive, read_index, write_folder, write_index
from .licences import EMBEDDED
from .reference import Settings
from .selfcheck import check

NAME, TITLE, ROLE = "pair-grpo", "Pair-GRPO", "pair-grpo"
BASE_NAME, BASE_TITLE, BASE_ROLE = "embedded", "Base", "base"
SHARED = ("decoder", "text", "codebook", "centroids", "vocabulary")
BITS, BLOCK = 8, 32

DESCRIPTION = (
    "The base model after {steps} steps of Pair-GRPO: reinforcement learning in which the pictures of two nearly identical prompts are rewarded by "
    "the judge and their rewards normalised together. Tokenizer, codebook and pixel decoder are the base’s."
)
BASE_DESCRIPTION = (
    "A sibling of the model that draws here by default: its last run of training ended after {minutes:.1f} minutes and {images:,} pictures. Reinforcement learning over pairs began from it. "
    "Tokenizer, codebook and pixel decoder are the default model’s."
)
HELD_OUT = (
    "Trained on pairs of training prompts only: none names a held-out combination, and none has a prompt of the held-out pairs. The judge gave the "
    "rewards, so its scores of this model are of what was trained; the oracle had no part in training."
)
HOW = "Two pictures a prompt of the held-out pairs, this checkpoint's own numbers, drawn from float32 weights at guidance {guidance:g}, mask {mask:g}."


def drawn_at(plan: Plan) -> Settings:
    """The settings of the distribution that a run trained."""
    return Settings(guidance_weight=plan.guidance, temperature=plan.temperature, plausibility=plan.mask)


def _measured(report: dict[str, Any], method: str, seed: int, judged: str) -> dict[str, Any]:
    """What the experiment's report says of one checkpoint, as a card says it."""
    mean, settings = report["methods"][method]["seeds"][seed], report["settings"]
    how = HOW.format(**settings)
    average = {name: round(mean[name] / 100, 4) for name in ("s_a", "s_g", "gap")}
    return {
        "evaluation": {
            "how": f"{how} By the oracle.",
            "settings": settings,
            "right": round(mean["right"] / 100, 4),
            "bothOfPair": round(mean["bothRight"] / 100, 4),
        },
        "judge": {"name": "Pairscope judge", "how": f"{how} {judged}".strip(), "average": average},
    }


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
        card |= _measured(report, "pair", plan.seed, "The judge was also the reward.")
    return {name: value for name, value in card.items() if value is not None}


def base_card_of(default: dict[str, Any], stored: dict[str, Any], report: dict[str, Any] | None) -> dict[str, Any]:
    """The card of the checkpoint that runs began from, with what training stored in it."""
    steps, images, minutes = stored["step"], stored["step"] * stored["batch"], stored["seconds"] / 60
    card = {
        "name": "pairscope-emoji-base",
        "description": BASE_DESCRIPTION.format(minutes=minutes, images=images),
        "languageModel": {"steps": steps, "imagesPerStep": stored["batch"], "wallClockMinutes": round(minutes, 1)},
        **{name: default[name] for name in ("data", "heldOut", "tokenizer", "licences") if name in default},
    }
    return card | (_measured(report, "base", 0, "") if report is not None else {})


def _write(models: Path, donor: Path, model: ImageTokenModel, settings: Settings, card: dict[str, Any], name: str, title: str) -> Path:
    """A folder of the model's weights, all else taken from ``donor``."""
    of, config = json.loads((donor / "manifest.json").read_text()), model.config
    if (config.codes, config.rows, config.columns, config.text_tokens) != (of["codes"], *of["grid"].values(), of["textTokens"]):
        raise SystemExit(f"The weights do not fit {donor.name}: its grid, codes or words are others.")
    files = {role: (donor / ROLES[role]).read_bytes() for role in SHARED}
    files["card"] = (json.dumps(card, separators=(",", ":"), ensure_ascii=False) + "\n").encode()
    description = Description(
        name=name,
        title=title,
        parameters=model.parameters_count(),
        image=image_size(files["decoder"]),
        background_code=of["backgroundCode"],
        near_code_distance=of["nearCodeDistance"],
        defaults=defaults_of(settings),
        licences=EMBEDDED,
    )
    return write_folder(models, weights_of(model, BITS, BLOCK), description, files)


def _archive_before(models: Path, index: dict[str, Any], role: str, folder: Path) -> list[str]:
    """Leaves of the model that had a role before ``folder`` what opens links; its name, in a list that is empty where there was none."""
    before = index.get("roles", {}).get(role)
    if before in (None, folder.name, index["default"]):
        return []
    archive(models / before)
    return [before]


def ship_base(models: Path, model: ImageTokenModel, settings: Settings, card: dict[str, Any]) -> Path:
    """Writes the folder that runs began from beside the default model's and gives it its role; the base before it stays as far as links that were made with it need it."""
    index = read_index(models)
    default = index["default"]
    folder = _write(models, models / default, model, settings, card, BASE_NAME, BASE_TITLE)
    gone = _archive_before(models, index, BASE_ROLE, folder)
    others = [name for name in index["models"] if name not in gone]
    write_index(models, default, [*others, folder.name], {BASE_ROLE: folder.name}, archived=gone)
    return folder


def ship(models: Path, base: str, model: ImageTokenModel, plan: Plan, card: dict[str, Any]) -> Path:
    """Writes the folder `pair-grpo@...` beside the base's and gives both their roles in index.json; an earlier one stays as far as links that were made with it need it."""
    index = read_index(models)
    if base not in index.get("models", []):
        raise SystemExit(f"index.json lists no model {base} that draws.")
    folder = _write(models, models / base, model, drawn_at(plan), card, NAME, TITLE)
    gone = _archive_before(models, index, ROLE, folder)
    others = [name for name in index["models"] if name not in gone]
    write_index(models, index["default"], [*others, folder.name], {BASE_ROLE: base, ROLE: folder.name}, archived=gone)
    return folder


def main(arguments: list[str]) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m pairscope export grpo", description=__doc__)
    parser.add_argument("--run", type=Path, default=GRPO / "pair-0", help="folder of the run")
    began = parser.add_mutually_exclusive_group()
    began.add_argument("--base-checkpoint", type=Path, help="the checkpoint that the run began from, to be put there too, in the base's role")
    began.add_argument("--base", help="folder name of the model it was trained from, where that is there; index.json's base, or else its default")
    parser.add_argument("--report", type=Path, default=GRPO / "report/report.json", help="numbers for the card; left out where there is none")
    parser.add_argument("--models", type=Path, default=MODELS)
    a = parser.parse_args(arguments)
    torch.set_num_threads(1)
    index, run = read_index(a.models), RunFolder(a.run)
    if not run.checkpoint.exists():
        raise SystemExit(f"{a.run} has no checkpoint.")
    (model, stored), plan = load_checkpoint(str(run.checkpoint)), run.plan()
    lines = [line for line in run.lines() if line["step"] <= stored["step"]]
    report = json.loads(a.report.read_text()) if a.report.exists() else None
    if report is not None and report["base"] != plan.base:
        raise SystemExit(f"{a.report} is of another base than {a.run}.")
    card_before = json.loads((a.models / index["default"] / ROLES["card"]).read_text())
    if a.base_checkpoint is not None:
        if digest(a.base_checkpoint) != plan.base:
            raise SystemExit(f"{a.run} did not begin from {a.base_checkpoint}.")
        first, of = load_checkpoint(str(a.base_checkpoint))
        base = ship_base(a.models, first, drawn_at(plan), base_card_of(card_before, of, report)).name
        print(a.models / base)
    else:
        base = a.base or index.get("roles", {}).get(BASE_ROLE) or index["default"]
    card = card_of(card_before, plan, int(stored["step"]), sum(line["wall"] for line in lines), report)
    folder = ship(a.models, base, model, plan, card)
    print(folder)
    text = json.loads((folder / "text.json").read_text())
    print(json.dumps(check(folder / "chunk.onnx", model, BITS, BLOCK, plans(text, model.config.codes), drawn_at(plan)), indent=1))

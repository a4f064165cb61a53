"""Collects the measured numbers into the model card, and marks the run as done with its default settings."""

from __future__ import annotations

import argparse
import json
import shutil
from typing import Any

from ..model.language_model import load_checkpoint
from ..world import config as C

DESCRIPTION = (
    "Draws small emoji scenes from captions, token by token: 144 image tokens on a 12 x 12 grid, 192 x 192 pixels. A Janus-style "
    "decoder over text and image tokens with classifier-free guidance, trained from scratch for this playground."
)
DATA = (
    "Scenes generated from seeds, with their captions: 104 Fluent Emoji objects, 44 of them in eight colours, one to five copies, four relations, "
    "sizes, patterns, accessories, eight styles, six places, and signs of one to four letters. No collected pictures or texts."
)
HELD_OUT = (
    "One in twelve of the combinations object with colour, first object with relation, and sign text of two or more letters, chosen by a checksum: no "
    "training caption names one. The held-out set is 120 pairs of each category; every second pair of Color, Position and Text names such a combination. "
    "A training picture may show one that its caption does not name: captions that leave the colour open, pictures without a caption, and captions with one of a "
    "combination's two words replaced by the unknown word."
)
LICENCES = [
    {
        "what": "Fluent Emoji: gradient, flat and high-contrast sets (sprites, recoloured)",
        "holder": "Microsoft Corporation",
        "licence": "MIT",
        "source": "npm packages @iconify-json/fluent-emoji 1.2.7, -flat 1.2.6 and -high-contrast 1.2.6",
    },
    {
        "what": "DejaVu Sans Bold (letters on signs)",
        "holder": "Bitstream, Inc.; DejaVu changes are in the public domain",
        "licence": "Bitstream Vera Fonts Copyright",
        "source": "npm package dejavu-fonts-ttf 2.37.3",
    },
]


JUDGED = (
    "Two pictures of each prompt of {pairs} held-out pairs, by this project's own judge. How far it can be trusted was measured against the strict oracle on "
    "{pictures} pictures drawn by {sources}."
)


def judge_card(scores: dict[str, Any], evaluation: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """What the card says of the judge: the model's scores by it, and how far it can be trusted.

    A judge that was not measured again keeps what an earlier card says of it.
    """
    drawn = {key: scores[key] for key in ("categories", "average") if key in scores}
    if not evaluation:
        return before | drawn
    overall = evaluation["overall"]
    sources = ", ".join(f"{one['checkpoint']} at guidance {one['guidance']:g}, mask {one['mask']:g}" for one in evaluation["sources"])
    return {
        "name": "Pairscope judge",
        "version": evaluation["judge"],
        "how": JUDGED.format(pairs=scores["pairs"], pictures=overall["right"] + overall["wrong"], sources=sources),
        **drawn,
        "balancedAccuracy": overall["balancedAccuracy"],
        "ownCaptionPreferred": overall["ownPreferredToSibling"],
        "expectedCalibrationError": evaluation["expectedCalibrationError"],
        "reliability": [{"predicted": b["said"], "observed": b["right"], "count": b["pictures"]} for b in evaluation["reliability"]],
    }


def training_record(checkpoint: dict[str, Any], hardware: str) -> dict[str, Any]:
    """How the language model was trained; a run that went on from a shipped model counts its pictures and tells of both."""
    steps, batch = checkpoint["step"], checkpoint["batch"]
    record: dict[str, Any] = {
        "steps": steps,
        "imagesPerStep": batch,
        "imagesSeen": steps * batch,
        "wallClockMinutes": round(checkpoint["seconds"] / 60, 1),
        "hardware": hardware,
        "optimizer": "Muon (block matrices, {muonRate:g}) and AdamW (the rest, {rate:g}), warm-up {warmup} steps, "
        "linear to zero over the last {decay:.0%}".format(**{"warmup": 100} | checkpoint["schedule"]),
    }
    if before := checkpoint.get("before"):
        told = "{imagesSeen:,} pictures in {wallClockMinutes:.0f} minutes on {hardware}".format(**before)
        record["history"] = f"Before: {told}. Then {steps * batch:,} in {record['wallClockMinutes']:.1f} minutes on {hardware}, with a fresh optimizer."
        if parts := checkpoint.get("mixture"):
            told = ", ".join(f"{share:.0%} at step {step}" for step, share in parts.items())
            record["history"] += f" The weights are a mean of states: {told}."
        record["hardware"] = " and ".join(dict.fromkeys((before["hardware"], hardware)))
        record["imagesSeen"] += before["imagesSeen"]
        record["wallClockMinutes"] = round(record["wallClockMinutes"] + before["wallClockMinutes"], 1)
    return record


def main(arguments: list[str]) -> None:
    """Reads report.json, sweep.json, the judge's report and the training records; writes model-card.json and DONE."""
    parser = argparse.ArgumentParser(prog="python -m pairscope export card", description=main.__doc__)
    parser.add_argument("--guidance", type=float, required=True, help="default settings of the shipped model")
    parser.add_argument("--mask", type=float, required=True)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--hardware", help="for the record; what the checkpoint says")
    parser.add_argument("--weak", action="append", default=[], help="a known weakness, in a sentence")
    a = parser.parse_args(arguments)

    def stored(name: str) -> dict[str, Any]:
        path = C.RUNS / name
        return json.loads(path.read_text()) if path.exists() else {}

    report, scores, evaluation = stored("report.json"), stored("judge/scores-summary.json"), stored("judge/evaluation.json")
    model, checkpoint = load_checkpoint(str(C.RUNS / "lm.pt"))
    defaults = {"guidance": a.guidance, "mask": a.mask, "temperature": a.temperature}
    card = {
        "name": "pairscope-emoji-v2",
        "description": DESCRIPTION,
        "languageModel": {
            "config": checkpoint["config"],
            "parameters": model.parameters_count(),
            **training_record(checkpoint, a.hardware or checkpoint["hardware"]),
        },
        "tokenizer": {**stored("codebook.json"), "pixelDecoderPsnr": stored("decoder.json")},
        "data": DATA,
        "heldOut": HELD_OUT,
        "defaults": defaults,
        "settingsTried": stored("sweep.json").get("rows", []),
        **({"evaluation": report} if report else {}),
        **({"judge": judge} if (judge := judge_card(scores, evaluation, stored("judge/card.json"))) else {}),
        "weaknesses": a.weak,
        "licences": LICENCES,
        "contactSheet": "The first six held-out pairs of every category, not chosen; green captions are right and red ones wrong by the oracle.",
    }
    out = C.RUNS / "export"
    out.mkdir(exist_ok=True)
    (out / "model-card.json").write_text(json.dumps(card, indent=1))
    if (C.RUNS / "shipped.png").exists():
        shutil.copy(C.RUNS / "shipped.png", out / "contact-sheet.png")
    (C.RUNS / "DONE").write_text(json.dumps({"defaults": defaults}, indent=1))

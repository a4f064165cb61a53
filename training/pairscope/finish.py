"""Collects the measured numbers into the model card and marks the run as done."""

from __future__ import annotations

import argparse
import json
import shutil
from typing import Any

from . import config as C
from .model import load_checkpoint


def main() -> None:
    """Reads report.json, sweep*.json and the training records; writes model-card.json and DONE."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--batch", type=int, required=True, help="images a step, for the record")
    parser.add_argument("--minutes", type=float, required=True, help="wall-clock minutes of the training, for the record")
    parser.add_argument("--weak", action="append", default=[], help="a known weakness, in words")
    a = parser.parse_args()

    def stored(name: str) -> dict[str, Any]:
        return json.loads((C.RUNS / name).read_text())

    report = stored("report.json")
    report.pop("prompts", None)
    model, checkpoint = load_checkpoint(str(C.RUNS / "lm.pt"))
    card = {
        "name": "pairscope-emoji-v1",
        "description": "Draws small emoji scenes from captions: 144 image tokens on a 12 x 12 grid, 192 x 192 pixels.",
        "languageModel": {
            "config": checkpoint["config"],
            "parameters": model.parameters_count(),
            "steps": checkpoint["step"],
            "imagesPerStep": a.batch,
            "wallClockMinutes": a.minutes,
            "hardware": "two shared CPU cores, float32",
            "optimizer": "Muon (block matrices, 0.016) and AdamW (the rest, 0.002), cosine over the last 35 %",
        },
        "tokenizer": {**stored("codebook.json"), "pixelDecoderPsnr": stored("decoder.json")},
        "defaults": report["settings"],
        "evaluation": {
            "how": "Strict template-matching oracle on fresh random prompts; settings were chosen on other prompts.",
            **{k: v for k, v in report.items() if k not in ("settings", "step")},
        },
        "settingsTried": [row for path in sorted(C.RUNS.glob("sweep*.json")) for row in json.loads(path.read_text())["rows"]],
        "weaknesses": a.weak,
        "data": "Generated from seeds; no collected images or texts.",
        "licences": [
            {
                "what": "Fluent Emoji (sprites, recoloured)",
                "holder": "Microsoft Corporation",
                "licence": "MIT",
                "source": "npm package @iconify-json/fluent-emoji 1.2.7",
            },
            {
                "what": "DejaVu Sans Bold (letters on signs)",
                "holder": "Bitstream, Inc.; DejaVu changes are in the public domain",
                "licence": "Bitstream Vera Fonts Copyright",
                "source": "npm package dejavu-fonts-ttf 2.37.3",
            },
        ],
    }
    out = C.RUNS / "export"
    out.mkdir(exist_ok=True)
    (out / "model-card.json").write_text(json.dumps(card, indent=1))
    shutil.copy(C.ROOT / "NOTICE.md", out / "NOTICE.md")
    (C.RUNS / "DONE").write_text(json.dumps({"defaults": report["settings"], "evaluation": report}, indent=1))


if __name__ == "__main__":
    main()

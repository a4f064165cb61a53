"""The command line: ``python -m pairscope ROOM COMMAND``.  A command's module is imported only when it runs."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """A module of the room with ``main(arguments)``, and what it does; ``given``: its first arguments."""

    module: str
    does: str
    given: tuple[str, ...] = ()


COMMANDS: dict[str, dict[str, Command]] = {
    "world": {
        "pairs": Command("pair_sets", "write the fixed held-out pairs, in PairComp's shape"),
        "focusdiff": Command("focusdiff_data", "write pairs with their images, in the shape of FocusDiff-Data"),
    },
    "model": {
        "codebook": Command("tokenizer", "fit the codebook of the tokenizer"),
        "train-decoder": Command("train_decoder", "train the pixel decoder"),
        "train": Command("train_language_model", "train the language model"),
        "average": Command("average", "average the weights of two checkpoints"),
        "unpack": Command("unpack", "make a run out of a shipped model folder"),
        "extend": Command("extend", "grow a run into the wide world: codes and words are appended"),
        "pieces": Command("batches", "draw the pieces of a training's first batches beforehand"),
        "noise-golden": Command("noise", "write reference values of the sampler's noise"),
    },
    "oracle": {"report": Command("report", "measure the oracle on ground truth and on single faults")},
    "evaluation": {
        "look": Command("command", "a quick look at a checkpoint: numbers and a contact sheet", ("look",)),
        "sweep": Command("command", "try settings of the sampler on prompts for choosing", ("sweep",)),
        "report": Command("command", "measure a checkpoint on the held-out pairs", ("report",)),
        "free": Command("free", "draw the pairs that people would type: a contact sheet, and how much is chosen"),
        "ceiling": Command("command", "ground truth through tokenizer and decoder, by the oracle", ("ceiling",)),
    },
    "judge": {
        "train": Command("train", "train the network that reads a picture's tokens"),
        "evaluate": Command("evaluate", "hold the judge against the oracle on generated pictures"),
        "score": Command("score", "the paper's protocol: s_a, s_g and their gap; the authors' scores file"),
    },
    "grpo": {
        "train": Command("train", "train one run: Pair-GRPO, vanilla GRPO or the supervised control"),
        "agreement": Command("agreement", "how much of a step's gradient is signal"),
        "experiment": Command("experiment", "train every arm and seed, then report"),
        "report": Command("report", "compare runs on the held-out pairs"),
        "story": Command("story", "write what the page /pair-grpo shows"),
    },
    "export": {
        "assets": Command("assets", "write decoder, codebook and texts of a run"),
        "card": Command("card", "write the model card and the default settings of a run"),
        "model": Command("command", "write the model folder of a run"),
        "grpo": Command("ship", "write the model folders of a GRPO run and of its base"),
        "judge": Command("judge_graph", "write judge.onnx and judge.json"),
        "judge-folder": Command("judge_folder", "write the judge's folder as it is served"),
        "judge-golden": Command("judge_golden", "write the files that hold lib/judge to the Python judge"),
        "tiny": Command("tiny", "write a model folder with random weights, for tests"),
        "golden": Command("golden", "write recorded draws of the tiny model, for tests"),
    },
}


def room_help(rooms: list[str]) -> str:
    """Every command of some rooms, with a line on each room from its own docstring."""
    lines = ["usage: python -m pairscope ROOM COMMAND [ARGUMENTS]", "       python -m pairscope ROOM COMMAND --help"]
    for room in rooms:
        about = (importlib.import_module(f"pairscope.{room}").__doc__ or "").splitlines()[0]
        lines += ["", f"{room}: {about}"]
        lines += [f"  {room + ' ' + name:24} {command.does}" for name, command in COMMANDS[room].items()]
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Runs the command that the first two arguments name."""
    room, name = (*arguments[:2], "", "")[:2]
    if command := COMMANDS.get(room, {}).get(name):
        importlib.import_module(f"pairscope.{room}.{command.module}").main([*command.given, *arguments[2:]])
        return
    rooms = [room] if room in COMMANDS else list(COMMANDS)
    if (name if room in COMMANDS else room) in ("", "-h", "--help"):
        print(room_help(rooms))
        return
    sys.exit(f"There is no command {' '.join(arguments[:2])}.\n\n{room_help(rooms)}")


if __name__ == "__main__":
    main(sys.argv[1:])

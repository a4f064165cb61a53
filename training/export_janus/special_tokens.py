"""The tokens that Janus gives a meaning. Their ids differ between checkpoints, so they are looked up by their text."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from .checkpoint import CheckpointError

SPECIAL = {
    "bos": "<\uff5cbegin\u2581of\u2581sentence\uff5c>",
    "eos": "<\uff5cend\u2581of\u2581sentence\uff5c>",
    "pad": "<\uff5c\u2581pad\u2581\uff5c>",
    "boi": "<begin_of_image>",
}


def special_ids(path: Path) -> dict[str, int]:
    """Ids of beginning and end of text, padding and beginning of image in a `tokenizer.json`."""
    if not path.exists():
        raise CheckpointError(f"{path} is missing: fetch it from the place where the checkpoint came from.")
    tokenizer = Tokenizer.from_file(str(path))
    ids = {}
    for role, text in SPECIAL.items():
        found = tokenizer.token_to_id(text)
        if found is None:
            raise CheckpointError(f"{path} has no token {text}: it is not a Janus tokenizer.")
        ids[role] = found
    return ids


def frame(prompt: str) -> str:
    """The official text around a prompt; the tokenizer puts bos before it."""
    return f"<|User|>: {prompt}\n\n<|Assistant|>:<begin_of_image>"

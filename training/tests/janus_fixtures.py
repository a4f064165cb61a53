"""The committed tiny Janus made anew, once for all tests of the exporter."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import torch

from export_janus.checkpoint import Checkpoint
from export_janus.hub import DRAWING, UNDERSTANDING, write_graphs, write_texts
from export_janus.reference import JanusReference
from export_janus.tiny import write_tiny

LIB = Path(__file__).parents[2] / "lib"
COMMITTED, GOLDEN = LIB / "models/testdata/janus-tiny", LIB / "engine/testdata/janus-golden"


@cache
def work() -> Path:
    """A folder that the whole run shares."""
    torch.set_num_threads(1)
    return Path(mkdtemp(prefix="janus-"))


@cache
def checkpoint() -> Path:
    """The tiny checkpoint in Hugging Face's format."""
    return write_tiny(work() / "checkpoint")


@cache
def hub() -> Path:
    """The same in the hub's layout."""
    opened, out = Checkpoint(checkpoint()), work() / "hub"
    write_texts(opened, out)
    write_graphs(opened, out, ("", "_fp16", "_q4", "_q4f16"), DRAWING + UNDERSTANDING)
    return out


@cache
def reference() -> JanusReference:
    """PyTorch."""
    return JanusReference(checkpoint())

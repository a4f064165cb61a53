"""Makes ``pairscope`` importable, and the shipped codebook the one in use when none has been trained here."""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pairscope.model import tokenizer  # noqa: E402
from pairscope.world import config as C  # noqa: E402

if not tokenizer.CENTROIDS.exists():
    models = C.ROOT.parent / "public" / "models"
    shipped = models / json.loads((models / "index.json").read_text())["default"] / "centroids.bin"
    tokenizer.CENTROIDS = Path(tempfile.mkdtemp()) / "centroids.npy"
    values = C.PATCH * C.PATCH * 3
    np.save(tokenizer.CENTROIDS, np.fromfile(shipped, "<f2").reshape(-1, values).astype(np.float32))


@pytest.fixture(scope="session")
def sprites() -> None:
    """Needs `npm install` in training/ once."""
    if not (C.ROOT / "node_modules" / "@resvg").exists():
        pytest.skip("sprites are not installed: run npm install in training/")


@pytest.fixture(scope="session")
def codebook(sprites: None) -> None:
    """Codes of sprites: the trained codebook, or the shipped one."""

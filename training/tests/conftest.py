"""Makes ``pairscope`` importable, and fits a small codebook when none has been trained yet."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


@pytest.fixture(scope="session")
def sprites() -> None:
    """Needs `npm install` in training/ once."""
    from pairscope import config as C
    from pairscope.sprites import rasterise

    if not (C.ROOT / "node_modules" / "@resvg").exists():
        pytest.skip("sprites are not installed: run npm install in training/")
    rasterise()


@pytest.fixture(scope="session")
def codebook(sprites: None) -> None:
    """The trained centroids, or quickly fitted ones held in memory."""
    import torch

    from pairscope import tokenizer

    if not tokenizer.CENTROIDS.exists():
        book, _ = tokenizer.fit(256, rounds=3)
        held = torch.from_numpy(book)
        tokenizer.centroids.cache_clear()
        tokenizer.centroids = lambda: held  # type: ignore[assignment]

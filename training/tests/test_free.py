from collections import Counter

import numpy as np
import torch
from PIL import Image

from pairscope.evaluation.free import coarse_pictures, entropies, free_pairs, sheet
from pairscope.model.language_model import Config, ImageTokenModel
from pairscope.world import config as C
from pairscope.world.captions import TEXT_TOKENS, text_ids


def test_the_list_has_sixty_pairs_that_differ() -> None:
    pairs = free_pairs()
    assert Counter(pair.category for pair in pairs) == {category: 10 for category in C.CATEGORIES}
    assert all(one != two for one, two in (pair.prompts for pair in pairs))
    assert all(len(text_ids(prompt)) <= C.PREFIX_LENGTH - 2 for pair in pairs for prompt in pair.prompts)


def test_a_sheet_shows_every_prompt(codebook: None, tmp_path) -> None:  # type: ignore[no-untyped-def]
    pairs = free_pairs()[:6]
    images = coarse_pictures(torch.randint(0, C.CODES, (12, 144)))
    assert images[0].shape == (96, 96, 3) and 0 <= np.min(images) and np.max(images) <= 1
    sheet(pairs, images, tmp_path / "sheet.png")
    assert Image.open(tmp_path / "sheet.png").size == (5 * 302, 2 * 184)


def test_entropy_is_that_of_the_models_own_distribution() -> None:
    model = ImageTokenModel(Config(codes=32, text_tokens=TEXT_TOKENS, prefix_length=24, width=64, heads=1, layers=1, ffn=32)).eval()
    with torch.no_grad():
        model.token_embed.weight.zero_()
    bits = entropies(model, ["a cat", "two dogs"], torch.zeros(2, 144, dtype=torch.long))
    assert bits.shape == (2, 144) and torch.allclose(bits, torch.tensor(5.0))

import math

import pytest
import torch

from pairscope.model.language_model import Config, ImageTokenModel, load_checkpoint, save_checkpoint
from pairscope.model.sample import Settings, guided, sample
from pairscope.world.captions import TEXT_TOKENS


@pytest.fixture(scope="module")
def model() -> ImageTokenModel:
    torch.manual_seed(0)
    return ImageTokenModel(Config(codes=32, text_tokens=TEXT_TOKENS, width=128, heads=2, layers=2, ffn=96)).eval()


def test_cache_agrees_with_the_full_pass(model: ImageTokenModel) -> None:
    ids = torch.randint(0, 32, (2, 60))
    full = model(ids)
    hidden, cache = model.run(ids[:, :20])
    steps = [model.logits(hidden[:, -1])]
    for p in range(20, 60):
        hidden, cache = model.run(ids[:, p : p + 1], p, cache)
        steps.append(model.logits(hidden[:, -1]))
    assert torch.allclose(torch.stack(steps, 1), full, atol=1e-5)


def test_chunks_across_the_prefix_end_agree(model: ImageTokenModel) -> None:
    ids = torch.randint(0, 32, (1, 40))
    hidden, cache = model.run(ids[:, :10])
    rest, _ = model.run(ids[:, 10:], 10, cache)
    whole, _ = model.run(ids)
    assert torch.allclose(rest, whole[:, 10:], atol=1e-5)


def test_checkpoint_round_trip(model: ImageTokenModel, tmp_path) -> None:  # type: ignore[no-untyped-def]
    save_checkpoint(str(tmp_path / "m.pt"), model, step=7)
    again, stored = load_checkpoint(str(tmp_path / "m.pt"))
    ids = torch.randint(0, 32, (1, 30))
    assert stored["step"] == 7 and torch.equal(again(ids), model(ids))


def test_mask_and_guidance() -> None:
    cond = torch.tensor([[2.0, 1.0, -3.0]])
    uncond = torch.tensor([[0.0, 1.0, 5.0]])
    assert torch.equal(guided(cond, uncond, Settings(1.0, 0.0)), cond)
    masked = guided(cond, uncond, Settings(3.0, 0.1))
    assert masked[0].tolist() == [6.0, 1.0, -math.inf]


def test_sampling_depends_on_caption_and_seed_only(model: ImageTokenModel) -> None:
    together = sample(model, ["a dog", "two cats"], [1, 2], Settings())
    alone = sample(model, ["two cats"], [2], Settings())
    assert torch.equal(together[1], alone[0]) and together.shape == (2, 144)

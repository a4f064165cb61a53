from random import Random

import numpy as np
import pytest
import torch

from pairscope.model.batches import CAPTION_DROPOUT, labelled_batch, training_batch
from pairscope.model.tokenizer import WHITE, background_tokens, layout_tokens
from pairscope.model.upcoming import CLASSES, UNTOLD, UpcomingHead, upcoming
from pairscope.world import config as C
from pairscope.world.draws import any_pair
from pairscope.world.scenes import Item, Scene, lay_out


def answers_of(scene: Scene, seed: int) -> np.ndarray:
    """[144, 3] of one drawing of the scene."""
    layout = lay_out(scene, seed)
    return upcoming(layout, layout_tokens(layout).reshape(-1))


def test_two_coloured_objects_are_announced_in_reading_order() -> None:
    answers = answers_of(Scene((Item("car", "red"), Item("house", "blue")), relation="below"), 3)
    told = list(dict.fromkeys(map(tuple, answers.tolist())))
    car, house = (1 + C.NAMES.index(name) for name in ("car", "house"))
    red, blue = (1 + C.COLOURS.index(colour) for colour in ("red", "blue"))
    assert told == [(house, blue, 2), (car, red, 1), (0, 0, 0)]


@pytest.mark.parametrize("category", C.CATEGORIES)
def test_the_announced_piece_begins_where_the_announcement_ends(category: str) -> None:
    random = Random(f"upcoming {category}")
    for _ in range(100):
        layout = lay_out(any_pair(random, category)[0], random.getrandbits(30))
        tokens = layout_tokens(layout).reshape(-1)
        answers = upcoming(layout, tokens)
        pieces = len(layout.sprites) + (layout.sign is not None)
        left = answers[:, 2]
        assert left[0] == pieces and left[-1] == 0
        ends = np.flatnonzero(np.diff(left))
        assert (np.diff(left)[ends] == -1).all() and len(ends) == pieces
        assert (tokens[ends] != background_tokens(layout.style, layout.place).reshape(-1)[ends]).all()
        names = sorted(1 + C.NAMES.index(p.key.name) for p in layout.sprites) or [1 + len(C.WIDE_NAMES)]
        assert sorted(answers[ends, 0]) == names


def test_a_picture_without_caption_is_not_asked() -> None:
    ids, answers = labelled_batch(5, 200, C.CODES)
    untold = (answers == UNTOLD).all(-1).all(-1)
    assert 0 < untold.float().mean() < 3 * CAPTION_DROPOUT
    assert torch.equal(untold, (answers == UNTOLD).any(-1).any(-1))
    pads = (ids[:, 1 : C.PREFIX_LENGTH - 1] == ids[untold][0, 1]).all(-1)
    assert torch.equal(untold, pads)
    assert torch.equal(training_batch(5, 200, C.CODES), ids)


def test_the_head_learns_the_answers_from_a_state_that_holds_them() -> None:
    torch.manual_seed(0)
    answers = torch.stack([torch.randint(0, n, (4, 144)) for n in CLASSES], -1)
    state = torch.cat([torch.nn.functional.one_hot(a, n) for a, n in zip(answers.unbind(-1), CLASSES, strict=True)], -1).float()
    head = UpcomingHead(state.shape[-1])
    optimizer = torch.optim.Adam(head.parameters(), 0.05)
    first = float(head(state, answers).detach())
    for _ in range(60):
        optimizer.zero_grad()
        head(state, answers).backward()
        optimizer.step()
    assert float(head(state, answers).detach()) < 0.05 * first
    answers[0] = UNTOLD
    assert torch.isfinite(head(state, answers)) and WHITE == 0

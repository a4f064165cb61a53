from dataclasses import replace
from random import Random

import numpy as np
import pytest

from pairscope import config as C
from pairscope.oracle import faults, judge, read
from pairscope.render import draw, draw_small
from pairscope.scenes import Item, Placed, Scene, lay_out, random_pair
from pairscope.tokenizer import encode, layout_tokens

pytestmark = pytest.mark.usefixtures("sprites")


@pytest.mark.parametrize("category", C.CATEGORIES)
def test_accepts_the_truth_and_rejects_the_twin(category: str) -> None:
    random = Random(f"oracle {category}")
    for _ in range(8):
        one, two = random_pair(random, category)
        reading = read(draw(lay_out(one, random.getrandbits(30))))
        assert faults(one, reading) == []
        assert not judge(two, reading)


def test_rejects_corruptions() -> None:
    scene = Scene((Item("dog"), Item("car", "blue")), relation="left")
    layout = lay_out(scene, 3)
    image = draw(layout)
    assert judge(scene, read(image))
    assert faults(scene, read(np.ones_like(image))) == ["blank"]
    # a third object
    extra = replace(layout, sprites=(*layout.sprites, Placed("bee", None, 3, False, 0, 0)))
    assert not judge(scene, read(draw(extra)))
    # a stray blob
    blob = image.copy()
    blob[:32, :32] = (0.2, 0.4, 0.2)
    assert not judge(scene, read(blob))
    # half of an object wiped
    wiped, dog = image.copy(), layout.sprites[0]
    wiped[dog.y * 16 : dog.y * 16 + 32, dog.x * 16 : dog.x * 16 + 64] = 1
    assert not judge(scene, read(wiped))
    # colours shuffled, mirrored relation
    assert not judge(scene, read(image[..., ::-1]))
    assert not judge(scene, read(np.ascontiguousarray(image[:, ::-1])))


def test_rejects_a_letter_too_few() -> None:
    scene = Scene(text="CAT")
    assert not judge(scene, read(draw(lay_out(Scene(text="CA"), 1))))
    assert not judge(scene, read(draw(lay_out(Scene(text="CAI"), 1))))


@pytest.mark.usefixtures("codebook")
def test_pasted_tokens_equal_the_encoding() -> None:
    random = Random(5)
    for category in C.CATEGORIES:
        layout = lay_out(random_pair(random, category)[0], random.getrandbits(30))
        assert (encode(draw_small(layout)) == layout_tokens(layout)).all()

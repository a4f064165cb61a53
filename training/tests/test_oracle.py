from dataclasses import replace
from random import Random

import numpy as np
import pytest

from pairscope.model.tokenizer import encode, layout_tokens
from pairscope.oracle.verdict import faults, judge
from pairscope.world import config as C
from pairscope.world.draws import any_pair
from pairscope.world.render import draw, draw_small
from pairscope.world.scenes import Item, Placed, Scene, lay_out
from pairscope.world.sprites import SpriteKey, background

pytestmark = pytest.mark.usefixtures("sprites")


def keys(scene: Scene, image: np.ndarray) -> list[str]:
    """The first words of what is wrong."""
    return [fault.split()[0] for fault in faults(scene, image)]


@pytest.mark.parametrize("category", C.CATEGORIES)
def test_accepts_the_truth_and_rejects_the_sibling(category: str) -> None:
    random = Random(f"oracle {category}")
    for _ in range(5):
        one, two = any_pair(random, category)
        drawing = random.getrandbits(30)
        image = draw(lay_out(one, drawing))
        assert faults(one, image) == []
        assert not judge(two, image)


def test_says_blank_of_an_empty_picture_on_any_background() -> None:
    scene = Scene((Item("dog"),), style="chalk")
    assert keys(scene, background("chalk", None)) == ["blank"]
    assert keys(scene, background("3d", None)) == ["blank"]
    assert keys(Scene(text="HI"), background("3d", None)) == ["blank"]


def test_names_a_wrong_style_or_place() -> None:
    dog = Item("dog")
    assert keys(Scene((dog,), style="neon"), draw(lay_out(Scene((dog,), style="chalk"), 1))) == ["background"]
    assert keys(Scene((dog,), place="beach"), draw(lay_out(Scene((dog,), place="space"), 1))) == ["background"]
    # the same white paper
    assert not judge(Scene((dog,), style="line"), draw(lay_out(Scene((dog,), style="3d"), 1)))


def test_rejects_one_too_few_and_one_too_many() -> None:
    three, four = Scene((Item("car", "blue"),), (3,)), Scene((Item("car", "blue"),), (4,))
    assert "missing" in keys(four, draw(lay_out(three, 5)))
    assert "extra" in keys(three, draw(lay_out(four, 5)))


def test_an_unspoken_colour_is_free_only_where_the_generator_leaves_it_free() -> None:
    assert judge(Scene((Item("balloon"),)), draw(lay_out(Scene((Item("balloon", "green"),)), 2)))
    assert not judge(Scene((Item("apple"),)), draw(lay_out(Scene((Item("apple", "blue"),)), 2)))
    assert keys(Scene((Item("balloon", "red"),)), draw(lay_out(Scene((Item("balloon", "blue"),)), 2))) != []


def test_what_nobody_spoke_of_is_not_worn() -> None:
    cat = lay_out(Scene((Item("cat", accessory="glasses"),)), 4)
    assert not judge(Scene((Item("cat"),)), draw(cat))
    assert not judge(Scene((Item("cat", accessory="hat"),)), draw(cat))
    assert judge(Scene((Item("cat", accessory="glasses"),)), draw(cat))


def test_rejects_a_mirrored_relation_and_shuffled_colours() -> None:
    scene = Scene((Item("dog"), Item("car", "blue")), relation="left")
    image = draw(lay_out(scene, 3))
    assert judge(scene, image)
    assert keys(replace(scene, relation="right"), image) == ["relation"]
    assert not judge(scene, image[..., ::-1])


def test_things_stand_on_the_ground_of_a_place() -> None:
    scene = Scene((Item("dog"),), place="grass")
    layout = lay_out(scene, 3)
    placed = layout.sprites[0]
    assert judge(scene, draw(layout))
    assert not judge(scene, draw(replace(layout, sprites=(replace(placed, y=placed.y - 3),))))


def test_rejects_strangers_stains_and_holes() -> None:
    scene = Scene((Item("dog"), Item("car", "blue")), relation="left")
    layout = lay_out(scene, 3)
    extra = replace(layout, sprites=(*layout.sprites, Placed(SpriteKey("bee", size=3), 0, 0)))
    assert "extra" in keys(scene, draw(extra))
    stained, holed, dog = draw(layout), draw(layout), layout.sprites[0]
    stained[:16, :16] = (0.2, 0.4, 0.2)
    assert keys(scene, stained) == ["extra"]
    holed[dog.y * 16 : dog.y * 16 + 32, dog.x * 16 : dog.x * 16 + 64] = 1
    assert not judge(scene, holed)


def test_a_big_sprite_may_have_one_wrong_cell_and_a_quarter_wrong_is_broken() -> None:
    scene = Scene((Item("lion", size="big"),))
    layout = lay_out(scene, 3)
    lion = layout.sprites[0]
    fox = draw(replace(layout, sprites=(replace(lion, key=replace(lion.key, name="fox")),)))
    image = draw(layout)
    for wrong, right in ((1, True), (9, False)):
        mixed = image.copy()
        for index in range(wrong):
            y, x = (lion.y + 1 + index // 3) * 16, (lion.x + 1 + index % 3) * 16
            mixed[y : y + 16, x : x + 16] = fox[y : y + 16, x : x + 16]
        assert judge(scene, mixed) == right


def test_reads_every_letter() -> None:
    scene = Scene(text="CAT")
    assert judge(scene, draw(lay_out(scene, 1)))
    for wrong in ("CAI", "CA", "CATS", "ACT"):
        assert not judge(scene, draw(lay_out(Scene(text=wrong), 1)))
    for letter in C.LETTERS:
        image = draw(lay_out(Scene(text=letter), 2))
        assert [other for other in C.LETTERS if judge(Scene(text=other), image)] == [letter]


def test_reads_a_sign_colour_only_where_it_is_spoken() -> None:
    image = draw(lay_out(Scene(text="GO", sign_colour="red"), 1))
    assert judge(Scene(text="GO"), image) and judge(Scene(text="GO", sign_colour="red"), image)
    assert keys(Scene(text="GO", sign_colour="orange"), image) == ["colour"]


@pytest.mark.usefixtures("codebook")
def test_pasted_tokens_equal_the_encoding() -> None:
    random = Random(5)
    for category in C.CATEGORIES:
        layout = lay_out(any_pair(random, category)[0], random.getrandbits(30))
        assert (encode(draw_small(layout)) == layout_tokens(layout)).all()

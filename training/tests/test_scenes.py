import json
from dataclasses import replace
from random import Random

import pytest

from pairscope.model.batches import partly_named
from pairscope.world import config as C
from pairscope.world.captions import UNK, WORD_IDS, caption, relation_words, text_ids
from pairscope.world.draws import any_pair, loosely_named_scene, training_pair, training_scene
from pairscope.world.held_out import held_out, held_out_colour, held_out_relation, held_out_text
from pairscope.world.pair_sets import held_out_set
from pairscope.world.scenes import Item, Layout, Scene, board_width, lay_out


def cells(layout: Layout) -> list[tuple[int, int]]:
    """Every cell of every piece."""
    found = [(x, y) for p in layout.sprites for x in range(p.x, p.x + p.key.size) for y in range(p.y, p.y + p.key.rows)]
    if sign := layout.sign:
        rows = 2 + C.LETTER_CELLS + C.POST_CELLS
        found += [(x, y) for x in range(sign.x, sign.x + sign.width) for y in range(sign.y, sign.y + rows)]
    return found


def test_the_world_is_as_wide_as_promised() -> None:
    assert len(C.NAMES) == len(set(C.NAMES)) >= 100
    assert len(C.COLOURS) == 8 and len(C.STYLES) == 8 and len(C.PLACES) == 6 and C.MAX_COUNT == 5 and C.MAX_LETTERS == 4
    words = [word for thing in C.THINGS for pair in thing.names for word in set(pair)]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("category", C.CATEGORIES)
def test_layouts_stay_on_the_grid_and_share_no_cell(category: str) -> None:
    random = Random(f"grid {category}")
    for _ in range(400):
        scene = any_pair(random, category)[0]
        layout = lay_out(scene, random.getrandbits(30))
        taken = cells(layout)
        assert len(taken) == len(set(taken)), scene
        assert all(0 <= x < C.COLUMNS and 0 <= y < C.ROWS for x, y in taken), scene
        assert layout.bits > 0


@pytest.mark.parametrize("category", C.CATEGORIES)
def test_a_layout_shows_what_the_record_says(category: str) -> None:
    random = Random(f"shows {category}")
    for _ in range(300):
        scene = any_pair(random, category)[0]
        layout = lay_out(scene, random.getrandbits(30))
        assert layout.style == (scene.style or "3d") and layout.place == scene.place
        assert (layout.sign.text if layout.sign else None) == scene.text
        assert len(layout.sprites) == sum(scene.copies)
        for item, count in zip(scene.items, scene.copies, strict=True):
            mine = [p.key for p in layout.sprites if p.key.name == item.name]
            assert len(mine) == count
            for key in mine:
                assert not item.colour or key.colour == item.colour
                assert key.pattern == (item.pattern or "plain") and key.accessory == item.accessory
                assert {"big": C.SIZE_BIG, "small": C.SIZE_SMALL}.get(item.size or "", key.size) == key.size
        if scene.relation:
            one, two = layout.sprites
            dx, dy = two.x - one.x, two.y - one.y
            along, across = (dx, dy) if scene.relation in ("left", "right") else (dy, dx)
            assert (along if scene.relation in ("left", "above") else -along) >= 4 > abs(across)
        assert scene.without not in [p.key.name for p in layout.sprites]


def test_equal_seeds_give_equal_scenes() -> None:
    for category in C.CATEGORIES:
        one, two = (training_scene(Random(f"same {category}"), category) for _ in range(2))
        assert one == two and lay_out(one, 5) == lay_out(two, 5) and caption(one, 5) == caption(two, 5)


def test_pairs_keep_what_they_do_not_change() -> None:
    random = Random(1)
    for category in C.CATEGORIES:
        for _ in range(200):
            one, two = any_pair(random, category)
            assert one != two
            seed = random.getrandbits(30)
            a, b = lay_out(one, seed), lay_out(two, seed)
            if category == "Color difference":
                uncoloured = [[replace(p, key=replace(p.key, colour=None)) for p in layout.sprites] for layout in (a, b)]
                assert uncoloured[0] == uncoloured[1] and a.sprites != b.sprites
            if category == "Text difference" and len(one.text or "") == len(two.text or ""):
                assert a.sign and b.sign and a.sign != b.sign and replace(a.sign, text=b.sign.text) == b.sign


def test_what_is_left_open_varies() -> None:
    cars = [lay_out(Scene((Item("car"),)), seed).sprites[0] for seed in range(200)]
    assert {p.key.colour for p in cars} == set(C.COLOURS)
    assert len({(p.x, p.y) for p in cars}) >= 15 and {p.key.mirrored for p in cars} == {False, True}
    assert len({p.key.size for p in cars}) == 2
    assert {lay_out(Scene((Item("apple"),)), seed).sprites[0].key.colour for seed in range(50)} == {"red"}


def test_signs_have_room_for_their_letters() -> None:
    for text in ("I", "HI", "CAT", "OPEN"):
        sign = lay_out(Scene(text=text), 1).sign
        assert sign and sign.width == board_width(len(text)) == C.LETTER_CELLS * len(text) + 2


def test_training_names_no_held_out_combination() -> None:
    random = Random(3)
    for category in C.CATEGORIES:
        for _ in range(300):
            assert not held_out(training_scene(random, category))
            assert not any(map(held_out, training_pair(random, category)))


def test_a_partly_named_caption_lacks_a_word_of_every_combination() -> None:
    random, combinations, held = Random(3), 0, 0
    relations = {word for relation in C.RELATIONS for word in relation_words(relation)}
    for _ in range(400):
        category = random.choice(["Color difference", "Position difference", "Counting difference"])
        scene = loosely_named_scene(random, category)
        words = text_ids(caption(scene, random.getrandbits(40)))
        told = partly_named(words, scene, random)
        assert len(told) == len(words) and all(new in (old, UNK) for new, old in zip(told, words, strict=True))
        held += bool(held_out(scene))
        for index, item in enumerate(scene.items):
            forms = {WORD_IDS[form] for names in C.BY_NAME[item.name].names for form in names}
            named = [at for at, word in enumerate(told) if word in forms]
            if item.colour:
                combinations += 1
                assert all(told[at - 1] != WORD_IDS[item.colour] for at in named)
            if scene.relation and index == 0:
                combinations += 1
                assert not named or relations.isdisjoint(told)
    assert combinations > 300 and held > 30


def test_about_one_in_twelve_combinations_is_held_out() -> None:
    colours = [held_out_colour(n, c) for n in C.COLOURABLE for c in C.COLOURS]
    relations = [held_out_relation(n, r) for n in C.NAMES for r in C.RELATIONS]
    assert 0.04 < sum(colours) / len(colours) < 0.14
    assert 0.04 < sum(relations) / len(relations) < 0.14
    assert not any(map(held_out_text, C.LETTERS))


def test_the_held_out_set_is_fixed_and_large_enough() -> None:
    items = held_out_set()
    assert items == held_out_set()
    for category in C.CATEGORIES:
        mine = [p for p in items if p.category == category]
        assert len(mine) >= 200
        pairs = {(one.scene, two.scene) for one, two in zip(mine[::2], mine[1::2], strict=True)}
        assert len(pairs) == len(mine) // 2
        assert all(one.caption != two.caption and one.seed == two.seed for one, two in zip(mine[::2], mine[1::2], strict=True))
    for category in ("Color difference", "Position difference", "Text difference"):
        mine = [p for p in items if p.category == category]
        assert sum(bool(p.unseen) for p in mine) >= 50
    json.dumps([p.caption for p in items])

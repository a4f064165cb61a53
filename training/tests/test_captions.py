from random import Random

import pytest

from pairscope.world import config as C
from pairscope.world.captions import BOI, BOS, LETTER_IDS, PAD, QUOTE, UNK, WORD_IDS, caption, prefix, text_ids
from pairscope.world.draws import any_pair
from pairscope.world.scenes import Item, Scene


@pytest.mark.parametrize("category", C.CATEGORIES)
def test_every_caption_is_known_and_fits(category: str) -> None:
    random = Random(f"captions {category}")
    for _ in range(400):
        seed = random.getrandbits(30)
        for scene in any_pair(random, category):
            said = caption(scene, seed)
            ids = text_ids(said)
            assert UNK not in ids and len(ids) <= C.PREFIX_LENGTH - 2, said


def test_the_captions_of_a_pair_are_worded_alike() -> None:
    random = Random(1)
    for _ in range(200):
        one, two = any_pair(random, "Color difference")
        seed = random.getrandbits(30)
        a, b = caption(one, seed).split(), caption(two, seed).split()
        assert a != b and len(a) == len(b)
        articles, colours = {"a", "an"}, set(C.COLOURS)
        assert all(v == w or {v, w} <= articles or {v, w} <= colours for v, w in zip(a, b, strict=True))


def test_one_scene_is_said_in_several_ways() -> None:
    scene = Scene((Item("rabbit"), Item("car", "blue")), relation="left")
    said = {caption(scene, seed) for seed in range(200)}
    assert len(said) >= 20
    assert any("on its left" in s for s in said) and any(s.startswith("a rabbit is") for s in said)
    assert any("bunny" in s for s in said)


def test_a_caption_names_all_that_the_record_says() -> None:
    for seed in range(50):
        words = text_ids(caption(Scene((Item("cat", accessory="hat"),)), seed))
        assert {WORD_IDS["cat"], WORD_IDS["hat"]} <= set(words)
        words = text_ids(caption(Scene((Item("dog"),), (2,)), seed))
        assert {WORD_IDS["two"], WORD_IDS["2"]} & set(words) and WORD_IDS["dogs"] in words
        words = text_ids(caption(Scene((Item("dog"),), without="cat"), seed))
        assert {WORD_IDS["dog"], WORD_IDS["without"], WORD_IDS["cat"]} <= set(words)


def test_letters_are_tokens_by_their_place() -> None:
    letters = LETTER_IDS
    assert len({i for places in letters.values() for i in places}) == 26 * C.LONGEST_SIGN
    assert text_ids('"noon"') == [QUOTE, letters["N"][0], letters["O"][1], letters["O"][2], letters["N"][3], QUOTE]
    assert text_ids('"abcdefg"')[-2] == UNK


def test_tokenizer_contract() -> None:
    words, letters = WORD_IDS, LETTER_IDS
    assert text_ids("A Dog!") == [words["a"], words["dog"]]
    assert text_ids("a sign saying \u201cc4t\u201d") == [
        words["a"], words["sign"], words["saying"], QUOTE, letters["C"][0], UNK, letters["T"][2], QUOTE,
    ]  # fmt: skip
    assert text_ids("a sign saying 'ok'.")[-3:] == [letters["O"][0], letters["K"][1], QUOTE]
    assert text_ids("two\u200b-apples' zebu") == [words["two"], words["apples"], UNK]
    assert text_ids("\uff41 dog") == [words["a"], words["dog"]]
    slots = C.PREFIX_LENGTH - 2
    assert prefix(list(range(200, 300))) == [BOS, *range(200, 200 + slots), BOI]
    assert prefix(None) == [BOS, *[PAD] * slots, BOI]

from random import Random

from pairscope import config as C
from pairscope.captions import BOI, BOS, LETTER_IDS, PAD, QUOTE, UNK, WORD_IDS, caption, prefix, text_ids
from pairscope.scenes import Scene, lay_out, random_pair


def test_every_caption_is_known_and_fits() -> None:
    random = Random(0)
    for category in C.CATEGORIES:
        for _ in range(400):
            seed = random.getrandbits(30)
            for scene in random_pair(random, category):
                ids = text_ids(caption(scene, seed))
                assert UNK not in ids and len(ids) <= C.PREFIX_LENGTH - 2


def test_pairs_differ_and_keep_their_layout() -> None:
    random = Random(1)
    for category in C.CATEGORIES:
        for _ in range(200):
            one, two = random_pair(random, category)
            assert one != two
            seed = random.getrandbits(30)
            if category == "Color difference":
                a, b = lay_out(one, seed), lay_out(two, seed)
                assert [(p.name, p.x, p.y) for p in a.sprites] == [(p.name, p.x, p.y) for p in b.sprites]


def test_layouts_stay_on_the_grid_with_gaps() -> None:
    random = Random(2)
    for category in C.CATEGORIES:
        for _ in range(300):
            layout = lay_out(random_pair(random, category)[0], random.getrandbits(30))
            taken: set[tuple[int, int]] = set()
            for p in layout.sprites:
                cells = {(x, y) for x in range(p.x, p.x + p.size) for y in range(p.y, p.y + p.size)}
                assert all(0 <= x < C.COLUMNS and 0 <= y < C.ROWS for x, y in cells)
                assert not cells & taken
                taken |= cells
            assert layout.bits > 0


def test_tokenizer_contract() -> None:
    words, letters = WORD_IDS, LETTER_IDS
    assert text_ids("A Dog!") == [words["a"], words["dog"]]
    assert text_ids("a sign saying \u201cc\u2019t 4\u201d") == [
        words["a"], words["sign"], words["saying"], QUOTE, letters["C"], UNK, letters["T"], UNK, UNK, QUOTE,
    ]  # fmt: skip
    assert text_ids("two\u200b-apples' zebra") == [words["two"], words["apples"], UNK]
    assert text_ids("\uff41 dog") == [words["a"], words["dog"]]
    full = prefix(list(range(40, 70)))
    assert full == [BOS, *range(40, 58), BOI]
    assert prefix(None) == [BOS, *[PAD] * 18, BOI]


def test_scene_of_two_copies_says_so() -> None:
    from pairscope.scenes import Item

    assert "two" in caption(Scene((Item("dog"),), count=2), 1) or "2" in caption(Scene((Item("dog"),), count=2), 1)

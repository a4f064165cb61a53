"""The judge: captions read exactly, labels that follow the damage, matching, and its files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from pairscope.export import judge_golden as golden
from pairscope.export.judge_graph import write
from pairscope.judge.claims import Claim, Group, Unreadable, claim_of, parse
from pairscope.judge.damaged import Composition, composition
from pairscope.judge.evaluate import Case, reliability
from pairscope.judge.eye_session import Judge
from pairscope.judge.labels import BROKEN, HEADS, INTACT, UNLABELLED, labels
from pairscope.judge.match import Seen, probability
from pairscope.judge.pieces import BACKGROUNDS, Piece, damage, paste
from pairscope.judge.score import averages
from pairscope.model.tokenizer import background_tokens, layout_tokens
from pairscope.world import config as C
from pairscope.world.captions import caption
from pairscope.world.draws import any_pair
from pairscope.world.pair_sets import Prompt
from pairscope.world.scenes import Placed, PlacedSign, lay_out
from pairscope.world.sprites import SpriteKey


def _same(got: Claim, wanted: Claim) -> bool:
    """Two objects may be named in either order."""
    if got == wanted or len(got.groups) != 2:
        return got == wanted
    turned = tuple((1 - a, relation, 1 - b) for a, relation, b in got.relations)
    return replace(got, groups=got.groups[::-1], relations=turned) == wanted


@pytest.mark.parametrize("category", C.CATEGORIES)
def test_every_generated_caption_is_read(category: str) -> None:
    random = Random(f"read {category}")
    for _ in range(400):
        for scene in any_pair(random, category):
            text = caption(scene, random.getrandbits(40))
            assert _same(parse(text), claim_of(scene)), text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("two red apples and a green pear", Claim((Group("apple", 2, "red"), Group("pear", 1, "green")))),
        ("red car, blue book", Claim((Group("car", 1, "red"), Group("book", 1, "blue")))),
        ("a cat with a hat", Claim((Group("cat", accessory="hat"),))),
        ("a cat with a cap", Claim((Group("cat"), Group("cap")))),
        ("a cat on the left and a dog on the right", Claim((Group("cat"), Group("dog")), ((0, "left", 1),))),
        ("at night, an owl", Claim((Group("owl"),), place="night")),
        ('a "stop" sign', Claim(text="STOP")),
    ],
)
def test_what_people_type_is_read(text: str, wanted: Claim) -> None:
    assert parse(text) == wanted


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a sofa", "sofa"),
        ("cats and dogs", "how many cats"),
        ('a sign that says "TOOLONG"', "TOOLONG"),
        ("a blue cat", "colour of a cat"),
        ("a fox in sepia as pixel art", "two styles"),
        ("", "nothing"),
    ],
)
def test_a_caption_that_cannot_be_read_says_why(text: str, names: str) -> None:
    with pytest.raises(Unreadable, match=names):
        parse(text)


# ------------------------------------------------------------------------------------- labels

PLAIN = ("3d", None)


def _apple_picture() -> tuple[Composition, Piece]:
    piece = Piece(Placed(SpriteKey("apple", "red", 6), 3, 2), PLAIN)
    grid = background_tokens(*PLAIN).copy()
    paste(grid, piece)
    return Composition(grid, [piece], [PLAIN]), piece


def test_undamaged_scenes_are_intact_everywhere(codebook: None) -> None:
    random = Random("intact")
    for index in range(60):
        scene = any_pair(random, C.CATEGORIES[index % 6])[0]
        layout = lay_out(scene, index)
        pieces = [Piece(p, (layout.style, layout.place)) for p in (*layout.sprites, *((layout.sign,) if layout.sign else ()))]
        got = labels(Composition(layout_tokens(layout).copy(), pieces, [(layout.style, layout.place)]))
        assert got.kind[..., 1].sum() == len(layout.sprites)
        assert got.kind[..., 3].sum() == (layout.sign is not None)
        assert not (got.cells["junk"] == 1).any()
        if layout.sign:
            said = got.cells["glyph"][got.cells["glyph"] != UNLABELLED]
            assert "".join(C.LETTERS[i] for i in said) == layout.sign.text


def test_more_damage_is_never_less_broken(codebook: None) -> None:
    c, piece = _apple_picture()
    other = replace(piece, placed=Placed(SpriteKey("book", "blue", 6), 3, 2))
    before = 0.0
    for rows in range(7):
        where = np.zeros((6, 6), bool)
        where[:rows] = True
        paste(c.grid, other, where)
        now = damage(c.grid, piece)
        assert now >= before
        before = now
    assert before > BROKEN


def test_a_missing_quarter_breaks_a_sprite_and_a_missing_cell_does_not(codebook: None) -> None:
    c, piece = _apple_picture()
    c.grid[4, 5] = c.grid[0, 0]
    assert damage(c.grid, piece) < INTACT
    assert labels(c).kind[2, 3, 1] == 1
    c.grid[4:7, 4:8] = c.grid[0, 0]
    got = labels(c)
    assert got.kind[2, 3, 2] > 0.5
    assert (got.cells["junk"] == 1).any()
    assert got.cells["object"][2, 3] == UNLABELLED


def test_a_stray_cell_is_junk(codebook: None) -> None:
    c, _ = _apple_picture()
    c.grid[11, 11] = c.grid[4, 5]
    assert labels(c).cells["junk"][11, 11] == 1


def test_a_mixed_letter_is_unreadable(codebook: None) -> None:
    piece = Piece(PlacedSign("OX", "blue", 3, 3), PLAIN)
    grid = background_tokens(*PLAIN).copy()
    paste(grid, piece)
    grid[5, 4], grid[5, 5] = grid[5, 6], grid[5, 7]  # the lower half of an X under the upper half of an O
    glyphs = labels(Composition(grid, [piece], [PLAIN])).cells["glyph"]
    assert glyphs[4, 6] == C.LETTERS.index("X")
    assert glyphs[4, 4] == len(C.LETTERS)


def test_a_composition_is_the_same_for_the_same_seed(codebook: None) -> None:
    for seed in range(40):
        one, two = composition(Random(seed)), composition(Random(seed))
        assert np.array_equal(one.grid, two.grid)
        assert one.grid.min() >= 0
        said = labels(one).kind.sum(-1)
        assert np.all((np.abs(said - 1) < 1e-5) | (said == 0))  # nothing is said where backgrounds are mixed


# ------------------------------------------------------------------------------------- matching


def _seen(*pieces: tuple[int, int, str, int], sure: float = 12.0) -> Seen:
    """Sprites (x, y, name, size) seen with a certainty in logits, plain and bare, on white."""
    cells = np.zeros((sum(HEADS.values()), 12, 12), np.float32)
    seen = Seen.of(cells, np.eye(len(BACKGROUNDS) + 1, dtype=np.float32)[0] * 12)
    seen.heads["kind"][0] = 12
    seen.heads["junk"][0] = -12
    for x, y, name, size in pieces:
        seen.heads["kind"][:, y, x] = [0, sure, 0, 0, 0]
        seen.heads["object"][C.NAMES.index(name), y, x] = 16
        for head, index in (("size", C.SIZES.index(size)), ("pattern", 0), ("accessory", 0), ("style", 0), ("colour", 8)):
            seen.heads[head][index, y, x] = 12
    return seen


CAT_LEFT_OF_DOG = ((1, 4, "cat", 4), (7, 4, "dog", 4))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("a cat and a dog", True),
        ("a cat to the left of a dog", True),
        ("a dog to the right of a cat", True),
        ("a cat to the right of a dog", False),
        ("a cat above a dog", False),
        ("a cat", False),
        ("two cats", False),
        ("a cat, a dog and a fox", False),
        ("a cat and a fox", False),
        ("a cat wearing a hat and a dog", False),
        ("a cat and a dog on the beach", False),
        ("a small cat and a dog", False),
    ],
)
def test_exactly_what_is_claimed_must_be_seen(text: str, right: bool) -> None:
    p = probability(_seen(*CAT_LEFT_OF_DOG), parse(text))
    assert p > 0.99 if right else p < 0.01


def test_counts_are_exact() -> None:
    seen = _seen((0, 0, "cat", 3), (4, 4, "cat", 3), (8, 8, "cat", 3))
    assert [round(probability(seen, Claim((Group("cat", n),)))) for n in range(1, 6)] == [0, 0, 1, 0, 0]


def test_an_unsure_piece_gives_its_share() -> None:
    seen = _seen(*CAT_LEFT_OF_DOG)
    seen.heads["kind"][:, 4, 7] = [5, 5, -20, -20, -20]
    assert probability(seen, parse("a cat and a dog")) == pytest.approx(0.5, abs=0.01)
    assert probability(seen, parse("a cat")) == pytest.approx(0.5, abs=0.01)


def test_one_piece_seen_in_two_places_is_still_one() -> None:
    seen = _seen((4, 4, "cat", 4), (5, 4, "cat", 4), sure=13.0)  # either is nearly as likely to be nothing
    seen.heads["kind"][0] = 12
    assert probability(seen, parse("a cat")) > 0.8
    assert probability(seen, parse("two cats")) == 0


def test_junk_counts_only_outside_the_pieces() -> None:
    seen = _seen((4, 4, "cat", 4))
    seen.heads["junk"][0, 5, 5] = 12
    assert probability(seen, parse("a cat")) > 0.99
    seen.heads["junk"][0, 0, 0] = 12
    assert probability(seen, parse("a cat")) < 0.01


# ------------------------------------------------------------------------------------- files


def test_golden_files_are_current(tmp_path: Path) -> None:
    write(golden.toy_eye(), tmp_path)
    kept = json.loads((golden.TESTDATA / "golden.json").read_text())
    assert json.loads((tmp_path / "judge.json").read_text())["vocabulary"] == (
        json.loads((golden.TESTDATA / "judge.json").read_text())["vocabulary"]
    )
    judge = Judge(golden.TESTDATA)
    fresh = json.loads(json.dumps(golden.golden(judge)))
    assert fresh["captions"] == kept["captions"]
    for (*what, score), (*kept_what, kept_score) in zip(fresh["scores"], kept["scores"], strict=True):
        assert what == kept_what
        assert score == (kept_score if isinstance(kept_score, str) else pytest.approx(kept_score, abs=1e-5))


# ------------------------------------------------------------------------------------- scores


def test_averages_are_the_papers() -> None:
    def pair(*values: float) -> list[dict[str, float]]:
        return [{"score": value} for value in values]

    scores = {"0": pair(1, 1, 1, 1), "1": pair(1, 1, 0, 0), "2": pair(0.5, 0.5, 0.5, 0.5)}
    table = averages(scores, [C.CATEGORIES[1], C.CATEGORIES[1], C.CATEGORIES[2]])
    assert table[C.CATEGORIES[1]] == {"s_a": 75.0, "s_g": 50.0, "gap": 25.0}
    assert table["Average"] == {"s_a": 62.5, "s_g": 50.0, "gap": 12.5}  # of the categories, not of all pairs


def test_reliability_of_an_honest_judge_is_perfect() -> None:
    prompt = Prompt(C.CATEGORIES[0], 0, 0, any_pair(Random(0), C.CATEGORIES[0])[0], "", 0, ())
    honest = [Case("", prompt, np.zeros(144, np.int64), [] if i % 4 else ["missing"], 0.75, 0.0) for i in range(100)]
    assert reliability(honest)[0] == pytest.approx(0)
    boastful = [replace(case, own=0.95) for case in honest]
    assert reliability(boastful)[0] == pytest.approx(0.2)

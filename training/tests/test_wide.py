"""The wide world: its scenes, captions, words, scattered detail, and the growth of codebook and weights."""

import json
import shutil
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch

from pairscope.model import tokenizer, train_language_model
from pairscope.model.extend import grow, grown
from pairscope.model.language_model import Config, ImageTokenModel
from pairscope.model.tokenizer import covered, layout_tokens, scatter_bits
from pairscope.model.unpack import drawing_model, strange_words
from pairscope.world import config as C
from pairscope.world.captions import FIRST_TEXT_TOKENS, HIDDEN, LETTER_IDS, QUOTE, TEXT_TOKENS, UNK, WORD_IDS, text_ids, tokenizer_json
from pairscope.world.held_out import held_out
from pairscope.world.render import draw
from pairscope.world.scatter import GROUNDS, cell_bits, chances, scattered
from pairscope.world.scenes import Item, Scene, lay_out
from pairscope.world.sprites import SpriteKey, sprite
from pairscope.world.wide_captions import wide_caption
from pairscope.world.wide_draws import wide_scene


def test_there_are_enough_objects_of_one_name_each() -> None:
    words = [word for thing in C.WIDE_THINGS for pair in thing.names for word in set(pair)]
    assert len(words) == len(set(words)) and len(C.WIDE_NAMES) >= 180
    for name in (*C.WIDE_COLOURABLE, *C.WIDE_PATTERNED, *C.WIDE_WEARERS, *C.FAVOURITES):
        assert name in C.BY_NAME, name


@pytest.mark.parametrize("category", C.CATEGORIES)
def test_captions_fit_and_lack_a_word_only_where_something_is_unknown(category: str) -> None:
    random = Random(f"wide {category}")
    for _ in range(400):
        scene = wide_scene(random, category)
        assert not held_out(scene)
        said = wide_caption(scene, random.getrandbits(40))
        ids = text_ids(said)
        assert 0 < len(ids) <= C.PREFIX_LENGTH - 2, said
        if any(item.name == C.UNKNOWN for item in scene.items):
            assert UNK in ids, said
        if scene.text:
            letters = [LETTER_IDS[letter][place] for place, letter in enumerate(scene.text)]
            assert [QUOTE, *letters, QUOTE] == ids[ids.index(QUOTE) :][: len(letters) + 2], said
        for item in scene.items:
            forms = {word for names in C.BY_NAME[item.name].names for word in names}
            assert item.name == C.UNKNOWN or forms & set(said.replace(",", "").split()), said


@pytest.mark.parametrize("category", C.CATEGORIES)
def test_layouts_stay_on_the_grid_and_share_no_cell(category: str) -> None:
    random = Random(f"wide grid {category}")
    for _ in range(400):
        layout = lay_out(wide_scene(random, category), random.getrandbits(40), True)
        blocks = Counter((x, y) for p in layout.sprites for x in range(p.x, p.x + p.key.size) for y in range(p.y, p.y + p.key.rows))
        assert all(0 <= x < C.COLUMNS and 0 <= y < C.ROWS and n == 1 for (x, y), n in blocks.items()), layout
        if sign := layout.sign:
            assert 0 <= sign.x and sign.x + sign.width <= C.COLUMNS


def test_the_tokens_of_a_layout_are_those_of_its_picture(codebook: None) -> None:
    from pairscope.model.tokenizer import encode
    from pairscope.world.sprites import shrink

    random, same = Random(3), []
    for index in range(40):
        layout = lay_out(wide_scene(random, C.CATEGORIES[index % 6]), random.getrandbits(40), True)
        same.append(float((encode(shrink(draw(layout))) == layout_tokens(layout)).mean()))
    assert np.mean(same) > 0.999


def test_one_seed_strews_the_same_detail_whatever_stands_there(codebook: None) -> None:
    for place in (None, *C.PLACES):
        one, two = (lay_out(Scene((Item(name, colour),), place=place), 5, True) for name, colour in (("car", "red"), ("gift", "blue")))
        free = ~covered(one) & ~covered(two)
        assert np.array_equal(layout_tokens(one)[free], layout_tokens(two)[free])
        assert not np.array_equal(scattered(one.ground, 5), scattered(one.ground, 6))


def test_styles_on_paper_share_it(codebook: None) -> None:
    one, two = (lay_out(Scene((Item("cat"),), style=style), 9, True) for style in ("flat", "sepia"))
    free = ~covered(one) & ~covered(two)
    assert free.sum() > 100 and np.array_equal(layout_tokens(one)[free], layout_tokens(two)[free])


@pytest.mark.parametrize("ground", GROUNDS)
def test_detail_is_as_frequent_as_its_chance(ground: str) -> None:
    chance, kinds = chances(ground)
    marks = np.stack([scattered(ground, seed) for seed in range(600)])
    assert np.abs((marks > 0).mean(0) - chance).max() < 0.09 and (marks <= kinds).all()
    surprisal = np.take_along_axis(cell_bits(ground)[None], marks[:, None], 1).mean()
    assert 0.2 < surprisal < 1.2


def test_what_is_strewn_costs_bits_only_where_it_shows() -> None:
    assert scatter_bits(lay_out(Scene((Item("cat"),)), 1)) == 0
    bits = [scatter_bits(lay_out(Scene((Item("cat", size=size),)), 1, True)) for size in ("small", "big")]
    assert bits[0] > bits[1] > 10


def test_words_are_read_as_people_write_them() -> None:
    ids, words = text_ids, WORD_IDS
    assert ids("a sign that says STOP") == ids('a sign that says "stop"') and ids("sign: SALE") == ids('sign "SALE"')
    assert ids("The cat's hat") == [words["the"], words["cat"], words["hat"]]
    assert ids("2 \U0001f431 kittens, 1 t-shirt") == [words["2"], words["cat"], words["cats"], words["1"], words["shirt"]]
    assert ids("ice cream and ice-cream") == [words["icecream"], words["and"], words["icecream"]]
    assert ids("something red") == [HIDDEN, words["red"]]
    assert ids("a grey polka-dot ball") == [words["a"], words["gray"], words["dotted"], words["ball"]]
    assert ids("don't") == [UNK, UNK] and ids("\u2764\ufe0f") == [words["heart"]]
    assert max(WORD_IDS.values()) == TEXT_TOKENS - 1 and len(set(WORD_IDS.values())) == len(WORD_IDS)


@pytest.mark.parametrize("colour", [None, *C.WIDE_COLOURS])
def test_the_mark_on_the_box_stands_out(sprites: None, colour: str | None) -> None:
    rgba = sprite(SpriteKey(C.UNKNOWN, colour))
    face = rgba[32:88, 18:68, :3].mean(-1)  # of the front
    assert face.max() - np.quantile(face, 0.1) > 0.2 or np.quantile(face, 0.9) - face.min() > 0.2


def test_the_shipped_model_keeps_its_ids() -> None:
    shipped = json.loads((drawing_model() / "text.json").read_text())
    assert tokenizer_json(FIRST_TEXT_TOKENS) == shipped and strange_words(drawing_model()) == []


def test_an_accessory_that_is_not_worn_is_not_drawn() -> None:
    worn, bare = (lay_out(Scene((Item("cat", accessory=a),), without=w), 4, True).sprites[0] for a, w in (("hat", None), (None, "hat")))
    assert worn.key.accessory and not bare.key.accessory and (worn.x, worn.y) == (bare.x, bare.y)


def test_a_grown_network_says_the_same_of_what_the_old_one_knew(codebook: None) -> None:
    torch.manual_seed(0)
    model = ImageTokenModel(Config(codes=C.CODES, text_tokens=TEXT_TOKENS - 200, prefix_length=24, width=64, heads=1, layers=2, ffn=64)).eval()
    old = torch.rand(C.CODES, 192)
    book = torch.cat([old, torch.rand(16, 192)])
    larger = grown(model, old, book)
    ids = torch.randint(0, 300, (2, 100))
    old_ids, new_ids = ids.clone(), ids.clone()
    old_ids[:, :24] += C.CODES
    new_ids[:, :24] += len(book)
    with torch.no_grad():
        assert torch.allclose(model(old_ids), larger(new_ids)[..., : C.CODES], atol=1e-5)
    assert larger.config.text_tokens == TEXT_TOKENS


def test_a_resumed_training_has_the_same_weights(codebook: None, tmp_path: Path) -> None:
    network = "--wide --ranks 1 --width 64 --layers 6 --ffn 64 --batch 4 --steps 4 --warmup 2 --validate-every 100".split()
    for out, every in (("whole", 2), ("parted", 100)):
        (tmp_path / out).mkdir()
        if out == "parted":
            shutil.copy(tmp_path / "whole" / "lm-2.pt", tmp_path / out / "lm.pt")
        train_language_model.main([*network, "--snapshot-every", str(every), "--commit", "abc", "--out", str(tmp_path / out / "lm.pt")])
    whole, parted = (torch.load(tmp_path / out / "lm.pt", weights_only=True) for out in ("whole", "parted"))
    assert parted["step"] == whole["step"] == 4 and parted["commit"] == "abc"
    assert all(torch.equal(value, parted["state_dict"][name]) for name, value in whole["state_dict"].items())


def test_kept_pieces_are_those_of_the_codebook_alone(codebook: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenizer, "_pieces_of", {})
    layout = lay_out(Scene((Item("cat"),), place="night"), 3, True)
    tokens = layout_tokens(layout)
    tokenizer.save_pieces(tmp_path / "pieces.pkl")
    monkeypatch.setattr(tokenizer, "_pieces_of", {})
    assert tokenizer.load_pieces(tmp_path / "pieces.pkl") == 1 and np.array_equal(layout_tokens(layout), tokens)
    monkeypatch.setattr(tokenizer, "_pieces_of", {})
    monkeypatch.setattr(tokenizer, "centroids", lambda: torch.zeros(2, 192))
    assert tokenizer.load_pieces(tmp_path / "pieces.pkl") == 0


def test_the_codebook_grows_by_appending(sprites: None) -> None:
    random = np.random.default_rng(0)
    old = torch.from_numpy(random.random((50, 192)).astype(np.float32))
    data = random.random((900, 192)).astype(np.float32)
    book, facts = grow(old, 1100, data, np.ones(900, np.float32), rounds=1)
    assert torch.equal(book[:50], old) and len(book) == 1100 and facts["foregroundPsnr"] > facts["psnrBefore"]

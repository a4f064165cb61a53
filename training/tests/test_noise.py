"""The noise: published Philox answers, accuracy of the logarithm, the committed golden file."""

import json
import math
from pathlib import Path

import numpy as np

from pairscope.model import noise

GOLDEN = Path(__file__).parents[2] / "lib/engine/testdata/noise-golden.json"


def test_philox_published_known_answers() -> None:
    ones = 0xFFFFFFFF
    cases = [
        ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ((ones,) * 4, (ones, ones), "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ]
    for counter, key, expected in cases:
        out = noise.philox(tuple(np.uint32(c) for c in counter), key)
        assert " ".join(f"{int(word):08x}" for word in out) == expected


def test_logarithm_is_accurate() -> None:
    random = np.random.default_rng(0)
    x = np.exp(random.uniform(-23, 4, 20000))
    x = np.concatenate([x, 1 - 2.0 ** -np.arange(1, 34), 1 + 2.0 ** -np.arange(1, 50), [1.0, 2.0, 0.5]])
    ours = noise.natural_log(x)
    for value, got in zip(x, ours):
        true = math.log(value)
        assert abs(got - true) <= 2 * np.spacing(max(abs(true), 1e-300))


def test_extreme_words_are_finite() -> None:
    g = noise.gumbel_of_word(np.array([0, 0xFFFFFFFF], dtype=np.uint32))
    assert np.isfinite(g).all() and g[0] < -3.1 and g[1] > 22.8


def test_blocks_do_not_depend_on_where_they_start() -> None:
    whole = noise.gumbel(7, noise.SHARED, 3, 64)
    assert np.array_equal(noise.gumbel(7, noise.SHARED, 3, 13, 17), whole[17:30])


def test_distribution_is_gumbel() -> None:
    g = np.concatenate([noise.gumbel(11, noise.SIDE_A, t, 1024) for t in range(144)])
    assert abs(g.mean() - 0.57721566) < 0.01 and abs(g.var() - math.pi**2 / 6) < 0.03


def test_coupled_sides_share_and_independent_sides_do_not() -> None:
    coupled = noise.noise_of_steps(5, True, 2, 3, 64)
    assert np.array_equal(coupled[:, 0], coupled[:, 1])
    independent = noise.noise_of_steps(5, False, 2, 3, 64)
    assert not np.intersect1d(independent[:, 0], independent[:, 1]).size
    assert np.array_equal(coupled[1, 0], noise.gumbel(5, noise.SHARED, 3, 64))


def test_golden_file_is_current() -> None:
    assert json.loads(GOLDEN.read_text()) == json.loads(json.dumps(noise.golden()))

"""Laws of the sampler graph by itself, on random logits, against plain definitions."""

from __future__ import annotations

import math

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto

from pairscope.export.onnx_graph import Graph, Weights
from pairscope.export.sampler import STATS, plan_inputs, sampler
from pairscope.model.noise import noise_of_steps

CODES = 40
F32 = NDArray[np.float32]


@pytest.fixture(scope="module")
def session() -> onnxruntime.InferenceSession:
    g = Graph("sampler", Weights())
    g.input("logits", TensorProto.FLOAT, ["L", CODES])
    g.input("noise", TensorProto.FLOAT, [2, CODES])
    g.input("forced", TensorProto.INT64, [2])
    ids, stats = sampler(g, "logits", "noise", "forced", plan_inputs(g), CODES, webgpu=False)
    g.output(ids, TensorProto.INT64, ["L", 1])
    g.output(stats, TensorProto.FLOAT, [2, STATS])
    return onnxruntime.InferenceSession(g.bytes(), providers=["CPUExecutionProvider"])


def run(
    session: onnxruntime.InferenceSession,
    logits: F32,
    noise: F32,
    guidance: float = 1.0,
    temperature: float = 1.0,
    top_k: int = CODES,
    top_p: float = 1.0,
    plausibility: float = 0.0,
    forced: tuple[int, int] = (-1, -1),
) -> F32:
    """Six lanes of logits -> statistics [2, STATS]."""
    floor = math.log(plausibility) if plausibility > 0 else -np.inf
    feeds = {
        "logits": logits,
        "noise": noise,
        "forced": np.array(forced),
        "cond_lane": np.array([0, 2]),
        "uncond_lane": np.array([1, 3]),
        "cross_lane": np.array([4, 5]),
        "lane_side": np.array([0, 0, 1, 1, 0, 1]),
        "guidance": np.array([guidance], np.float32),
        "temperature": np.array([temperature], np.float32),
        "top_k": np.array([top_k]),
        "top_p": np.array([top_p], np.float32),
        "plausibility_log": np.array([floor], np.float32),
    }
    ids, stats = session.run(None, feeds)
    assert np.array_equal(ids[:, 0], stats[[0, 0, 1, 1, 0, 1], 0])
    return stats


def random_logits(seed: int) -> F32:
    return np.random.default_rng(seed).normal(0, 2, (6, CODES)).astype(np.float32)


ZEROS = np.zeros((2, CODES), np.float32)


def test_frequencies_follow_the_reported_probabilities(session: onnxruntime.InferenceSession) -> None:
    logits, draws = random_logits(0), 4000
    settings = {"guidance": 2.0, "temperature": 0.8, "top_p": 0.95}
    p = np.array([run(session, logits, ZEROS, **settings, forced=(c, c))[0, 3] for c in range(CODES)])
    assert abs(p.sum() - 1) < 1e-5
    noise = noise_of_steps(3, True, 0, draws, CODES)
    taken = [int(run(session, logits, row, **settings)[0, 0]) for row in noise]
    counts = np.bincount(taken, minlength=CODES)
    assert not counts[p == 0].any()
    expected = p[p > 0] * draws
    chi2 = float(((counts[p > 0] - expected) ** 2 / expected).sum())
    freedom = len(expected) - 1
    assert chi2 < freedom + 5 * math.sqrt(2 * freedom)


@pytest.mark.parametrize("seed", range(6))
def test_statistics_by_definition(session: onnxruntime.InferenceSession, seed: int) -> None:
    random = np.random.default_rng(seed)
    logits = random_logits(seed + 10)
    guidance, temperature = float(random.uniform(0, 6)), float(random.uniform(0.3, 2))
    top_k, top_p, mask = int(random.integers(1, CODES + 1)), float(random.uniform(0.2, 1)), float(random.choice([0, 0.01, 0.2]))
    probability = np.zeros((2, CODES))
    for side in (0, 1):
        c, u = logits[2 * side].astype(np.float64), logits[2 * side + 1].astype(np.float64)
        z = (u + guidance * (c - u)) / temperature
        if mask:
            z[c - c.max() < math.log(mask)] = -np.inf
        order = np.argsort(-z, kind="stable")
        keep = order[:top_k]
        p = np.exp(z[keep] - z[keep[0]])
        p /= p.sum()
        before = np.cumsum(p) - p
        keep, p = keep[before < top_p], p[before < top_p]
        probability[side, keep] = p / p.sum()
    got = np.stack([run(session, logits, ZEROS, guidance, temperature, top_k, top_p, mask, (c, c)) for c in range(CODES)])
    assert np.allclose(got[:, :, 3].T, probability, atol=1e-5)
    entropy = -np.where(probability > 0, probability * np.log2(np.maximum(probability, 1e-300)), 0).sum(1)
    assert np.allclose(got[0, :, 5], entropy, atol=1e-4)
    middle = probability.mean(0)
    terms = np.where(probability > 0, probability * np.log2(np.maximum(probability, 1e-300) / np.maximum(middle, 1e-300)), 0)
    assert np.allclose(got[0, :, 6], terms.sum() / 2, atol=1e-4)
    assert np.array_equal(got[0, :, 1], got[CODES - 1, :, 1])
    for side in (0, 1):
        assert sorted(got[:, side, 4]) == list(range(1, CODES + 1))
        top = got[0, side, 9:17].astype(int)
        assert np.all(np.diff(got[0, side, 17:25]) <= 0)
        assert [int(got[code, side, 4]) for code in top] == list(range(1, 9))


def test_ties_go_to_the_lower_code(session: onnxruntime.InferenceSession) -> None:
    flat = np.zeros((6, CODES), np.float32)
    stats = run(session, flat, ZEROS, top_k=3)
    assert stats[0, 0] == 0 and stats[0, 9:12].tolist() == [0, 1, 2]
    assert np.allclose(stats[0, 17:25], [1 / 3] * 3 + [0] * 5)
    assert stats[0, 2] == 0


def test_only_one_candidate_gives_the_stand_in_margin(session: onnxruntime.InferenceSession) -> None:
    stats = run(session, random_logits(5), ZEROS, top_k=1)
    assert (stats[:, 2] > 9e29).all() and np.allclose(stats[:, 3], 1) and (stats[:, 5] == 0).all()


def test_forcing_reports_what_would_have_been_taken(session: onnxruntime.InferenceSession) -> None:
    noise = noise_of_steps(1, False, 0, 1, CODES)[0]
    free = run(session, random_logits(6), noise)
    forced = run(session, random_logits(6), noise, forced=(int(free[0, 0] + 1) % CODES, -1))
    assert forced[0, 1] == free[0, 0] and forced[0, 0] != free[0, 0]
    assert np.array_equal(forced[1], free[1]) and forced[0, 2] == free[0, 2]


def test_cross_quantities_use_the_guidance_free_distributions(session: onnxruntime.InferenceSession) -> None:
    logits = random_logits(8)
    own, other = (np.exp(x - np.log(np.exp(x).sum())) for x in (logits[0].astype(float), logits[4].astype(float)))
    middle = (own + other) / 2
    divergence = ((own * np.log2(own / middle)).sum() + (other * np.log2(other / middle)).sum()) / 2
    for guidance in (1.0, 4.0):
        stats = run(session, logits, ZEROS, guidance, forced=(11, 0))
        assert abs(stats[0, 7] - divergence) < 1e-5
        assert abs(stats[0, 8] - math.log2(own[11] / other[11])) < 1e-4

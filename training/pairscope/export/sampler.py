"""Guidance, truncation, Gumbel-max sampling and per-step statistics as ONNX nodes.

One sort of the guided, masked logits carries everything: top-k is a position, top-p a running sum, the rank a
position plus one, the most likely tokens the first few. Token ids are handled as float32 (exact below 2^24),
because WebGPU kernels compute with no 64-bit integers; ids come in through table look-ups.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from onnx import TensorProto

from .onnx_graph import Graph

TOP_COUNT = 8
STATS = 9 + 2 * TOP_COUNT
EXCLUDED = -1e30  # stands for minus infinity, which shaders may not rely on
SMALLEST = 1e-37  # keeps logarithms of zero probabilities finite; times probability 0 it vanishes


@dataclass(frozen=True)
class Plan:
    """Names of the inputs that say what each lane is for and how to sample; see docs/model-layout.md."""

    cond_lane: str
    uncond_lane: str
    cross_lane: str
    lane_side: str
    guidance: str
    temperature: str
    top_k: str
    top_p: str
    plausibility_log: str


def plan_inputs(g: Graph) -> Plan:
    """Declares them as graph inputs."""
    for name in ("cond_lane", "uncond_lane", "cross_lane"):
        g.input(name, TensorProto.INT64, [2])
    g.input("lane_side", TensorProto.INT64, ["L"])
    for name in ("guidance", "temperature"):
        g.input(name, TensorProto.FLOAT, [1])
    g.input("top_k", TensorProto.INT64, [1])
    for name in ("top_p", "plausibility_log"):
        g.input(name, TensorProto.FLOAT, [1])
    return Plan(**{field: field for field in Plan.__dataclass_fields__})


def total(g: Graph, x: str) -> str:
    """Sum over the codes: [2, K] -> [2, 1]."""
    return g.op("ReduceSum", x, g.i64(-1), keepdims=1)


def largest(g: Graph, x: str) -> str:
    """Maximum over the codes: [2, K] -> [2, 1]."""
    return g.op("ReduceMax", x, g.i64(-1), keepdims=1)


def log_softmax(g: Graph, x: str) -> tuple[str, str]:
    """Logarithms of the probabilities, and x less its maximum."""
    below = g.op("Sub", x, largest(g, x))
    return g.op("Sub", below, g.op("Log", total(g, g.op("Exp", below)))), below


def safe_log(g: Graph, p: str) -> str:
    """ln p, finite at 0."""
    return g.op("Log", g.op("Max", p, g.f32(SMALLEST)))


def divergence_bits(g: Graph, p: str, q: str) -> str:
    """Jensen-Shannon divergence over the last axis; exactly 0 for equal distributions."""
    log_m = safe_log(g, g.op("Mul", g.op("Add", p, q), g.f32(0.5)))

    def part(x: str) -> str:
        return g.op("Mul", x, g.op("Sub", safe_log(g, x), log_m))

    nats = total(g, g.op("Add", part(p), part(q)))
    return g.op("Relu", g.op("Mul", nats, g.f32(0.5 / math.log(2))))


def sampler(
    g: Graph, logits: str, noise: str, forced: str, plan: Plan, codes: int, webgpu: bool
) -> tuple[str, str]:
    """logits [L, K], noise [2, K], forced int64 [2] -> next_ids int64 [L, 1], stats float32 [2, STATS]."""
    code = g.constant(np.arange(codes, dtype=np.float32)[None])
    # As an index, -1 reads the last entry: the table turns ids (and "none") into numbers.
    number = g.constant(np.append(np.arange(codes + 1, dtype=np.float32), np.float32(-1)))
    zero, excluded = g.f32(0.0), g.f32(EXCLUDED)

    def lane(index: str) -> str:
        return g.op("Gather", logits, index, axis=0)

    def cut(x: str, start: int, end: int) -> str:
        return g.op("Slice", x, g.i64(start), g.i64(end), g.i64(1))

    def at_position(position: str, wanted: str) -> str:
        """Where two numbers are the same."""
        return g.op("Less", g.op("Abs", g.op("Sub", position, wanted)), g.f32(0.5))

    def at_code(x: str, position: str, wanted: str) -> str:
        """Entries of x where `position` names the wanted code."""
        return total(g, g.op("Where", at_position(position, wanted), x, zero))

    conditional, unconditional = lane(plan.cond_lane), lane(plan.uncond_lane)
    log_own, own_below = log_softmax(g, conditional)
    log_other, _ = log_softmax(g, lane(plan.cross_lane))

    # c + (w - 1)(c - u) is u + w(c - u), and exactly c at w = 1.
    push = g.op("Mul", g.op("Sub", plan.guidance, g.f32(1.0)), g.op("Sub", conditional, unconditional))
    guided = g.op("Div", g.op("Add", conditional, push), plan.temperature)
    plausible = g.op("GreaterOrEqual", own_below, plan.plausibility_log)
    masked = g.op("Where", plausible, guided, excluded)

    values, order = g.op("TopK", masked, g.i64(codes), outputs=2, axis=-1, largest=1, sorted=1)
    token_at = g.op("Gather", number, order, axis=0)
    below = g.op("Sub", values, cut(values, 0, 1))
    within_k = g.op("Less", code, g.op("Gather", number, plan.top_k, axis=0))
    weight = g.op("Where", within_k, g.op("Exp", below), zero)
    before = g.op("CumSum", weight, g.constant(np.array(-1, dtype=np.int64)), exclusive=1)
    all_of_it = g.op("GreaterOrEqual", plan.top_p, g.f32(1.0))
    share = g.op("Where", all_of_it, g.f32(2.0), plan.top_p)
    within_p = g.op("Less", before, g.op("Mul", share, total(g, weight)))
    weight = g.op("Where", within_p, weight, zero)
    normaliser = total(g, weight)
    kept = g.op("Greater", weight, zero)
    p = g.op("Div", weight, normaliser)
    log_p = g.op("Where", kept, g.op("Sub", below, g.op("Log", normaliser)), excluded)

    noisy = g.op("Add", log_p, g.op("GatherElements", noise, order, axis=1))
    noisy = g.op("Where", kept, noisy, excluded)
    # Two maxima: TopK sorts all codes, which takes a GPU a hundred dispatches.
    at = g.op("ArgMax", noisy, axis=1, keepdims=1)
    is_best = at_position(code, g.op("Gather", number, at, axis=0))
    margin = g.op("Sub", largest(g, noisy), largest(g, g.op("Where", is_best, excluded, noisy)))
    choice = g.op("GatherElements", token_at, at, axis=1)
    wish = g.op("Reshape", g.op("Gather", number, forced, axis=0), g.i64(2, 1))
    token = g.op("Where", g.op("Less", wish, zero), choice, wish)

    probability = at_code(p, token_at, token)
    rank = at_code(g.op("Add", code, g.f32(1.0)), token_at, token)
    entropy = g.op("Mul", g.op("Abs", total(g, g.op("Mul", p, log_p))), g.f32(1 / math.log(2)))

    blank = g.constant(np.zeros((2, codes), dtype=np.float32))
    by_code = g.op("ScatterElements", blank, order, p, axis=1)
    a, b = (g.op("Slice", by_code, g.i64(s), g.i64(s + 1), g.i64(0)) for s in (0, 1))
    side = g.op("Add", divergence_bits(g, a, b), g.f32(0.0, 0.0, shape=(2, 1)))
    prompt = divergence_bits(g, g.op("Exp", log_own), g.op("Exp", log_other))
    score = g.op("Mul", at_code(g.op("Sub", log_own, log_other), code, token), g.f32(1 / math.log(2)))

    top = [cut(token_at, 0, TOP_COUNT), cut(p, 0, TOP_COUNT)]
    parts = [token, choice, margin, probability, rank, entropy, side, prompt, score, *top]
    stats = g.op("Concat", *parts, axis=1)
    return next_ids(g, token, plan.lane_side, code, webgpu), stats


def next_ids(g: Graph, token: str, lane_side: str, code: str, webgpu: bool) -> str:
    """Each lane's next token as int64 [L, 1]."""
    number = g.op("Gather", token, lane_side, axis=0)
    if not webgpu:
        return g.op("Cast", number, to=TensorProto.INT64)
    distance = g.op("Neg", g.op("Abs", g.op("Sub", code, number)))
    return g.op("ArgMax", distance, axis=1, keepdims=1)

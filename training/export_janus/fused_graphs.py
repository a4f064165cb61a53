"""The two graphs of a fused Janus: one step for WebGPU, a chunk of steps for the CPU. README-janus.md has their interface."""

from __future__ import annotations

import numpy as np
from onnx import helper

from pairscope.export.caches import KeyValue, joined, loop_caches, part_sizes
from pairscope.export.sampler import STATS, plan_inputs, sampler

from .checkpoint import Checkpoint, Shape
from .fused_network import Network, WeightType
from .onnx_writer import BOOL, FLOAT, INT32, INT64, Graph, Shards

EXCLUDED = -1e30


def step_graph(checkpoint: Checkpoint, weights: WeightType, shards: Shards) -> Graph:
    """`step.onnx`: S tokens of every lane in, one sampled token a side out; the cache stays in its buffers."""
    s = checkpoint.shape
    g = Graph("step", shards, weights.dtype)
    network = Network(g, checkpoint, weights, gpu=True, packed=True)
    x = _embeddings(g, network, s)
    g.input("pick", FLOAT, ["L", 1, "S"])
    plan = plan_inputs(g)
    g.input("noise", FLOAT, [2, s.codes])
    g.input("forced", INT64, [2])
    g.input("seqlens_k", INT32, ["L"])
    g.input("total_sequence_length", INT32, [1])
    cache: list[int | str] = ["L", s.heads, "T", s.head_size]
    past = _cache_inputs(g, s.layers, cache)
    position = {name: name for name in ("seqlens_k", "total_sequence_length")}
    hidden, present = network.layers(g, x, position, past)
    last = g.op("MatMul", _as_computed(g, "pick"), hidden)
    ids, stats = sampler(g, network.head(g, last), "noise", "forced", plan, s.codes, webgpu=True)
    g.rename({ids: "next_ids", stats: "stats"} | _present_names(present))
    g.output("next_ids", INT64, ["L", 1])
    g.output("stats", FLOAT, [2, STATS])
    _cache_outputs(g, s.layers, cache)
    return g


def chunk_graph(checkpoint: Checkpoint, weights: WeightType, shards: Shards, packed: bool) -> Graph:
    """`chunk.onnx`: S tokens of every lane in, M sampled tokens a side out, in a Loop."""
    s = checkpoint.shape
    g = Graph("chunk", shards, np.float32)
    network = Network(g, checkpoint, weights, gpu=False, packed=packed)
    x = _embeddings(g, network, s)
    g.input("start", INT64, [1])
    g.input("pads", INT64, ["L"])
    plan = plan_inputs(g)
    g.input("noise", FLOAT, ["M", 2, s.codes])
    g.input("forced", INT64, ["M", 2])
    past = _cache_inputs(g, s.layers, ["L", s.heads, "t", s.head_size])

    body = g.child("token")
    body.input("iteration", INT64, [])
    body.input("go_on", BOOL, [])
    # The prefix in the first iteration of a draw, then one token.
    body.input("token_embeds", FLOAT, ["L", None, s.width])  # type: ignore[list-item]
    body.input("token_start", INT64, [1])
    body.input("drawn_before", INT64, ["L", None])  # type: ignore[list-item]
    caches, empty = loop_caches(g, body, past, s.heads, s.head_size)
    noise, wish = (body.op("Gather", name, "iteration", axis=0) for name in ("noise", "forced"))
    token_end = body.op("Add", "token_start", body.op("Shape", "token_embeds", start=1, end=2))
    position = _left_padded(g, body, "token_start", token_end) | {"sizes": part_sizes(g, body, past, token_end)}
    hidden, grown = network.layers(body, "token_embeds", position, caches)
    last = body.op("Slice", hidden, g.i64(-1), g.i64(np.iinfo(np.int64).max), g.i64(1))
    drawn, line = sampler(body, network.head(body, last), noise, wish, plan, s.codes, webgpu=False)
    results = [body.op("Identity", "go_on"), network.embed(body, drawn), token_end, drawn, *_flat(grown), line]
    kinds = [(BOOL, []), (FLOAT, ["L", 1, s.width]), (INT64, [1]), (INT64, ["L", 1])]
    kinds += [(FLOAT, ["L", s.heads, None, s.head_size])] * (2 * s.layers) + [(FLOAT, [2, STATS])]
    for name, (kind, dims) in zip(results, kinds, strict=True):
        body.output(name, kind, dims)

    trips = g.op("Squeeze", g.op("Shape", "noise", start=0, end=1), g.i64(0))
    carried = [x, "start", "ids", *empty]
    out = [g.unique("loop") for _ in range(len(carried) + 1)]
    g.nodes.append(helper.make_node("Loop", [trips, "", *carried], out, name="loop", body=body.proto()))
    present = joined(g, past, out[3:-1])
    g.rename({out[2]: "next_ids", out[-1]: "stats"} | _present_names(present))
    g.output("next_ids", INT64, ["L", 1])
    g.output("stats", FLOAT, ["M", 2, STATS])
    _cache_outputs(g, s.layers, ["L", s.heads, "t_out", s.head_size])
    return g


def _embeddings(g: Graph, network: Network, s: Shape) -> str:
    """Rows of text embeddings where `is_image` is 0 (and `text_embeds` is not), embeddings of codes where it is 1."""
    g.input("ids", INT64, ["L", "S"])
    g.input("text_embeds", FLOAT, ["L", "S", s.width])
    g.input("is_image", FLOAT, ["L", "S", 1])
    codes = g.op("Mul", network.embed(g, "ids"), _as_computed(g, "is_image"))
    return g.op("Add", codes, _as_computed(g, "text_embeds"))


def _as_computed(g: Graph, name: str) -> str:
    return name if g.kind == FLOAT else g.op("Cast", name, to=g.kind)


def _left_padded(root: Graph, g: Graph, start: str, end: str) -> dict[str, str]:
    """Position ids int64 [L, S] and mask float32 [L, 1, S, end] of rows whose first `pads` slots are empty."""
    zero, one = (root.constant(np.array(n, dtype=np.int64)) for n in (0, 1))
    last = g.op("Squeeze", end, root.i64(0))
    row = g.op("Range", g.op("Squeeze", start, root.i64(0)), last, one)
    column = g.op("Range", zero, last, one)
    pads = g.op("Unsqueeze", "pads", root.i64(1))
    ids = g.op("Max", g.op("Sub", row, pads), zero)
    causal = g.op("LessOrEqual", column, g.op("Unsqueeze", row, root.i64(1)))
    real = g.op("Unsqueeze", g.op("GreaterOrEqual", column, pads), root.i64(1, 2))
    mask = g.op("Where", g.op("And", causal, real), root.f32(0.0, shape=()), root.f32(EXCLUDED, shape=()))
    return {"ids": ids, "mask": mask}


def _flat(pairs: list[KeyValue]) -> list[str]:
    return [name for pair in pairs for name in pair]


def _cache_inputs(g: Graph, layers: int, dims: list[int | str]) -> list[KeyValue]:
    pairs = [(f"past_key_values.{i}.key", f"past_key_values.{i}.value") for i in range(layers)]
    for name in _flat(pairs):
        g.input(name, g.kind, dims)
    return pairs


def _cache_outputs(g: Graph, layers: int, dims: list[int | str]) -> None:
    for i in range(layers):
        g.output(f"present.{i}.key", g.kind, dims)
        g.output(f"present.{i}.value", g.kind, dims)


def _present_names(present: list[KeyValue]) -> dict[str, str]:
    return {
        name: f"present.{i}.{part}" for i, pair in enumerate(present) for name, part in zip(pair, ("key", "value"))
    }

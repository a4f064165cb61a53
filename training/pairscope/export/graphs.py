"""The two graphs of a fused model: one step for WebGPU, a chunk of steps for the CPU."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto, helper

from ..model.weights import ModelWeights
from .network import KeyValue, Network, Position
from .onnx_graph import Graph, Weights
from .sampler import STATS, plan_inputs, sampler

FLOAT, INT64, INT32, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.INT32, TensorProto.BOOL


def step_graph(model: ModelWeights, weights: Weights) -> Graph:
    """`step.onnx`: S tokens of every lane in, one sampled token a side out; the cache stays in its buffers."""
    c = model.config
    g = Graph("step", weights)
    g.input("ids", INT64, ["L", "S"])
    g.input("start", INT64, [1])
    plan = plan_inputs(g)
    g.input("noise", FLOAT, [2, c.codes])
    g.input("forced", INT64, [2])
    g.input("seqlens_k", INT32, ["L"])
    g.input("total_sequence_length", INT32, [1])
    cache: list[int | str] = ["L", c.heads, c.prefix_length + c.cells, c.head_dim]
    past = _cache_inputs(g, c.layers, cache)

    network = Network(model, webgpu=True)
    network.prepare(g)
    position = Position("start", seqlens_k="seqlens_k", total_sequence_length="total_sequence_length")
    logits, present = network.run(g, "ids", position, past)
    ids, stats = sampler(g, logits, "noise", "forced", plan, c.codes, webgpu=True)
    _name_outputs(g, {ids: "next_ids", stats: "stats"}, present)
    g.output("next_ids", INT64, ["L", 1])
    g.output("stats", FLOAT, [2, STATS])
    _cache_outputs(g, c.layers, cache)
    return g


def chunk_graph(model: ModelWeights, weights: Weights) -> Graph:
    """`chunk.onnx`: S tokens of every lane in, M sampled tokens a side out, all but the first in a Loop."""
    c = model.config
    g = Graph("chunk", weights)
    g.input("ids", INT64, ["L", "S"])
    g.input("start", INT64, [1])
    plan = plan_inputs(g)
    g.input("noise", FLOAT, ["M", 2, c.codes])
    g.input("forced", INT64, ["M", 2])
    past = _cache_inputs(g, c.layers, ["L", c.heads, "t", c.head_dim])

    network = Network(model, webgpu=False)
    network.prepare(g)
    end = g.op("Add", "start", g.op("Shape", "ids", start=1, end=2))
    network.causal = _causal_mask(g, "start", end, c.prefix_length + c.cells)
    logits, present = network.run(g, "ids", Position("start", end), past)
    network.causal = None
    first = g.op("Gather", "noise", g.constant(np.array(0, dtype=np.int64)), axis=0)
    wish = g.op("Gather", "forced", g.constant(np.array(0, dtype=np.int64)), axis=0)
    ids, stats = sampler(g, logits, first, wish, plan, c.codes, webgpu=False)

    body = g.child("token")
    body.input("iteration", INT64, [])
    body.input("go_on", BOOL, [])
    body.input("token_ids", INT64, ["L", 1])
    body.input("token_start", INT64, [1])
    names = [(f"past_key_{i}", f"past_value_{i}") for i in range(c.layers)]
    for name in (name for pair in names for name in pair):
        body.input(name, FLOAT, ["L", c.heads, None, c.head_dim])
    index = body.op("Add", "iteration", g.constant(np.array(1, dtype=np.int64)))
    noise = body.op("Gather", "noise", index, axis=0)
    wish = body.op("Gather", "forced", index, axis=0)
    token_end = body.op("Add", "token_start", g.i64(1))
    logits, grown = network.run(body, "token_ids", Position("token_start", token_end), names)
    drawn, line = sampler(body, logits, noise, wish, plan, c.codes, webgpu=False)
    results = [body.op("Identity", "go_on"), drawn, token_end]
    results += [name for pair in grown for name in pair] + [line]
    kinds = [(BOOL, []), (INT64, ["L", 1]), (INT64, [1])]
    kinds += [(FLOAT, ["L", c.heads, None, c.head_dim])] * (2 * c.layers) + [(FLOAT, [2, STATS])]
    for name, (kind, shape) in zip(results, kinds):
        body.output(name, kind, shape)

    steps = g.op("Shape", "noise", start=0, end=1)
    trips = g.op("Squeeze", g.op("Sub", steps, g.i64(1)), g.i64(0))
    carried = [ids, end, *(name for pair in present for name in pair)]
    out = [g.unique("loop") for _ in range(len(carried) + 1)]
    inputs = [trips, g.constant(np.array(True)), *carried]
    g.nodes.append(helper.make_node("Loop", inputs, out, name="loop", body=body.proto()))
    whole = g.op("Concat", g.op("Unsqueeze", stats, g.i64(0)), out[-1], axis=0)

    final = [(out[2 + 2 * i], out[3 + 2 * i]) for i in range(c.layers)]
    _name_outputs(g, {out[0]: "next_ids", whole: "stats"}, final)
    g.output("next_ids", INT64, ["L", 1])
    g.output("stats", FLOAT, ["M", 2, STATS])
    _cache_outputs(g, c.layers, ["L", c.heads, "t_out", c.head_dim])
    return g


def _causal_mask(g: Graph, start: str, end: str, longest: int) -> str:
    """float32 [S, end]: 0 where a position may look, a large negative number where it may not."""
    table = np.triu(np.full((longest, longest), -1e30, np.float32), 1)
    rows = g.external_array("causal", table)
    rows = g.op("Slice", rows, start, end, g.i64(0))
    return g.op("Slice", rows, g.i64(0), end, g.i64(1))


def _cache_inputs(g: Graph, layers: int, shape: list[int | str]) -> list[KeyValue]:
    pairs = [(f"past_key_values.{i}.key", f"past_key_values.{i}.value") for i in range(layers)]
    for name in (name for pair in pairs for name in pair):
        g.input(name, FLOAT, shape)
    return pairs


def _cache_outputs(g: Graph, layers: int, shape: list[int | str]) -> None:
    for i in range(layers):
        g.output(f"present.{i}.key", FLOAT, shape)
        g.output(f"present.{i}.value", FLOAT, shape)


def _name_outputs(g: Graph, names: dict[str, str], present: list[KeyValue]) -> None:
    """Renames produced values to the graph's public output names."""
    for i, (key, value) in enumerate(present):
        names |= {key: f"present.{i}.key", value: f"present.{i}.value"}
    for node in g.nodes:
        for slot, name in enumerate(node.output):
            if name in names:
                node.output[slot] = names[name]
        for slot, name in enumerate(node.input):
            if name in names:
                node.input[slot] = names[name]

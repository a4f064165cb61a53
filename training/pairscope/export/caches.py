"""Attention inside a Loop over tokens, on a cache of two parts.

What a run of the graph was given stays as it is, outside the Loop, where bodies read it without a copy; the keys and values of
the run's own tokens are carried from token to token. Appending to the whole cache would copy it for every token; so it is copied
once, after the Loop.
"""

from __future__ import annotations

from dataclasses import dataclass

from onnx import TensorProto

from .onnx_graph import Graph

KeyValue = tuple[str, str]


@dataclass(frozen=True)
class LoopCache:
    """A layer's cache as a Loop's body sees it; every part is float32 [L, heads, positions, channels]."""

    given: KeyValue
    own: KeyValue
    """Inputs of the body."""


def loop_caches(
    g: Graph, body: Graph, past: list[KeyValue], heads: int, head_size: int
) -> tuple[list[LoopCache], list[str]]:
    """The caches of all layers, with the body's inputs for them declared; and what these are when the Loop begins."""
    caches, first = [], []
    for i, given in enumerate(past):
        own = (f"own_key_{i}", f"own_value_{i}")
        for name in own:
            body.input(name, TensorProto.FLOAT, ["L", heads, None, head_size])  # type: ignore[list-item]
        caches.append(LoopCache(given, own))
        empty = g.op("Slice", given[0], g.i64(0), g.i64(0), g.i64(2))
        first += [empty, empty]
    return caches, first


def part_sizes(g: Graph, body: Graph, past: list[KeyValue], end: str) -> str:
    """int64 [2]: positions of either part once the tokens up to `end` int64 [1] are in."""
    given = g.op("Shape", past[0][0], start=2, end=3)
    return body.op("Concat", given, body.op("Sub", end, given), axis=0)


def attend(g: Graph, qkv: tuple[str, str, str], cache: LoopCache, mask: str, sizes: str, scale: float) -> tuple[str, KeyValue]:
    """Queries, keys and values [L, heads, S, channels] of new tokens -> mixed values, alike, and the grown own cache.

    `mask` is added to the scores [L, heads, S, positions]; `sizes` are those of `part_sizes`.
    """
    q, k, v = qkv
    own = (g.op("Concat", cache.own[0], k, axis=2), g.op("Concat", cache.own[1], v, axis=2))
    scores = [g.contrib("FusedMatMul", q, keys, transB=1, alpha=scale) for keys in (cache.given[0], own[0])]
    weights = g.op("Softmax", g.op("Add", g.op("Concat", *scores, axis=3), mask), axis=-1)
    on_given, on_own = g.op("Split", weights, sizes, outputs=2, axis=3)
    return g.op("Add", g.op("MatMul", on_given, cache.given[1]), g.op("MatMul", on_own, own[1])), own


def joined(g: Graph, past: list[KeyValue], own: list[str]) -> list[KeyValue]:
    """The whole caches after the Loop; `own` are its results, keys and values by turns."""
    whole = [
        g.op("Concat", given, new, axis=2) for given, new in zip((name for pair in past for name in pair), own, strict=True)
    ]
    return list(zip(whole[::2], whole[1::2], strict=True))

"""The fused layout: embedding, layers, head, guidance and sampling in one graph, beside one set of weights."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from .checkpoint import Checkpoint
from .fused_graphs import chunk_graph, step_graph
from .fused_network import WEIGHT_TYPES, WeightType
from .image_graphs import pixel_decoder
from .manifest import entry, write_manifest
from .onnx_writer import BLOCK, FLOAT, INT64, SHARD_BYTES, Graph, Shards
from .special_tokens import special_ids

DEQUANTIZED_LIMIT = 2 * 2**30
"""A page's heap ends at 4 GB, and dequantized weights lie in it beside the stored ones: with more float32 bytes they stay packed."""
DECODER_INLINE = 512 * 2**20
ROWS_AT_ONCE = 4096


def write_fused(
    checkpoint: Checkpoint,
    out: Path,
    weight_type: str,
    about: dict[str, Any],
    cpu: str = "auto",
    shard_bytes: int = SHARD_BYTES,
) -> Path:
    """Writes the folder; `cpu` is how chunk.onnx has its weights: `dequantized`, `packed`, or `auto` by their size."""
    out.mkdir(parents=True, exist_ok=True)
    weights, s = WEIGHT_TYPES[weight_type], checkpoint.shape
    parameters = matrix_parameters(checkpoint)
    packed = bool(weights.bits) and (cpu == "packed" or (cpu == "auto" and 4 * parameters > DEQUANTIZED_LIMIT))
    shards = Shards(out, "weights.bin", shard_bytes)
    _store_zeros(checkpoint, weights, shards)
    step_graph(checkpoint, weights, shards).save(out / "step.onnx")
    chunk_graph(checkpoint, weights, shards, packed).save(out / "chunk.onnx")
    _decoder(checkpoint, out)
    embeddings = _text_embeddings(checkpoint, out, np.dtype(weights.dtype))
    _centroids(checkpoint, out)
    ids = special_ids(checkpoint.folder / "tokenizer.json")
    shutil.copyfile(checkpoint.folder / "tokenizer.json", out / "tokenizer.json")
    roles = {"graph.webgpu": out / "step.onnx", "graph.cpu": out / "chunk.onnx"}
    roles |= {f"weights.{i}" if i else "weights": path for i, path in enumerate(shards.paths)}
    roles |= {"decoder": out / "decoder.onnx", "textEmbeddings": embeddings}
    roles |= {"centroids": out / "centroids.bin", "tokenizer": out / "tokenizer.json"}
    manifest = {
        "format": 1,
        "layout": "fused-janus",
        **about,
        "weightType": weight_type,
        "parameters": parameters,
        "width": s.width,
        "cacheType": np.dtype(weights.dtype).name,
        "cpuWeights": "packed" if packed else "dequantized",
        "textEmbeddings": {"type": np.dtype(weights.dtype).name, "rows": s.vocabulary, "columns": s.width},
        "special": ids,
        "nearCodeDistance": 0,
        "backgroundCode": 0,
        "files": {role: {"path": path.name, **entry(path)} for role, path in roles.items()},
    }
    write_manifest(out, manifest)
    return out


def matrix_parameters(checkpoint: Checkpoint) -> int:
    """Weights that every step reads: layers, image head and the codes' table."""
    s = checkpoint.shape
    return s.layers * s.width * (4 * s.width + 3 * s.ffn) + s.width * s.width + 2 * s.codes * s.width


def _store_zeros(checkpoint: Checkpoint, weights: WeightType, shards: Shards) -> None:
    """Zero points of the largest matrix of either width; smaller ones read the beginning."""
    if not weights.bits:
        return
    s = checkpoint.shape
    tables = max(s.codes, s.width) * s.width // BLOCK
    layers = max(3 * s.width, 2 * s.ffn) * s.width // BLOCK
    counts = {weights.table_bits: tables}
    counts[weights.bits] = max(counts.get(weights.bits, 0), layers)
    for bits, count in counts.items():
        shards.write(f"zero{bits}", bytes([0x80 if bits == 8 else 0x88]) * (count * bits // 8))


def _decoder(checkpoint: Checkpoint, out: Path) -> None:
    """tokens int64 [B, tokens] -> image float32 [B, 3, height, width] in 0..1."""
    s = checkpoint.shape
    g = Graph("decoder", Shards(out, "decoder.onnx_data"))
    g.input("tokens", INT64, ["B", s.image_tokens])
    x = g.op("Clip", pixel_decoder(g, checkpoint, "tokens"), g.number(-1.0), g.number(1.0))
    x = g.op("Mul", g.op("Add", x, g.number(1.0)), g.number(0.5))
    g.rename({x: "image"})
    g.output("image", FLOAT, ["B", 3, s.picture_size, s.picture_size])
    g.finish(out / "decoder.onnx", DECODER_INLINE)


def _text_embeddings(checkpoint: Checkpoint, out: Path, dtype: Any) -> Path:
    """Raw little-endian rows of the text vocabulary: a prompt's few are looked up on the CPU."""
    path, table = out / "text-embeddings.bin", checkpoint.tensor("model.language_model.embed_tokens.weight")
    with path.open("wb") as file:
        for first in range(0, len(table), ROWS_AT_ONCE):
            file.write(np.ascontiguousarray(table[first : first + ROWS_AT_ONCE].astype(dtype)).data)
    return path


def _centroids(checkpoint: Checkpoint, out: Path) -> None:
    """float16 [codes, channels] on the unit sphere, where the pixel decoder looks codes up."""
    book = checkpoint.tensor("model.vqmodel.quantize.embedding.weight")
    book = book / np.maximum(np.linalg.norm(book, axis=-1, keepdims=True), np.float32(1e-12))
    (out / "centroids.bin").write_bytes(book.astype("<f2").tobytes())

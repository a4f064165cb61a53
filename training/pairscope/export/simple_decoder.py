"""A stand-in pixel decoder for models without a trained one: every code is a flat square of one colour."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from .onnx_graph import Graph, Weights

U8 = NDArray[np.uint8]


def colours_of(codes: int, seed: int) -> U8:
    """RGB of each code, uint8 [codes, 3]; code 0 is white."""
    colours = np.random.default_rng(seed).integers(20, 240, (codes, 3)).astype(np.uint8)
    colours[0] = 255
    return colours


def decoder_onnx(colours: U8, rows: int, columns: int, cell: int) -> bytes:
    """The contract of decoder.onnx: tokens int64 [B, rows * columns] -> image float32 [B, 3, h, w] in 0..1."""
    g = Graph("decoder", Weights())
    g.input("tokens", TensorProto.INT64, ["B", rows * columns])
    table = g.constant(colours.astype(np.float32) / np.float32(255))
    cells = g.op("Gather", table, "tokens", axis=0)
    planes = g.op("Transpose", cells, perm=[0, 2, 1])
    grid = g.op("Reshape", planes, g.i64(0, 3, rows, columns))
    image = g.op("Resize", grid, "", g.f32(1, 1, cell, cell), mode="nearest", nearest_mode="floor",
                 coordinate_transformation_mode="asymmetric")  # fmt: skip
    g.nodes[-1].output[0] = "image"
    g.output("image", TensorProto.FLOAT, ["B", 3, rows * cell, columns * cell])
    return g.bytes()


def codebook_png(colours: U8, cell: int) -> bytes:
    """Atlas of all codes, row-major, as many columns as make it about square."""
    across = int(np.ceil(np.sqrt(len(colours))))
    down = -(-len(colours) // across)
    atlas = np.full((down * across, 3), 255, np.uint8)
    atlas[: len(colours)] = colours
    image = atlas.reshape(down, across, 3).repeat(cell, 0).repeat(cell, 1)
    return png(image)


def png(image: U8) -> bytes:
    """RGB uint8 [h, w, 3] as a PNG file."""
    height, width, _ = image.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), image.reshape(height, width * 3)], axis=1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")

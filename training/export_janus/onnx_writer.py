"""ONNX graphs whose weights stream to disk as they are made, so that no more than one tensor is in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

from pairscope.export.onnx_graph import ALIGNMENT, CONTRIB
from pairscope.export.onnx_graph import Graph as PlainGraph
from pairscope.model.quantize import quantize

FLOAT, FLOAT16, INT64, INT32, BOOL = (
    TensorProto.FLOAT,
    TensorProto.FLOAT16,
    TensorProto.INT64,
    TensorProto.INT32,
    TensorProto.BOOL,
)
BLOCK = 32
SHARD_BYTES = 900 * 2**20
"""Browsers refuse single buffers of a gigabyte and more; a shard stays below, unless one tensor is larger."""
INLINE_BYTES = 64 * 2**20
"""Graphs with less weight than this carry it in the file itself."""

_KINDS = {
    np.dtype(np.float32): FLOAT,
    np.dtype(np.float16): FLOAT16,
    np.dtype(np.int64): INT64,
    np.dtype(np.int32): INT32,
    np.dtype(np.uint8): TensorProto.UINT8,
    np.dtype(bool): BOOL,
}


class Shards:
    """Weights on their way to disk: `<stem>`, `<stem>_1`, ..., each shorter than `limit` unless a tensor is not."""

    def __init__(self, folder: Path, stem: str, limit: int = SHARD_BYTES) -> None:
        self.folder, self.file_name, self.limit = folder, stem, limit
        self.paths: list[Path] = []
        self.total = 0
        self._at = 0
        self._places: dict[str, tuple[str, int, int]] = {}

    def write(self, name: str, data: bytes | memoryview) -> tuple[str, int, int]:
        """File name, offset and length of what was stored under this name; written only the first time."""
        if name in self._places:
            return self._places[name]
        start = self._at + -self._at % ALIGNMENT
        if not self.paths or (start + len(data) > self.limit and self._at > 0):
            number = len(self.paths)
            path = self.folder / (self.file_name if number == 0 else f"{self.file_name}_{number}")
            path.write_bytes(b"")
            self.paths.append(path)
            self._at = start = 0
        path = self.paths[-1]
        with path.open("ab") as file:
            file.write(b"\0" * (start - self._at))
            file.write(data)
        self._at = start + len(data)
        self.total += len(data)
        self._places[name] = (path.name, start, len(data))
        return self._places[name]

    def knows(self, name: str) -> bool:
        """Whether something is stored under this name."""
        return name in self._places


class Graph(PlainGraph):
    """A graph that computes in float32 or float16; weights by name, made only when they are not stored yet."""

    def __init__(self, name: str, shards: Shards, kind: np.dtype[Any] | type = np.float32, parent: Graph | None = None) -> None:
        super().__init__(name, shards, parent)  # type: ignore[arg-type]
        self.shards = shards
        self.dtype = np.dtype(kind)

    @property
    def kind(self) -> int:
        """ONNX's number of the type that is computed in."""
        return _KINDS[self.dtype]

    def child(self, name: str) -> Graph:
        """A body that sees this graph's values."""
        return Graph(name, self.shards, self.dtype, self)

    def constant(self, value: np.ndarray) -> str:
        """A small constant, stored in the graph itself and only once."""
        root = self.root
        array = np.asarray(value, order="C")
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in root._constants:
            name = root.unique("const")
            root._constants[key] = name
            root._initializers[name] = helper.make_tensor(
                name, _KINDS[array.dtype], array.shape, array.tobytes(), raw=True
            )
        return root._constants[key]

    def number(self, value: float) -> str:
        """A scalar of the computed type."""
        return self.constant(np.array(value, dtype=self.dtype))

    def external(self, name: str, data: bytes | memoryview, kind: int, dims: tuple[int, ...]) -> str:
        """An initializer whose bytes lie in the shards."""
        root = self.root
        if name not in root._initializers:
            location, offset, length = self.shards.write(name, data)
            root._initializers[name] = _external(name, kind, dims, location, offset, length)
        return name

    def external_head(self, stored: str, name: str, kind: int, dims: tuple[int, ...], length: int) -> str:
        """An initializer of the first bytes of what is stored already; several may share them."""
        root, full = self.root, f"{stored}.{name}"
        if full not in root._initializers:
            location, offset, _ = self.shards.write(stored, b"")
            root._initializers[full] = _external(full, kind, dims, location, offset, length)
        return full

    def external_array(self, name: str, array: np.ndarray) -> str:
        """`external` of a whole array, in its own type."""
        array = np.asarray(array, order="C")
        return self.external(name, array.data.cast("B") if array.size else b"", _KINDS[array.dtype], array.shape)

    def weight(self, name: str, array: np.ndarray) -> str:
        """`external_array`, in the type that is computed in."""
        return self.external_array(name, array.astype(self.dtype))

    def linear(self, x: str, name: str, weight: np.ndarray, bits: int = 0, bias: np.ndarray | None = None) -> str:
        """x @ weight^T + bias; weight [out, in]; 4 or 8 bits in symmetric blocks, or 0 for the computed type."""
        rows, columns = weight.shape
        if bits:
            q = quantize(weight, bits, BLOCK)
            stored = self.external(f"{name}.q{bits}", q.packed(), TensorProto.UINT8, (rows, columns // BLOCK, BLOCK * bits // 8))
            scales = self.external_array(f"{name}.scale{bits}", q.scales.reshape(-1).astype(self.dtype))
            y = self.contrib("MatMulNBits", x, stored, scales, K=columns, N=rows, bits=bits, block_size=BLOCK)
        else:
            y = self.op("MatMul", x, self.weight(f"{name}.transposed", np.ascontiguousarray(weight.T)))
        return y if bias is None else self.op("Add", y, self.weight(f"{name}.bias", bias))

    def gelu(self, x: str) -> str:
        """The exact one, of the error function."""
        half = self.op("Mul", x, self.number(0.5))
        erf = self.op("Erf", self.op("Mul", x, self.number(2**-0.5)))
        return self.op("Mul", half, self.op("Add", erf, self.number(1.0)))

    def rename(self, names: dict[str, str]) -> None:
        """Gives produced values their public names."""
        for node in self.nodes:
            for slots in (node.input, node.output):
                for slot, name in enumerate(slots):
                    if name in names:
                        slots[slot] = names[name]

    def finish(self, path: Path, inline_limit: int = INLINE_BYTES) -> list[Path]:
        """Writes the model; little weight goes into the file itself. Returns the files written."""
        if self.shards.total <= inline_limit:
            for tensor in self._initializers.values():
                if tensor.data_location == TensorProto.EXTERNAL:
                    place = {entry.key: entry.value for entry in tensor.external_data}
                    with (self.shards.folder / place["location"]).open("rb") as file:
                        file.seek(int(place["offset"]))
                        tensor.raw_data = file.read(int(place["length"]))
                    tensor.data_location = TensorProto.DEFAULT
                    del tensor.external_data[:]
            for shard in self.shards.paths:
                shard.unlink()
            self.shards.paths.clear()
        self.save(path)
        return [path, *self.shards.paths]


def _external(name: str, kind: int, dims: tuple[int, ...], location: str, offset: int, length: int) -> TensorProto:
    tensor = TensorProto(name=name, data_type=kind, dims=dims)
    tensor.data_location = TensorProto.EXTERNAL
    for key, text in (("location", location), ("offset", str(offset)), ("length", str(length))):
        tensor.external_data.add(key=key, value=text)
    return tensor


def load(path: Path) -> onnx.ModelProto:
    """A model without its external data."""
    return onnx.load(str(path), load_external_data=False)


__all__ = ["BLOCK", "BOOL", "CONTRIB", "FLOAT", "FLOAT16", "INT32", "INT64", "Graph", "Shards", "load"]

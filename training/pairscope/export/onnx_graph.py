"""A small writer of ONNX graphs: nodes, constants, one external weights file, nested bodies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

OPSET = 21  # the first with block-wise DequantizeLinear
CONTRIB = "com.microsoft"
ALIGNMENT = 64

_TYPES = {
    np.dtype(np.float32): TensorProto.FLOAT,
    np.dtype(np.int64): TensorProto.INT64,
    np.dtype(np.int32): TensorProto.INT32,
    np.dtype(np.uint8): TensorProto.UINT8,
    np.dtype(bool): TensorProto.BOOL,
}


class Weights:
    """Bytes of the shared external file; contents that begin another's are not stored again."""

    def __init__(self, file_name: str = "weights.bin") -> None:
        self.file_name = file_name
        self._data = bytearray()
        self._offsets: dict[bytes, int] = {}

    def store(self, data: bytes) -> int:
        """Aligned offset of these bytes in the file."""
        for known, offset in self._offsets.items():
            if known.startswith(data):
                return offset
        self._data.extend(b"\0" * (-len(self._data) % ALIGNMENT))
        offset = self._offsets[data] = len(self._data)
        self._data.extend(data)
        return offset

    def save(self, folder: Path) -> None:
        """Writes the file."""
        (folder / self.file_name).write_bytes(bytes(self._data))


class Graph:
    """One graph under construction. A body of a Loop is a child graph; constants live in the root."""

    def __init__(self, name: str, weights: Weights, parent: Graph | None = None) -> None:
        self.name = name
        self.weights = weights
        self.root: Graph = parent.root if parent else self
        self.nodes: list[onnx.NodeProto] = []
        self.inputs: list[onnx.ValueInfoProto] = []
        self.outputs: list[onnx.ValueInfoProto] = []
        if parent is None:
            self._count = 0
            self._initializers: dict[str, onnx.TensorProto] = {}
            self._constants: dict[tuple[str, tuple[int, ...], bytes], str] = {}

    def child(self, name: str) -> Graph:
        """A body that sees this graph's values."""
        return Graph(name, self.weights, self)

    def unique(self, stem: str) -> str:
        """A name that nothing else has."""
        self.root._count += 1
        return f"{stem}_{self.root._count}"

    def op(
        self,
        kind: str,
        *inputs: str,
        domain: str = "",
        outputs: int = 1,
        skipped: tuple[int, ...] = (),
        **attributes: Any,
    ) -> Any:
        """Adds a node; returns its output name, or a list when there are several ("" for skipped ones)."""
        names = ["" if slot in skipped else self.unique(kind) for slot in range(outputs)]
        node = helper.make_node(kind, list(inputs), names, name=names[0], domain=domain, **attributes)
        self.nodes.append(node)
        return names[0] if outputs == 1 else names

    def contrib(self, kind: str, *inputs: str, **attributes: Any) -> Any:
        """Adds a node of onnxruntime's own operator set."""
        return self.op(kind, *inputs, domain=CONTRIB, **attributes)


    def constant(self, value: np.ndarray) -> str:
        """A small constant, stored in the graph itself and only once."""
        root = self.root
        array = np.asarray(value, order="C")
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in root._constants:
            name = root.unique("const")
            root._constants[key] = name
            root._initializers[name] = helper.make_tensor(
                name, _TYPES[array.dtype], array.shape, array.tobytes(), raw=True
            )
        return root._constants[key]

    def f32(self, *values: float, shape: tuple[int, ...] | None = None) -> str:
        """A float32 constant."""
        array = np.array(values, dtype=np.float32)
        return self.constant(array if shape is None else array.reshape(shape))

    def i64(self, *values: int) -> str:
        """A 1-D int64 constant."""
        return self.constant(np.array(values, dtype=np.int64))

    def external(self, name: str, data: bytes, kind: int, dims: tuple[int, ...]) -> str:
        """An initializer whose bytes lie in the weights file."""
        root = self.root
        if name not in root._initializers:
            offset = self.weights.store(data)
            tensor = TensorProto(name=name, data_type=kind, dims=dims)
            tensor.data_location = TensorProto.EXTERNAL
            entries = {"location": self.weights.file_name, "offset": str(offset), "length": str(len(data))}
            for key, text in entries.items():
                tensor.external_data.add(key=key, value=text)
            root._initializers[name] = tensor
        return name

    def external_array(self, name: str, array: np.ndarray) -> str:
        """`external` of a whole array."""
        array = np.asarray(array, order="C")
        return self.external(name, array.tobytes(), _TYPES[array.dtype], array.shape)

    def input(self, name: str, kind: int, shape: list[int | str] | None) -> str:
        """Declares a graph input."""
        self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, name: str, kind: int, shape: list[int | str] | None) -> str:
        """Declares a graph output."""
        self.outputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def proto(self) -> onnx.GraphProto:
        """The finished graph; a body carries no initializers of its own."""
        tensors = list(self._initializers.values()) if self.root is self else []
        return helper.make_graph(self.nodes, self.name, self.inputs, self.outputs, tensors)

    def bytes(self) -> bytes:
        """The serialized model, without what lies in the weights file."""
        model = helper.make_model(
            self.proto(),
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)],
            producer_name="pairscope",
            ir_version=10,
        )
        return model.SerializeToString(deterministic=True)

    def save(self, path: Path) -> None:
        """Writes the model; its weights file is written apart."""
        path.write_bytes(self.bytes())

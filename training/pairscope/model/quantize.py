"""Block-wise symmetric weight quantization, in the byte layout that both MatMulNBits and DequantizeLinear read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]


@dataclass(frozen=True)
class Quantized:
    """A weight [rows, columns] in blocks along its columns: value = (stored - zero) * scale."""

    bits: int  # 4 or 8
    block: int
    values: NDArray[np.uint8]  # [rows, columns], unpacked
    scales: F32  # [rows, columns / block]

    @property
    def zero(self) -> int:
        """The stored integer that means 0; also what MatMulNBits assumes when it is given none."""
        return 1 << (self.bits - 1)

    def packed(self) -> bytes:
        """Row-major bytes; of two 4-bit values the first is in the low half."""
        if self.bits == 8:
            return self.values.tobytes()
        flat = self.values.reshape(-1, 2)
        return (flat[:, 0] | (flat[:, 1] << 4)).astype(np.uint8).tobytes()

    def dequantized(self) -> F32:
        """float32 [rows, columns], the same values that the graphs compute with."""
        rows, columns = self.values.shape
        centred = self.values.reshape(rows, -1, self.block).astype(np.float32) - np.float32(self.zero)
        return (centred * self.scales[:, :, None]).reshape(rows, columns)


def quantize(weight: F32, bits: int, block: int) -> Quantized:
    """Rounds to nearest with one scale a block; `columns` must be a multiple of `block`.

    With 4 bits the value of largest magnitude takes the lone extra negative level.
    """
    rows, columns = weight.shape
    if columns % block:
        raise ValueError(f"{columns} columns are not a multiple of the block size {block}.")
    blocks = weight.astype(np.float32).reshape(rows, columns // block, block)
    if bits == 8:
        scales = np.abs(blocks).max(-1) / np.float32(127)
        low, high = -127, 127
    elif bits == 4:
        largest = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)[..., 0]
        scales = largest / np.float32(-8)
        low, high = -8, 7
    else:
        raise ValueError(f"Weights of {bits} bits are not supported; choose 4 or 8.")
    scales = scales.astype(np.float32)
    safe = np.where(scales == 0, np.float32(1), scales)
    values = np.clip(np.rint(blocks / safe[..., None]), low, high) + (1 << (bits - 1))
    return Quantized(bits, block, values.astype(np.uint8).reshape(rows, columns), scales)

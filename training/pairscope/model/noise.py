"""Gumbel noise as a pure function of (seed, stream, step, code); the algorithm is in docs/noise.md.

Nothing here has state, and every floating-point operation is exactly rounded, so any other implementation
of the same page gives the same bits.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHARED, SIDE_A, SIDE_B = 0, 1, 2
"""Streams: `SHARED` feeds both sides of a coupled draw, the other two an independent one."""

U32 = NDArray[np.uint32]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

_MULTIPLIER_0, _MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL_0, _WEYL_1 = 0x9E3779B9, 0xBB67AE85
_ROUNDS = 10
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)

_SQRT2 = np.float64(1.4142135623730951)
_LN2_HIGH = np.float64(6.93147180369123816490e-01)
_LN2_LOW = np.float64(1.90821492927058770002e-10)
_TERMS = 12


def philox(counter: tuple[U32, U32, U32, U32], key: tuple[int, int]) -> tuple[U32, U32, U32, U32]:
    """Philox4x32-10 of broadcastable counters (Salmon et al., Parallel random numbers: as easy as 1, 2, 3)."""
    c0, c1, c2, c3 = (np.asarray(word, dtype=np.uint32).astype(np.uint64) for word in counter)
    k0, k1 = key
    for _ in range(_ROUNDS):
        product_0, product_1 = _MULTIPLIER_0 * c0, _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> _SHIFT) ^ c1 ^ np.uint64(k0),
            product_1 & _LOW,
            (product_0 >> _SHIFT) ^ c3 ^ np.uint64(k1),
            product_0 & _LOW,
        )
        k0, k1 = (k0 + _WEYL_0) & 0xFFFFFFFF, (k1 + _WEYL_1) & 0xFFFFFFFF
    return c0.astype(np.uint32), c1.astype(np.uint32), c2.astype(np.uint32), c3.astype(np.uint32)


def natural_log(x: F64) -> F64:
    """ln of positive normal float64 values, the same bits on every machine; within 2 ulp of the true value."""
    bits = np.asarray(x, dtype=np.float64).view(np.uint64)
    exponent = (bits >> np.uint64(52)).astype(np.int64) - 1023
    mantissa = ((bits & np.uint64(0x000FFFFFFFFFFFFF)) | np.uint64(0x3FF0000000000000)).view(np.float64)
    large = mantissa >= _SQRT2
    mantissa = np.where(large, mantissa * 0.5, mantissa)
    e = (exponent + large).astype(np.float64)
    s = (mantissa - 1.0) / (mantissa + 1.0)
    z = s * s
    series = np.full_like(z, np.float64(1.0) / np.float64(2 * _TERMS - 1))
    for n in range(_TERMS - 2, 0, -1):
        series = series * z + np.float64(1.0) / np.float64(2 * n + 1)
    two_s = s + s
    return e * _LN2_HIGH + (two_s + (two_s * (z * series) + e * _LN2_LOW))


def gumbel_of_word(word: U32) -> F32:
    """-ln(-ln(u)) of u = (word + 1/2) / 2^32, rounded to float32."""
    u = (np.asarray(word, dtype=np.uint32).astype(np.float64) + 0.5) * 2.0**-32
    inner = 0.0 - natural_log(u)
    return (0.0 - natural_log(inner)).astype(np.float32)


def gumbel(seed: int, stream: int, step: int, codes: int, first_code: int = 0) -> F32:
    """Noise of codes first_code .. first_code + codes - 1 at one step: float32 [codes]."""
    code = np.arange(first_code, first_code + codes, dtype=np.uint32)
    zero = np.zeros_like(code)
    words = np.stack(philox((code >> np.uint32(2), np.full_like(code, step), zero, zero), (seed, stream)))
    return gumbel_of_word(words[code & np.uint32(3), np.arange(codes)])


def noise_of_steps(seed: int, coupled: bool, first_step: int, steps: int, codes: int) -> F32:
    """What the graphs take: float32 [steps, 2, codes], sides A and B."""
    streams = (SHARED, SHARED) if coupled else (SIDE_A, SIDE_B)
    return np.stack(
        [np.stack([gumbel(seed, s, first_step + t, codes) for s in streams]) for t in range(steps)]
    )


def golden() -> dict[str, object]:
    """Known answers for other implementations; float32 values as unsigned 32-bit patterns."""
    ones, pi = 0xFFFFFFFF, (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344)
    vectors = [((0, 0, 0, 0), (0, 0)), ((ones,) * 4, (ones, ones)), (pi, (0xA4093822, 0x299F31D0))]
    known = []
    for counter, key in vectors:
        out = philox(tuple(np.uint32(c) for c in counter), key)
        known.append({"counter": list(counter), "key": list(key), "out": [int(w) for w in out]})
    words = [0, 1, 2, 3, 0x3FFFFFFF, 0x5E2D58D8, 0x7FFFFFFF, 0x80000000, 0xB504F333, 0xFFFFFFFD, 0xFFFFFFFE, ones]
    blocks = []
    for seed in (0, 1, 7, 12345, 0x7FFFFFFF, 0x80000000, ones):
        for stream in (SHARED, SIDE_A, SIDE_B):
            for step, first in ((0, 0), (1, 61), (143, 992), (575, 16353)):
                bits = gumbel(seed, stream, step, 32, first).view(np.uint32)
                blocks.append(
                    {"seed": seed, "stream": stream, "step": step, "firstCode": first, "bits": bits.tolist()}
                )
    patterns = gumbel_of_word(np.array(words, dtype=np.uint32)).view(np.uint32).tolist()
    return {"philox": known, "gumbelOfWord": [list(p) for p in zip(words, patterns)], "noise": blocks}


def write_golden(path: Path) -> None:
    """Writes `golden()`, one entry a line."""
    lists = [
        f'"{name}": [\n' + ",\n".join(json.dumps(e, separators=(",", ":")) for e in entries) + "\n]"
        for name, entries in golden().items()  # type: ignore[attr-defined]
    ]
    path.write_text("{\n" + ",\n".join(lists) + "\n}\n")


def main(arguments: list[str]) -> None:
    """Writes the values by which other implementations of docs/noise.md are checked."""
    parser = argparse.ArgumentParser(prog="python -m pairscope model noise-golden", description=main.__doc__)
    parser.add_argument("out", type=Path)
    write_golden(parser.parse_args(arguments).out)

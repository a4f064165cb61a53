"""Settings of the process that make training and sampling fast on a CPU."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

import torch


_TRIM_THRESHOLD, _MMAP_THRESHOLD, _HUGE = -1, -3, 2**30


def _mallopt(option: int, value: int) -> None:
    """An option of glibc's memory, where there is glibc."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(option, value)


def suit_the_processor() -> None:
    """Numbers near zero become zero, and freed memory stays with the process.

    A sharp softmax makes denormal numbers, on which products run many times slower; and returning every large tensor to the
    system costs page faults. Together they halved the speed on the machines at hand.
    """
    torch.set_flush_denormal(True)
    _mallopt(_TRIM_THRESHOLD, 2**31 - 1)
    _mallopt(_MMAP_THRESHOLD, _HUGE)


@contextmanager
def giving_back() -> Iterator[None]:
    """Arrays made in here go back to the system when they end, as drawing wants it: its many pictures, between a few small things
    that stay, would leave holes in which no tensor of a step fits (a training grew to 17 GB)."""
    _mallopt(_MMAP_THRESHOLD, 2**16)
    try:
        yield
    finally:
        _mallopt(_MMAP_THRESHOLD, _HUGE)

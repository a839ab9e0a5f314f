"""The field that vectors are summed in: whole numbers modulo the prime 2^61 - 1, and fixed-point numbers as such."""

from typing import Any

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from numpy.typing import NDArray

from core.workloads.federated.arrays import Floats

PRIME = (1 << 61) - 1
Elements = NDArray[np.uint64]
_PRIME = np.uint64(PRIME)


def largest(parties: int, bits: int) -> float:
    """Return how large values may be, so that the sum of so many cannot wrap around."""
    return float((PRIME // 2) // parties - 1) / 2.0**bits


def encode(values: Floats, bits: int) -> Elements:
    """Return values as multiples of 2^-bits, rounded to the nearest; negative ones from the prime downwards.

    Each is off by 2^-(bits + 1) at most; whatever follows is exact.
    """
    whole = np.rint(np.ldexp(values, bits)).astype(np.int64)
    return np.where(whole < 0, whole + PRIME, whole).astype(np.uint64)


def decode(elements: Elements, bits: int) -> Floats:
    """Return the numbers that elements stand for."""
    signed = elements.astype(np.int64)
    values: Floats = np.ldexp(np.where(signed > PRIME // 2, signed - PRIME, signed).astype(np.float64), -bits)
    return values


def add(one: Elements, other: Elements) -> Elements:
    """Return the sums."""
    total = one + other
    return np.where(total >= _PRIME, total - _PRIME, total)


def negative(one: Elements) -> Elements:
    """Return what gives zero with each."""
    return np.where(one == 0, one, _PRIME - one)


def mask(seed: bytes, size: int) -> Elements:
    """Return elements that nobody without the seed can tell from chance (ChaCha20), uniform to 2^-61."""
    stream = Cipher(algorithms.ChaCha20(seed, bytes(16)), mode=None).encryptor().update(bytes(8 * size))
    words: NDArray[Any] = np.frombuffer(stream, "<u8") >> np.uint64(3)
    return np.where(words == _PRIME, np.uint64(0), words)

"""Chance that nobody can tell from the outside: uniform and normal numbers from a ChaCha20 key stream."""

import hashlib

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms

from core.workloads.federated.arrays import Floats

CHUNK = 1 << 16
"""How many numbers are drawn at once; what is drawn for a place does not depend on what else is asked for."""


class Chance:
    """One stream of numbers for each purpose."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def uniforms(self, purpose: str, count: int) -> Floats:
        """Return numbers above 0 and below 1."""
        return np.concatenate([self._chunk(purpose, chunk) for chunk in range(-(-count // CHUNK))])[:count]

    def normals(self, purpose: str, chunk: int) -> Floats:
        """Return the chunk's standard normal numbers, by Box and Muller 1958."""
        uniforms = self._chunk(purpose, chunk)
        half = CHUNK // 2
        length, angle = np.sqrt(-2.0 * np.log(uniforms[:half])), 2.0 * np.pi * uniforms[half:]
        return np.concatenate([length * np.cos(angle), length * np.sin(angle)])

    def _chunk(self, purpose: str, chunk: int) -> Floats:
        key = hashlib.sha256(f"{purpose}/{self._secret}".encode()).digest()
        nonce = bytes(8) + chunk.to_bytes(8, "little")
        stream = Cipher(algorithms.ChaCha20(key, nonce), mode=None).encryptor().update(bytes(8 * CHUNK))
        bits = np.frombuffer(stream, "<u8") >> 11
        numbers: Floats = (bits.astype(np.float64) + 0.5) * 2.0**-53
        return numbers

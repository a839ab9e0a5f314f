"""Random streams: one for each purpose and window, so that a window is the same whoever makes it and in which order.

Philox (Salmon et al. 2011) is counter-based: the key follows from (seed, purpose), the counter's highest word is the
window's index, which leaves each window 2^192 draws that no other ever sees.
"""

import hashlib

import numpy as np


def stream(seed: int, purpose: str, index: int = 0) -> np.random.Generator:
    """Return the stream of one purpose and window; equal arguments give equal streams."""
    key = int.from_bytes(hashlib.sha256(f"{seed}/{purpose}".encode()).digest()[:16], "little")
    return np.random.Generator(np.random.Philox(key=key, counter=index << 192))

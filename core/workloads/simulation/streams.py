"""Random streams: one for each purpose and moment, so that a draw is the same whoever makes it and in which order.

Philox (Salmon et al. 2011) is counter-based: the key follows from (seed, purpose), the counter's highest word is the
moment. A run that is resumed draws what it would have drawn, and scenarios share what they do not change.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.workloads.simulation.arrays import Flags, Floats

_BYTES = 256


def stream(seed: int, purpose: str, moment: int = 0) -> np.random.Generator:
    """Return the stream of one purpose and moment; equal arguments give equal streams."""
    return np.random.Generator(np.random.Philox(key=_key(seed, purpose), counter=moment << 192))


@dataclass(frozen=True, slots=True)
class Chances:
    """Draws that are compared with chances: one byte each, and finer ones for the few that a byte does not decide.

    Each question has finer draws of its own, taken in the order of the bytes: so members are the same in ensembles of
    any size, however many are asked together.
    """

    values: npt.NDArray[np.uint8]
    finer: Sequence[np.random.Generator]

    def come_true(self, question: int, rows: slice, chance: Floats, where: Flags) -> Flags:
        """Tell where a chance (rows, 1) came true among these places (rows, agents), and nowhere else.

        Rows have to be asked from the first on, each question once.
        """
        scaled = np.clip(chance, 0.0, 1.0) * _BYTES
        first = np.minimum(np.floor(scaled), _BYTES - 1)
        values, whole = self.values[rows], first.astype(np.uint8)
        found: Flags = values < whole
        found &= where
        undecided = values == whole
        undecided &= where
        places = np.flatnonzero(undecided)
        rest = (scaled - first)[:, 0][places // values.shape[1] if len(first) > 1 else np.zeros_like(places)]
        found.reshape(-1)[places[self.finer[question].random(len(places)) < rest]] = True
        return found


def chances(seed: int, purpose: str, moment: int, shape: tuple[int, int], questions: int) -> Chances:
    """Return a draw for each place, of SFC64, which takes 0.6 of Philox's time; seed and moment say where it begins."""
    begun, *finer = np.random.SeedSequence(_key(seed, purpose), spawn_key=(moment,)).spawn(1 + questions)
    count = shape[0] * shape[1]
    raw = np.asarray(np.random.SFC64(begun).random_raw(-(-count // 8)))
    values = raw.view(np.uint8)[:count].reshape(shape)
    return Chances(values, [np.random.Generator(np.random.SFC64(one)) for one in finer])


def _key(seed: int, purpose: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}/{purpose}".encode()).digest()[:16], "little")

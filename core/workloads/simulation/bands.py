"""The course of an ensemble as percentiles: computed while it goes, so that no trajectory has to be kept."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.workloads.simulation.arrays import Floats


class Bands:
    """Mean and percentiles of each output at each moment that is told."""

    def __init__(self, levels: Sequence[float], outputs: int, moments: int) -> None:
        self.levels = np.asarray(levels, dtype=np.float64)
        self.mean = np.zeros((moments, outputs))
        self.bands = np.zeros((moments, len(levels), outputs))
        self.noted = 0
        """How many moments are in."""

    def note(self, seen: Floats) -> None:
        """Take in the next moment; sorts `seen`, (outputs, members), in place."""
        self.mean[self.noted] = seen.mean(axis=1)
        seen.sort(axis=1)
        self.bands[self.noted] = percentiles(seen, self.levels)
        self.noted += 1

    def dump(self) -> dict[str, Floats]:
        """Return what is in."""
        return {"bands": self.bands[: self.noted], "means": self.mean[: self.noted]}

    def restore(self, arrays: Mapping[str, Floats]) -> None:
        """Take up what `dump` returned."""
        self.noted = len(arrays["means"])
        self.mean[: self.noted] = arrays["means"]
        self.bands[: self.noted] = arrays["bands"]


def percentiles(ordered: Floats, levels: Floats) -> Floats:
    """Return quantiles of sorted rows, straight between members (type 7 of Hyndman and Fan 1996): (levels, rows)."""
    places = levels * (ordered.shape[1] - 1)
    below = np.floor(places).astype(np.int64)
    above = np.minimum(below + 1, ordered.shape[1] - 1)
    low = ordered[:, below]
    return np.asarray((low + (places - below) * (ordered[:, above] - low)).T)

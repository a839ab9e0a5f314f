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
        self._quantiles: Quantiles | None = None

    def note(self, seen: Floats) -> None:
        """Take in the next moment; puts `seen`, (outputs, members), out of order."""
        self.mean[self.noted] = seen.mean(axis=1)
        if self._quantiles is None:
            self._quantiles = Quantiles(self.levels, seen.shape[1])
        self.bands[self.noted] = self._quantiles.of(seen)
        self.noted += 1

    def dump(self) -> dict[str, Floats]:
        """Return what is in."""
        return {"bands": self.bands[: self.noted], "means": self.mean[: self.noted]}

    def restore(self, arrays: Mapping[str, Floats]) -> None:
        """Take up what `dump` returned."""
        self.noted = len(arrays["means"])
        self.mean[: self.noted] = arrays["means"]
        self.bands[: self.noted] = arrays["bands"]


class Quantiles:
    """Quantiles of so many members, straight between them (type 7 of Hyndman and Fan 1996)."""

    def __init__(self, levels: Floats, members: int) -> None:
        places = levels * (members - 1)
        self._below = np.floor(places).astype(np.int64)
        self._above = np.minimum(self._below + 1, members - 1)
        self._beyond = places - self._below
        self._ordered = np.unique(np.concatenate([self._below, self._above]))

    def of(self, rows: Floats) -> Floats:
        """Return them for each row, (levels, rows); puts rows in order in place as far as that takes."""
        rows.partition(self._ordered, axis=1)  # several times faster than a sort, with the same values
        low = rows[:, self._below]
        return np.asarray((low + self._beyond * (rows[:, self._above] - low)).T)

"""Sums of stocks that no flow may change: how far they strayed, beyond what shocks put in or took out."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.workloads.simulation.arrays import Floats


class Conservation:
    """The groups of stocks whose sums are kept, and the largest error so far."""

    def __init__(self, groups: Sequence[Sequence[str]], stocks: Sequence[str], members: int) -> None:
        self._groups = groups
        self._rows = [[stocks.index(name) for name in group] for group in groups]
        self._due = np.zeros((len(groups), members))
        self._worst = np.zeros(len(groups))

    def begin(self, state: Floats) -> None:
        """Take the sums as they are at the start."""
        for due, rows in zip(self._due, self._rows, strict=True):
            due[...] = state[rows].sum(axis=0)

    def shift(self, stock: str, by: Floats) -> None:
        """Expect sums to differ from now on by what a shock did."""
        for place, group in enumerate(self._groups):
            if stock in group:
                self._due[place] += by

    def note(self, state: Floats) -> None:
        """Look at the sums."""
        for place, rows in enumerate(self._rows):
            size = np.maximum(np.abs(state[rows]).sum(axis=0), np.abs(self._due[place]))
            error = np.abs(state[rows].sum(axis=0) - self._due[place])
            relative = np.divide(error, size, out=np.zeros_like(error), where=size > 0.0)
            self._worst[place] = max(self._worst[place], float(relative.max()))

    def dump(self) -> dict[str, Floats]:
        """Return what the looks to come hang on."""
        return {"due": self._due, "worst": self._worst}

    def restore(self, arrays: Mapping[str, Floats]) -> None:
        """Take up what `dump` returned."""
        self._due[...], self._worst[...] = arrays["due"], arrays["worst"]

    def tell(self) -> list[dict[str, Any]]:
        """Return each group with its largest error relative to its size."""
        return [
            {"stocks": list(group), "largest_error": float(worst)}
            for group, worst in zip(self._groups, self._worst, strict=True)
        ]

"""First times, in each member by itself: of conditions that are watched, and of policies that set in."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.bands import Quantiles

_LEVELS = np.array([0.05, 0.5, 0.95])


class Moments:
    """When each of some conditions was true first; NaN where it has not been."""

    def __init__(self, sort: str, names: Sequence[str], members: int) -> None:
        self.sort = sort
        self.names = names
        self.first = np.full((len(names), members), np.nan)

    def note(self, place: int, held: Floats, time: float) -> None:
        """Take in where a condition holds at a time."""
        row = self.first[place]
        row[np.isnan(row) & (held != 0.0)] = time

    def tell(self) -> list[dict[str, Any]]:
        """Return each condition with the share of members in which it came true, and when."""
        return [
            {"sort": self.sort, "name": name, **_summary(row)} for name, row in zip(self.names, self.first, strict=True)
        ]


def _summary(row: Floats) -> dict[str, Any]:
    came = row[~np.isnan(row)]
    if not len(came):
        return {"share": 0.0, "time": None}
    low, median, high = Quantiles(_LEVELS, len(came)).of(came[None])[:, 0].tolist()
    return {"share": len(came) / len(row), "time": {"low": low, "median": median, "high": high}}

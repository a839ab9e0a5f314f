"""Least squares for many starts at once: Levenberg (1944) and Marquardt (1963) between bounds, in unit coordinates.

One evaluation runs all starts and all their forward differences as members of one ensemble.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.workloads.simulation.arrays import Floats

STEP = 1e-6
"""Of forward differences, as part of the bounds' distance."""
MOST_ROUNDS = 80
_LEAST_GAIN = 1e-12
_STIFFEST = 1e12

Residuals = Callable[[Floats], Floats]
"""From places (members, parameters) to residuals (members, values); not finite where a run diverged."""


@dataclass(slots=True)
class Search:
    """The starts of a search, and how far each has come."""

    places: Floats
    """(starts, parameters), each from 0 to 1."""
    residuals: Floats = field(default_factory=lambda: np.zeros(0))
    slopes: Floats = field(default_factory=lambda: np.zeros(0))
    """(starts, values, parameters)."""
    costs: Floats = field(default_factory=lambda: np.zeros(0))
    damping: Floats = field(default_factory=lambda: np.zeros(0))
    done: Floats = field(default_factory=lambda: np.zeros(0))
    rounds: int = 0

    def begin(self, evaluate: Residuals) -> None:
        """Look at where it starts."""
        self.residuals, self.slopes = _evaluated(self.places, evaluate)
        self.costs = _costs(self.residuals)
        self.damping = np.full(len(self.places), 1e-2)
        self.done = (~np.isfinite(self.costs)).astype(np.float64)

    @property
    def over(self) -> bool:
        """Tell whether no start gets any further."""
        return bool(self.done.all()) or self.rounds >= MOST_ROUNDS

    def go_on(self, evaluate: Residuals) -> None:
        """Try a step from each place, and keep those that are better."""
        self.rounds += 1
        trial = np.clip(self.places + self._steps(), 0.0, 1.0)
        residuals, slopes = _evaluated(trial, evaluate)
        costs = _costs(residuals)
        better = (costs < self.costs) & (self.done == 0.0)
        stalled = better & (self.costs - costs <= _LEAST_GAIN * self.costs)
        self.places[better], self.costs[better] = trial[better], costs[better]
        self.residuals[better], self.slopes[better] = residuals[better], slopes[better]
        self.damping = np.where(better, np.maximum(self.damping / 5.0, 1e-12), self.damping * 4.0)
        self.done[stalled | (self.damping > _STIFFEST) | (self.costs == 0.0)] = 1.0

    def dump(self) -> dict[str, Any]:
        """Return all that the rounds to come hang on."""
        names = ("places", "residuals", "slopes", "costs", "damping", "done")
        return {"rounds": np.array([self.rounds]), **{name: getattr(self, name) for name in names}}

    @classmethod
    def restored(cls, arrays: Mapping[str, Any]) -> "Search":
        """Make a search of what `dump` returned."""
        return cls(**{**arrays, "rounds": int(arrays["rounds"][0])})

    def _steps(self) -> Floats:
        """Solve each start's damped normal equations over the parameters that are not held by a bound."""
        finite = np.where(np.isfinite(self.slopes), self.slopes, 0.0)
        gradient = np.einsum("snp,sn->sp", finite, np.where(np.isfinite(self.residuals), self.residuals, 0.0))
        held = ((self.places <= 0.0) & (gradient > 0.0)) | ((self.places >= 1.0) & (gradient < 0.0))
        free = np.where(held[:, None, :], 0.0, finite)
        normal = np.einsum("snp,snq->spq", free, free)
        width = normal.shape[1]
        diagonal = np.einsum("spp->sp", normal)
        floor = np.maximum(1e-12 * diagonal.max(axis=1, keepdims=True), 1e-30)
        weights = np.where(held, 1.0, self.damping[:, None] * diagonal + floor)
        damped = normal + weights[:, :, None] * np.eye(width)
        return np.asarray(np.linalg.solve(damped, np.where(held, 0.0, -gradient)[:, :, None])[:, :, 0])


def _costs(residuals: Floats) -> Floats:
    costs = np.einsum("sn,sn->s", residuals, residuals)
    return np.asarray(np.where(np.isfinite(costs), costs, np.inf))


def _evaluated(places: Floats, evaluate: Residuals) -> tuple[Floats, Floats]:
    """Return residuals (starts, values) and slopes (starts, values, parameters) at places."""
    starts, width = places.shape
    inward = np.where(places > 0.5, -STEP, STEP)  # noqa: PLR2004 - the middle
    moved = (
        places[:, None, :]
        + np.concatenate([np.zeros((1, width, 1)), np.eye(width)[None]], axis=2).transpose(0, 2, 1) * inward[:, None, :]
    )
    found = evaluate(moved.reshape(-1, width)).reshape(starts, width + 1, -1)
    slopes = (found[:, 1:] - found[:, :1]) / inward[:, :, None]
    return found[:, 0].copy(), slopes.transpose(0, 2, 1).copy()

"""What the rest of a day costs in AnyTown-Modified, told roughly and at once: the guide of a search.

An hour is tabulated by EPANET, two steps of half an hour as it takes them, over how full the tanks are on average, how
much fuller than that the first one is, and how far the other two differ: they lie close together, and water swings
between them from step to step. The cost ahead follows backwards over that table, for each way in which named pumps may
have shared what went before. Rules that are broken by so much are dear by so much.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pumping_plans.anytown_network import (
    AREA_M2,
    CENTS,
    DEMAND,
    HIGH_M,
    HOURS,
    LOW_M,
    PRESSURES_M,
    PRICE,
    PUMPS,
    START_M,
    STEP_S,
    Network,
)
from pumping_plans.sharing import Shares, closes, first_share, share

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NUMBERS = range(len(PUMPS) + 1)
_AXES = (np.linspace(LOW_M + 0.02, HIGH_M - 0.02, 11), np.linspace(-1.0, 1.8, 8), np.linspace(-0.9, 0.9, 5))
_DEAR_PER_M, _PRESSURE_SLACK_M, _OUT_OF_THE_QUESTION = 300.0, 0.3, 1e6
_INSIDE_M = 0.01


@dataclass(frozen=True, slots=True)
class Corners:
    """Points among their neighbors in the table: which, and how much each counts. Both (points, 8)."""

    index: Ints
    weight: Floats

    @classmethod
    def of(cls, levels_m: Floats) -> "Corners":
        """Place levels (points, tanks); what lies outside the table counts as its edge."""
        mean = levels_m.mean(axis=1)
        coordinates = (mean, levels_m[:, 0] - mean, levels_m[:, 1] - levels_m[:, 2])
        index, weight = np.zeros((len(mean), 1), dtype=np.int64), np.ones((len(mean), 1))
        for axis, at in zip(_AXES, coordinates, strict=True):
            inside = np.clip(at, axis[0], axis[-1])
            below = np.clip(np.searchsorted(axis, inside, side="right") - 1, 0, len(axis) - 2)
            part = (inside - axis[below]) / (axis[below + 1] - axis[below])
            both = np.stack([below, below + 1], axis=1)
            index = ((index * len(axis))[:, :, None] + both[:, None, :]).reshape(len(mean), -1)
            weight = (weight[:, :, None] * np.stack([1.0 - part, part], axis=1)[:, None, :]).reshape(len(mean), -1)
        return cls(index, weight)

    def read(self, table: Floats) -> Floats:
        """Interpolate a table (..., cells) at these points: (..., points)."""
        return np.asarray((table[..., self.index] * self.weight).sum(axis=-1))


@dataclass(frozen=True, slots=True)
class Hour:
    """What an hour of one demand with so many pumps does to each cell."""

    energy_kwh: Floats
    dear: Floats
    landing: Corners


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is ahead of an hour's end, and of its choice of a number of pumps."""

    row: dict[Shares, int]
    cost: Floats
    """(ways to share, cells) from the hour's end on."""
    chosen: Floats | None
    """(numbers of pumps, ways to share thereafter, cells) from the hour's beginning on; None in the first hour."""


def guide(network: Network, starts: int) -> list[Ahead]:
    """Tabulate what is ahead in each hour, no pump started more than so often."""
    hours = {(demand, running): _hour(network, demand, running) for demand in set(DEMAND) for running in NUMBERS}
    layers, onward = _ways(starts)
    end = _DEAR_PER_M * np.maximum(START_M - _cells(), 0.0).sum(axis=1)
    cost = np.array(
        [end if closes(shares, starts) else np.full_like(end, _OUT_OF_THE_QUESTION) for shares in layers[-1]]
    )
    found: list[Ahead] = []
    for hour in range(HOURS - 1, -1, -1):
        row = {shares: number for number, shares in enumerate(layers[hour])}
        if hour == 0:
            return [Ahead(row, cost, None), *found[::-1]]
        chosen = np.stack([_spent(hours[DEMAND[hour], running], hour, cost) for running in NUMBERS])
        found.append(Ahead(row, cost, chosen))
        cost = np.array(
            [
                np.min([chosen[running, row[after]] for running, after in onward[shares]], axis=0)
                if onward[shares]
                else np.full_like(end, _OUT_OF_THE_QUESTION)
                for shares in layers[hour - 1]
            ]
        )
    raise AssertionError("a day has hours")


def _spent(hour: Hour, number: int, ahead: Floats) -> Floats:
    return hour.energy_kwh * PRICE[number] / CENTS + hour.dear + hour.landing.read(ahead)


def _ways(starts: int) -> tuple[list[list[Shares]], dict[Shares, list[tuple[int, Shares]]]]:
    """Return the ways to share what went before the end of each hour, and where each leads with how many pumps."""
    layers, onward = [sorted({first_share(running) for running in NUMBERS}, key=sorted)], {}
    while len(layers) < HOURS:
        for shares in layers[-1]:
            onward[shares] = [(running, after) for running in NUMBERS if (after := share(shares, running, starts))]
        layers.append(sorted({after for shares in layers[-1] for _, after in onward[shares]}, key=sorted))
    return layers, onward


def _cells() -> Floats:
    """Return the tanks' levels in each cell: (cells, tanks)."""
    mean, first, apart = (axis.ravel() for axis in np.meshgrid(*_AXES, indexing="ij"))
    others = mean - first / 2.0
    return np.stack([mean + first, others + apart / 2.0, others - apart / 2.0], axis=1)


def _hour(network: Network, demand: float, running: int) -> Hour:
    """Run an hour of that demand from each cell."""
    levels = _cells()
    energy, broken_m = np.zeros(len(levels)), np.zeros(len(levels))
    least = np.array(list(PRESSURES_M.values())) - _PRESSURE_SLACK_M
    for _ in range(3600 // STEP_S):
        inside = np.clip(levels, LOW_M + _INSIDE_M, HIGH_M - _INSIDE_M)
        reading = np.array([network.state(DEMAND.index(demand), running, each) for each in inside])
        energy += reading[:, 3] * STEP_S / 3600.0
        levels = levels + reading[:, :3] * STEP_S / 3600.0 / AREA_M2
        broken_m += np.maximum(least - reading[:, 4:], 0.0).sum(axis=1)
        broken_m += (np.maximum(LOW_M - levels, 0.0) + np.maximum(levels - HIGH_M, 0.0)).sum(axis=1)
    return Hour(energy, _DEAR_PER_M * broken_m, Corners.of(levels))

"""This file is about pumps: affinity laws, the duty point at a level, flow and power."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.workloads.pumping.geometry import level_m as level_of
from core.workloads.pumping.geometry import volume_m3
from core.workloads.pumping.plant import Plant, PumpKind

Floats = NDArray[np.float64]
_HALVINGS = 48


def duty_point(plant: Plant, kind: PumpKind, level_m: ArrayLike, frequency_hz: ArrayLike) -> tuple[Floats, Floats]:
    """Return flow (m3/h) and electric power (kW) of one pump.

    The affinity laws scale the curve (flow with s, head with s^2, power with s^3, s = frequency / rated); the duty
    point is where the worn curve meets lift plus friction K Q^2. A pump too slow for the lift delivers its smallest
    flow.
    """
    level, speed = np.broadcast_arrays(
        np.asarray(level_m, dtype=float), np.asarray(frequency_hz, dtype=float) / kind.rated_hz
    )
    lift_m = plant.outlet_level_m - level
    low = np.full(level.shape, kind.flow_min_m3_per_h / 1000.0) * speed
    high = np.full(level.shape, kind.flow_max_m3_per_h / 1000.0) * speed
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        surplus_m = (
            kind.wear * speed**2 * _polynomial(middle / speed, kind.head_m) - lift_m - kind.system_head * middle**2
        )
        low, high = np.where(surplus_m > 0, middle, low), np.where(surplus_m > 0, high, middle)
    power_kw = kind.power_factor * speed**3 * _polynomial(low / speed, kind.power_kw)
    return low * 1000.0, np.asarray(power_kw)


def _polynomial(at: Floats, coefficients: Sequence[float]) -> Floats:
    """Evaluate by Horner's scheme; numpy's own spends most of its time on checks when called for a few values."""
    value = coefficients[-1] + 0.0 * at
    for coefficient in reversed(coefficients[:-1]):
        value = coefficient + value * at
    return value


@dataclass(frozen=True, slots=True)
class Capacity:
    """Flow and power of one pump of each kind at its running frequency, tabulated over the level for planning."""

    plant: Plant
    step_m: float
    lowest_m: float
    flow: Floats
    power: Floats

    def at(self, volume: ArrayLike) -> tuple[Floats, Floats]:
        """Return flow (m3/h) and power (kW) of one pump, each of shape (kinds, *volume.shape)."""
        position = np.clip((level_of(self.plant, volume) - self.lowest_m) / self.step_m, 0, self.flow.shape[1] - 2)
        index = position.astype(np.intp)
        part = position - index
        flow, power = self.flow[:, index], self.power[:, index]
        return (
            flow + part * (self.flow[:, index + 1] - flow),
            power + part * (self.power[:, index + 1] - power),
        )


def tabulate(plant: Plant, *, step_m: float = 0.01) -> Capacity:
    """Tabulate each kind of pump over all levels of the basin; linear between entries (error below 1e-6)."""
    top_m = plant.volume[-1].to_level_m
    lowest_m = plant.volume[0].from_level_m
    levels = lowest_m + step_m * np.arange(round((top_m - lowest_m) / step_m) + 2)
    points = [duty_point(plant, kind, levels, kind.run_hz) for kind in plant.pump_kinds]
    return Capacity(
        plant, step_m, lowest_m, np.array([flow for flow, _ in points]), np.array([power for _, power in points])
    )


def specific_energy_kwh_per_m3(plant: Plant, level_m: float) -> float:
    """Return what the best kind of pump needs to lift a cubic metre at that level."""
    flow, power = tabulate(plant).at(volume_m3(plant, level_m))
    return float(np.min(power / flow))

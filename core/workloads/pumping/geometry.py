"""This file is about the basin: volume for a level, and exactly back."""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.workloads.pumping.plant import Plant, VolumePiece

Floats = NDArray[np.float64]

_ROUNDING_M3 = 1e-6
_PLANTS = 16
"""How many plants' curves are remembered."""


def volume_m3(plant: Plant, level_m: ArrayLike) -> Floats:
    """Volume at a level; below and above the curve the end pieces go on."""
    level = np.asarray(level_m, dtype=float)
    piece = np.clip(np.searchsorted(_starts(plant), level, side="right") - 1, 0, len(plant.volume) - 1)
    c0, c1, c2, start, _ = _coefficients(plant)[:, piece]
    above = np.maximum(level - start, 0.0)
    return np.asarray(c0 + above * (c1 + above * c2))


def level_m(plant: Plant, volume_m3: ArrayLike) -> Floats:
    """Level at a volume, the inverse of `volume_m3`.

    Where the curve is flat (the sump), a volume of exactly that value reads as the upper end of the flat. Less than the
    basin can hold at its lowest reads as a negative level, one metre for each sump's volume missing.
    """
    volume = np.asarray(volume_m3, dtype=float)
    knots = _coefficients(plant)[0]
    piece = np.clip(np.searchsorted(knots, volume, side="right") - 1, 0, len(plant.volume) - 1)
    c0, c1, c2, start, end = _coefficients(plant)[:, piece]
    excess = np.maximum(volume - c0, 0.0)
    root = np.sqrt(np.maximum(c1 * c1 + 4.0 * c2 * excess, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        above = np.where((c1 == 0) & (c2 == 0), end - start, 2.0 * excess / (c1 + root))
    above = np.where(excess == 0, np.where((c1 == 0) & (c2 == 0), end - start, 0.0), above)
    floor = volume_m3_at_floor(plant)
    return np.asarray(np.where(volume < floor - _ROUNDING_M3, -(floor - volume) / max(floor, 1.0), start + above))


@lru_cache(maxsize=_PLANTS)
def volume_m3_at_floor(plant: Plant) -> float:
    """Volume at the lowest level allowed: water that no pump reaches."""
    return float(volume_m3(plant, plant.rules.level_min_m))


@lru_cache(maxsize=_PLANTS)
def _starts(plant: Plant) -> Floats:
    return np.array([piece.from_level_m for piece in plant.volume])


@lru_cache(maxsize=_PLANTS)
def _coefficients(plant: Plant) -> Floats:
    return np.array([_row(piece) for piece in plant.volume]).T


def _row(piece: VolumePiece) -> list[float]:
    c0, c1, c2 = (*piece.coefficients, 0.0, 0.0)[:3]
    return [c0, c1, c2, piece.from_level_m, piece.to_level_m]

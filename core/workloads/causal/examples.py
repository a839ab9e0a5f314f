"""A small series with a known cause, made without anything numeric, for the kinds' examples and the demo."""

import hashlib
import struct
from typing import Any

NAMES = ("demand", "price", "stock")


def series(rows: int, seed: int = 1) -> dict[str, Any]:
    """Make three variables: demand drives price one row later, price lowers stock two rows later."""
    noise = _noise(rows * len(NAMES), seed)
    values: list[list[float]] = []
    for row in range(rows):
        one, two = (values[row - 1] if row else [0.0] * 3), (values[row - 2] if row > 1 else [0.0] * 3)
        drawn = noise[3 * row : 3 * row + 3]
        demand = 0.5 * one[0] + drawn[0]
        price = 0.3 * one[1] + 0.6 * one[0] + drawn[1]
        stock = 0.4 * one[2] - 0.5 * two[1] + drawn[2]
        values.append([round(value, 4) for value in (demand, price, stock)])
    return {"names": list(NAMES), "values": values}


def discovery() -> dict[str, Any]:
    """Return params of `causal.discover`."""
    return {"series": series(200), "max_lag": 2, "resamples": 200, "seed": 1}


def resampling() -> dict[str, Any]:
    """Return params of `causal.resample`: the second half of `discovery`'s resamples."""
    return {**discovery(), "first": 100, "count": 100}


def update() -> dict[str, Any]:
    """Return params of `causal.update`: the first window of a stream."""
    return {"series": series(120)}


def paths() -> dict[str, Any]:
    """Return params of `causal.paths`: demand reaches stock by way of price."""
    return {**discovery(), "source": "demand", "target": "stock"}


def effect() -> dict[str, Any]:
    """Return params of `causal.effect`."""
    return {**discovery(), "variable": "price", "shift": 2.0, "horizon": 6}


def score() -> dict[str, Any]:
    """Return params of `causal.score`: one edge is found, one missed, one turned."""
    truth = [("demand", "price", 1), ("price", "stock", 2), ("demand", "stock", 1)]
    found = [("demand", "price", 1), ("stock", "price", 1)]
    return {
        "names": list(NAMES),
        "estimate": {"edges": [{"source": s, "target": t, "lag": lag} for s, t, lag in found]},
        "truth": [{"source": s, "target": t, "lag": lag} for s, t, lag in truth],
    }


def _noise(count: int, seed: int) -> list[float]:
    """Draw about standard normal numbers: sums of twelve uniform ones, from a hash."""
    stream = hashlib.shake_128(f"causal/{seed}".encode()).digest(24 * count)
    drawn = struct.unpack(f"<{12 * count}H", stream)
    return [sum(drawn[12 * i : 12 * i + 12]) / 65536.0 - 6.0 for i in range(count)]

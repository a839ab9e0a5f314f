"""The day-problems of the shared data, as arrays."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from core.workloads.pumping import kinds, series
from core.workloads.pumping.problem import Problem, pose

DATA = Path(__file__).parents[4] / "shared" / "data" / "pumping"
RECORD = DATA / "tunnel_days_01_10.csv"
TUNED, HELD_OUT = range(1, 6), range(6, 11)
Tariff = Literal["normal", "high"]
TARIFFS: tuple[Tariff, ...] = ("normal", "high")


def params(day: int, tariff: Tariff, band: float | None = None, **weights: Any) -> dict[str, Any]:
    """Return the loaded params of a recorded day, perfect foresight."""
    raw = series.recorded_day(RECORD, date(2024, 11, 15) + timedelta(days=day - 1), tariff)
    raw["weights"] |= {"flow_band": band, **weights}
    loaded: Any = kinds.OPTIMIZE.params().load(raw)
    return dict(loaded)


def problem(day: int, tariff: Tariff, band: float | None = None, days: int = 1) -> Problem:
    """Return the problem of one or several days in a row."""
    parts = [params(day + more, tariff, band) for more in range(days)]
    whole = dict(parts[0])
    for name in ("inflow_m3_per_h", "price_eur_per_mwh", "dry"):
        whole[name] = [value for part in parts for value in part[name]]
    return pose(whole)

"""Plans against what the operators did, on recorded days where the record lies beside the project."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from core.workloads.pumping import kinds, optimization, series
from core.workloads.pumping.audit import hard_violations

RECORD = Path(__file__).parents[5] / "shared" / "data" / "pumping" / "tunnel_days_01_10.csv"
FIRST_DAY = date(2024, 11, 15)

needs_record = pytest.mark.skipif(not RECORD.exists(), reason=f"no recorded operation at {RECORD}")


def beats_the_operators(day: int, tariff: Literal["normal", "high"], band: float | None, attempt: Any) -> None:
    raw = series.recorded_day(RECORD, FIRST_DAY + timedelta(days=day - 1), tariff)
    raw["weights"]["flow_band"] = band
    loaded: Any = kinds.OPTIMIZE.params().load(raw)
    result = optimization.compute(loaded, attempt())
    assert hard_violations(result["audit"]) == 0
    assert result["relaxed"] == []
    assert all(finding["violations"] == 0 for finding in result["audit"])
    assert result["kpis"]["adjusted_cost_eur"] < result["recorded"]["adjusted_cost_eur"]
    assert result["kpis"]["adjusted_cost_eur"] < result["baseline"]["adjusted_cost_eur"]
    assert 0 <= result["gap"] < 0.06


@needs_record
def test_recorded_day_gives_state_and_prices_of_the_record() -> None:
    raw = series.recorded_day(RECORD, FIRST_DAY + timedelta(days=1), "normal")
    loaded: Any = kinds.OPTIMIZE.params().load(raw)
    assert len(loaded["inflow_m3_per_h"]) == 96
    assert sum(loaded["inflow_m3_per_h"]) / 4 == pytest.approx(98_733, abs=1)
    assert all(loaded["dry"])
    assert loaded["state"]["level_m"] == pytest.approx(2.09, abs=0.01)
    assert {name for name, pump in loaded["state"]["pumps"].items() if pump["on"]} == {"1.1", "1.4"}


@needs_record
def test_recorded_day_refuses_a_day_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="No record"):
        series.recorded_day(RECORD, date(2023, 1, 1), "normal")


@needs_record
@pytest.mark.parametrize(("day", "tariff"), [pytest.param(6, "normal", marks=pytest.mark.deep), (8, "normal")])
def test_plan_beats_the_operators(day: int, tariff: Literal["normal", "high"], attempt: Any) -> None:
    beats_the_operators(day, tariff, 1.6, attempt)


@needs_record
@pytest.mark.deep
@pytest.mark.parametrize("tariff", ["normal", "high"])
@pytest.mark.parametrize("day", range(1, 11))
def test_plan_beats_the_operators_on_every_day(day: int, tariff: Literal["normal", "high"], attempt: Any) -> None:
    """Without the flow band, which the operators do not keep either."""
    beats_the_operators(day, tariff, None, attempt)

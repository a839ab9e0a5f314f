"""Planning with what is known at a moment: prices as published, days as dry as they look, room for errors."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from core.workloads.pumping import receding, scenario
from core.workloads.pumping.problem import pose

NOON = datetime(2025, 3, 5, 12, 0)  # noqa: DTZ001 - plant time
WEIGHTS = {"start_eur": 2.0, "smoothness_eur_per_m3_per_h": 0.0, "flow_band": None, "end_volume": "value"}


def wanted(start: datetime = NOON, *, steps: int = 48, emptied: bool = False, inflow: float = 4000.0) -> dict[str, Any]:
    price = [50.0] * (steps // 2) + [100.0] * (steps - steps // 2)
    outlook = receding.known(start, [inflow] * steps, price, dry_below_m3=110_000.0)
    return receding.params_for(outlook, "tunnel", {**scenario.initial_state(), "emptied_today": emptied}, WEIGHTS)


@pytest.mark.parametrize(
    ("at", "steps"), [("00:00", 96), ("00:15", 95), ("13:45", 41), ("14:00", 40 + 96), ("23:45", 1 + 96)]
)
def test_prices_are_known_to_midnight_and_from_two_on_to_the_next(at: str, steps: int) -> None:
    assert receding.published_steps(datetime.fromisoformat(f"2025-03-05T{at}")) == steps


def test_prices_beyond_are_those_of_the_same_time_of_the_last_day_known() -> None:
    day = [float(number) for number in range(96)]
    assert list(receding.beyond(day, 100)) == [*day, 0.0, 1.0, 2.0, 3.0]
    assert set(receding.beyond([7.0, None, 9.0], 4)) <= {7.0, 9.0}
    with pytest.raises(ValueError, match="no price"):
        receding.beyond([None], 2)


def test_a_day_is_dry_by_all_of_it_that_is_seen() -> None:
    wet_morning = [9000.0] * 48
    assert receding.dry_days(NOON, np.full(96, 4000.0), [], 110_000.0) == (True,) * 96
    assert receding.dry_days(NOON, np.full(96, 4000.0), wet_morning, 110_000.0) == (False,) * 48 + (True,) * 48


def test_the_ceiling_is_the_lower_the_more_might_come() -> None:
    params = wanted()
    plain = pose(params)
    sure = receding.pose_robust(params, plain.inflow)
    unsure = receding.pose_robust(params, plain.inflow + 6000.0)
    assert unsure.volume_alarm < sure.volume_alarm < plain.volume_alarm
    assert plain.volume_alarm - unsure.volume_alarm == pytest.approx(6000.0 * receding.RESERVE_H)
    assert sure.plant.rules.outflow_max_m3_per_h == pytest.approx(0.99 * 16_000.0)


@pytest.mark.parametrize(("hour", "emptied", "owed"), [(6, False, True), (18, False, True), (18, True, False)])
def test_todays_emptying_is_owed_until_midnight(hour: int, *, emptied: bool, owed: bool) -> None:
    params = wanted(NOON.replace(hour=hour), emptied=emptied)
    problem = receding.pose_robust(params, np.array(params["inflow_m3_per_h"]))
    assert problem.days[0].empty is owed


def test_water_left_is_worth_what_the_cheapest_third_would_cost() -> None:
    params = wanted()
    plain = pose(params)
    robust = receding.pose_robust(params, plain.inflow)
    assert robust.weights.water_value_eur_per_m3 == pytest.approx(plain.weights.water_value_eur_per_m3 * 50.0 / 75.0)


def test_a_forecast_is_made_of_the_past_alone() -> None:
    history = scenario.params(scenario.EPOCH, 4 * 96, 1)["inflow_m3_per_h"]
    start = scenario.EPOCH + timedelta(days=4)
    outlook = receding.foresee(start, history, [40.0] * 10, 96, dry_below_m3=110_000.0)
    assert outlook.stale_steps == 0
    assert (outlook.upper >= outlook.inflow - 1e-9).all()
    assert list(outlook.price) == [40.0] * 96

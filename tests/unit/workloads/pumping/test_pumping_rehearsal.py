"""The loop as a whole: failures, silence, orders, spikes and storms, each told, none of them breaking a rule."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.pumping import audit, kinds, live, plant, rehearsal, scenario
from webapp.cli._demo_loop import LOOP_PARAMS

Attempt = Callable[..., JobContext]
TIME = datetime(2025, 3, 3, 6, 0)  # noqa: DTZ001 - plant time


def rehearse(attempt: Attempt, **params: Any) -> dict[str, Any]:
    recorder = MemoryRecorder()
    asked: Any = kinds.REHEARSE.params().load(params)
    result = rehearsal.compute(asked, attempt(recorder))
    assert kinds.REHEARSE.result().validate(json.loads(json.dumps(result))) == {}
    assert {"rehearsal.png", "rehearsal.svg"} == set(recorder.artifacts)
    return result


def test_a_failed_pump_is_replaced_by_its_like_at_once() -> None:
    station = live.LivePlant("tunnel", scenario.initial_state())
    station.fail("1.2")
    row = station.step(TIME, 4000.0, {"1.1": 49.0, "1.2": 49.0})
    running = {name for name, hz in row["pumps"].items() if hz > 0}
    assert "1.2" not in running
    assert len(running) == 2
    assert running - {"1.1"} <= {"1.3", "1.4", "2.2", "2.3", "2.4"}
    station.mend("1.2")
    row = station.step(TIME + timedelta(minutes=15), 4000.0, {"1.1": 49.0, "1.2": 49.0})
    assert row["pumps"]["1.2"] == 49.0


def test_what_failures_and_orders_switch_counts_for_no_plan_but_the_hold_runs_anew_from_it() -> None:
    start = scenario.initial_state()
    running = {name: {**pump, "minutes_since_switch": 30} for name, pump in start["pumps"].items()}
    station = live.LivePlant("tunnel", {**start, "pumps": running})

    def happen(quarter: int, *wanted: str) -> None:
        station.step(TIME + timedelta(minutes=15 * quarter), 4000.0, dict.fromkeys(wanted, 49.0))

    def held() -> dict[str, Any]:
        params = {"state": {"level_m": 2.2, "pumps": running}, "step_minutes": 15, "start": TIME}
        findings = audit.audit(plant.load("tunnel"), params, station.rows, station.imposed)
        return next(finding for finding in findings if finding["rule"] == "hold")

    station.fail("1.2")
    happen(0, "1.1", "1.2")
    stand_in = next(name for name, hz in station.rows[0]["pumps"].items() if hz > 0 and name != "1.1")
    station.order(TIME + timedelta(minutes=15), "1.1", on=False)
    happen(1, stand_in)
    for quarter in range(2, 8):
        happen(quarter, stand_in)
    assert held()["violations"] == 0
    assert held()["worst"] is None
    happen(8, stand_in, "1.1")
    assert (held()["violations"], held()["worst"]) == (1, 105)


def test_without_a_plan_the_station_holds_its_level_by_itself() -> None:
    station = live.LivePlant("tunnel", scenario.initial_state())
    inflow = scenario.params(scenario.EPOCH, 96, 1)["inflow_m3_per_h"]
    for step, flow in enumerate(inflow):
        station.step(scenario.EPOCH + timedelta(minutes=15 * step), flow, None)
    levels = [row["level_m"] for row in station.rows]
    assert 1.0 < min(levels) <= max(levels) < 3.5
    assert station.reading()["level_m"] == pytest.approx(levels[-1], abs=1e-3)


def test_an_hour_and_a_half_of_the_loop_with_a_failure_and_a_silent_sensor(attempt: Attempt) -> None:
    result = rehearse(
        attempt,
        first_day=2,
        days=0.1041666667,
        horizon_h=6,
        events=[
            {"what": "pump_failure", "at_h": 0.25, "hours": 0.5, "pump": "1.2"},
            {"what": "sensor_outage", "at_h": 0.5, "hours": 1.5},
            {"what": "override", "at_h": 1.0, "hours": 1.0, "pump": "2.4", "action": "out"},
        ],
    )
    assert len(result["turns"]) == 10
    told = {alert["code"] for alert in result["told"]}
    assert {"pump_out_of_service", "telemetry_stale", "rule_controller", "override_in_force"} <= told
    assert result["origins"]["rule"] > 0
    assert result["origins"]["plan"] > 0
    assert [finding for finding in result["audit"] if finding["violations"]] == []


def test_an_order_that_cuts_a_run_short_breaks_no_rule_of_the_loop(attempt: Attempt) -> None:
    result = rehearse(attempt, **{**LOOP_PARAMS, "days": 2 / 24})
    assert "override_in_force" in {alert["code"] for alert in result["told"]}
    assert [finding for finding in result["audit"] if finding["violations"]] == []


THREE_DAYS = {
    "first_day": 8,
    "days": 3,
    "events": [
        {"what": "pump_failure", "at_h": 7.5, "hours": 8, "pump": "1.2"},
        {"what": "override", "at_h": 10, "hours": 5, "pump": "2.3", "action": "off"},
        {"what": "sensor_outage", "at_h": 25, "hours": 6},
        {"what": "price_spike", "at_h": 37, "hours": 2, "amount": 900},
    ],
}
"""Three days of the scenario, the second of them rainy, whose inflow the loop has to forecast."""


@pytest.mark.deep
@pytest.mark.timeout(3600)
def test_three_days_with_everything_that_goes_wrong_break_no_rule_and_cost_little_more_than_hindsight(
    attempt: Attempt,
) -> None:
    result = rehearse(attempt, **THREE_DAYS)
    assert [finding for finding in result["audit"] if finding["violations"]] == []
    told = {alert["code"] for alert in result["told"]}
    assert {"pump_out_of_service", "override_in_force", "telemetry_stale", "rule_controller", "price_spike"} <= told
    assert all(alert["message"] for alert in result["told"])
    assert result["dry_days_emptied"] == result["dry_days"]
    assert result["above_hindsight"] <= 0.10

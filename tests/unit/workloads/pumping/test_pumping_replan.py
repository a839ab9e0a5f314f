"""One turn of the loop: a plan on good data, the safe rule controller on bad, and always a word about it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from core.jobs.context import JobContext
from core.workloads.pumping import kinds, plant, replan, scenario, telemetry
from core.workloads.pumping.hydraulics import tabulate

Attempt = Callable[..., JobContext]
TUNNEL = plant.load("tunnel")


@pytest.fixture
def turn(attempt: Attempt) -> Callable[..., dict[str, Any]]:
    """Turn the loop on the kind's example with some params changed, telemetry's beneath `telemetry`."""

    def once(telemetry: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        raw = json.loads(json.dumps(kinds.REPLAN.example))
        raw["telemetry"] |= telemetry or {}
        asked: Any = kinds.REPLAN.params().load({**raw, "horizon_h": 6, **changes})
        result = replan.compute(asked, attempt())
        assert kinds.REPLAN.result().validate(json.loads(json.dumps(result))) == {}
        return result

    return once


def codes(result: dict[str, Any]) -> list[str]:
    return [notice["code"] for notice in result["notices"]]


def levels(*last: float | None) -> list[float | None]:
    known: list[float | None] = list(kinds.REPLAN.example["telemetry"]["level_m"])
    return known[: len(known) - len(last)] + list(last)


def test_good_data_give_a_plan_that_keeps_the_hard_rules(turn: Callable[..., dict[str, Any]]) -> None:
    result = turn()
    assert (result["origin"], result["safe"], result["reason"]) == ("plan", True, None)
    assert [finding for finding in result["audit"] if finding["hard"] and finding["violations"]] == []
    assert result["belief"]["level_estimated"] is False


def test_half_an_hour_of_silence_is_carried_on_and_more_is_stale(turn: Callable[..., dict[str, Any]]) -> None:
    within = turn({"level_m": levels(None, None)})
    assert (within["origin"], within["belief"]["level_estimated"]) == ("plan", True)
    beyond = turn({"level_m": levels(None, None, None)})
    assert (beyond["origin"], beyond["safe"]) == ("rule", True)
    assert beyond["reason"] == "No level was measured for 45 minutes."
    assert {"rule_controller", "telemetry_stale"} <= set(codes(beyond))


def test_a_level_above_the_highest_is_pumped_down_with_all_there_is(turn: Callable[..., dict[str, Any]]) -> None:
    result = turn({"level_m": levels(8.3)})
    assert (result["origin"], result["status"]) == ("rule", "infeasible")
    assert {"level_above_highest", "rule_controller"} <= set(codes(result))
    assert result["notices"][0]["severity"] == "critical"
    assert result["schedule"][-1]["level_m"] < 8.3


def test_all_pumps_out_of_service_is_told_not_planned_around(turn: Callable[..., dict[str, Any]]) -> None:
    pumps = {pump.name: {"on": False, "available": False} for pump in TUNNEL.pumps}
    result = turn({"pumps": pumps})
    assert (result["origin"], result["safe"]) == ("rule", False)
    assert result["reason"] == "All pumps are out of service."
    assert codes(result).count("pump_out_of_service") == len(TUNNEL.pumps)
    assert all(hz == 0 for row in result["schedule"] for hz in row["pumps"].values())


def test_a_sensor_that_is_stuck_is_found_by_the_flows(turn: Callable[..., dict[str, Any]]) -> None:
    flows = kinds.REPLAN.example["telemetry"]["inflow_m3_per_h"]
    result = turn({"outflow_m3_per_h": [flow + 1500.0 for flow in flows]})
    assert result["origin"] == "rule"
    assert "stuck" in result["reason"]


def test_missing_prices_and_spikes_are_told(turn: Callable[..., dict[str, Any]]) -> None:
    assert "prices_missing" in codes(turn(price_eur_per_mwh=[]))
    spiky = [900.0 if 8 <= step < 16 else 60.0 for step in range(96)]
    spike = turn(price_eur_per_mwh=spiky, usual_price_eur_per_mwh=60.0)
    (notice,) = [notice for notice in spike["notices"] if notice["code"] == "price_spike"]
    assert notice["message"] == "Up to 900 EUR/MWh within 2 h, usually 60 EUR/MWh."


def test_an_order_is_respected_and_told(turn: Callable[..., dict[str, Any]]) -> None:
    start = scenario.EPOCH + timedelta(days=2, hours=6)
    order = {
        "pump": "1.2",
        "action": "out",
        "until": (start + timedelta(hours=2)).isoformat(),
        "why": "hot",
        "who": "Bo",
    }
    result = turn(overrides=[order])
    assert all(row["pumps"]["1.2"] == 0 for row in result["schedule"][:8])
    (notice,) = [notice for notice in result["notices"] if notice["code"] == "override_in_force"]
    assert "by Bo: hot" in notice["message"]


def test_a_level_off_the_plan_is_told(turn: Callable[..., dict[str, Any]]) -> None:
    assert "level_off_plan" in codes(turn(expected_level_m=2.55))
    assert "level_off_plan" not in codes(turn(expected_level_m=2.45))


def test_nothing_measured_but_a_level_is_enough_to_plan_safely(turn: Callable[..., dict[str, Any]]) -> None:
    result = turn({"level_m": [2.0], "inflow_m3_per_h": [None], "outflow_m3_per_h": [None]})
    assert (result["safe"], result["belief"]["model"]) == (True, "none")


def test_inflow_not_measured_follows_from_level_and_outflow() -> None:
    told = {"level_m": [3.0, 3.1, None], "inflow_m3_per_h": [None, None, 99.0], "outflow_m3_per_h": [None, 4000.0, 1.0]}
    history = telemetry.inflow_history(TUNNEL, told)
    risen_m3 = 2500 * ((3.1 - 0.4) ** 2 - (3.0 - 0.4) ** 2)
    assert history[0] is None
    assert history[1] == pytest.approx(4000.0 + risen_m3 * 4)
    assert history[2] == 99.0


def test_a_silent_level_is_carried_on_by_inflow_and_the_plan() -> None:
    """Given an hour of silence with one large pump planned, the volume changes by what came less what it lifts."""
    start = scenario.EPOCH + timedelta(hours=1)
    plan = [
        {"time": (scenario.EPOCH + timedelta(minutes=15 * step)).isoformat(), "pumps": {"1.2": 49.0, "1.3": 0.0}}
        for step in range(4)
    ]
    capacity = tabulate(TUNNEL)
    level = telemetry.carry_on(TUNNEL, capacity, 2.0, np.full(4, 5000.0), start, plan)
    flow = float(capacity.at(2500 * 1.6**2 + 350)[0][0])
    expected = 2500 * (2.0 - 0.4) ** 2 + 5000.0 - flow
    assert 2500 * (level - 0.4) ** 2 == pytest.approx(expected, rel=0.01)
    assert telemetry.carry_on(TUNNEL, capacity, 2.0, np.full(4, 5000.0), start, []) == pytest.approx(2.0)

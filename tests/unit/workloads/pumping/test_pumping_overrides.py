from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from marshmallow import ValidationError

from core.workloads.pumping import kinds, optimization, scenario

STEPS = 32


def request(**changes: Any) -> dict[str, Any]:
    raw = {**scenario.params(scenario.EPOCH, STEPS, 1), "effort": "fresh", "dry": None, **changes}
    loaded: Any = kinds.OPTIMIZE.params().load(deepcopy(raw))
    return dict(loaded)


def order(pump: str, action: str, hours: float) -> dict[str, Any]:
    until = (scenario.EPOCH + timedelta(hours=hours)).isoformat()
    return {"pump": pump, "action": action, "until": until, "who": "shift leader", "why": "seal leaks"}


@pytest.mark.parametrize(
    ("pump", "action", "runs"), [("2.4", "on", True), ("1.2", "off", False), ("1.2", "out", False), ("1.2", "on", True)]
)
def test_the_plan_respects_an_override_until_it_ends(pump: str, action: str, runs: bool) -> None:  # noqa: FBT001 - drawn
    result = optimization.recommend(request(overrides=[order(pump, action, 5.0)]))
    assert result["status"] == "feasible"
    assert [row["pumps"][pump] > 0 for row in result["schedule"][:20]] == [runs] * 20
    assert {finding["rule"]: finding["violations"] for finding in result["audit"]}["override"] == 0
    assert not any(finding["violations"] for finding in result["audit"])


def test_a_switch_by_order_is_counted_and_says_who_ordered_it() -> None:
    result = optimization.recommend(request(overrides=[order("2.4", "on", 5.0)]))
    (entry,) = (entry for entry in result["explanation"] if entry["pump"] == "2.4" and entry["action"] == "start")
    assert entry["time"] == "2025-03-03T00:00:00"
    assert "shift leader: seal leaks" in entry["reason"]
    assert len(result["explanation"]) == result["kpis"]["starts"] + result["kpis"]["stops"]


def test_an_override_that_has_ended_changes_nothing() -> None:
    plain, ended = (optimization.recommend(request(overrides=orders)) for orders in ([], [order("1.2", "out", 0.0)]))
    assert plain == ended


def test_orders_that_no_plan_can_follow_name_the_rule() -> None:
    every = [order(name, "off", 4.0) for name in ("1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4")]
    result = optimization.recommend(request(overrides=every))
    assert result["status"] == "infeasible"
    assert result["infeasible_rule"] == "pumps_running"
    assert result["warnings"]


@pytest.mark.parametrize(
    ("orders", "where"),
    [
        ([order("9.9", "on", 1.0)], "pump"),
        ([order("1.1", "on", 1.0), order("1.1", "off", 1.0)], "pump"),
        ([{**order("1.1", "on", 1.0), "until": "2025-03-03T05:00:00+00:00"}], "until"),
        ([{**order("1.1", "on", 1.0), "action": "dance"}], "action"),
    ],
)
def test_bad_overrides_are_refused_by_field(orders: list[dict[str, Any]], where: str) -> None:
    with pytest.raises(ValidationError) as caught:
        request(overrides=orders)
    messages: Any = caught.value.messages
    assert list(messages["overrides"][len(orders) - 1]) == [where]


def test_a_repair_goes_on_from_the_plan_so_far() -> None:
    fresh = optimization.recommend(request())
    mended = optimization.recommend(request(effort="repair", previous={"schedule": fresh["schedule"]}))
    assert mended["solver"] == "repair"
    assert mended["objective_eur"] <= fresh["objective_eur"] + 1e-9
    assert mended["gap"] is None


def test_a_repair_that_cannot_keep_the_rules_plans_afresh() -> None:
    fresh = optimization.recommend(request())
    flooded = [value + 6000.0 for value in request()["inflow_m3_per_h"]]
    again = optimization.recommend(
        request(effort="repair", previous={"schedule": fresh["schedule"]}, inflow_m3_per_h=flooded)
    )
    assert again["solver"] == "dynamic_programming"
    assert not any(finding["violations"] for finding in again["audit"] if finding["hard"])

"""A plant of another shape: two tanks in series, other pumps, from document to plan, audit, simulation and plot."""

from copy import deepcopy
from itertools import pairwise
from typing import Any

import pytest
from marshmallow import ValidationError

from core.jobs.context import MemoryRecorder
from core.workloads.pumping import kinds, optimization, plant, scenario, simulation

STEPS = 40


def request(**changes: Any) -> dict[str, Any]:
    raw = scenario.params(scenario.EPOCH, STEPS, 1)
    raw |= {
        "plant": "two_tanks",
        "inflow_m3_per_h": [value / 10.0 for value in raw["inflow_m3_per_h"]],
        "dry": None,
        "weights": {"start_eur": 0.5, "flow_band": None},
        "state": {
            "level_m": 2.0,
            "downstream_levels_m": [2.5],
            "pumps": {"L1": {"on": True, "minutes_since_switch": 300}, "B1": {"on": True}},
        },
    }
    return raw | changes


def loaded(raw: dict[str, Any], kind: Any = kinds.OPTIMIZE) -> Any:
    return kind.params().load(deepcopy(raw))


@pytest.fixture(scope="module")
def solved(attempt: Any) -> tuple[dict[str, Any], MemoryRecorder]:
    recorder = MemoryRecorder()
    return optimization.compute(loaded(request()), attempt(recorder)), recorder


def test_the_plan_keeps_every_rule_of_both_stations_and_has_a_bound(solved: Any) -> None:
    result, _ = solved
    assert kinds.OPTIMIZE.result().validate(result) == {}
    rules = [finding["rule"] for finding in result["audit"]]
    assert "hill.level_max" in rules
    assert "transfer" in rules
    assert [finding for finding in result["audit"] if finding["violations"]] == []
    assert 0 < result["lower_bound_eur"] <= result["objective_eur"]
    assert result["kpis"]["adjusted_cost_eur"] < result["baseline"]["adjusted_cost_eur"]
    parts = dict(result["savings"])
    total = parts.pop("total_eur")
    assert sum(parts.values()) == pytest.approx(total)


def test_what_the_first_pumps_is_what_the_second_gets(solved: Any) -> None:
    result, _ = solved
    rows = result["schedule"]
    assert set(rows[0]["pumps"]) == {"L1", "L2", "L3", "B1", "B2", "J1"}
    for before, row in pairwise(rows):
        (was,), (now,) = before["downstream"], row["downstream"]
        assert now["inflow_m3_per_h"] == row["outflow_m3_per_h"]
        change = (now["inflow_m3_per_h"] - now["outflow_m3_per_h"]) * 0.25
        assert abs(now["volume_m3"] - was["volume_m3"] - change) < 1e-6


def test_both_stations_are_drawn(solved: Any) -> None:
    _, recorder = solved
    assert set(recorder.artifacts) == {"plan.png", "plan.svg", "hill-plan.png", "hill-plan.svg"}


def test_simulating_the_plan_gives_its_cost(solved: Any, attempt: Any) -> None:
    result, _ = solved
    raw = request()
    shared = ("plant", "start", "step_minutes", "state", "inflow_m3_per_h", "price_eur_per_mwh")
    plan = {name: [row["pumps"][name] for row in result["schedule"]] for name in result["schedule"][0]["pumps"]}
    simulated = simulation.compute(
        loaded({**{key: raw[key] for key in shared}, "plan": plan}, kinds.SIMULATE), attempt()
    )
    assert kinds.SIMULATE.result().validate(simulated) == {}
    assert simulated["energy_cost_eur"] == pytest.approx(result["energy_cost_eur"], rel=1e-9)
    assert simulated["violations"] == 0
    assert simulated["mass_balance_residual_m3"] < 1e-6


def test_an_override_downstream_is_respected() -> None:
    until = "2025-03-03T04:00:00"
    orders = [{"pump": "J1", "action": "on", "until": until}]
    result = optimization.recommend(loaded(request(effort="fresh", overrides=orders)))
    assert all(row["pumps"]["J1"] > 0 for row in result["schedule"][:16])
    assert all(finding["violations"] == 0 for finding in result["audit"] if finding["rule"].endswith("override"))


@pytest.mark.parametrize("levels", [[], [9.9], [2.0, 2.0]])
def test_levels_downstream_are_asked_for_and_checked(levels: list[float]) -> None:
    state = {**request()["state"], "downstream_levels_m": levels}
    with pytest.raises(ValidationError) as caught:
        loaded(request(state=state))
    messages: Any = caught.value.messages
    assert list(messages["state"]) == ["downstream_levels_m"]


def test_pumps_of_different_stations_have_different_names() -> None:
    assert len({pump.name for pump in plant.load("two_tanks").all_pumps}) == 6

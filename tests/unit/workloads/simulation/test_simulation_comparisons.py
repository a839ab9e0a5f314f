"""Scenarios beside a baseline on the same draws, and parameters found from what was measured."""

from typing import Any

import numpy as np
import pytest
from marshmallow import ValidationError

from core.canonical import canonical_json
from core.errors import field_errors
from core.jobs.context import MemoryRecorder
from core.workloads.simulation import calibrating, comparing, kinds
from core.workloads.simulation.calibrating import CalibrationFailed
from tests.unit.workloads.simulation.runs import DECAY, changed, context, course, resumed, run

BASE: dict[str, Any] = {
    "model": "inventory",
    "members": 200,
    "horizon": 40,
    "seed": 3,
    "outputs": ["inventory", "orders"],
    "plots": False,
}
LEAN = {"name": "lean", "changes": {"parameters": {"wanted_cover": 3}}}
SAME = {"name": "same", "changes": {"parameters": {"jump": 20}}}


def compare(recorder: MemoryRecorder | None = None, base: Any = None, scenarios: Any = (LEAN, SAME)) -> dict[str, Any]:
    given = {"base": {**BASE, **(base or {})}, "scenarios": list(scenarios)}
    return comparing.compute(kinds.COMPARE.params().load(given), context(recorder))


def calibrate(recorder: MemoryRecorder | None = None, **given: Any) -> dict[str, Any]:
    loaded = kinds.CALIBRATE.params().load({**kinds.CALIBRATE.example, "plots": False, **given})
    return calibrating.compute(loaded, context(recorder))


def refused(kind: Any, **given: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        kind.params().load(given)
    return {each.pointer: each.detail for each in field_errors(caught.value.messages)}


def test_each_side_is_the_run_that_it_would_be_alone() -> None:
    result = compare()
    assert result["base"]["series"] == run(**BASE)["series"]
    alone = run(**BASE, parameters={"wanted_cover": 3})
    assert result["scenarios"][0]["series"] == alone["series"]
    assert result["scenarios"][0]["events"] == alone["events"]


def test_a_scenario_that_changes_nothing_differs_by_nothing() -> None:
    """All draws are shared, so that each member's difference is exactly nothing."""
    same = compare()["scenarios"][1]
    assert {value for one in same["differences"] for band in one["bands"] for value in band} == {0.0}
    assert [(one["share_above"], one["share_below"]) for one in same["differences"]] == [(0.0, 0.0)] * 2


def test_differences_are_surer_than_what_they_are_of() -> None:
    """Chance that both sides share cancels: the band of the difference is far narrower than each side's own."""
    lean = compare()["scenarios"][0]

    def width(one: Any) -> float:
        return float(one["bands"][-1][-1] - one["bands"][0][-1])

    assert width(lean["differences"][0]) < 0.3 * width(lean["series"][0])
    assert lean["differences"][0]["share_below"] == 1.0
    assert lean["differences"][0]["mean"][-1] == pytest.approx(
        lean["series"][0]["mean"][-1] - compare()["base"]["series"][0]["mean"][-1]
    )


def test_a_comparison_is_resumed_with_the_same_bytes() -> None:
    whole = canonical_json(compare())
    assert [resumed(compare, lives) == whole for lives in (1, 3)] == [True] * 2


def test_agents_and_graphs_are_compared_as_well() -> None:
    base = {"agents": {"population": "sir", "agents": 500}, "members": 10, "horizon": 40, "plots": False}
    apart = {"name": "apart", "changes": {"agents": {"contacts": 0.15}}}
    given = kinds.COMPARE.params().load({"base": base, "scenarios": [apart]})
    (scenario,) = comparing.compute(given, context())["scenarios"]
    assert scenario["differences"][0]["share_above"] == 1.0


@pytest.mark.parametrize(
    ("scenario", "pointer"),
    [
        ({"name": "base", "changes": {"shocks": []}}, "/scenarios/0/name"),
        ({"name": "a", "changes": {}}, "/scenarios/0/changes"),
        ({"name": "a", "changes": {"members": 3}}, "/scenarios/0/changes/members"),
        ({"name": "a", "changes": {"parameters": 3}}, "/scenarios/0/changes/parameters"),
        ({"name": "a", "changes": {"parameters": {"cover": 3}}}, "/scenarios/0/changes/parameters/cover"),
        ({"name": "a", "changes": {"shocks": [{"at": 1, "amount": 2}]}}, "/scenarios/0/changes/shocks/0/target"),
        ({"name": "a", "changes": {"agents": {"population": "sir"}}}, "/scenarios/0/changes/model"),
    ],
)
def test_scenarios_that_are_none_are_told(scenario: dict[str, Any], pointer: str) -> None:
    assert pointer in refused(kinds.COMPARE, base=BASE, scenarios=[scenario])


def test_a_base_that_is_no_run_is_told() -> None:
    assert "/base/horizon" in refused(kinds.COMPARE, base={**BASE, "horizon": 0}, scenarios=[LEAN])
    many = [{**LEAN, "name": str(number)} for number in range(10)]
    assert "/base/members" in refused(kinds.COMPARE, base={**BASE, "members": 30_000}, scenarios=many)


def test_exact_measurements_give_back_the_parameters() -> None:
    given = {"contacts": 0.45, "duration": 6.0}
    result = run(model="sir", parameters=given, points=81)
    values = {name: course(result, name).tolist() for name in ("infected", "recovered")}
    values["infected"][3] = None
    found = calibrate(
        model="sir",
        measured={"times": [time + 0.1 for time in result["times"][:-1]], "values": _interpolated(result, values)},
        sought={"contacts": {"low": 0.05, "high": 2}, "duration": {"low": 1, "high": 30}},
    )
    assert {one["name"]: one["value"] for one in found["estimates"]} == pytest.approx(given, rel=2e-4)
    assert found["told_apart"]
    assert found["starts_at_best"] >= 6


def _interpolated(result: dict[str, Any], values: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return values a little behind each moment, as a straight line has them within a step."""
    fine = run(model="sir", parameters={"contacts": 0.45, "duration": 6.0}, points=641)
    told = {name: np.interp(np.array(result["times"][:-1]) + 0.1, fine["times"], course(fine, name)) for name in values}
    return {
        name: [None if values[name][place] is None else float(value) for place, value in enumerate(column)]
        for name, column in told.items()
    }


def test_standard_errors_cover_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    times = np.linspace(0, 4, 41)
    covered = []
    for _ in range(40):
        noisy = 8 * np.exp(-0.5 * times) + 0.2 * rng.standard_normal(41)
        found = calibrate(
            model=DECAY,
            method="rk4",
            dt=0.1,
            measured={"times": times.tolist(), "values": {"level": noisy.tolist()}},
            sought={"rate": {"low": 0.1, "high": 2}},
            starts=2,
        )
        (rate,) = found["estimates"]
        covered.append(abs(rate["value"] - 0.5) < 1.96 * rate["standard_error"])
    assert 34 <= sum(covered) <= 40


def test_parameters_that_nothing_tells_apart_are_said_to_be_so() -> None:
    model = changed(
        DECAY, flows={"loss": {"from": "level", "equation": "rate * more * level"}}, parameters={"more": {"value": 1}}
    )
    found = calibrate(
        model=model,
        measured={"times": [0, 1, 2, 3], "values": {"level": [8, 5, 3, 2]}},
        sought={"rate": {"low": 0.1, "high": 1}, "more": {"low": 0.5, "high": 2}},
    )
    assert not found["told_apart"]
    assert [one["standard_error"] for one in found["estimates"]] == [None, None]
    assert found["correlations"] is None


def test_a_bound_that_holds_a_parameter_is_told() -> None:
    found = calibrate(sought={"rate": {"low": 0.3, "high": 0.5}})
    assert found["estimates"][0] == {**found["estimates"][0], "at_bound": True, "value": 0.3}


def test_a_model_that_always_diverges_cannot_be_calibrated() -> None:
    model = changed(DECAY, flows={"loss": {"to": "level", "equation": "rate * level ^ 4"}})
    measured = {"times": [0, 4], "values": {"level": [8, 9]}}
    with pytest.raises(CalibrationFailed):
        calibrate(model=model, measured=measured, sought={"rate": {"low": 1, "high": 2}})


def test_a_calibration_is_resumed_with_the_same_bytes() -> None:
    whole = canonical_json(calibrate())
    assert [resumed(calibrate, lives) == whole for lives in (1, 5)] == [True] * 2


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"sought": {}}, "/sought"),
        ({"sought": {"rates": {"low": 0, "high": 1}}}, "/sought/rates"),
        ({"sought": {"rate": {"low": 1, "high": 1}}}, "/sought/rate/high"),
        ({"parameters": {"rate": 1}}, "/parameters/rate"),
        ({"measured": {"times": [0, 1], "values": {"population": [1]}}}, "/measured/values/population"),
        ({"measured": {"times": [1, 1], "values": {"population": [1, 2]}}}, "/measured/times/1"),
        ({"measured": {"times": [0, 1], "values": {"people": [1, 2]}}}, "/measured"),
        ({"measured": {"times": [0, 1, 99], "values": {"population": [1, 2, 3]}}}, "/measured/times/2"),
        ({"measured": {"times": [0, 1], "values": {"population": [1, 2]}}}, "/measured"),
        ({"measured": {"times": [0, 1], "values": {"population": [None, None]}}}, "/measured/values/population"),
        ({"members": 5}, "/members"),
    ],
)
def test_calibrations_that_cannot_be_are_told(given: dict[str, Any], pointer: str) -> None:
    assert pointer in refused(kinds.CALIBRATE, **{**kinds.CALIBRATE.example, **given})

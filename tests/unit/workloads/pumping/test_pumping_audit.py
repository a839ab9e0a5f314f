from copy import deepcopy
from typing import Any

import pytest

from core.workloads.pumping import kinds, plant, simulation
from core.workloads.pumping.audit import audit

TUNNEL = plant.load("tunnel")


@pytest.fixture(scope="module")
def sound(attempt: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    loaded: Any = kinds.SIMULATE.params().load(kinds.SIMULATE.example)
    rows = simulation.compute(loaded, attempt())["schedule"]
    return {**loaded, "dry": None, "weights": {"flow_band": None}}, rows


def violations(params: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, int]:
    return {finding["rule"]: finding["violations"] for finding in audit(TUNNEL, params, rows) if finding["violations"]}


def test_a_sound_schedule_passes(sound: Any) -> None:
    assert violations(*sound) == {}


@pytest.mark.parametrize(
    ("rule", "column", "inside", "outside"),
    [
        ("level_max", "level_m", 8.0, 8.001),
        ("level_alarm", "level_m", 7.2, 7.201),
        ("outflow_max", "outflow_m3_per_h", 16000.0, 16000.1),
    ],
)
def test_limits_are_broken_just_outside(sound: Any, rule: str, column: str, inside: float, outside: float) -> None:
    params, rows = sound
    for value, broken in ((inside, 0), (outside, 1)):
        planted = deepcopy(rows)
        planted[3][column] = value
        assert violations(params, planted).get(rule, 0) == broken


@pytest.mark.parametrize(("hz", "rule"), [(47.79, "frequency_min"), (50.01, "frequency_max")])
def test_frequency_outside_its_range_is_caught(sound: Any, hz: float, rule: str) -> None:
    params, rows = sound
    planted = deepcopy(rows)
    planted[3]["pumps"]["1.1"] = hz
    assert violations(params, planted) == {rule: 1}


def test_no_pump_running_is_caught(sound: Any) -> None:
    params, rows = sound
    planted = deepcopy(rows)
    planted[-1]["pumps"] = dict.fromkeys(planted[-1]["pumps"], 0.0)
    assert violations(params, planted)["pumps_running"] == 1


def test_hold_is_measured_from_the_switch_before_the_start(sound: Any) -> None:
    params, rows = deepcopy(sound)
    for row in rows[4:]:
        row["pumps"]["1.1"] = 0.0
    params["state"]["pumps"]["1.1"]["minutes_since_switch"] = 60
    assert violations(params, rows) == {}
    params["state"]["pumps"]["1.1"]["minutes_since_switch"] = 59
    assert violations(params, rows) == {"hold": 1}


def test_a_short_run_is_caught(sound: Any) -> None:
    params, rows = deepcopy(sound)
    for row in rows[2:9]:
        row["pumps"]["2.2"] = 49.0
    assert violations(params, rows) == {"hold": 1}


def test_a_pump_out_of_service_is_caught(sound: Any) -> None:
    params, rows = deepcopy(sound)
    params["state"]["pumps"]["2.3"]["available"] = False
    assert violations(params, rows)["available"] == 8


def test_invented_water_is_caught(sound: Any) -> None:
    params, rows = deepcopy(sound)
    rows[5]["outflow_m3_per_h"] += 0.01
    assert violations(params, rows) == {"mass_balance": 1}


def test_a_level_that_does_not_belong_to_its_volume_is_caught(sound: Any) -> None:
    params, rows = deepcopy(sound)
    rows[5]["level_m"] += 0.01
    assert violations(params, rows) == {"mass_balance": 1}


def test_a_missed_emptying_and_a_left_band_are_caught(sound: Any) -> None:
    params, rows = deepcopy(sound)
    params = {**params, "dry": [True] * len(rows), "step_minutes": 60, "weights": {"flow_band": 1.2}}
    for lowest, missed in ((0.5, 1), (0.499, 0)):
        for row in rows:
            row["level_m"] = max(lowest, row["level_m"])
        rows[-1]["level_m"] = lowest
        assert violations(params, rows).get("emptying", 0) == missed
    assert violations(params, rows)["flow_band"] > 0

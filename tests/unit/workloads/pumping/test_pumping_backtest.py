"""Back-tests look at nothing that was not known, go on where they were, and beat the level rule on recorded days."""

import itertools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.pumping import backtest, backtest_day, kinds, optimization, scenario, whatif
from core.workloads.pumping.recording import SeriesInvalid

Attempt = Callable[..., JobContext]
RECORDED = Path(__file__).parents[5] / "shared" / "data" / "pumping" / "tunnel_days_01_10.csv"


def a_day(attempt: Attempt, **changes: Any) -> dict[str, Any]:
    asked: Any = kinds.BACKTEST_DAY.params().load(json.loads(json.dumps({**kinds.BACKTEST_DAY.example, **changes})))
    return backtest_day.compute(asked, attempt())


def test_what_comes_later_changes_nothing_before_it(attempt: Attempt) -> None:
    """Given a storm after three hours, the first three hours are operated the same to the last digit."""
    inflow = list(kinds.BACKTEST_DAY.example["inflow_m3_per_h"])
    calm, stormy = a_day(attempt), a_day(attempt, inflow_m3_per_h=inflow[:12] + [flow + 9000.0 for flow in inflow[12:]])
    assert calm["rows"][:12] == stormy["rows"][:12]
    assert calm["rows"][12:] != stormy["rows"][12:]
    foreseen = [
        a_day(attempt, mode="perfect", horizon_h=6, inflow_m3_per_h=flows)["rows"][:12]
        for flows in (inflow, inflow[:12] + [flow + 9000.0 for flow in inflow[12:]])
    ]
    assert foreseen[0] != foreseen[1]


def test_every_step_balances_across_plans(attempt: Attempt) -> None:
    rows = a_day(attempt)["rows"]
    assert len(rows) == 24
    for before, row in itertools.pairwise(rows):
        change = (row["inflow_m3_per_h"] - row["outflow_m3_per_h"]) / 4
        assert abs(row["volume_m3"] - before["volume_m3"] - change) < 1e-6


def recorded_params(rows: list[dict[str, Any]] | None = None, **changes: Any) -> Any:
    series = {"rows": rows or scenario.recorded_operation(scenario.EPOCH, 3 * 96, 1)}
    return kinds.BACKTEST.params().load({"series": series, "first_day": "2025-03-04", "horizon_h": 6, **changes})


def pretend(kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Stand in for a day's job: hold what comes in with one large pump."""
    assert kind == "pumping.backtest_day"
    rows = [
        {
            "time": f"{params['start'][:11]}{step // 4:02}:{step % 4 * 15:02}:00",
            "level_m": 2.2,
            "volume_m3": 8450.0,
            "inflow_m3_per_h": flow,
            "outflow_m3_per_h": flow,
            "power_kw": 400.0,
            "pumps": {name: 49.0 if name == "1.2" else 0.0 for name in params["state"]["pumps"]},
        }
        for step, flow in enumerate(params["inflow_m3_per_h"][:96])
    ]
    planning = {"fresh": 24, "repaired": 0, "fallbacks": 0, "relaxed": 0}
    return {"rows": rows, "state": params["state"], "planning": planning}


def test_days_follow_one_another_and_are_asked_for_alike_each_time(attempt: Attempt) -> None:
    """A job that starts again from its top asks for the same days, so that those that are done count."""
    asked: list[list[str]] = []
    for _ in range(2):
        seen: list[str] = []

        def shard(kind: str, params: Mapping[str, Any], seen: list[str] = seen) -> dict[str, Any]:
            seen.append(json.dumps(params, sort_keys=True))
            return pretend(kind, params)

        result = backtest.compute(recorded_params(), attempt(MemoryRecorder(compute_shard=shard)))
        asked.append(seen)
    assert asked[0] == asked[1]
    assert [json.loads(one)["start"][:10] for one in asked[0]] == ["2025-03-04", "2025-03-05"]
    assert all(len(json.loads(one)["inflow_m3_per_h"]) == 96 for one in asked[0])
    assert [day["date"] for day in result["days"]] == ["2025-03-04", "2025-03-05"]
    assert [day["dry"] for day in result["days"]] == [True, False]


class _Killed(Exception):
    """The worker is gone."""


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_a_back_test_killed_within_its_second_day_ends_with_the_same_bytes(attempt: Attempt) -> None:
    """Days that were done are kept as the platform keeps them, as JSON; the day that was cut short begins anew."""
    kept: dict[str, str] = {}
    computed: list[str] = []

    def run(dies_on: str | None) -> tuple[str, dict[str, Any]]:
        def shard(_kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
            key = json.dumps(params, sort_keys=True)
            if key not in kept:
                day = params["start"][:10]
                computed.append(day)
                mortal = _Mortal() if day == dies_on else MemoryRecorder()
                asked: Any = kinds.BACKTEST_DAY.params().load(json.loads(key))
                kept[key] = json.dumps(backtest_day.compute(asked, attempt(mortal)))
            return dict(json.loads(kept[key]))

        recorder = MemoryRecorder(compute_shard=shard)
        result = backtest.compute(recorded_params(), attempt(recorder))
        return json.dumps(result), recorder.artifacts

    class _Mortal(MemoryRecorder):
        def progress(self, fraction: float, step: str, message: str, frame: Any = None) -> None:
            super().progress(fraction, step, message, frame)
            if len(self.progressed) >= 4:
                raise _Killed

    whole = run(None)
    kept.clear()
    computed.clear()
    with pytest.raises(_Killed):
        run("2025-03-05")
    assert run(None) == whole
    assert computed == ["2025-03-04", "2025-03-05", "2025-03-05"]


def test_figures_are_those_of_the_rows(attempt: Attempt) -> None:
    recorder = MemoryRecorder(compute_shard=pretend)
    result = backtest.compute(recorded_params(), attempt(recorder))
    prices = [row["price_normal_cent_per_kwh"] for row in scenario.recorded_operation(scenario.EPOCH, 3 * 96, 1)][96:]
    assert result["plan"]["energy_kwh"] == pytest.approx(400.0 * 48)
    assert result["plan"]["energy_cost_eur"] == pytest.approx(sum(prices) / 100 * 100.0)
    assert sum(day["plan"]["energy_kwh"] for day in result["days"]) == pytest.approx(result["plan"]["energy_kwh"])
    assert result["plan"]["dry_days_emptied"] == 0
    assert result["rule"]["dry_days_emptied"] == result["rule"]["dry_days"] == 1
    assert result["recorded"] is None
    assert {"backtest.csv", "backtest.png", "backtest.svg"} == set(recorder.artifacts)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tariff": "high"}, "Missing prices"),
        ({"days": 3}, "holds 2 complete days"),
        ({"first_day": "2025-03-01"}, "/first_day: 2025-03-01 is no complete day"),
        ({"first_day": "2025-03-20"}, "which holds 2025-03-03T00:00:00 to"),
    ],
)
def test_what_the_series_does_not_hold_is_refused(attempt: Attempt, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(SeriesInvalid, match=words):
        backtest.compute(recorded_params(**changes), attempt(MemoryRecorder(compute_shard=pretend)))


def test_a_long_gap_and_a_state_above_the_highest_level_are_refused(attempt: Attempt) -> None:
    rows = scenario.recorded_operation(scenario.EPOCH, 3 * 96, 1)
    with pytest.raises(SeriesInvalid, match="A gap of 2 h"):
        backtest.compute(recorded_params(rows[:100] + rows[108:]), attempt(MemoryRecorder(compute_shard=pretend)))
    rows[95]["level_m"] = 8.2
    with pytest.raises(SeriesInvalid, match="Impossible state"):
        backtest.compute(recorded_params(rows), attempt(MemoryRecorder(compute_shard=pretend)))


def test_what_if_plans_each_scenario_and_says_which_points_are_worth_having(attempt: Attempt) -> None:
    def shard(_kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
        asked: Any = kinds.OPTIMIZE.params().load(dict(params))
        return optimization.recommend(asked)

    scenarios = [
        {"name": "dear", "price_factor": 2.0},
        {"name": "wet", "inflow_factor": 1.3},
        {"name": "fewer", "pumps_out": ["1.2", "1.3"]},
    ]
    base = {**scenario.params(scenario.EPOCH, 24, 1), "effort": "fresh"}
    asked: Any = kinds.WHATIF.params().load({"base": base, "scenarios": scenarios, "flow_bands": [1.3, 3.0]})
    result = whatif.compute(asked, attempt(MemoryRecorder(compute_shard=shard)))
    dear, wet, fewer = result["scenarios"]
    assert dear["dearer_eur"] == pytest.approx(result["base"]["adjusted_cost_eur"], rel=0.1)
    assert wet["energy_kwh"] > result["base"]["energy_kwh"]
    assert fewer["violations"] == 0
    assert any(not point["dominated"] for point in result["front"])
    assert whatif.changed(base, {**whatif_defaults(), "inflow_added_m3_per_h": -1e5})["inflow_m3_per_h"] == [0.0] * 24


def whatif_defaults() -> dict[str, Any]:
    loaded: Any = kinds.WHATIF.params().fields["scenarios"].deserialize([{"name": "x"}])
    return dict(loaded[0])


@pytest.mark.deep
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("tariff", "saved"), [("normal", 0.35), ("high", 0.30)])
def test_on_recorded_days_plans_by_forecasts_beat_the_level_rule(attempt: Attempt, tariff: str, saved: float) -> None:
    if not RECORDED.is_file():
        pytest.skip(f"no recorded days at {RECORDED}")

    def shard(_kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
        asked: Any = kinds.BACKTEST_DAY.params().load(json.loads(json.dumps(params)))
        return backtest_day.compute(asked, attempt())

    with RECORDED.open("rb") as stream:
        recorder = MemoryRecorder(compute_shard=shard, inputs={"series": stream})
        asked: Any = kinds.BACKTEST.params().load({"series": {"artifact": "series"}, "tariff": tariff})
        result = backtest.compute(asked, attempt(recorder))
    assert result["saved_against_rule"] >= saved
    assert result["plan"]["violations"] == 0
    assert result["plan"]["max_level_m"] <= 7.2
    assert result["plan"]["dry_days_emptied"] == result["plan"]["dry_days"] == 6

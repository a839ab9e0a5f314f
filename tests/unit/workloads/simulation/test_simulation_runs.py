"""Runs: what happens at which step, what is told of it, and that a resumed run is the same run."""

import csv
import io
from typing import Any

import numpy as np
import pytest

from core.canonical import canonical_json
from core.jobs.context import AttemptStopped, MemoryRecorder, StopReason
from core.workloads.simulation.document import METHODS
from core.workloads.simulation.simulating import SimulationDiverged
from tests.unit.workloads.simulation.runs import DECAY, Killed, Mortal, changed, course, run

RULED: dict[str, Any] = {
    "model": "inventory",
    "members": 40,
    "horizon": 60,
    "shocks": [
        {"at": 30, "target": "inventory", "change": "multiply", "amount": 0.5},
        {"at": 25, "target": "usual_demand", "amount": 30, "for": 10},
    ],
    "policies": [
        {
            "name": "hurry",
            "parameter": "adjustment_time",
            "value": "0.5 * adjustment_time",
            "when": "inventory < wanted_inventory",
        }
    ],
    "watch": [{"name": "swollen line", "when": "supply_line > 1.2 * delivery_time * usual_demand"}],
}
"""A run with everything in it."""


def test_a_stock_is_moved_by_what_flows() -> None:
    """Euler's method by hand: each step of half an hour leaves three quarters."""
    result = run(model=DECAY, method="euler")
    assert result["times"] == [0.5 * step for step in range(9)]
    assert course(result, "level") == pytest.approx(8 * 0.75 ** np.arange(9), rel=1e-12)
    assert course(result, "loss") == pytest.approx(0.5 * course(result, "level"))


def test_a_shock_of_a_stock_falls_at_its_step() -> None:
    shocks = [
        {"at": 1.1, "target": "level", "amount": 4},
        {"at": 2, "target": "level", "change": "multiply", "amount": 2},
        {"at": 4, "target": "level", "change": "set", "amount": 1},
    ]
    level = course(run(model=DECAY, method="euler", shocks=shocks), "level")
    wanted = [8.0, 6.0, 8.5, 6.375, 9.5625, 7.171875, 5.37890625, 4.0341796875, 1.0]
    assert level == pytest.approx(wanted, rel=1e-12)


def test_a_shock_of_a_parameter_lasts_as_long_as_it_says() -> None:
    shocks = [{"at": 1, "target": "rate", "change": "set", "amount": 0, "for": 1}]
    level = course(run(model=DECAY, method="euler", shocks=shocks), "level")
    assert level[2:5] == pytest.approx([4.5, 4.5, 4.5])
    assert level[5] == pytest.approx(3.375)
    for_good = [{"at": 1, "target": "rate", "change": "set", "amount": 0}]
    assert course(run(model=DECAY, method="euler", shocks=for_good), "level")[-1] == pytest.approx(4.5)


def test_a_policy_holds_while_its_condition_does() -> None:
    stop = {"name": "stop", "parameter": "rate", "value": "0 * rate", "when": "level < 5"}
    result = run(model=DECAY, method="euler", policies=[stop])
    assert course(result, "level")[-1] == pytest.approx(4.5)
    (event,) = result["events"]
    assert (event["sort"], event["name"], event["share"], event["time"]["median"]) == ("policy", "stop", 1.0, 1.0)
    late = course(run(model=DECAY, method="euler", policies=[{**stop, "from": 2}]), "level")
    assert late[-1] == pytest.approx(8 * 0.75**4)
    short = course(run(model=DECAY, method="euler", policies=[{**stop, "until": 2}]), "level")
    assert short[-1] == pytest.approx(4.5 * 0.75**4)


def test_a_policy_does_not_feed_on_itself() -> None:
    """Its equation sees the parameter as it is without policies, however many steps it has held."""
    half = {"name": "half", "parameter": "rate", "value": "rate / 2"}
    assert course(run(model=DECAY, method="euler", policies=[half]), "level")[-1] == pytest.approx(8 * 0.875**8)


def test_a_condition_is_told_where_it_came_true() -> None:
    rate = {"distribution": "uniform", "low": 0.0, "high": 1.0}
    watch = [{"name": "below half", "when": "level < 4"}, {"name": "never", "when": "level > 9"}]
    below, never = run(model=DECAY, members=400, parameters={"rate": rate}, watch=watch)["events"]
    assert below["share"] == pytest.approx(1 - np.log(2) / 4, abs=0.06)
    assert 0.5 <= below["time"]["low"] < below["time"]["median"] < below["time"]["high"] <= 4
    assert never == {"sort": "watch", "name": "never", "share": 0.0, "time": None}


def test_members_draw_the_same_in_ensembles_of_any_size() -> None:
    def ends(members: int) -> list[float]:
        result = run(model="inventory", members=members, percentiles=[0.0, 1.0], outputs=["inventory"], horizon=10)
        return [band[-1] for band in result["series"][0]["bands"]]

    small, large = ends(2), ends(300)
    assert large[0] < small[0] < small[1] < large[1]
    pair = run(model="inventory", members=2, outputs=["inventory"], horizon=10)["series"][0]["mean"][-1]
    assert pair == pytest.approx(sum(small) / 2)


@pytest.mark.parametrize("method", METHODS)
def test_a_run_that_is_killed_and_resumed_gives_the_same_bytes(method: str) -> None:
    whole = MemoryRecorder()
    wanted = canonical_json(run(whole, **RULED, method=method))
    for lives in (1, 2, 4, 7):
        mortal = Mortal()
        mortal.lives = lives
        with pytest.raises(Killed):
            run(mortal, **RULED, method=method)
        heir = MemoryRecorder(snapshot=mortal.snapshot)
        assert canonical_json(run(heir, **RULED, method=method)) == wanted
        assert heir.artifacts == whole.artifacts
        assert [line[1] for line in heir.lines] == ["resumed from a snapshot"]
        assert len(heir.frames) < len(whole.frames) or lives == 1


def test_a_run_that_diverges_says_where_and_when() -> None:
    model = changed(DECAY, flows={"loss": {"to": "level", "equation": "level ^ 3"}})
    with pytest.raises(SimulationDiverged, match=r"'level' is no finite number in 1 of 1 members at time \d"):
        run(model=model, horizon=20)
    divided = changed(DECAY, auxiliaries={"odds": {"equation": "level / (level - 8)"}})
    with pytest.raises(SimulationDiverged, match="'odds' is no finite number in 1 of 1 members at time 0"):
        run(model=divided)


def test_frames_are_told_live_and_at_the_end() -> None:
    recorder = MemoryRecorder()
    result = run(recorder, model="sir", members=50, frames=5, points=161)
    assert [frame["time"] for frame in result["frames"]] == [0.0, 40.0, 80.0, 120.0, 160.0]
    assert recorder.frames[0]["values"].keys() == {one["name"] for one in result["series"]}
    assert len(recorder.frames) == len(result["times"])
    last = recorder.frames[-1]["values"]["infected"]
    assert last["low"] < last["median"] < last["high"]
    assert result["frames"][-1]["values"]["infected"] == pytest.approx(last)


def test_the_table_holds_what_the_result_does() -> None:
    recorder = MemoryRecorder()
    result = run(recorder, model="sir", members=20, outputs=["infected", "infection"])
    assert [one["name"] for one in result["series"]] == ["infected", "infection"]
    rows = list(csv.DictReader(io.StringIO(recorder.artifacts["series.csv"][0].decode())))
    assert [float(row["time"]) for row in rows] == result["times"]
    assert [float(row["infected:p95"]) for row in rows] == result["series"][0]["bands"][-1]


def test_it_stops_in_the_middle_when_asked() -> None:
    class Stopping(MemoryRecorder):
        def progress(self, fraction: float, step: str, message: str, frame: Any = None) -> None:
            super().progress(fraction, step, message, frame)
            self.stop = StopReason.CANCELLED if fraction > 0.3 else None

    recorder = Stopping()
    with pytest.raises(AttemptStopped):
        run(recorder, model="sir")
    assert 0.3 < recorder.progressed[-1][0] < 0.35


def test_a_seed_decides_and_the_jobs_own_stands_in() -> None:
    def end(**given: Any) -> float:
        return float(course(run(model="sir", members=5, horizon=40, **given), "infected")[-1])

    assert end(seed=7) == end() != end(seed=8)

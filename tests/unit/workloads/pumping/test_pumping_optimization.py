import json
import re
from collections.abc import Callable
from copy import deepcopy
from itertools import count, pairwise
from typing import Any

import numpy as np
import pytest

from core.jobs.context import AttemptStopped, JobContext, MemoryRecorder, StopReason
from core.workloads.pumping import kinds, optimization, scenario, simulation
from core.workloads.pumping.dynamics import costs, simulate
from core.workloads.pumping.problem import Counts, Problem, pose

Attempt = Callable[..., JobContext]


def optimize(raw: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Plan without refining the bound: a clock that runs away ends it at once."""
    loaded: Any = kinds.OPTIMIZE.params().load(raw)
    return optimization.compute(loaded, context, clock=count(step=1000.0).__next__)


def short(steps: int = 40, **changes: Any) -> dict[str, Any]:
    """Return a request cheap to solve: few pumps matter within a band and cells are few at ten hours."""
    return {**scenario.params(scenario.EPOCH, steps, 1), **changes}


@pytest.fixture(scope="module")
def solved(attempt: Attempt) -> tuple[dict[str, Any], MemoryRecorder]:
    recorder = MemoryRecorder()
    loaded: Any = kinds.OPTIMIZE.params().load(deepcopy(dict(kinds.OPTIMIZE.example)))
    return optimization.compute(loaded, attempt(recorder)), recorder


def test_example_gives_a_proven_plan_that_keeps_every_rule(solved: Any) -> None:
    result, _ = solved
    assert kinds.OPTIMIZE.result().validate(json.loads(json.dumps(result))) == {}
    assert result["status"] in {"optimal", "feasible"}
    assert result["relaxed"] == []
    assert [finding for finding in result["audit"] if finding["violations"]] == []
    assert 0 <= result["gap"] <= 0.02
    assert result["lower_bound_eur"] <= result["objective_eur"]
    assert len(json.dumps(result)) < 300_000


def test_plan_is_cheaper_than_the_rule_controller_and_the_parts_add_up(solved: Any) -> None:
    result, _ = solved
    saved = result["baseline"]["adjusted_cost_eur"] - result["kpis"]["adjusted_cost_eur"]
    parts = dict(result["savings"])
    assert saved > 0
    assert parts.pop("total_eur") == pytest.approx(saved)
    assert sum(parts.values()) == pytest.approx(saved)
    assert sum(result["objective"].values()) == pytest.approx(result["objective_eur"])


def test_balance_holds_in_every_step(solved: Any) -> None:
    result, _ = solved
    rows = result["schedule"]
    for before, row in pairwise(rows):
        change = (row["inflow_m3_per_h"] - row["outflow_m3_per_h"]) * 0.25
        assert abs(row["volume_m3"] - before["volume_m3"] - change) < 1e-6


def test_every_switch_is_explained(solved: Any) -> None:
    result, _ = solved
    kpis = result["kpis"]
    assert len(result["explanation"]) == kpis["starts"] + kpis["stops"]
    for entry in result["explanation"]:
        assert entry["saves_eur"] is not None or "at any other time" in entry["reason"]


def test_what_a_switch_is_said_to_save_is_what_the_plan_costs_more_with_that_switch_at_the_other_time(
    solved: Any,
) -> None:
    result, _ = solved
    loaded: Any = kinds.OPTIMIZE.params().load(deepcopy(dict(kinds.OPTIMIZE.example)))
    problem = pose(loaded)
    kind_of = {
        pump.name: [kind.name for kind in problem.plant.pump_kinds].index(pump.kind) for pump in problem.plant.pumps
    }
    times = [row["time"] for row in result["schedule"]]
    counts = np.zeros((problem.steps, len(problem.fleet)), dtype=np.int64)
    for step, row in enumerate(result["schedule"]):
        for name, hz in row["pumps"].items():
            counts[step, kind_of[name]] += hz > 0
    told = 0
    for entry in result["explanation"]:
        said = re.search(r"(\d+) minutes (later|earlier) would cost (-?[\d.]+) EUR more", entry["reason"])
        if said is None:
            assert re.search(r"the (hold of|emptying below|flow band|highest level|rules together)", entry["reason"])
            continue
        step, kind, shift = times.index(entry["time"]), kind_of[entry["pump"]], int(said[1]) // 15
        moved = counts.copy()
        if said[2] == "later":
            moved[step : step + shift, kind] = counts[step - 1, kind] if step else problem.counts0[kind]
        else:
            moved[step - shift : step, kind] = counts[step, kind]
        plan_eur, moved_eur = (_cost_eur(problem, plan) for plan in (counts, moved))
        assert moved_eur - plan_eur == pytest.approx(entry["saves_eur"], abs=1e-3)
        assert float(said[3]) == pytest.approx(entry["saves_eur"], abs=0.006)
        told += 1
    assert told >= len(result["explanation"]) / 4


def _cost_eur(problem: Problem, counts: Counts) -> float:
    return float(costs(problem, counts[None], simulate(problem, counts[None])).total[0])


def test_simulating_the_plan_gives_its_cost(solved: Any, attempt: Attempt) -> None:
    result, _ = solved
    example = kinds.OPTIMIZE.example
    shared = ("plant", "start", "step_minutes", "state", "inflow_m3_per_h", "price_eur_per_mwh")
    plan = {name: [row["pumps"][name] for row in result["schedule"]] for name in result["initial_pumps"]}
    loaded: Any = kinds.SIMULATE.params().load({**{key: example[key] for key in shared}, "plan": plan})
    simulated = simulation.compute(loaded, attempt())
    assert simulated["energy_cost_eur"] == pytest.approx(result["energy_cost_eur"], rel=1e-9)
    assert simulated["violations"] == 0


def test_plot_is_saved_and_progress_reported(solved: Any) -> None:
    _, recorder = solved
    assert recorder.artifacts["plan.png"][0].startswith(b"\x89PNG")
    assert b"<svg" in recorder.artifacts["plan.svg"][0][:2000]
    fractions = [fraction for fraction, _, _ in recorder.progressed]
    assert len(fractions) >= 10
    assert fractions[-1] == 1.0


def test_same_params_give_the_same_bytes(attempt: Attempt) -> None:
    recorders = [MemoryRecorder(), MemoryRecorder()]
    first, second = (optimize(short(24), attempt(recorder)) for recorder in recorders)
    assert json.dumps(first) == json.dumps(second)
    assert recorders[0].artifacts == recorders[1].artifacts


def test_time_limit_changes_the_bound_only(attempt: Attempt) -> None:
    loaded: Any = kinds.OPTIMIZE.params().load(short(16))
    hurried = optimize(short(16), attempt())
    patient = optimization.compute(loaded, attempt())
    assert not hurried["bound_complete"]
    assert patient["bound_complete"]
    assert hurried["schedule"] == patient["schedule"]


class _CancelledSoon(MemoryRecorder):
    """Asks for a stop after some reports."""

    def stop_asked(self) -> StopReason | None:
        return StopReason.CANCELLED if len(self.progressed) >= 25 else None


def test_cancel_stops_at_the_next_checkpoint(attempt: Attempt) -> None:
    recorder = _CancelledSoon()
    with pytest.raises(AttemptStopped):
        optimize(short(24), attempt(recorder))
    assert len(recorder.progressed) == 25
    assert recorder.artifacts == {}


def test_emptying_is_relaxed_first_when_inflow_forbids_it(attempt: Attempt) -> None:
    steps = 48
    inflow = [15_500.0] * steps
    weights = {"flow_band": None}
    result = optimize(short(steps, inflow_m3_per_h=inflow, dry=[True] * steps, weights=weights), attempt())
    assert result["status"] == "feasible"
    assert result["relaxed"] == ["emptying"]
    assert result["warnings"]


def test_prices_that_look_like_cents_per_kwh_are_planned_for_and_told(attempt: Attempt) -> None:
    wanted = short(12)
    cheap = [price / 10.0 for price in wanted["price_eur_per_mwh"]]
    told = [optimize({**wanted, "price_eur_per_mwh": one}, attempt())["warnings"] for one in (cheap, [-0.0] * 12)]
    assert "cents per kWh" in told[0][0]
    assert told[1] == []


def test_smoothness_is_relaxed_next(attempt: Attempt) -> None:
    steps = 24
    result = optimize(short(steps, inflow_m3_per_h=[900.0] * steps, weights={"flow_band": 1.1}), attempt())
    assert result["relaxed"] == ["smoothness"]
    assert all(finding["violations"] == 0 for finding in result["audit"] if finding["hard"])


def test_a_flood_is_infeasible_and_names_the_level(attempt: Attempt) -> None:
    steps = 48
    result = optimize(short(steps, inflow_m3_per_h=[30000.0] * steps), attempt())
    assert result["status"] == "infeasible"
    assert result["infeasible_rule"] == "level_max"
    assert result["solver"] == "rule"
    assert result["lower_bound_eur"] is None
    assert kinds.OPTIMIZE.result().validate(json.loads(json.dumps(result))) == {}


def test_a_pump_out_of_service_is_not_used(attempt: Attempt) -> None:
    raw = short(24)
    raw["state"]["pumps"]["1.2"] = {"on": True, "available": False}
    result = optimize(raw, attempt())
    assert all(row["pumps"]["1.2"] == 0 for row in result["schedule"])


def test_recorded_operation_is_compared(attempt: Attempt) -> None:
    steps = 24
    recorded = {"power_kw": [400.0] * steps, "outflow_m3_per_h": [3200.0] * steps, "level_m": [2.0] * steps}
    result = optimize(short(steps, recorded=recorded), attempt())
    assert result["recorded"]["energy_kwh"] == pytest.approx(400.0 * 6)
    assert result["recorded"]["mean_abs_flow_change_m3_per_h"] == 0

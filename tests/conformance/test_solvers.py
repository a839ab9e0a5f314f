"""Every solver of the pumping workload against exhaustive search on stations small enough for it."""

from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.workloads.pumping import plant
from core.workloads.pumping.assignment import assign
from core.workloads.pumping.configurations import allowed
from core.workloads.pumping.dynamics import costs, feasible, holds, simulate
from core.workloads.pumping.problem import Counts, Day, Problem, pose
from core.workloads.pumping.solvers import cell_bound, hold_prices
from core.workloads.pumping.solvers.base import Solver
from core.workloads.pumping.solvers.choice import MOST_TABULATED, Backed, planner
from core.workloads.pumping.solvers.count_milp import CountMilp
from core.workloads.pumping.solvers.dynamic_programming import DynamicProgramming, hasty
from core.workloads.pumping.solvers.rule import RuleController

STEPS = 5
NAMES = ("a", "b", "c")
SOLVERS: list[Solver] = [DynamicProgramming(), CountMilp(), RuleController()]

numbers = st.lists(st.integers(0, 7500), min_size=STEPS, max_size=STEPS)
prices = st.lists(st.integers(-20, 300), min_size=STEPS, max_size=STEPS)
pump_states = st.fixed_dictionaries(
    {
        name: st.fixed_dictionaries({"on": st.booleans(), "minutes_since_switch": st.sampled_from([0, 60, 500])})
        for name in NAMES
    }
)


def station(area_m2: float = 1500.0, hold_minutes: int = 120) -> dict[str, Any]:
    tunnel = plant.load("tunnel")
    kinds = [{name: getattr(kind, name) for name in kind.__dataclass_fields__} for kind in tunnel.pump_kinds]
    for kind in kinds:
        kind.update(head_m=list(kind["head_m"]), power_kw=list(kind["power_kw"]))
    return {
        "name": "tiny",
        "outlet_level_m": 30.0,
        "normal_level_m": 2.0,
        "volume": [{"from_level_m": 0.0, "to_level_m": 10.0, "coefficients": [100.0, area_m2]}],
        "pump_kinds": kinds,
        "pumps": [
            {"name": "a", "kind": "large", "measured_kwh_per_m3": 0.12},
            {"name": "b", "kind": "large", "measured_kwh_per_m3": 0.13},
            {"name": "c", "kind": "small", "measured_kwh_per_m3": 0.12},
        ],
        "rules": {
            "level": {"hard": True, "min_m": 0.0, "max_m": 8.0},
            "alarm": {"hard": False, "max_m": 7.2, "price_eur_per_h": 100.0},
            "outflow": {"hard": True, "max_m3_per_h": 16000.0},
            "frequency": {"hard": True, "min_hz": 47.8, "max_hz": 50.0},
            "running": {"hard": True, "pumps_min": 1},
            "hold": {"hard": False, "minutes": hold_minutes},
            "emptying": {"hard": False, "below_m": 0.5},
        },
    }


def tiny(
    inflow: list[int],
    price: list[int],
    state: dict[str, Any],
    level_m: float,
    document: dict[str, Any] | None = None,
    **weights: Any,
) -> Problem:
    wanted = {"start_eur": 2.0, "smoothness_eur_per_m3_per_h": 0.0, "flow_band": None, "end_volume": "value"}
    return pose(
        {
            "plant": document or station(),
            "start": datetime(2025, 3, 3),  # noqa: DTZ001 - plant time
            "step_minutes": 60,
            "state": {"level_m": level_m, "pumps": state},
            "inflow_m3_per_h": inflow,
            "price_eur_per_mwh": price,
            "dry": None,
            "weights": wanted | weights,
        }
    )


def every_plan(problem: Problem) -> Counts:
    """Enumerate on and off of each named pump and keep what holds each for as long as it has to be."""
    single = np.array(list(product([0, 1], repeat=problem.steps)))
    kept = []
    for pump in problem.pumps:
        change = np.diff(single, axis=1, prepend=int(pump.on)) != 0
        legal = ~change[:, : pump.locked_steps].any(axis=1)
        for apart in range(1, problem.hold_steps):
            legal &= ~(change[:, apart:] & change[:, :-apart]).any(axis=1)
        kept.append(single[legal])
    rows = [np.stack([a + b, c], axis=1) for a in kept[0] for b in kept[1] for c in kept[2]]
    return np.array(rows).reshape(-1, problem.steps, 2)


def cheapest(problem: Problem) -> float:
    plans = np.unique(every_plan(problem), axis=0)
    if not len(plans):
        return np.inf
    trajectory = simulate(problem, plans)
    unheld = replace(problem, hold_steps=1, pumps=tuple(replace(pump, locked_steps=0) for pump in problem.pumps))
    return float(np.min(np.where(feasible(unheld, plans, trajectory), costs(problem, plans, trajectory).total, np.inf)))


def ignore(_fraction: float, _word: str) -> None:
    """Report nowhere."""


@settings(max_examples=40, deadline=None)
@example(  # the flow that the last step may change by is bounded by the water left, not by the pumps
    inflow=[0, 0, 0, 0, 0],
    price=[0, 0, 0, 0, -9],
    state={name: {"on": name == "c", "minutes_since_switch": 0} for name in NAMES},
    level_m=5.0,
    smooth=0.005,
    end="value",
    empty=False,
    band=None,
    shape=(1500.0, 120),
)
@given(
    inflow=numbers,
    price=prices,
    state=pump_states,
    level_m=st.floats(0.2, 7.9),
    smooth=st.sampled_from([0.0, 0.005]),
    end=st.sampled_from(["value", "fixed"]),
    empty=st.booleans(),
    band=st.sampled_from([None, 1.8]),
    shape=st.tuples(st.floats(300.0, 12_000.0), st.sampled_from([60, 120, 180])),
)
def test_bound_never_lies_above_any_plan_and_no_solver_below_the_best(
    inflow: list[int],
    price: list[int],
    state: dict[str, Any],
    level_m: float,
    smooth: float,
    end: str,
    empty: bool,  # noqa: FBT001 - drawn
    band: float | None,
    shape: tuple[float, int],
) -> None:
    weights = {"smoothness_eur_per_m3_per_h": smooth, "end_volume": end, "flow_band": band}
    problem = tiny(inflow, price, state, level_m, station(*shape), **weights)
    problem = replace(problem, days=(Day(0, STEPS, empty=empty),))
    best = cheapest(problem)
    found = DynamicProgramming(nodes=200).solve(problem, ignore)
    prices = found.prices if found and found.prices else hold_prices.free(problem)
    proof = cell_bound.bound(problem, prices, found.values if found else None, 100.0, ignore)
    bound = proof.eur
    assert bound <= best + 1e-6
    milp = CountMilp(rounds=2).solve(problem, ignore)
    assert milp is None or _eur(problem, milp.counts) >= best - 1e-6
    if found is not None:
        trajectory = simulate(problem, found.counts[None])
        assert feasible(problem, found.counts[None], trajectory)[0]
        total = _eur(problem, found.counts)
        assert total >= best - 1e-6
        assert assign(problem, found.counts) is not None
        corridor = cell_bound.narrow(proof, total)
        finer = cell_bound.bound(problem, prices, found.values, 25.0, ignore, corridor)
        assert min(finer.eur, total) <= best + 1e-6


@settings(max_examples=15, deadline=None)
@given(inflow=numbers, price=prices, state=pump_states)
def test_counts_hold_exactly_when_named_pumps_can(inflow: list[int], price: list[int], state: dict[str, Any]) -> None:
    problem = tiny(inflow, price, state, 2.0)
    legal = {plan.tobytes() for plan in every_plan(problem)}
    ranges = np.array(list(product([0, 1, 2], [0, 1])))
    plans = ranges[np.array(list(product(range(6), repeat=4)))]
    plans = np.concatenate([plans, plans[:, -1:]], axis=1)
    verdict = holds(problem, plans)
    assert [bool(kept) for kept in verdict] == [plan.tobytes() in legal for plan in plans]


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda solver: solver.name)
def test_solver_is_deterministic_and_assignable(solver: Solver) -> None:
    problem = tiny([3000, 2000, 1000, 2500, 4000], [80, 20, 30, 200, 90], {}, 2.0)
    first, second = solver.solve(problem, ignore), solver.solve(problem, ignore)
    assert first is not None
    assert second is not None
    assert (first.counts == second.counts).all()
    assert assign(problem, first.counts) is not None


def test_dynamic_programming_finds_the_best_plan_of_a_plain_station() -> None:
    problem = tiny([3000, 2000, 1000, 2500, 4000], [80, 20, 30, 200, 90], {}, 2.0)
    found = DynamicProgramming().solve(problem, ignore)
    assert found is not None
    assert _eur(problem, found.counts) == pytest.approx(cheapest(problem), abs=1e-6)


def test_count_milp_finds_the_best_plan_of_a_plain_station() -> None:
    problem = tiny([3000, 2000, 1000, 2500, 4000], [80, 20, 30, 200, 90], {}, 2.0)
    found = CountMilp().solve(problem, ignore)
    assert found is not None
    assert _eur(problem, found.counts) == pytest.approx(cheapest(problem), abs=1e-6)


def many_kinds(number: int) -> Problem:
    """Pose a morning at a station of so many kinds, two pumps of each, each kind a little worse than the one before."""
    document = station(area_m2=8000.0)
    pump_kinds, pumps = [], []
    for position in range(number):
        like = document["pump_kinds"][position % 2]
        pump_kinds.append({**like, "name": f"kind {position}", "wear": like["wear"] * (1.0 - 0.01 * position)})
        pumps += [{**document["pumps"][0], "name": f"{position}{one}", "kind": f"kind {position}"} for one in "ab"]
    inflow, price = [4000, 3000, 2500, 3500, 6000, 5500, 4500, 4000], [60, 20, 25, 80, 150, 140, 70, 60]
    return tiny(inflow, price, {"0a": {"on": True}}, 2.0, {**document, "pump_kinds": pump_kinds, "pumps": pumps})


def test_the_planner_is_chosen_by_configurations_and_both_agree() -> None:
    few, many = many_kinds(2), many_kinds(4)
    assert len(allowed(few)) <= MOST_TABULATED < len(allowed(many))
    assert [planner(few, effort).name for effort in ("full", "fresh")] == ["dynamic_programming"] * 2
    assert planner(many, "full").name == "count_milp"
    for problem in (few, many):
        tabulated, linear = hasty().solve(problem, ignore), CountMilp().solve(problem, ignore)
        assert tabulated is not None
        assert linear is not None
        assert _eur(problem, linear.counts) == pytest.approx(_eur(problem, tabulated.counts), rel=0.005)


def test_where_every_answer_of_the_linear_model_breaks_a_rule_the_other_planner_is_asked() -> None:
    problem = tiny([3000, 2000, 1000, 2500, 4000], [80, 20, 30, 200, 90], {}, 2.0)
    backed = Backed(CountMilp(rounds=0), DynamicProgramming()).solve(problem, ignore)
    assert backed is not None
    assert _eur(problem, backed.counts) == pytest.approx(cheapest(problem), abs=1e-6)


def _eur(problem: Problem, counts: Counts) -> float:
    return float(costs(problem, counts[None], simulate(problem, counts[None])).total[0])


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda solver: solver.name)
def test_solver_stops_when_its_pulse_raises(solver: Solver) -> None:
    class Stop(Exception):
        pass

    def stop(_fraction: float, _word: str) -> None:
        raise Stop

    with pytest.raises(Stop):
        solver.solve(tiny([3000] * STEPS, [80] * STEPS, {}, 2.0), stop)

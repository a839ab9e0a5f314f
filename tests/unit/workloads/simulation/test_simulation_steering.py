"""Policies, conditions and shocks on graphs and agents: closed forms, and what each may touch."""

from typing import Any

import numpy as np
import pytest

from core.canonical import canonical_json
from core.jobs.context import MemoryRecorder
from core.workloads.simulation import population_specs as specs
from tests.unit.workloads.simulation.runs import course, faults, resumed, run

GRAPH = {
    "own_lags": [{"variable": "a", "lag": 1, "effect": 0.9}, {"variable": "b", "lag": 1, "effect": 0.5}],
    "edges": [{"source": "b", "target": "a", "lag": 1, "effect": -1.0}],
}
STILL = {"graph": GRAPH, "noise_sd": {"a": 0, "b": 0}, "start": {"a": 10}}
each_population = pytest.mark.parametrize("name", specs.names())


def test_a_rule_on_a_graph_answers_what_it_sees() -> None:
    """With b held at a / 10 while a > 5 the row after is a' = 0.9 a - a / 10; below, b decays by itself."""
    rule = {"name": "brake", "parameter": "b", "value": "a / 10", "when": "a > 5"}
    result = run(dynamics=STILL, horizon=6, points=7, policies=[rule], watch=[{"name": "low", "when": "a <= 5"}])
    a, b = 10.0, 0.0
    wanted = []
    for _ in range(7):
        if a > 5:
            b = a / 10
        wanted.append((a, b))
        a, b = 0.9 * a - b, 0.5 * b
    assert np.stack([course(result, "a"), course(result, "b")], axis=1) == pytest.approx(np.array(wanted))
    told = {one["name"]: one["time"]["median"] for one in result["events"]}
    assert told == {"low": 4.0, "brake": 0.0}


def test_a_rule_on_a_graph_holds_from_when_to_when_it_says() -> None:
    held = {"name": "held", "parameter": "b", "value": "time", "from": 2, "until": 4}
    b = course(run(dynamics={**STILL, "mean": {"b": 3}}, horizon=5, points=6, policies=[held]), "b")
    assert b == pytest.approx([3.0, 3.0, 2.0, 3.0, 3.0, 3.0])


def test_members_are_ruled_each_by_its_own_state() -> None:
    """A barrier at 0 on a random walk: what is below is put back, so all stay at 0 or above."""
    walk = {"graph": {"own_lags": [{"variable": "x", "lag": 1, "effect": 1.0}]}}
    floor = {"name": "floor", "parameter": "x", "value": 0, "when": "x < 0"}
    bands = run(dynamics=walk, horizon=40, members=500, policies=[floor], percentiles=[0, 0.5, 1])["series"][0]["bands"]
    assert min(bands[0]) == 0.0
    assert bands[2][-1] > 3.0


def test_agents_whose_contacts_stop_are_not_infected_any_more() -> None:
    """Without contacts the infected fall by the recovery alone, in each member from the turn that it crossed."""
    stop = {"name": "closed", "parameter": "contacts", "value": 0, "when": "recovered >= 2000"}
    agents = {"population": "sir", "agents": 20_000, "contacts": 0.5}
    result = run(agents=agents, members=4, horizon=60, points=61, policies=[stop])
    free = run(agents=agents, members=4, horizon=60, points=61)
    (event,) = result["events"]
    at = int(event["time"]["high"])
    susceptible, infected = course(result, "susceptible"), course(result, "infected")
    assert event["share"] == 1.0
    assert len(set(susceptible[at + 1 :])) == 1
    assert infected[at + 10] == pytest.approx(infected[at] * 0.875**10, rel=0.03)
    assert course(free, "susceptible")[-1] < susceptible[-1]
    first = int(event["time"]["low"])
    assert susceptible[: first + 1].tolist() == course(free, "susceptible")[: first + 1].tolist()


def test_a_shock_of_agents_lasts_as_long_as_it_says() -> None:
    agents = {"population": "sir", "agents": 50_000, "contacts": 1e-9, "recovery": 0.0, "first_infected": 1.0}
    shock = {"at": 2, "target": "recovery", "change": "set", "amount": 0.3, "for": 3}
    infected = course(run(agents=agents, horizon=8, points=9, shocks=[shock]), "infected")
    wanted = 50_000 * np.array([1, 1, 1, 0.7, 0.49, 0.343, 0.343, 0.343, 0.343])
    assert infected == pytest.approx(wanted, rel=0.02)
    assert infected[5] == infected[8]


def test_open_minds_come_together_when_a_rule_opens_them() -> None:
    agents = {"population": "opinion", "agents": 400, "confidence": 0.1}
    rule = {"name": "talk", "parameter": "confidence", "value": "2 * confidence + 1", "when": "time >= 30"}
    groups = course(run(agents=agents, horizon=90, points=91, policies=[rule]), "groups")
    assert groups[30] > 2
    assert groups[-1] == 1


def test_what_a_rule_asks_is_held_within_bounds() -> None:
    rule = {"name": "r", "parameter": "updating", "value": "5"}
    wild = run(agents={"population": "market", "agents": 50}, horizon=20, policies=[rule], members=3)
    bound = run(agents={"population": "market", "agents": 50, "updating": 1.0}, horizon=20, members=3)
    assert canonical_json(wild["series"]) == canonical_json(bound["series"])


@each_population
def test_rules_that_never_hold_change_nothing(name: str) -> None:
    (setting, *_) = specs.find(name).SETTINGS
    never = [{"name": "never", "parameter": setting, "value": 1, "when": "time < 0"}]
    given: dict[str, Any] = {"agents": {"population": name, "agents": 60}, "members": 3, "horizon": 30}
    one, other = run(**given), run(**given, policies=never)
    assert canonical_json(one["series"]) == canonical_json(other["series"])


@each_population
def test_steered_agents_are_resumed_with_the_same_bytes(name: str) -> None:
    spec = specs.find(name)
    rule = {"name": "r", "parameter": spec.SETTINGS[0], "value": f"{spec.SETTINGS[0]} / 2", "when": "time > 70"}
    shock = {"at": 60, "target": spec.SETTINGS[-1], "change": "multiply", "amount": 0.5, "for": 30}

    def compute(recorder: MemoryRecorder) -> dict[str, Any]:
        agents = {"population": name, "agents": 40}
        return run(recorder, agents=agents, members=3, horizon=150, policies=[rule], shocks=[shock])

    whole = canonical_json(compute(MemoryRecorder()))
    assert [resumed(compute, lives) == whole for lives in (1, 2, 3)] == [True] * 3


def test_ruled_dynamics_are_resumed_with_the_same_bytes() -> None:
    rule = {"name": "r", "parameter": "b", "value": "a / 2", "when": "a > 1"}

    def compute(recorder: MemoryRecorder) -> dict[str, Any]:
        return run(recorder, dynamics={"graph": GRAPH}, members=20, horizon=150, policies=[rule])

    whole = canonical_json(compute(MemoryRecorder()))
    assert [resumed(compute, lives) == whole for lives in (1, 3)] == [True] * 2


@pytest.mark.parametrize(
    ("subject", "params", "pointer"),
    [
        ("dynamics", {"policies": [{"name": "p", "parameter": "c", "value": 1}]}, "/policies/0/parameter"),
        ("dynamics", {"policies": [{"name": "p", "parameter": "a", "value": "c"}]}, "/policies/0/value"),
        ("dynamics", {"policies": [{"name": "p", "parameter": "a", "value": 1, "when": "a >"}]}, "/policies/0/when"),
        ("dynamics", {"watch": [{"name": "w", "when": "rate > 1"}]}, "/watch/0/when"),
        ("dynamics", {"policies": [{"name": "p", "parameter": "a", "value": 1, "from": 3, "until": 3}]}, None),
        ("agents", {"policies": [{"name": "p", "parameter": "agents", "value": 1}]}, "/policies/0/parameter"),
        ("agents", {"policies": [{"name": "p", "parameter": "contacts", "value": "a"}]}, "/policies/0/value"),
        ("agents", {"shocks": [{"at": 1, "target": "infected", "amount": 1}]}, "/shocks/0/target"),
        ("agents", {"shocks": [{"at": 1e3, "target": "contacts", "amount": 1}]}, "/shocks/0/at"),
        ("agents", {"shocks": [{"at": 1, "target": "contacts", "amount": 1, "for": 0}]}, "/shocks/0/for"),
        ("agents", {"watch": [{"name": "w", "when": "infected[1] > 1"}]}, "/watch/0/when"),
    ],
)
def test_rules_that_do_not_fit_are_told(subject: str, params: dict[str, Any], pointer: str | None) -> None:
    given: dict[str, Any] = (
        {"dynamics": {"graph": GRAPH}} if subject == "dynamics" else {"agents": {"population": "sir"}}
    )
    assert list(faults(**given, **params)) == [pointer or "/policies/0/until"]

"""Agents: laws that hold whatever they do, and what large populations are known to do."""

import math
from typing import Any

import numpy as np
import pytest

from core.canonical import canonical_json
from core.jobs.context import MemoryRecorder
from core.workloads.simulation import ensembles
from core.workloads.simulation import population_specs as specs
from core.workloads.simulation.population_specs.base import MOST_AGENTS
from core.workloads.simulation.streams import chances
from tests.unit.workloads.simulation.runs import course, faults, load, resumed, run

each_population = pytest.mark.parametrize("name", specs.names())


def follow(turns: int, members: int, **agents: Any) -> Any:
    """Return what is measured after each turn: (turns + 1, measures, members)."""
    simulated = ensembles.make(load(agents=agents, members=members, horizon=turns), 5).simulated
    simulated.begin()
    seen = [simulated.observe()]
    for _ in range(turns):
        simulated.advance()
        seen.append(simulated.observe())
    return np.stack(seen)


def test_there_are_three() -> None:
    assert specs.names() == ["market", "opinion", "sir"]


@each_population
def test_what_is_declared_is_measured(name: str) -> None:
    result = run(agents={"population": name, "agents": 50}, members=3, horizon=10)
    assert [one["name"] for one in result["series"]] == list(specs.find(name).MEASURES)
    assert (result["model"], result["method"], result["steps"]) == (name, "turns", 10)


@each_population
def test_it_is_resumed_with_the_same_bytes(name: str) -> None:
    def compute(recorder: MemoryRecorder) -> dict[str, Any]:
        return run(recorder, agents={"population": name, "agents": 40}, members=3, horizon=150)

    whole = canonical_json(compute(MemoryRecorder()))
    assert [resumed(compute, lives) == whole for lives in (1, 3)] == [True] * 2


def test_large_epidemics_follow_the_equations() -> None:
    """With shares s and i a turn is s' = s exp(-b i), i' = i (1 - g) + s (1 - exp(-b i))."""
    agents, turns = 200_000, 60
    seen = follow(turns, 2, population="sir", agents=agents, contacts=0.4, recovery=0.1, first_infected=0.05)
    s, i = 0.95, 0.05
    for turn in range(1, turns + 1):
        s, i = s * math.exp(-0.4 * i), i * 0.9 + s * (1 - math.exp(-0.4 * i))
        assert seen[turn, :2] / agents == pytest.approx(np.array([[s, s], [i, i]]), abs=0.012)
    assert (seen.sum(axis=1) == agents).all()


def test_recovery_is_geometric() -> None:
    agents = 100_000
    seen = follow(5, 1, population="sir", agents=agents, contacts=1e-9, recovery=0.3, first_infected=1.0)
    wanted = agents * 0.7 ** np.arange(6)
    assert (np.abs(seen[:, 1, 0] - wanted) < 4.5 * np.sqrt(agents) / 2 + 1).all()


def test_opinions_keep_their_mean_and_end_in_as_many_groups_as_confidence_leaves() -> None:
    for confidence, least, most in ((0.5, 1, 1), (0.2, 2, 2), (0.1, 3, 5)):
        seen = follow(60, 4, population="opinion", agents=2000, confidence=confidence)
        assert seen[:, 0] == pytest.approx(np.broadcast_to(seen[0, 0], seen[:, 0].shape), abs=1e-12)
        assert (seen[-1, 1] <= seen[0, 1]).all()
        assert least <= np.median(seen[-1, 2]) <= most


def test_the_volatility_of_a_market_comes_in_clusters() -> None:
    """News is independent from turn to turn; sizes of returns are not, while their signs stay so."""
    seen = follow(1500, 4, population="market", agents=300)
    returns = seen[300:, 1]

    def correlation(values: Any) -> Any:
        one = values - values.mean(axis=0)
        return (one[1:] * one[:-1]).sum(axis=0) / (one**2).sum(axis=0)

    assert (np.abs(correlation(returns)) < 0.12).all()
    assert correlation(np.abs(returns)).mean() > 0.1
    assert (np.abs(returns) <= 1 / 10).all()
    assert seen[1:, 0] == pytest.approx(seen[:-1, 0] * np.exp(seen[1:, 1]))


@pytest.mark.parametrize("chance", [0.0, 1e-4, 0.002, 1 / 256, 0.25, 0.3, 0.999, 1.0])
def test_chances_come_true_as_often_as_they_say(chance: float) -> None:
    shape = (4, 500_001)
    drawn = chances(1, "test", 0, shape, questions=2)
    where = np.arange(shape[0] * shape[1]).reshape(shape) % 2 == 0
    each = np.array([[chance], [0.5], [chance], [0.0]])
    found = drawn.come_true(0, slice(0, 4), each, where)
    again = np.concatenate(
        [drawn.come_true(1, slice(row, row + 1), each[row : row + 1], where[row : row + 1]) for row in range(4)]
    )
    for told in (found, again):
        assert not told[~where].any()
        for row, wanted in enumerate(each[:, 0]):
            error = math.sqrt(wanted * (1 - wanted) / where[row].sum())
            assert told[row][where[row]].mean() == pytest.approx(wanted, abs=4.5 * error)
    assert (drawn.values != chances(1, "test", 1, shape, questions=2).values).mean() > 0.99


def test_a_population_is_the_same_in_ensembles_of_any_size() -> None:
    few, many = (follow(20, members, population="sir", agents=30_001) for members in (2, 5))
    assert (few == many[:, :, :2]).all()
    assert (many[-1, :, 0] != many[-1, :, 1]).any()


@pytest.mark.parametrize(
    ("agents", "pointer"),
    [
        ({"population": "zombies"}, "/agents/population"),
        ({}, "/agents/population"),
        ({"population": "sir", "agents": 1}, "/agents/agents"),
        ({"population": "sir", "agents": MOST_AGENTS + 1}, "/agents/agents"),
        ({"population": "sir", "recovery": 1.1}, "/agents/recovery"),
        ({"population": "sir", "contacts": 0}, "/agents/contacts"),
        ({"population": "opinion", "contacts": 1}, "/agents/contacts"),
    ],
)
def test_what_a_population_does_not_take_is_told(agents: dict[str, Any], pointer: str) -> None:
    assert pointer in faults(agents=agents)


def test_the_most_agents_are_taken_and_counted() -> None:
    load(agents={"population": "sir", "agents": MOST_AGENTS}, members=6, horizon=10)
    assert list(faults(agents={"population": "sir", "agents": MOST_AGENTS}, members=7, horizon=10)) == ["/members"]
    assert course(run(agents={"population": "sir", "agents": 100}, horizon=1), "susceptible")[0] == 99

"""Dynamics on causal graphs: closed forms of autoregressions, interventions, what discovery hands on."""

import math
from typing import Any

import numpy as np
import pytest
from scipy.linalg import solve_discrete_lyapunov

from core.canonical import canonical_json
from core.jobs.context import MemoryRecorder
from core.workloads.causal import discovery
from core.workloads.causal import kinds as causal_kinds
from core.workloads.simulation import ensembles
from tests.unit.workloads.simulation.runs import context, course, faults, load, resumed, run

MEMBERS = 8000
COEFFICIENTS = np.array([[0.6, 0.0], [0.5, 0.3]])
GRAPH = {
    "own_lags": [{"variable": "a", "lag": 1, "effect": 0.6}, {"variable": "b", "lag": 1, "effect": 0.3}],
    "edges": [{"source": "a", "target": "b", "lag": 1, "effect": 0.5}],
}


def last_rows(rows: int, **dynamics: Any) -> Any:
    """Return the last row of all members: (variables, members)."""
    given = load(dynamics=dynamics, members=MEMBERS, horizon=rows)
    simulated = ensembles.make(given, 3).simulated
    simulated.begin()
    for _ in range(rows):
        simulated.advance()
    return simulated.observe()


@pytest.mark.parametrize("coefficient", [0.0, 0.5, -0.8, 0.95])
def test_the_variance_of_an_autoregression_is_the_closed_form(coefficient: float) -> None:
    """Var x = s^2 (1 - a^(2 n)) / (1 - a^2) after n rows; the estimate's standard error is Var sqrt(2 / members)."""
    graph = {"own_lags": [{"variable": "x", "lag": 1, "effect": coefficient}]}
    rows, sd = 60, 1.5
    (found,) = last_rows(rows, graph=graph, noise_sd={"x": sd})
    exact = sd**2 * (1 - coefficient ** (2 * rows)) / (1 - coefficient**2)
    assert found.var() == pytest.approx(exact, abs=4 * exact * math.sqrt(2 / MEMBERS))
    assert found.mean() == pytest.approx(0.0, abs=4 * math.sqrt(exact / MEMBERS))


def test_the_covariance_of_a_vector_autoregression_solves_lyapunovs_equation() -> None:
    found = np.cov(last_rows(60, graph=GRAPH, noise_sd={"b": 0.5}))
    exact = solve_discrete_lyapunov(COEFFICIENTS, np.diag([1.0, 0.25]))
    assert found == pytest.approx(exact, abs=4 * exact.max() * math.sqrt(2 / MEMBERS))


def test_a_shock_travels_along_the_graph() -> None:
    """Without noise the response is the matrix's power."""
    still = {"graph": GRAPH, "noise_sd": {"a": 0, "b": 0}, "mean": {"a": 10}}
    shock = {"at": 2, "target": "a", "amount": 1}
    result = run(dynamics=still, horizon=8, points=9, shocks=[shock])
    for place, base in enumerate((10.0, 0.0)):
        wanted = [0.0, 0.0, *((np.linalg.matrix_power(COEFFICIENTS, n)[place, 0]) for n in range(7))]
        assert course(result, "ab"[place]) - base == pytest.approx(wanted)
    assert result["events"][0]["time"]["median"] == 2.0


def test_what_is_set_is_cut_from_its_causes_while_it_lasts() -> None:
    still = {"graph": GRAPH, "noise_sd": {"a": 0, "b": 0}, "start": {"a": 8}}
    held = {"at": 1, "target": "b", "change": "set", "amount": 5, "for": 3}
    result = run(dynamics=still, horizon=5, points=6, shocks=[held])
    a, b = course(result, "a"), course(result, "b")
    assert a == pytest.approx(8 * 0.6 ** np.arange(6))
    assert b[1:4].tolist() == [5.0, 5.0, 5.0]
    assert b[4] == pytest.approx(0.3 * 5 + 0.5 * a[3])


def test_lags_reach_as_far_back_as_they_say() -> None:
    graph = {"edges": [{"source": "a", "target": "b", "lag": 3, "effect": 2.0}]}
    still = {"graph": graph, "noise_sd": {"a": 0, "b": 0}}
    shock = {"at": 1, "target": "a", "amount": 1}
    assert course(run(dynamics=still, horizon=6, points=7, shocks=[shock]), "b").tolist() == [0, 0, 0, 0, 2, 0, 0]


def test_uncertain_effects_spread_the_members() -> None:
    edge = {"source": "a", "target": "b", "lag": 1, "effect": 1.0, "ci_low": 0.6, "ci_high": 1.4}
    still = {"graph": {"edges": [edge]}, "noise_sd": {"a": 0, "b": 0}, "start": {"a": 1}}
    kept: dict[str, Any] = {"dynamics": still, "members": 4000, "horizon": 1, "percentiles": [0.025, 0.5, 0.975]}
    (band,) = [one["bands"] for one in run(**kept)["series"] if one["name"] == "b"]
    assert [level[-1] for level in band] == pytest.approx([0.6, 1.0, 1.4], abs=0.03)
    certain = {**kept, "dynamics": {**still, "uncertain": False}}
    (band,) = [one["bands"] for one in run(**certain)["series"] if one["name"] == "b"]
    assert [level[-1] for level in band] == [1.0, 1.0, 1.0]


def test_a_result_of_discovery_is_taken_as_it_is() -> None:
    found = discovery.compute(
        causal_kinds.DISCOVER.params().load({**causal_kinds.DISCOVER.example, "plots": False}), context()
    )
    result = run(dynamics={"graph": found}, members=50, shocks=[{"at": 10, "target": "demand", "amount": 5}])
    assert [one["name"] for one in result["series"]] == ["demand", "price", "stock"]
    price = course(result, "price")
    assert price[11] - price[10] > 2
    rejected = sum(edge["verdict"] != "accepted" for edge in found["edges"])
    assert len(result["warnings"]) == rejected > 0


def test_edges_that_are_not_linear_and_lagged_have_no_part() -> None:
    edges = [
        {"source": "a", "target": "b", "lag": 0, "effect": 1.0},
        {"source": "a", "target": "b", "lag": 1, "effect": 1.0, "form": "square"},
        {"source": "a", "target": "b", "lag": 1, "effect": 1.0, "verdict": "unstable"},
    ]
    result = run(dynamics={"graph": {"edges": edges}, "noise_sd": {"b": 0}})
    assert not course(result, "b").any()
    assert result["warnings"] == [
        "left out a → b: within the row, without a direction",
        "left out a → b: of the form square",
        "left out a → b: unstable",
    ]


def test_it_is_resumed_with_the_same_bytes() -> None:
    def compute(recorder: MemoryRecorder) -> dict[str, Any]:
        shock = {"at": 150, "target": "a", "amount": 1}
        return run(recorder, dynamics={"graph": GRAPH}, members=30, horizon=300, shocks=[shock])

    whole = canonical_json(compute(MemoryRecorder()))
    assert [resumed(compute, lives) == whole for lives in (1, 2, 4)] == [True] * 3


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"dynamics": {"graph": {}}}, "/dynamics/graph/edges"),
        ({"dynamics": {"graph": GRAPH, "noise_sd": {"c": 1}}}, "/dynamics/noise_sd/c"),
        ({"dynamics": {"graph": GRAPH, "noise_sd": {"a": -1}}}, "/dynamics/noise_sd/a"),
        ({"dynamics": {"graph": GRAPH}, "shocks": [{"at": 1, "target": "c", "amount": 1}]}, "/shocks/0/target"),
        ({"dynamics": {"graph": GRAPH}, "shocks": [{"at": 101, "target": "a", "amount": 1}]}, "/shocks/0/at"),
        ({"dynamics": {"graph": GRAPH}, "dt": 0.5}, "/dt"),
        ({"dynamics": {"graph": GRAPH}, "model": "sir"}, "/model"),
        ({}, "/model"),
        ({"dynamics": {"graph": GRAPH}, "outputs": ["c"]}, "/outputs/0"),
    ],
)
def test_what_does_not_fit_the_graph_is_told(params: dict[str, Any], pointer: str) -> None:
    assert pointer in faults(**params)

"""What the models are known to do: closed forms, final sizes, conservation, the order of each integrator."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from core.workloads.simulation import examples, integrators
from core.workloads.simulation.document import STEADY
from tests.unit.workloads.simulation.runs import DECAY, changed, course, run

FIXED = {"founders": 10.0, "rate": 0.2, "capacity": 1000.0}


def logistic(time: Any) -> Any:
    return 1000.0 / (1.0 + 99.0 * np.exp(-0.2 * np.asarray(time)))


@pytest.mark.parametrize("method", STEADY)
def test_an_integrator_has_the_order_that_it_states(method: str) -> None:
    """Halving the step divides the error at the end by two to the order."""
    errors = [
        abs(course(run(model="logistic", parameters=FIXED, method=method, dt=dt, horizon=20), "population")[-1] - exact)
        for exact in [logistic(20.0)]
        for dt in (0.5, 0.25, 0.125)
    ]
    order = integrators.find(method).ORDER
    for coarse, fine in pairwise(errors):
        assert math.log2(coarse / fine) == pytest.approx(order, abs=0.12)


def test_logistic_growth_is_the_closed_form() -> None:
    result = run(model="logistic", parameters=FIXED)
    assert np.allclose(course(result, "population"), logistic(result["times"]), rtol=1e-7)


def test_an_ensemble_of_logistic_growth_is_its_expectation_within_monte_carlo_error() -> None:
    """The rate is uncertain: the mean at a moment is an integral over its distribution."""
    low, high, members = 0.1, 0.3, 4000
    rate = {"distribution": "uniform", "low": low, "high": high}
    result = run(model="logistic", parameters={**FIXED, "rate": rate}, members=members, horizon=25, points=2)
    rates = np.linspace(low, high, 20_001)
    exact = 1000.0 / (1.0 + 99.0 * np.exp(-25.0 * rates))
    assert course(result, "population")[-1] == pytest.approx(exact.mean(), abs=4 * exact.std() / math.sqrt(members))
    (bands,) = [one["bands"] for one in result["series"] if one["name"] == "population"]
    assert [band[-1] for band in bands] == pytest.approx(np.quantile(exact, result["percentiles"]), rel=0.05)


@pytest.mark.parametrize("contacts", [0.2, 0.3, 0.6])
def test_an_epidemic_ends_at_its_final_size(contacts: float) -> None:
    """Kermack and McKendrick 1927: s = s0 exp(-R0 (1 - s)), where all that were infected are counted."""
    given = {"contacts": contacts, "duration": 8.0, "first_infected": 10.0, "population": 10_000.0}
    result = run(model="sir", parameters=given, horizon=2000, points=2)
    begun = 0.999

    def excess(share: float) -> float:
        return share - begun * math.exp(-contacts * 8.0 * (1.0 - share))

    assert course(result, "susceptible")[-1] / 10_000 == pytest.approx(brentq(excess, 1e-9, 0.99), rel=1e-6)


def test_the_sum_of_a_closed_population_is_kept() -> None:
    shock = {"at": 30, "target": "infected", "amount": 500}
    result = run(model="sir", members=100, shocks=[shock])
    assert result["conservation"] == [
        {"stocks": ["susceptible", "infected", "recovered"], "largest_error": pytest.approx(0.0, abs=1e-13)}
    ]
    total = sum(float(course(result, name)[-1]) for name in ("susceptible", "infected", "recovered"))
    assert total == pytest.approx(10_500)


def test_a_sum_that_is_not_kept_is_told() -> None:
    """What the document promises and no flow breaks, an overflowing state still may."""
    model = changed(
        DECAY,
        stocks={"level": {"initial": 1e14}, "rest": {"initial": 1}},
        flows={"loss": {"from": "level", "to": "rest", "equation": "rate * level"}},
        conserved=[["level", "rest"]],
    )
    (kept,) = run(model=model, horizon=100)["conservation"]
    assert 0.0 < kept["largest_error"] < 1e-14


def test_predators_and_prey_keep_their_invariant() -> None:
    given = {"prey_rate": 0.55, "lifetime": 1.2}
    result = run(model="predator_prey", parameters=given)
    prey, predators = course(result, "prey"), course(result, "predators")
    invariant = 0.95 * 0.028 * prey - np.log(prey) / 1.2 + 0.028 * predators - 0.55 * np.log(predators)
    assert np.ptp(invariant) < 1e-7
    assert np.ptp(prey) > 30


def test_adopters_follow_bass() -> None:
    p, q, market = 0.003, 0.2, 100_000
    result = run(model="bass_diffusion", parameters={"innovation": p, "imitation": q})
    grown = np.exp(-(p + q) * np.asarray(result["times"]))
    exact = market * (1 - grown) / (1 + q / p * grown)
    assert np.allclose(course(result, "adopters"), exact, rtol=1e-7, atol=1e-3)


def test_a_noise_has_the_mean_and_spread_that_it_states() -> None:
    model = changed(
        DECAY,
        flows={"loss": {"from": "level", "equation": "noise"}},
        noises={"noise": {"distribution": {"distribution": "normal", "mean": 0.5, "sd": 2}, "every": 1}},
    )
    members, rows = 4000, 16
    result = run(model=model, members=members, horizon=rows, points=2, method="euler", percentiles=[0.16, 0.5, 0.84])
    (level,) = [one for one in result["series"] if one["name"] == "level"]
    spread = 2 * math.sqrt(rows)
    assert level["mean"][-1] == pytest.approx(8 - rows / 2, abs=4 * spread / math.sqrt(members))
    assert (level["bands"][2][-1] - level["bands"][0][-1]) / 2 == pytest.approx(0.9945 * spread, rel=0.06)


def test_an_epidemic_of_regions_ends_at_the_final_size_of_each_whatever_its_latent_time() -> None:
    """With groups s_i = s0_i exp(-duration sum_j c_ij (1 - s_j)); the fixed point is reached from below."""
    document = examples.read("regional_epidemic")
    places, people = document["dimensions"]["region"], document["parameters"]["people"]["values"]
    given = document["parameters"]["contacts"]["values"]
    rates = {pair: value["median"] if isinstance(value, dict) else value for pair, value in given.items()}
    contacts = np.array([[rates.get(f"{one},{other}", 0.01) for other in places] for one in places])
    begun = np.array([1.0 - (20 if one == "city" else 0) / people[one] for one in places])
    left = np.zeros(3)
    for _ in range(2000):
        left = begun * np.exp(-7.0 * contacts @ (1.0 - left))
    fixed = {f"contacts[{pair}]": value for pair, value in rates.items()}
    result = run(model="regional_epidemic", parameters=fixed, horizon=3000, points=2)
    found = [course(result, f"susceptible[{one}]")[-1] / people[one] for one in places]
    assert found == pytest.approx(left, rel=1e-5)
    assert result["conservation"][0]["largest_error"] < 1e-12


def test_a_warehouse_behind_delays_orders_more_than_is_asked_for_and_settles() -> None:
    result = run(model="supply_chain", parameters={"jump": 20.0, "making_time": 3.0}, horizon=300)
    orders, demand, times = course(result, "orders"), course(result, "demand"), np.array(result["times"])
    assert max(orders) > 125.0 > max(demand)
    assert min(course(result, "inventory")) < 250.0
    assert orders[times < 10] == pytest.approx(100.0)
    assert course(result, "made")[times < 11] == pytest.approx(100.0)
    assert [course(result, name)[-1] for name in ("orders", "inventory", "made")] == pytest.approx(
        [120.0, 360.0, 120.0]
    )

"""`federated.simulate`: what attacks do, whom the mean fails, and who holds."""

from typing import Any
from uuid import UUID

import numpy as np
import pytest
from marshmallow import ValidationError

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.federated import attacks, simulating, tasks_of_chance
from core.workloads.federated.attacks.little_is_enough import largest_shift
from core.workloads.federated.simulate_params import ATTACKS, STRENGTHS, SimulateParams

GIVEN: dict[str, Any] = {
    "task": {"samples": 1500, "inputs": 8, "classes": 4},
    "learner": {"learner": "logistic", "classes": 4},
    "local": {"epochs": 2, "batch": 25},
    "clients": 20,
    "rounds": 12,
    "momentum": 0.9,
    "seed": 1,
}
ROBUST = [
    {"strategy": "multi_krum", "settings": {"faults": 4}},
    {"strategy": "centered_clipping"},
    {"strategy": "geometric_median"},
    {"strategy": "fltrust"},
]


def simulate(**given: Any) -> dict[str, Any]:
    params = SimulateParams().load({**GIVEN, **given})
    return simulating.compute(params, JobContext(UUID(int=1), 1, 7, MemoryRecorder()))


@pytest.mark.parametrize("attack", ATTACKS)
def test_robust_strategies_lose_at_most_two_points_to_a_fifth_of_attackers(attack: str) -> None:
    told = simulate(attack=attack, attackers=4, strategies=ROBUST)
    lost = {one["strategy"]: one["lost_points"] for one in told["strategies"]}
    assert max(lost.values()) <= 2.0, lost


def test_the_mean_fails_where_updates_are_turned_around() -> None:
    told = simulate(attack="sign_flip", attackers=4, strategies=[{"strategy": "fedavg"}])
    assert told["strategies"][0]["lost_points"] > 20.0


def test_who_drops_out_is_the_same_for_all_strategies_and_too_few_miss_the_round() -> None:
    strategies = [{"strategy": "krum", "settings": {"faults": 6}}, {"strategy": "fedavg"}]
    told = simulate(attack="noise", attackers=4, drop_out=0.3, strategies=strategies)
    krum, mean = told["strategies"]
    assert 0 < krum["missed_rounds"] < 12  # it takes 15 of the 20
    assert mean["missed_rounds"] == 0
    assert told == simulate(attack="noise", attackers=4, drop_out=0.3, strategies=strategies)


def test_without_attackers_the_mean_is_what_it_is_measured_by() -> None:
    told = simulate(strategies=[{"strategy": "fedavg"}])
    assert told["strategies"][0]["by_round"] == told["clean"]["by_round"]


def test_the_smaller_alpha_the_more_clients_differ_and_nobody_is_left_without() -> None:
    samples = tasks_of_chance.draw(2000, 3, 5, 2.0, np.random.default_rng(1))
    spread = {}
    for alpha in (0.05, 1.0, 1000.0):
        hands = tasks_of_chance.deal(samples, 25, alpha, np.random.default_rng(2))
        assert sum(map(len, hands)) == 2000
        assert min(map(len, hands)) >= tasks_of_chance.FEWEST
        assert sorted(np.concatenate([one.inputs[:, 0] for one in hands])) == sorted(samples.inputs[:, 0])
        shares = [np.bincount(one.targets, minlength=5).max() / len(one) for one in hands]
        spread[alpha] = float(np.mean(shares))
    assert spread[0.05] > 0.8 > spread[1.0] > 0.3 > spread[1000.0]


def test_attacks_send_what_their_papers_say() -> None:
    rng = np.random.default_rng(3)
    honest, own = 2.0 + rng.standard_normal((16, 50)), rng.standard_normal(50)
    sent = {name: attacks.find(name).change(honest, own, {"strength": STRENGTHS[name]}, 4, rng) for name in ATTACKS}
    assert sent["sign_flip"] == pytest.approx(-4.0 * own)
    assert sent["inner_product"] == pytest.approx(-0.5 * honest.mean(axis=0))
    assert np.linalg.norm(sent["noise"]) == pytest.approx(10.0 * np.median(np.linalg.norm(honest, axis=1)))
    assert attacks.find("label_flip").targets(np.array([0, 3, 1]), 4).tolist() == [3, 0, 2]
    # Of 20 clients 4 attack: 7 supporters are needed, so Phi(z) = 9 / 16.
    assert largest_shift(20, 4) == pytest.approx(0.157311, abs=1e-6)
    assert sent["little_is_enough"] == pytest.approx(honest.mean(axis=0) - 0.157311 * honest.std(axis=0), abs=1e-5)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"attack": "noise"}, "attackers"),
        ({"attackers": 3}, "attackers"),
        ({"attack": "noise", "attackers": 19}, "attackers"),
        ({"learner": {"learner": "linear"}}, "learner"),
        ({"learner": {"learner": "logistic", "classes": 3}}, "learner"),
        ({"clients": 1000, "rounds": 500}, "rounds"),
        ({"strategies": [{"strategy": "krum", "settings": {"trim": 1}}]}, "strategies"),
        ({"alpha": 0.001}, "alpha"),
    ],
)
def test_what_cannot_be_simulated_is_refused_by_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SimulateParams().load({**GIVEN, "strategies": [{"strategy": "fedavg"}], **given})
    assert list(caught.value.messages) == [field]


def test_attackers_just_within_the_bound_are_taken() -> None:
    SimulateParams().load({**GIVEN, "attack": "noise", "attackers": 18, "strategies": [{"strategy": "fedavg"}]})

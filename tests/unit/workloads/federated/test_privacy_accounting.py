"""What rounds cost together: published tables, closed forms, and Google's accountant to three digits."""

import math
from collections.abc import Callable

import pytest

from core.workloads.federated.privacy import budget, renyi, tight
from core.workloads.federated.privacy.moments import Releases, log_moment

MNIST = 256 / 60_000
TUTORIAL = {(1.3, 15): 1.19, (1.1, 60): 3.01, (0.7, 45): 7.10}
"""TensorFlow Privacy's tutorials: noise multiplier and epochs of MNIST in batches of 256; epsilon at delta 1e-5."""
GOOGLE = {
    (0.1, 1.0, 100, 1e-5): (None, 7.0466),
    (0.02, 1.0, 1000, 1e-5): (4.3242, 3.8995),
    (1.0, 8.0, 50, 1e-6): (4.5436, 4.24855),
    (0.01, 1.0, 1, 1e-5): (0.9555, 0.19945),
    (0.01, 1.0, 3, 1e-5): (0.9897, 0.27534),
    (0.01, 0.6, 10, 1e-6): (4.4066, 3.46891),
    (0.001, 0.5, 1000, 1e-5): (4.3821, 3.23905),
    (0.5, 1.0, 1, 1e-5): (3.8936, 3.534),
}
"""Sampling, noise multiplier, rounds, delta: epsilon by dp-accounting 0.6.0, Renyi (if it used all orders) and PLD."""


def mironov(releases: list[Releases], delta: float) -> float:
    """Convert as the tables of their time did (Mironov 2017, proposition 3)."""
    return min(renyi.divergence(releases, order) + math.log(1 / delta) / (order - 1) for order in renyi.ORDERS)


@pytest.mark.parametrize(("noise", "epochs"), TUTORIAL)
def test_the_tutorials_of_tensorflow_privacy_come_out(noise: float, epochs: int) -> None:
    releases = [Releases(noise, MNIST, int(epochs / MNIST))]
    assert round(mironov(releases, 1e-5), 2) == TUTORIAL[noise, epochs]
    assert tight.epsilon(releases, 1e-5) < renyi.epsilon(releases, 1e-5) < TUTORIAL[noise, epochs]


def test_the_example_of_abadi_and_others_comes_out() -> None:
    assert round(mironov([Releases(4.0, 0.01, 10_000)], 1e-5), 2) == 1.26


@pytest.mark.parametrize(("sampling", "noise", "rounds", "delta"), GOOGLE)
def test_epsilon_is_that_of_googles_accountants(sampling: float, noise: float, rounds: int, delta: float) -> None:
    by_renyi, by_losses = GOOGLE[sampling, noise, rounds, delta]
    releases = [Releases(noise, sampling, rounds)]
    if by_renyi is not None:
        assert renyi.epsilon(releases, delta) == pytest.approx(by_renyi, rel=3e-4)
    assert tight.epsilon(releases, delta) == pytest.approx(by_losses, rel=3e-4)


@pytest.mark.parametrize(("epsilon", "noise", "last"), [(0.1, 30.8, 0.06), (0.5, 7.0, 0.05), (1.0, 3.73, 0.005)])
def test_one_gaussian_is_what_the_analytic_mechanism_says(epsilon: float, noise: float, last: float) -> None:
    """The least noise at delta 1e-5 (Balle and Wang 2018) is the table's, to its last digit."""
    assert (
        tight.gaussian_delta(1.0 / (noise + last), epsilon) < 1e-5 < tight.gaussian_delta(1.0 / (noise - last), epsilon)
    )


@pytest.mark.parametrize("noise", [0.7, 2.0, 30.0])
def test_the_contour_integral_is_the_closed_form_without_sampling(noise: float) -> None:
    releases = [Releases(noise, 1.0, 20)]
    at = tight.epsilon(releases, 1e-6)
    assert tight._line(releases, at, removed=True).delta(at) == pytest.approx(1e-6, rel=1e-3)


@pytest.mark.parametrize("order", [2, 3, 5])
def test_moments_are_the_binomial_sum_at_whole_orders(order: int) -> None:
    """Mironov, Talwar and Zhang 2019, section 3.3."""
    q, noise = 0.07, 0.9
    terms = (
        math.comb(order, k) * (1 - q) ** (order - k) * q**k * math.exp((k * k - k) / (2 * noise**2))
        for k in range(order + 1)
    )
    assert log_moment(Releases(noise, q), order).real == pytest.approx(math.log(sum(terms)), rel=1e-10)


def test_moments_far_out_in_the_plane_stay_bounded_by_the_real_axis() -> None:
    release = Releases(0.5, 0.01)
    assert log_moment(release, 4.0 + 300.0j).real < log_moment(release, 4.0).real
    assert log_moment(release, 1024.0).real == pytest.approx(1024 * math.log(0.01) + 1024 * 1023 / 0.5, rel=1e-6)


@pytest.mark.parametrize("epsilon", [renyi.epsilon, tight.epsilon])
def test_different_rounds_cost_together_what_their_order_does_not_change(epsilon: Callable[..., float]) -> None:
    mixed = [Releases(1.0, 0.05, 20), Releases(1.5, 1.0, 2)]
    together = epsilon(mixed, 1e-5)
    assert epsilon(mixed[::-1], 1e-5) == pytest.approx(together, rel=1e-6)
    assert together > max(epsilon([one], 1e-5) for one in mixed)
    assert epsilon([], 1e-5) == 0.0


def test_hopeless_noise_has_no_epsilon_and_much_noise_has_none_to_pay() -> None:
    assert tight.epsilon([Releases(0.3, 1.0, 1_000_000)], 1e-5) == math.inf
    assert tight.epsilon([Releases(1e6, 1.0)], 1e-5) == 0.0


def test_the_round_that_would_overspend_is_refused_with_what_is_left() -> None:
    terms = {"noise_multiplier": 2.0, "sampling": 1.0, "delta": 1e-5, "accountant": "tight", "epsilon": None}
    two = [Releases(2.0, 1.0, 2)]
    third = budget.charge(two, terms, "/privacy/epsilon")
    assert budget.charge(two, {**terms, "epsilon": third}, "/privacy/epsilon") == third
    with pytest.raises(budget.PrivacyBudgetSpent, match=r"the budget is .* is left") as caught:
        budget.charge(two, {**terms, "epsilon": third * 0.9999}, "/privacy/epsilon")
    assert caught.value.errors[0].pointer == "/privacy/epsilon"

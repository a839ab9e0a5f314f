"""The method of Dormand and Prince: its order, its error estimate's order, and its tolerance where things go fast."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from core.workloads.simulation.integrators import dopri5
from tests.unit.workloads.simulation.runs import course, run

FIXED = {"founders": 10.0, "rate": 0.2, "capacity": 1000.0}


class Oscillator:
    """x'' = -(w^2) x, one member for each w; counts how often it is asked."""

    def __init__(self, speeds: Any) -> None:
        self.speeds, self.asked = np.asarray(speeds, float), 0
        self.state = np.stack([np.ones_like(self.speeds), self.speeds])

    def rates(self, time: float) -> Any:
        del time
        self.asked += 1
        return np.stack([self.state[1], -(self.speeds**2) * self.state[0]])

    def exact(self, time: float) -> Any:
        turned = self.speeds * time
        return np.stack([np.cos(turned) + np.sin(turned), self.speeds * (np.cos(turned) - np.sin(turned))])


def rooms(members: int) -> Any:
    return np.empty((dopri5.ROOMS, 2, members))


def test_one_part_has_order_five_and_its_estimate_order_four() -> None:
    """Halving a part divides its error by 2^6, and the distance of both results by 2^5."""
    errors, distances = [], []
    for length in (0.4, 0.2, 0.1):
        system, held = Oscillator([1.0]), rooms(1)
        held[0] = system.rates(0.0)
        distances.append(dopri5.attempt(system, 0.0, length, held))
        errors.append(float(np.abs(system.state - system.exact(length)).max()))
    for coarse, fine in pairwise(errors):
        assert math.log2(coarse / fine) == pytest.approx(6.0, abs=0.3)
    for coarse, fine in pairwise(distances):
        assert math.log2(coarse / fine) == pytest.approx(5.0, abs=0.4)


@pytest.mark.parametrize("speeds", [[0.1], [1.0, 3.0], [40.0]])
def test_parts_are_as_short_as_the_fastest_member_needs(speeds: list[float]) -> None:
    system = Oscillator(speeds)
    for number in range(4):
        dopri5.advance(system, float(number), 1.0, rooms(len(speeds)))
    assert np.abs(system.state - system.exact(4.0)).max() < 1e-5 * max(speeds)
    slow = Oscillator([0.001])
    dopri5.advance(slow, 0.0, 1.0, rooms(1))
    assert slow.asked == dopri5.STAGES  # one part: the first rates and six stages


def test_a_run_with_long_steps_is_the_closed_form_and_another_solvers() -> None:
    result = run(model="logistic", parameters=FIXED, method="dopri5", dt=5.0, horizon=40)
    times = np.asarray(result["times"])
    exact = 1000.0 / (1.0 + 99.0 * np.exp(-0.2 * times))
    assert np.allclose(course(result, "population"), exact, rtol=2e-7)
    other = solve_ivp(lambda _, y: 0.2 * y * (1 - y / 1000.0), (0, 40), [10.0], t_eval=times, rtol=1e-9, atol=1e-9)
    assert np.allclose(course(result, "population"), other.y[0], rtol=1e-6)
    coarse = run(model="logistic", parameters=FIXED, method="rk4", dt=5.0, horizon=40)
    assert not np.allclose(course(coarse, "population"), exact, rtol=1e-4)

"""The longest lag by evidence: as far as effects reach, with few rows or many, across trajectories."""

import numpy as np
import pytest

from core.workloads.causal import lag_choice, preprocessing
from core.workloads.causal.preprocessing import Treated
from core.workloads.causal.series import Series
from tests.unit.workloads.causal.windows import discover, simulate

NAMES = ("a", "b", "c", "d", "e")


def treated(lag: int, rows: int, seed: int, parts: int = 1) -> Treated:
    """Five variables with own effects at lag 1, and two edges, one of them as long as asked for."""
    coefficients = np.zeros((lag, 5, 5))
    coefficients[0] = 0.4 * np.eye(5)
    coefficients[0, 2, 1] = 0.4
    coefficients[lag - 1, 1, 0] = 0.4
    values = np.vstack([simulate(rows // parts, seed + part, coefficients) for part in range(parts)])
    return preprocessing.treat(Series(NAMES, values, (rows // parts,) * parts), "none")


@pytest.mark.parametrize("lag", [1, 2, 3, 6, 10])
def test_the_longest_lag_is_found(lag: int) -> None:
    """Given five series, none is cut short, and at most one is given more by chance."""
    chosen = sorted(lag_choice.by_bic(treated(lag, 1000, seed)) for seed in range(30, 35))
    assert chosen[:4] == [lag] * 4


def test_it_is_found_across_trajectories() -> None:
    assert lag_choice.by_bic(treated(4, 1000, 40, parts=5)) == 4


def test_no_more_is_tried_than_rows_allow() -> None:
    assert lag_choice.by_bic(treated(2, 40, 41)) <= 4
    assert lag_choice.by_bic(treated(2, 60, 42, parts=20)) <= 2


def test_discovery_asks_for_it() -> None:
    coefficients = np.zeros((7, 3, 3))
    coefficients[0], coefficients[6, 1, 0] = 0.4 * np.eye(3), 0.5
    values = simulate(800, 43, coefficients)
    found = discover(values, max_lag="bic")
    assert found["diagnostics"]["max_lag"] == 7
    assert discover(values, max_lag="auto")["diagnostics"]["max_lag"] == 5

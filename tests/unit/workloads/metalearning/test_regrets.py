"""Regret, against counting all orders by hand."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workloads.metalearning import regrets

REWARDS = st.lists(st.floats(-5, 5, allow_nan=False), min_size=1, max_size=7)


@given(REWARDS)
def test_chance_expects_what_all_choices_give_on_average(drawn: list[float]) -> None:
    rewards = np.array(drawn)
    found = regrets.of_chance(rewards, 8)
    for trials in range(1, 9):
        kept = min(trials, len(drawn))
        mean = np.mean([max(some) for some in combinations(drawn, kept)])
        assert found[trials - 1] == pytest.approx(max(drawn) - mean, abs=1e-9)


@given(REWARDS, st.randoms(use_true_random=False))
def test_an_order_never_regrets_more_later_and_nothing_once_all_is_tried(drawn: list[float], chance: object) -> None:
    order = list(range(len(drawn)))
    chance.shuffle(order)  # type: ignore[attr-defined]  # hypothesis' own Random
    found = regrets.of_order(np.array(drawn), order, 9)
    assert (np.diff(found) <= 0).all()
    assert found[0] == max(drawn) - drawn[order[0]]
    assert found[-1] == 0

"""What is tried next, on tables small enough to see the answer."""

import numpy as np
import pytest

from core.workloads.metalearning import proposals, reptile

TWO_SORTS = np.array([[0.9, 0.1, 0.5, 0.2], [0.9, 0.1, 0.5, 0.2], [0.1, 0.8, 0.5, 0.2]])
"""Two tasks like the first configuration, one the second; the third is never bad."""


def test_the_first_trial_is_the_best_on_average() -> None:
    assert proposals.next_trial(TWO_SORTS, {}) == 0


def test_the_second_completes_the_first_where_it_would_fail() -> None:
    assert proposals.next_trial(TWO_SORTS, {0: 0.1}) == 1


def test_tasks_that_agree_with_what_was_seen_count_more_whatever_the_level() -> None:
    weights = proposals.task_weights(TWO_SORTS, {0: 10.1, 2: 10.5})
    assert weights[2] > 0.9
    assert weights.sum() == pytest.approx(1.0)
    assert proposals.task_weights(TWO_SORTS, {0: 0.1}).tolist() == [1 / 3] * 3


def test_a_failed_trial_is_not_repeated_and_tells_nothing() -> None:
    assert proposals.next_trial(TWO_SORTS, {0: None}) != 0
    assert proposals.task_weights(TWO_SORTS, {0: None, 2: 0.5}).tolist() == [1 / 3] * 3


def test_everything_is_tried_once_and_then_no_more() -> None:
    order = proposals.order_of(TWO_SORTS, np.array([0.1, 0.8, 0.5, 0.2]), 10)
    assert sorted(order) == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="every configuration"):
        proposals.next_trial(TWO_SORTS, dict.fromkeys(range(4), 0.5))


def test_tasks_that_are_all_alike_are_no_division_by_nothing() -> None:
    flat = np.full((3, 4), 0.5)
    assert proposals.order_of(flat, np.full(4, 0.5), 4) == [0, 1, 2, 3]


def test_reptile_moves_towards_what_was_best_and_the_later_tasks_move_it_last() -> None:
    space = {"/a": [1, 2], "/b": [1, 2, 3]}
    best = np.eye(6)
    assert reptile.known_of(space, best[[4, 4, 4]])[0].argmax() == 4
    assert reptile.known_of(space, best[[0] * 3 + [5] * 9])[0].argmax() == 5
    beliefs = np.exp(reptile.known_of(space, best[[1]]))[0]
    assert beliefs.sum() == pytest.approx(1.0)
    # One step of a fifth: 1/2 -> 0.6 and 1/3 -> 7/15.
    assert beliefs.max() == pytest.approx(0.6 * 7 / 15)

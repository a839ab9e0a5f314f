"""Paths, interventions and scores: what is asked of a graph once it is known."""

from typing import Any

import numpy as np
import pytest

from core.workloads.causal import effect, kinds, paths, scoring
from core.workloads.causal.series import SeriesUnfit
from tests.unit.workloads.causal.windows import COEFFICIENTS, NAMES, context, simulate

SERIES = {"names": NAMES, "values": simulate(4000, 11).tolist()}


def find_paths(**params: Any) -> dict[str, Any]:
    given = {"series": SERIES, "source": "a", "target": "d", "max_lag": 2, "resamples": 300, **params}
    return paths.compute(kinds.PATHS.params().load(given), context())


def intervene(**params: Any) -> dict[str, Any]:
    given = {"series": SERIES, "variable": "a", "max_lag": 2, "resamples": 300, "horizon": 6, **params}
    return effect.compute(kinds.EFFECT.params().load(given), context())


def score(found: list[tuple[str, str]], truth: list[tuple[str, str]], **more: Any) -> dict[str, Any]:
    written = [[{"source": s, "target": t, "lag": 1} for s, t in edges] for edges in (found, truth)]
    given = {"names": NAMES, "estimate": {"edges": written[0], **more}, "truth": written[1]}
    return scoring.compute(kinds.SCORE.params().load(given), context())


def test_the_chain_is_the_only_path_and_its_effect_the_product() -> None:
    found = find_paths()
    (path,) = found["paths"]
    assert (path["variables"], path["lags"], path["lag"]) == (["a", "b", "c", "d"], [1, 2, 1], 4)
    assert path["ci_low"] <= 0.4 * -0.35 * 0.3 <= path["ci_high"] < 0
    assert path["sign_agreement"] == 1.0
    assert (found["direct_effect"], found["mediated_share"], found["complete"]) == (0, 1.0, True)


def test_a_small_budget_is_kept_and_said_to_be_too_small() -> None:
    found = find_paths(budget=2)
    assert found["candidates_considered"] <= 3
    assert (found["paths"], found["complete"]) == ([], False)


def test_paths_are_no_longer_than_asked_for() -> None:
    assert find_paths(max_hops=2)["paths"] == []
    assert len(find_paths(max_hops=3)["paths"]) == 1


def test_against_the_arrows_there_is_no_path() -> None:
    assert find_paths(source="d", target="a")["paths"] == []


def test_responses_are_those_of_the_true_dynamics() -> None:
    """The expected response follows from the coefficients that made the series, by the recursion of its definition."""
    course = np.zeros((7, 4))
    course[0, 0] = 1.0
    for row in range(1, 7):
        course[row] = COEFFICIENTS[0] @ course[row - 1] + (COEFFICIENTS[1] @ course[row - 2] if row > 1 else 0)
    course_found = intervene(duration=1)["responses"]
    inside = [
        low - 1e-9 <= truth <= high + 1e-9
        for number, one in enumerate(course_found)
        for low, truth, high in zip(one["ci_low"], course[:, number], one["ci_high"], strict=True)
    ]
    assert np.mean(inside) >= 0.9
    for number, one in enumerate(course_found):
        assert np.abs(np.array(one["response"]) - course[:, number]).max() < 0.05


def test_a_lasting_intervention_holds_the_variable_and_cuts_what_acts_on_it() -> None:
    responses = {one["variable"]: one for one in intervene(variable="b", shift=3.0)["responses"]}
    assert responses["b"]["response"] == pytest.approx([3.0] * 7)
    assert responses["a"]["response"] == [0.0] * 7
    assert responses["c"]["response"][:2] == [0.0, 0.0]
    assert responses["c"]["response"][2] == pytest.approx(3.0 * -0.35, abs=0.15)


@pytest.mark.parametrize(("ask", "pointer"), [(lambda: find_paths(source="z"), "/params/source")])
def test_strange_variables_are_named(ask: Any, pointer: str) -> None:
    with pytest.raises(SeriesUnfit) as caught:
        ask()
    assert caught.value.errors[0].pointer == pointer


def test_scores_count_as_the_definitions_say() -> None:
    """Of three true edges one is found, one turned; one is false: six figures that can be counted on the fingers."""
    found = score([("a", "b"), ("c", "b"), ("a", "d")], [("a", "b"), ("b", "c"), ("c", "d")])
    assert found["precision"] == found["recall"] == found["f1"] == pytest.approx(1 / 3)
    assert found["false_discovery_rate"] == pytest.approx(2 / 3)
    assert (found["shd"], found["reversed"]) == (3, 1)
    assert found["direction_accuracy"] == 0.5


def test_auroc_is_the_share_of_pairs_in_the_right_order() -> None:
    values = np.zeros((4, 4))
    values[1, 0], values[2, 1], values[3, 0] = 0.9, 0.4, 0.6
    found = score([], [("a", "b"), ("b", "c")], scores={"names": NAMES, "values": values.tolist()})
    others = 12 - 2
    assert found["auroc"] == pytest.approx((others + (others - 1)) / (2 * others))


def test_a_perfect_estimate_scores_perfectly() -> None:
    truth = [("a", "b"), ("b", "c")]
    found = score(truth, truth)
    assert (found["f1"], found["shd"], found["direction_accuracy"]) == (1.0, 0, 1.0)

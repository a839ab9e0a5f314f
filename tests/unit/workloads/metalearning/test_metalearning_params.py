"""What metalearning refuses before it begins: each limit just inside and just outside."""

from typing import Any

import pytest
from marshmallow import ValidationError

from core.workloads.metalearning import examples
from core.workloads.metalearning.params import AdaptParams, EvaluateParams, TuneParams
from core.workloads.metalearning.targets import TARGETS


def tune(**changed: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = TuneParams().load({**examples.tuning(), **changed})
    return loaded


def refused(**changed: Any) -> Any:
    with pytest.raises(ValidationError) as caught:
        tune(**changed)
    return caught.value.messages


def test_only_kinds_that_are_declared_can_be_targets() -> None:
    assert "target" in refused(target="platform.export")
    assert {"causal.discover", "pumping.backtest"} <= set(TARGETS)


@pytest.mark.parametrize("field", ["trials", "patience"])
def test_trials_have_bounds(field: str) -> None:
    assert tune(**{field: 100})[field] == 100
    assert set(refused(**{field: 101})) == set(refused(**{field: 0})) == {field}


def test_a_space_has_bounds() -> None:
    assert tune(space={"/a": list(range(40)), "/b": list(range(50))})
    told = refused(space={"/a": list(range(3)), "/b": list(range(23)), "/c": list(range(29))})
    assert "2,001 configurations" in str(told["space"])
    assert "space" in refused(space={"/a": list(range(51))})
    assert "space" in refused(space={})
    assert "space" in refused(space={"/a": []})


@pytest.mark.parametrize("place", ["", "a", "/a~2"])
def test_a_place_is_a_pointer(place: str) -> None:
    assert place in refused(space={place: [1]})["space"]


def test_places_do_not_overlap() -> None:
    assert "overlaps" in str(refused(space={"/a": [{}], "/a/b": [1]}))


def test_a_task_brings_what_scores_it_where_something_does() -> None:
    task = {**examples.task(1), "score": None}
    assert "score" in refused(task=task)["task"]
    told = refused(target="pumping.backtest", task=examples.task(1))
    assert "own result" in str(told["task"]["score"])


def test_prior_and_space_are_not_given_together() -> None:
    prior = examples.evaluation()["prior"]
    assert tune(prior=prior, space=None)["prior"] == prior
    assert "space" in refused(prior=prior)
    assert "prior" in refused(prior={}, space=None)


def test_a_grid_has_as_many_trials_as_a_job_may_have_shards() -> None:
    tasks = [examples.task(seed, rows=20) for seed in range(100)]
    space = {"/q": [0.01 * step for step in range(1, 11)], "/max_lag": list(range(1, 11))}
    given = {"target": "causal.discover", "space": space}
    assert AdaptParams().load({**given, "tasks": tasks})
    with pytest.raises(ValidationError) as caught:
        AdaptParams().load({**given, "tasks": [*tasks, tasks[0]]})
    assert "10,100 trials" in str(caught.value.messages)


def test_an_evaluation_needs_a_prior() -> None:
    with pytest.raises(ValidationError) as caught:
        EvaluateParams().load({**examples.evaluation(), "prior": None})
    assert set(caught.value.messages) == {"prior"}

"""Learning to configure, on a whole platform: one workload learns of another without either knowing the other."""

import pytest
from penstock_client import JobUnsuccessful

from tests.platforms import Platform


def test_a_back_test_is_tuned_by_jobs_of_its_own_kind(platform: Platform) -> None:
    client = platform.client
    task = {"params": client.kind("pumping.backtest").example}
    asked = {"target": "pumping.backtest", "task": task, "space": {"/replan_minutes": [180, 360]}, "trials": 2}
    tune = client.submit("metalearning.tune", asked)
    tuned = tune.result(timeout=120)
    given = client.submit("pumping.backtest", {**task["params"], **tuned["params"]}).result(timeout=60)
    assert sorted(one["settings"]["/replan_minutes"] for one in tuned["trials"]) == [180, 360]
    assert tuned["reward"] >= tuned["default_reward"]
    assert given["plan"]["adjusted_cost_eur"] > 0
    assert [artifact.name for artifact in tune.artifacts()] == ["trials.svg"]


def test_a_setting_that_its_kind_does_not_have_is_told_by_name(platform: Platform) -> None:
    client = platform.client
    example = client.kind("metalearning.tune").example
    with pytest.raises(JobUnsuccessful) as caught:
        client.submit("metalearning.tune", {**example, "space": {"/magic": [1]}}).result(timeout=60)
    assert "magic" in str(caught.value)

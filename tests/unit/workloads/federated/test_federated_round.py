"""`federated.round`: members that train here, updates that came, attackers, and what the model is worth after."""

import io
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from marshmallow import ValidationError

from core.jobs.context import JobContext, MemoryRecorder
from core.platform.domains import frames
from core.workloads.federated import learning, local_training
from core.workloads.federated.learner_params import TrainParams
from core.workloads.federated.round_params import RoundParams
from core.workloads.federated.training import TrainingDiverged

LOGISTIC = {"learner": {"learner": "logistic", "classes": 2}, "local": {"epochs": 5, "batch": 10, "rate": 0.3}}


def learn(given: dict[str, Any], files: dict[str, bytes] | None = None) -> tuple[dict[str, Any], MemoryRecorder]:
    """Compute a round in memory; a member whose name begins with `lost` never comes back."""
    recorder = MemoryRecorder()
    content = {str(UUID(int=int(name))): one for name, one in (files or {}).items()}

    def train(kind: str, params: Any) -> dict[str, Any]:
        assert kind == "federated.train"
        if params["client"].startswith("lost"):
            raise TrainingDiverged
        shard = MemoryRecorder(inputs={name: io.BytesIO(one) for name, one in content.items()})
        return local_training.compute(TrainParams().load(params), JobContext(UUID(int=2), 1, 9, shard))

    recorder.compute_shard = train
    recorder.inputs = {name: io.BytesIO(one) for name, one in content.items()}
    return learning.compute(RoundParams().load(given), JobContext(UUID(int=1), 1, 7, recorder)), recorder


def sites(count: int, turned: int = 0, rows: int = 40) -> list[dict[str, Any]]:
    rng, members = np.random.default_rng(2), []
    for place in range(count):
        inputs = rng.standard_normal((rows, 3))
        targets = (inputs @ [1.0, -2.0, 0.5] > 0).astype(int)
        turns = targets if place < count - turned else 1 - targets
        members.append({"client": f"site {place}", "data": {"inputs": inputs.tolist(), "targets": turns.tolist()}})
    return members


def held_out() -> dict[str, Any]:
    data: dict[str, Any] = sites(1, rows=300)[0]["data"]
    return data


def test_members_learn_together_and_the_robust_way_outdoes_the_mean_under_turned_labels() -> None:
    given = {"members": sites(10, turned=3), "training": {**LOGISTIC, "evaluation": held_out()}, "rounds": 4, "seed": 1}
    mean, _ = learn(given)
    robust, recorder = learn({**given, "strategy": "multi_krum", "settings": {"faults": 3}})
    assert [one["counted"] for one in robust["history"]] == [10] * 4
    assert robust["after"]["accuracy"] > 0.95 > robust["before"]["accuracy"]
    assert robust["after"]["loss"] < mean["after"]["loss"]
    parts = {one["client"]: one["share"] for one in robust["clients"]}
    assert [parts[f"site {place}"] for place in (7, 8, 9)] == [0.0] * 3
    kept = np.load(io.BytesIO(recorder.artifacts["model.npz"][0]))
    assert kept["coefficients"].tolist() == robust["arrays"]["coefficients"]


def test_a_root_of_the_servers_own_lets_fltrust_withstand_a_majority() -> None:
    root = sites(1, rows=60)[0]["data"]
    given = {"members": sites(9, turned=6), "strategy": "fltrust", "rounds": 6, "seed": 1}
    told, _ = learn({**given, "training": {**LOGISTIC, "evaluation": held_out(), "root": root}})
    assert told["after"]["accuracy"] > 0.95
    assert sum(one["share"] == 0.0 for one in told["clients"]) == 6


@pytest.mark.parametrize("form", ["weights", "change"])
def test_who_trains_elsewhere_takes_part_in_the_same_round(form: str) -> None:
    sent = {"coefficients": [[1.0, -1.0]] * 3, "intercept": [0.5, -0.5]}
    begins = {"coefficients": [[0.5, 0.5]] * 3, "intercept": [0.0, 0.0]}
    moved = {name: (np.array(sent[name]) - np.array(begins[name])).tolist() for name in sent}
    update = {"client": "far", "weight": 40, "update": {"arrays": sent if form == "weights" else moved}}
    given = {"members": sites(1), "updates": [update], "model": {"arrays": begins}, "form": form, "seed": 1}
    told, _ = learn({**given, "training": LOGISTIC})
    own, _ = learn({**given, "updates": [], "training": LOGISTIC})
    both = (np.array(own["arrays"]["coefficients"]) + sent["coefficients"]) / 2
    assert np.array(told["arrays"]["coefficients"]) == pytest.approx(both)
    assert told["before"] is told["after"] is None


def test_whose_training_fails_is_left_out_with_the_reason() -> None:
    members = [*sites(3), {"client": "lost 1", "data": held_out()}]
    told, _ = learn({"members": members, "training": LOGISTIC, "at_least": 3})
    assert (told["counted"], [one["client"] for one in told["refused"]]) == (3, ["lost 1"])
    assert (told["refused"][0]["code"], told["history"][0]["refused"]) == ("failed", 1)


def test_a_perceptron_begins_the_same_for_all_and_a_job_gives_the_same_bytes_again() -> None:
    training = {"learner": {"learner": "mlp", "classes": 2, "hidden": [4], "precision": "float32"}}
    given = {"members": sites(4), "training": training, "rounds": 2, "strategy": "fedavgm", "seed": 5}
    (first, files), (again, more) = learn(given), learn(given)
    assert first == again
    assert files.artifacts == more.artifacts
    assert files.artifacts["moments.npz"][0]
    assert first["history"][1]["change_norm"] > first["history"][0]["change_norm"]  # by momentum


def test_a_linear_model_of_lagged_rows_tells_the_dynamics_of_the_future() -> None:
    """x_t = 0.6 x_(t-1) + 1 + e, y_t = 0.5 x_(t-1) + 0.2 y_(t-1) + e: found again, with levels 2.5 and 1.5625."""
    rng, files = np.random.default_rng(3), {}
    for name in ("1", "2", "3"):
        rows = np.zeros((800, 2))
        for at in range(1, 800):
            x, y = rows[at - 1]
            rows[at] = [0.6 * x + 1.0, 0.5 * x + 0.2 * y]
            rows[at] += 0.3 * rng.standard_normal(2)
        files[name] = frames.encode_all(["x", "y"], [np.ascontiguousarray(rows[100:].T)], {})
    members = [{"client": name, "data": {"artifact": str(UUID(int=int(name)))}} for name in files]
    features = {"targets": ["x", "y"], "lags": 1}
    local = {"epochs": 30, "batch": 50, "rate": 0.1}
    training = {"learner": {"learner": "linear"}, "features": features, "local": local}
    told, _ = learn({"members": members, "training": training, "rounds": 2, "seed": 1}, files)
    graph = told["dynamics"]["graph"]
    assert [(one["variable"], round(one["effect"], 1)) for one in graph["own_lags"]] == [("x", 0.6), ("y", 0.2)]
    effects = {(one["source"], one["target"]): one["effect"] for one in graph["edges"]}
    assert effects == {("x", "y"): pytest.approx(0.5, abs=0.07), ("y", "x"): pytest.approx(0.0, abs=0.07)}
    assert told["dynamics"]["mean"] == {"x": pytest.approx(2.5, abs=0.2), "y": pytest.approx(1.5625, abs=0.2)}
    assert told["dynamics"]["noise_sd"] == {"x": pytest.approx(0.3, abs=0.03), "y": pytest.approx(0.3, abs=0.03)}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"members": []}, "members"),
        ({"training": None}, "training"),
        ({"updates": [{"client": "far", "update": {"arrays": {"a": [1.0]}}}], "rounds": 2}, "rounds"),
        ({"updates": [{"client": "site 0", "update": {"arrays": {"a": [1.0]}}}]}, "members"),
        ({"strategy": "fltrust"}, "trusted"),
        ({"rounds": 101}, "rounds"),
        ({"strategy": "krum", "settings": {"trim": 1}}, "settings"),
    ],
)
def test_what_makes_no_round_is_refused_by_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        RoundParams().load({"members": sites(2), "training": LOGISTIC, **given})
    assert list(caught.value.messages) == [field]

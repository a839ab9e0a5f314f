"""`federated.train`: data from everywhere, and what is refused."""

import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from marshmallow import ValidationError

from core.jobs.context import JobContext, MemoryRecorder
from core.jobs.domain_access import StoredWindow
from core.platform.domains import frames
from core.platform.domains.facts import DomainFacts
from core.workloads.federated import local_training
from core.workloads.federated.learner_params import TrainParams
from core.workloads.federated.rounds import StrategyUnfit
from core.workloads.federated.sampling import lagged

FILE = UUID(int=9)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
HOME = DomainFacts(UUID(int=2), "shop", ["x", "y"], None, 4, 1, 1000, 0, None, "active", EPOCH)
LINEAR = {"learner": {"learner": "linear"}, "local": {"epochs": 400, "batch": 500, "rate": 0.3}, "seed": 3}


def train(given: dict[str, Any], **inputs: bytes) -> tuple[dict[str, Any], MemoryRecorder]:
    recorder = MemoryRecorder(inputs={str(FILE): io.BytesIO(one) for one in inputs.values()})
    recorder.domains.facts["shop"] = HOME
    recorder.domains.stored[str(HOME.id)] = {place: window(place) for place in range(3)}
    params = TrainParams().load({**LINEAR, **given})
    return local_training.compute(params, JobContext(UUID(int=1), 1, 7, recorder)), recorder


def series() -> Any:
    """Two variables, y following x a row later: y_t = 2 x_(t-1) + 1."""
    x = np.random.default_rng(1).standard_normal(121)
    return np.column_stack([x[1:], 2 * x[:-1] + 1])


def window(place: int) -> StoredWindow:
    content = frames.encode(["x", "y"], np.ascontiguousarray(series()[40 * place : 40 * place + 40].T), {})
    return StoredWindow(place, "synthetic", 40, EPOCH, place != 1, content)


def test_what_is_learned_of_a_domains_windows_follows_their_lags() -> None:
    features = {"inputs": ["x"], "targets": ["y"], "lags": 1}
    told, recorder = train({"data": {"domain_id": "shop", "first": 0, "last": 2}, "features": features})
    assert told["samples"] == 118  # windows 1 and 2 are one trajectory, window 0 is broken off
    assert told["arrays"]["coefficients"] == [[pytest.approx(2.0, abs=1e-6)]]
    assert told["arrays"]["intercept"] == [pytest.approx(1.0, abs=1e-6)]
    assert told["after"]["r2"] == pytest.approx(1.0)
    assert told["before"]["loss"] > told["after"]["loss"]
    kept = np.load(io.BytesIO(recorder.artifacts["model.npz"][0]))
    assert kept["coefficients"].tolist() == told["arrays"]["coefficients"]


def test_an_arrow_stream_and_an_npz_give_what_rows_written_out_give() -> None:
    rows = series()
    written, _ = train({"data": {"inputs": rows[:, :1].tolist(), "targets": rows[:, 1].tolist()}})
    stream = frames.encode_all(["x", "y"], [np.ascontiguousarray(rows.T)], {})
    streamed, _ = train({"data": {"artifact": str(FILE)}, "features": {"targets": ["y"]}}, file=stream)
    packed = io.BytesIO()
    np.savez(packed, inputs=rows[:, :1], targets=rows[:, 1])
    zipped, _ = train({"data": {"artifact": str(FILE)}}, file=packed.getvalue())
    assert written == streamed == zipped


def test_no_lag_reaches_from_one_trajectory_into_another() -> None:
    parts = [np.arange(6.0).reshape(3, 2), np.arange(100.0, 104.0).reshape(2, 2), np.array([[7.0, 8.0]])]
    inputs, targets = lagged(parts, [0, 1], [1], 2)
    assert inputs.tolist() == [[2.0, 3.0, 0.0, 1.0]]
    assert targets.tolist() == [[5.0]]


def test_samples_that_miss_a_value_are_left_out_and_a_given_model_is_gone_on_from() -> None:
    data = {"artifact": str(FILE)}
    packed = io.BytesIO()
    np.savez(packed, inputs=np.array([[1.0], [np.nan], [2.0]]), targets=np.array([3.0, 5.0, 5.0]))
    model = {"arrays": {"coefficients": [[2.0]], "intercept": [1.0]}}
    told, _ = train({"data": data, "model": model}, file=packed.getvalue())
    assert (told["samples"], told["change_norm"]) == (2, 0.0)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"data": {"domain_id": "none", "first": 0, "last": 1}, "features": {"targets": ["y"]}}, "/data/domain_id"),
        ({"data": {"domain_id": "shop", "first": 9, "last": 9}, "features": {"targets": ["y"]}}, "/data/domain_id"),
        ({"data": {"domain_id": "shop", "first": 0, "last": 1}}, "/features"),
        ({"data": {"domain_id": "shop", "first": 0, "last": 1}, "features": {"targets": ["z"]}}, "/data"),
        (
            {"data": {"domain_id": "shop", "first": 0, "last": 1}, "features": {"targets": ["x", "y"]}},
            "/features/inputs",
        ),
        ({"data": {"inputs": [[1.0]], "targets": [2]}, "learner": {"learner": "logistic", "classes": 2}}, "/data"),
        ({"data": {"inputs": [[1.0]], "targets": [0.5]}, "learner": {"learner": "logistic", "classes": 2}}, "/data"),
        ({"data": {"inputs": [[1.0]], "targets": [1]}, "model": {"arrays": {"other": [1.0]}}}, "/model"),
        (
            {"data": {"inputs": [[1.0] * 25], "targets": [1]}, "learner": {"learner": "mlp", "hidden": [4096]}},
            "/learner",
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_field(given: dict[str, Any], pointer: str) -> None:
    with pytest.raises(StrategyUnfit) as caught:
        train(given)
    assert [one.pointer for one in caught.value.errors] == [f"/params{pointer}"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"data": {"inputs": [[1.0], [2.0, 3.0]], "targets": [1, 2]}}, "data"),
        ({"data": {"inputs": [[1.0], [None]], "targets": [1, 2]}}, "data"),
        ({"data": {"inputs": [1.0], "targets": [1]}}, "data"),
        ({"data": {"inputs": [[1.0]], "targets": [1, 2]}}, "data"),
        ({"data": {"domain_id": "shop", "first": 3, "last": 2}}, "data"),
        ({"data": {"domain_id": "shop", "inputs": [[1]]}}, "data"),
        ({"learner": {"learner": "logistic"}}, "learner"),
        ({"learner": {"learner": "linear", "classes": 3}}, "learner"),
        ({"learner": {"learner": "mlp", "hidden": []}}, "learner"),
        ({"local": {"rate": 0}}, "local"),
    ],
)
def test_what_makes_no_sense_is_refused_before_it_is_submitted(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TrainParams().load({**LINEAR, "data": {"inputs": [[1.0]], "targets": [1]}, **given})
    assert list(caught.value.messages) == [field]

"""What a computation sees: progress within bounds, stops at checkpoints, streams that follow from the seed."""

import math
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import PenstockError
from core.jobs.artifacts import ArtifactNameInvalid, check_name, named_in
from core.jobs.context import AttemptStopped, JobContext, MemoryRecorder, StopReason

JOB = UUID(int=1)


def make_context(recorder: MemoryRecorder | None = None, *, seed: int = 1) -> JobContext:
    return JobContext(JOB, 1, seed, recorder or MemoryRecorder())


@given(st.floats())
def test_progress_lies_between_0_and_1_whatever_is_reported(fraction: float) -> None:
    recorder = MemoryRecorder()
    make_context(recorder).progress(fraction)
    assert 0.0 <= recorder.progressed[0][0] <= 1.0
    assert math.isfinite(recorder.progressed[0][0])


@pytest.mark.parametrize("reason", StopReason)
def test_progress_is_a_checkpoint(reason: StopReason) -> None:
    recorder = MemoryRecorder(stop=reason)
    with pytest.raises(AttemptStopped) as caught:
        make_context(recorder).progress(0.5)
    assert caught.value.reason is reason
    assert recorder.progressed == []


def test_no_computation_swallows_a_stop_by_accident() -> None:
    assert not issubclass(AttemptStopped, Exception)
    assert not issubclass(AttemptStopped, PenstockError)


def test_streams_follow_from_seed_and_path() -> None:
    keys = [
        make_context(seed=seed).stream_key(*path) for seed in (1, 2) for path in (("a",), ("b",), ("a", 1), ("a", 2))
    ]
    assert len(set(keys)) == 8
    assert keys[0] == make_context(seed=1).stream_key("a")
    assert all(0 <= key < 1 << 128 for key in keys)


@pytest.mark.parametrize("name", ["plan.csv", "Plan (1) + b_2-c.txt", "a", "a" * 200])
def test_good_names_of_artifacts(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", ".hidden", "../up", "a/b", "a\\b", "a\n", 'a"b', "ä", "a" * 201, " a", "a\0"])
def test_bad_names_of_artifacts(name: str) -> None:
    with pytest.raises(ArtifactNameInvalid):
        check_name(name)


def test_artifacts_are_found_at_any_depth_of_the_params() -> None:
    params = {"a": {"artifact": "1"}, "b": [{"c": {"artifact": "2"}}], "d": {"artifact": "3", "e": 1}, "artifact": 4}
    assert set(named_in(params).values()) == {"1", "2"}

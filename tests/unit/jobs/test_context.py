"""What a computation sees: progress within bounds, stops at checkpoints, streams that follow from the seed."""

import math
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import PenstockError
from core.jobs.artifacts import ArtifactNameInvalid, check_name, named_in
from core.jobs.context import AttemptStopped, JobContext, MemoryRecorder, StopReason
from core.jobs.stages import FAILURES_TOLD, MAX_SHARDS, ShardsFailed, ShardsInvalid, Split

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


def echo(_kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
    if "fail" in params:
        raise ArtifactNameInvalid(params["fail"])
    return dict(params)


def test_shards_are_computed_in_memory_in_their_order() -> None:
    context = make_context(MemoryRecorder(compute_shard=echo))
    assert list(context.map("kind", [{"n": n} for n in range(3)])) == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert list(context.map("kind", [])) == []


def test_shards_that_failed_are_named() -> None:
    context = make_context(MemoryRecorder(compute_shard=echo))
    with pytest.raises(ShardsFailed, match=r"2 of 3 .* \(index 1, 2\); the first with artifact_name_invalid: bad"):
        context.map("kind", [{"n": 0}, {"fail": "bad"}, {"fail": "worse"}])


def test_of_very_many_failed_shards_only_the_first_are_named() -> None:
    context = make_context(MemoryRecorder(compute_shard=echo))
    with pytest.raises(ShardsFailed) as caught:
        context.map("kind", [{"fail": "bad"}] * (FAILURES_TOLD + 1))
    assert f"{FAILURES_TOLD + 1} of {FAILURES_TOLD + 1}" in caught.value.detail
    assert f"{FAILURES_TOLD - 1}, …)" in caught.value.detail


def test_failed_shards_may_be_tolerated() -> None:
    context = make_context(MemoryRecorder(compute_shard=echo))
    good, bad = context.map("kind", [{"n": 0}, {"fail": "bad"}], allow_failure=True)
    assert (good.result, good.error) == ({"n": 0}, None)
    assert (bad.index, bad.result, bad.error) == (1, None, {"code": "artifact_name_invalid", "message": "bad"})


def test_a_stage_has_as_many_shards_as_are_allowed_and_no_more() -> None:
    context = make_context(MemoryRecorder(compute_shard=echo))
    assert len(list(context.map("kind", ({} for _ in range(MAX_SHARDS))))) == MAX_SHARDS
    with pytest.raises(ShardsInvalid, match=f"{MAX_SHARDS + 1} shards"):
        context.map("kind", ({} for _ in range(MAX_SHARDS + 1)))


def test_a_split_is_a_checkpoint_and_is_not_swallowed_by_accident() -> None:
    recorder = MemoryRecorder(stop=StopReason.CANCELLED, compute_shard=echo)
    with pytest.raises(AttemptStopped):
        make_context(recorder).map("kind", [{}])
    assert not issubclass(Split, Exception)

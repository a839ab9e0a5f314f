"""The probe of shards: the same bytes for any number of them, and an estimate that is one."""

import math
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from core.canonical import canonical_json
from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.platform import kinds, pi

JOB = UUID(int=1)


def compute_shard(kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
    assert kind == kinds.PI_SHARD.name
    return pi.compute_shard(kinds.PiShard().load(params), JobContext(JOB, 1, 1, MemoryRecorder()))


def estimate(**params: int) -> dict[str, Any]:
    context = JobContext(JOB, 1, 1, MemoryRecorder(compute_shard=compute_shard))
    return pi.compute(kinds.Pi().load(params), context)


@pytest.fixture(scope="module")
def in_place() -> str:
    return canonical_json(estimate(points=60_000, shards=1, seed=5))


@pytest.mark.parametrize("shards", [2, 3, 59, 60, 61, 10_000])
def test_any_number_of_shards_gives_the_same_bytes(in_place: str, shards: int) -> None:
    assert canonical_json(estimate(points=60_000, shards=shards, seed=5)) == in_place


def test_another_seed_gives_another_estimate(in_place: str) -> None:
    assert canonical_json(estimate(points=60_000, seed=6)) != in_place


def test_the_estimate_lies_within_its_error() -> None:
    found = estimate(points=200_000, seed=1)
    assert abs(found["estimate"] - math.pi) < 4 * found["error_estimate"]
    assert found["error_estimate"] == pytest.approx(math.sqrt(math.pi * (4 - math.pi) / 200_000), rel=0.02)
    assert found["estimate"] == 4 * found["inside"] / found["points"]


@pytest.mark.parametrize(("asked", "drawn"), [(1, 1_000), (1_000, 1_000), (1_001, 2_000)])
def test_points_are_rounded_up_to_whole_blocks(asked: int, drawn: int) -> None:
    assert estimate(points=asked)["points"] == drawn


def test_no_shard_is_empty_and_together_they_are_everything() -> None:
    asked: list[Mapping[str, Any]] = []

    def note(_kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
        asked.append(params)
        return {"inside": 0}

    context = JobContext(JOB, 1, 1, MemoryRecorder(compute_shard=note))
    pi.compute({"points": 100_000, "shards": 7, "seed": 0}, context)
    blocks = [one["first_block"] + step for one in asked for step in range(one["blocks"])]
    assert (blocks, len(asked)) == (list(range(100)), 7)


@pytest.mark.parametrize(
    ("field", "inside", "outside"),
    [("points", (1, 100_000_000), (0, 100_000_001)), ("shards", (1, 10_000), (0, 10_001)), ("seed", (0,), (-1,))],
)
def test_limits_of_the_params(field: str, inside: tuple[int, ...], outside: tuple[int, ...]) -> None:
    assert all(kinds.Pi().validate({field: value}) == {} for value in inside)
    assert all(field in kinds.Pi().validate({field: value}) for value in outside)

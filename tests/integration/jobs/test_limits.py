"""What one attempt may use: just inside each limit it succeeds, just outside it fails with a code that says so."""

import resource
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row

from core.catalogue import Catalogue
from core.jobs import memory, queries
from core.jobs.context import JobContext
from core.jobs.execution import Compute, Station, execute
from core.jobs.kind import Limits
from core.jobs.remarks import LONGEST_TEXT

MIB = 1 << 20
Attempt = Callable[..., Row[Any]]


@pytest.fixture
def attempt(
    station: Station, submit_job: Callable[..., UUID], catalogue: Catalogue, row: Callable[[UUID], Row[Any]]
) -> Attempt:
    """Make one attempt with some limits at a computation; return the job's row."""

    def make(compute: Compute, **limits: Any) -> Row[Any]:
        job_id = submit_job("platform.echo", {})
        execute(station, replace(catalogue.find("platform.echo"), limits=Limits(**limits)), compute, job_id)
        return row(job_id)

    return make


def allocating(mib: int) -> Compute:
    def compute(_params: Any, _context: JobContext) -> dict[str, Any]:
        return {"bytes": len(bytearray(mib * MIB))}

    return compute


def saving(**sizes: int) -> Compute:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        for name, size in sizes.items():
            context.save_artifact(name, bytes(size), "application/octet-stream")
        return {}

    return compute


def logging(lines: int) -> Compute:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        for number in range(lines):
            context.log(f"line {number}")
        return {}

    return compute


def test_a_computation_may_allocate_as_much_as_its_limit_and_no_more(attempt: Attempt) -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    # What this process gives back meanwhile is at the computation's disposal: hence some distance from the limit.
    inside, outside = attempt(allocating(180), memory_mib=200), attempt(allocating(240), memory_mib=200)
    assert inside.result == {"bytes": 180 * MIB}
    assert (outside.state, outside.error["code"], outside.error["retryable"]) == ("failed", "memory_limit", False)
    assert "200 MiB" in outside.error["message"]
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_a_result_that_takes_too_much_memory_to_write_fails_alike(attempt: Attempt) -> None:
    shared = ["x" * 1_000] * 100_000

    def compute(_params: Any, _context: JobContext) -> dict[str, Any]:
        return {"lines": shared}

    assert attempt(compute, memory_mib=64).error["code"] == "memory_limit"


def test_what_a_refused_attempt_held_does_not_count_against_the_next(attempt: Attempt) -> None:
    def hoard(_params: Any, _context: JobContext) -> dict[str, Any]:
        held: list[Any] = [[]]
        held[0].append(held)  # a cycle, which only the garbage collector takes apart
        while True:
            held.append([b"x" * size for size in range(100_000, 100_100)])

    for _ in range(2):
        assert attempt(hoard, memory_mib=128).error["code"] == "memory_limit"
    before_mib = memory.peak_mib()
    memory.forget_peak()
    assert memory.peak_mib() < before_mib - 64
    assert attempt(allocating(120), memory_mib=128).state == "succeeded"


def test_a_limit_set_from_outside_is_never_raised() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    lower = memory.peak_mib() + 8_192
    resource.setrlimit(resource.RLIMIT_DATA, (int(lower) * MIB, before[1]))
    try:
        with memory.limited(1 << 20):
            assert resource.getrlimit(resource.RLIMIT_DATA) == (int(lower) * MIB, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def test_the_peak_of_memory_is_that_of_the_attempt(attempt: Attempt) -> None:
    def touch(mib: int) -> Compute:
        return lambda _params, _context: {"sum": sum(bytes([1]) * (mib * MIB)) // MIB}

    greedy, modest = attempt(touch(200)), attempt(touch(1))
    assert greedy.usage["peak_memory_mib"] > modest.usage["peak_memory_mib"] + 150


def test_the_artifacts_of_an_attempt_may_be_as_large_as_the_limit_and_no_larger(
    attempt: Attempt, station: Station
) -> None:
    inside, outside = (attempt(saving(a=600, b=size), artifact_bytes=1_000) for size in (400, 401))
    assert inside.state == "succeeded"
    assert (outside.state, outside.error["code"]) == ("failed", "output_limit")
    assert "'b'" in outside.error["message"]
    assert "1001 bytes, 1000 are allowed" in outside.error["message"]
    with station.database.statements() as session:
        assert [made.name for made in queries.list_artifacts(session, outside.id)] == ["a"]


def test_an_artifact_in_place_of_another_counts_alone(attempt: Attempt) -> None:
    def twice(_params: Any, context: JobContext) -> dict[str, Any]:
        for _ in range(2):
            context.save_artifact("a", bytes(1_000), "text/plain")
        return {}

    assert attempt(twice, artifact_bytes=1_000).state == "succeeded"


def messages(station: Station, job_id: UUID) -> list[str]:
    with station.database.statements() as session:
        return [line.message for line in queries.list_log_lines(session, job_id)]


def test_as_many_lines_are_kept_as_the_limit_says_and_the_others_are_counted(
    attempt: Attempt, station: Station
) -> None:
    inside, outside = attempt(logging(5), log_lines=5), attempt(logging(8), log_lines=5)
    kept = [f"line {number}" for number in range(5)]
    assert messages(station, inside.id) == kept
    assert messages(station, outside.id) == [*kept, "3 further lines were dropped"]
    assert (inside.state, outside.state) == ("succeeded", "succeeded")


def test_what_a_line_says_is_kept_up_to_a_length(attempt: Attempt, station: Station) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        context.log("m" * (LONGEST_TEXT + 1), inside="f" * (LONGEST_TEXT - 13))
        context.log("short", outside="f" * LONGEST_TEXT)
        context.progress(0.5, "s" * (LONGEST_TEXT + 1))
        return {}

    job = attempt(compute)
    with station.database.statements() as session:
        long, short = queries.list_log_lines(session, job.id)
    assert (len(long.message), set(long.fields)) == (LONGEST_TEXT, {"inside"})
    assert (short.message, short.fields) == ("short", {"dropped_characters": LONGEST_TEXT + len('{"outside":""}')})

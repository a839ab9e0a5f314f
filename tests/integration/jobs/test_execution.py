"""One attempt from claim to outcome, whatever the computation does."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from marshmallow import Schema, fields
from sqlalchemy import Row, text

from core.catalogue import Catalogue
from core.errors import Conflict, Transient
from core.jobs import queries
from core.jobs.cancellation import cancel
from core.jobs.context import AttemptStopped, JobContext, StopReason
from core.jobs.execution import Compute, Station, execute
from core.jobs.kind import JobKind, Limits, Params, RetryPolicy
from core.jobs.outcomes import Outcome
from core.platform.access import Principal
from core.workloads.platform import probes


class NotYet(Transient):
    """It will pass."""

    code = "test_not_yet"


class NotEver(Conflict):
    """It will not."""

    code = "test_not_ever"


@pytest.fixture
def attempt(
    station: Station, submit_job: Callable[..., UUID], catalogue: Catalogue
) -> Callable[..., tuple[UUID, Outcome | None]]:
    """Submit an echo job and make one attempt at it with another computation."""

    def make(compute: Compute, *, params: dict[str, Any] | None = None, **options: Any) -> tuple[UUID, Outcome | None]:
        job_id = submit_job("platform.echo", params or {}, **options)
        return job_id, execute(station, catalogue.find("platform.echo"), compute, job_id)

    return make


Attempt = Callable[..., tuple[UUID, Outcome | None]]
ReadRow = Callable[[UUID], Row[Any]]


def raising(error: BaseException) -> Compute:
    def compute(_params: Any, _context: JobContext) -> dict[str, Any]:
        raise error

    return compute


def test_a_success_keeps_result_receipt_and_usage(
    attempt: Attempt, row: ReadRow, history: Callable[[UUID], list[str]]
) -> None:
    job_id, _ = attempt(probes.echo, params={"a": 1, "seed": 7})
    now = row(job_id)
    assert (now.state, now.result, now.error) == ("succeeded", {"a": 1, "seed": 7}, None)
    assert (now.receipt["seed"], now.receipt["params_hash"], now.receipt["inputs"]) == (7, now.params_hash, {})
    assert set(now.usage) == {"queue_s", "run_s", "cpu_s", "peak_memory_mib"}
    assert (now.progress["fraction"], now.lease_expires_at) == (1.0, None)
    assert history(job_id) == ["job.submitted", "job.queued", "job.claimed", "job.succeeded"]


def test_an_error_that_will_pass_is_tried_again_later(attempt: Attempt, row: ReadRow) -> None:
    job_id, _ = attempt(raising(NotYet("come back")))
    now = row(job_id)
    assert (now.state, now.error["code"], now.error["message"]) == ("retryable", "test_not_yet", "come back")
    assert now.error["retryable"]
    assert now.finished_at is None
    assert 0 <= (now.due_at - now.started_at).total_seconds() < 10


def test_an_error_that_will_not_pass_fails_the_job_at_once(attempt: Attempt, row: ReadRow) -> None:
    job_id, _ = attempt(raising(NotEver("no")))
    now = row(job_id)
    assert (now.state, now.attempt, now.error["code"], now.error["retryable"]) == ("failed", 1, "test_not_ever", False)
    assert "NotEver" in now.error["traceback"]


def test_an_unexpected_error_is_tried_again_and_tells_what_it_was(attempt: Attempt, row: ReadRow) -> None:
    job_id, _ = attempt(raising(KeyError("level_m")))
    now = row(job_id)
    assert (now.state, now.error["code"], now.error["message"]) == (
        "retryable",
        "unexpected_error",
        "KeyError: 'level_m'",
    )


def test_the_last_attempt_fails_for_good(attempt: Attempt, row: ReadRow) -> None:
    job_id, _ = attempt(raising(NotYet()), max_attempts=1)
    assert (row(job_id).state, row(job_id).error["attempt"]) == ("failed", 1)


def test_memory_that_ran_out_fails_with_a_code_that_says_so(attempt: Attempt, row: ReadRow) -> None:
    job_id, _ = attempt(raising(MemoryError()))
    assert (row(job_id).state, row(job_id).error["code"]) == ("failed", "memory_limit")


@pytest.mark.parametrize(
    ("reason", "state", "code", "attempts"),
    [
        (StopReason.TIME_LIMIT, "failed", "time_limit", 1),
        (StopReason.CANCELLED, "cancelled", None, 1),
        (StopReason.SHUTDOWN, "queued", None, 0),
    ],
)
def test_an_attempt_that_was_stopped(
    stop: Callable[..., Row[Any]], admin: Principal, reason: StopReason, state: str, code: str | None, attempts: int
) -> None:
    now = stop(reason, after_s=2.0, asked_by=admin)
    assert (now.state, now.attempt, (now.error or {}).get("code")) == (state, attempts, code)


@pytest.mark.parametrize("reason", [StopReason.TIME_LIMIT, StopReason.CANCELLED])
def test_an_attempt_stopped_in_place_of_another_job_is_given_back(
    stop: Callable[..., Row[Any]], reason: StopReason
) -> None:
    now = stop(reason, after_s=0.1)
    assert (now.state, now.attempt, now.error) == ("queued", 0, None)


@pytest.fixture
def stop(
    station: Station, submit_job: Callable[..., UUID], catalogue: Catalogue, row: ReadRow
) -> Callable[..., Row[Any]]:
    """Stop an attempt with a limit of 1.5 s after some time, cancelled before or not; return the job's row."""

    def make(reason: StopReason, *, after_s: float, asked_by: Principal | None = None) -> Row[Any]:
        now_s = [0.0]
        job_id = submit_job("platform.echo", {}, timeout_s=1.5)

        def compute(_params: Any, _context: JobContext) -> dict[str, Any]:
            now_s[0] += after_s
            if asked_by is not None and reason is StopReason.CANCELLED:
                with station.database.transaction() as session:
                    cancel(session, asked_by.tenant_id, job_id)
            raise AttemptStopped(reason)

        execute(replace(station, monotonic=lambda: now_s[0]), catalogue.find("platform.echo"), compute, job_id)
        return row(job_id)

    return make


@pytest.mark.parametrize("result", [{"a": math.nan}, {"a": math.inf}, {"a": "\0"}, {"a": "\ud800"}, {"a": {1, 2}}])
def test_a_result_that_cannot_be_kept_fails_the_job(attempt: Attempt, row: ReadRow, result: dict[str, Any]) -> None:
    job_id, _ = attempt(lambda _params, _context: result)
    assert (row(job_id).state, row(job_id).error["code"]) == ("failed", "result_invalid")


def test_a_result_may_be_as_large_as_its_limit_and_no_larger(
    station: Station, submit_job: Callable[..., UUID], row: ReadRow, catalogue: Catalogue
) -> None:
    echo = catalogue.find("platform.echo")
    kind = replace(echo, limits=Limits(result_bytes=len('{"a":"xxxx"}')))
    inside, outside = submit_job("platform.echo", {"a": "xxxx"}), submit_job("platform.echo", {"a": "xxxxx"})
    execute(station, kind, probes.echo, inside)
    execute(station, kind, probes.echo, outside)
    assert row(inside).state == "succeeded"
    assert (row(outside).state, row(outside).error["code"]) == ("failed", "result_too_large")


@pytest.mark.parametrize("text_", ["a\0b", "half \ud800 pair"])
def test_odd_characters_in_an_error_do_not_keep_it_from_being_recorded(
    attempt: Attempt, row: ReadRow, text_: str
) -> None:
    job_id, _ = attempt(raising(NotEver(text_)))
    assert row(job_id).error["message"] == text_.replace("\0", "\ufffd").replace("\ud800", "\ufffd")


def test_odd_values_in_progress_and_log_do_no_harm(station: Station, attempt: Attempt, row: ReadRow) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        context.progress(math.nan, "nul \0", "half \ud800")
        context.log("nul \0", figure=math.nan, at=uuid4, names=("a\0",))
        return {}

    job_id, _ = attempt(compute)
    assert row(job_id).state == "succeeded"
    with station.database.statements() as session:
        (line,) = queries.list_log_lines(session, job_id)
    assert (line.message, line.fields["figure"], line.fields["names"]) == ("nul \ufffd", "nan", ["a\ufffd"])


def test_params_that_no_longer_fit_fail_for_good(
    station: Station, submit_job: Callable[..., UUID], row: ReadRow
) -> None:
    class Stricter(Params):
        level_m = fields.Float(required=True)

    kind = JobKind("platform.echo", "Stricter by now.", Stricter, Schema, {})
    job_id = submit_job("platform.echo", {"level": 3})
    execute(station, kind, probes.echo, job_id)
    assert (row(job_id).state, row(job_id).error["code"]) == ("failed", "params_invalid")


def test_an_attempt_that_lost_its_lease_records_nothing(
    station: Station, attempt: Attempt, row: ReadRow, history: Callable[[UUID], list[str]]
) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        with station.database.transaction() as session:
            session.execute(text("UPDATE jobs SET fence = fence + 1"))
        context.save_artifact("late.txt", b"late", "text/plain")
        return {"late": True}

    job_id, outcome = attempt(compute)
    assert outcome is None
    assert (row(job_id).result, history(job_id)[-1]) == (None, "job.claimed")


def test_no_transaction_is_open_while_computing(station: Station, attempt: Attempt) -> None:
    def compute(_params: Any, _context: JobContext) -> dict[str, Any]:
        with station.database.statements() as session:
            open_ones = "state LIKE 'idle in%' AND datname = current_database()"
            return {"open": session.scalar(text(f"SELECT count(*) FROM pg_stat_activity WHERE {open_ones}"))}

    _, outcome = attempt(compute)
    assert outcome is not None
    assert outcome.values["new_result"] == {"open": 0}


def test_a_message_without_a_job_is_nothing_to_do(station: Station, catalogue: Catalogue) -> None:
    assert execute(station, catalogue.find("platform.echo"), probes.echo, uuid4()) is None


def test_a_failing_probe_succeeds_after_as_many_attempts_as_it_was_told(
    station: Station,
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
    row: ReadRow,
    catalogue: Catalogue,
) -> None:
    kind = replace(catalogue.find("platform.fail"), retry=RetryPolicy(base_s=0.0))
    job_id = submit_job("platform.fail", {"times": 2})
    for _ in range(3):
        put(job_id, state="queued")
        execute(station, kind, probes.fail, job_id)
    assert (row(job_id).state, row(job_id).attempt, row(job_id).result) == ("succeeded", 3, {"attempt": 3})
    assert row(job_id).error is None


def test_the_same_params_and_seed_give_the_same_receipt_and_stream(attempt: Attempt, row: ReadRow) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        return {"keys": [str(context.stream_key("shard", number)) for number in range(3)]}

    first, _ = attempt(compute, params={"b": 1, "a": 2})
    second, _ = attempt(compute, params={"a": 2, "b": 1})
    other, _ = attempt(compute, params={"a": 2, "b": 1, "seed": 3})
    assert (row(first).receipt, row(first).result) == (row(second).receipt, row(second).result)
    assert row(other).result != row(first).result


def test_an_artifact_that_was_read_is_in_the_receipt(
    station: Station, attempt: Attempt, row: ReadRow, submit_job: Callable[..., UUID]
) -> None:
    def leave(_params: Any, context: JobContext) -> dict[str, Any]:
        context.save_artifact("in.txt", b"abc", "text/plain")
        return {}

    def read(params: Any, context: JobContext) -> dict[str, Any]:
        with context.open_artifact(params["from"]["artifact"]) as stream:
            return {"read": stream.read().decode()}

    maker, _ = attempt(leave)
    with station.database.statements() as session:
        (left,) = queries.list_artifacts(session, maker)
    reader, _ = attempt(read, params={"from": {"artifact": str(left.id)}})
    assert (row(reader).result, row(reader).receipt["inputs"]) == ({"read": "abc"}, {str(left.id): left.sha256})

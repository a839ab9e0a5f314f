"""What an attempt leaves behind while it runs: progress, log lines, artifacts, all behind the fence."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count as counting
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, func, text

from core.database import Database
from core.jobs import outcomes, queries
from core.jobs.context import StopReason
from core.jobs.execution import Station
from core.jobs.leases import Claimed
from core.jobs.recording import PROGRESS_EVERY_S, DatabaseRecorder


@pytest.fixture
def claimed(submit_job: Callable[..., UUID], take: Callable[..., Claimed]) -> Claimed:
    """A job of which an attempt is running."""
    return take(submit_job("platform.echo", {}))


def make_recorder(station: Station, claimed: Claimed, clock: Iterator[float] | None = None) -> DatabaseRecorder:
    """Make a recorder whose clock goes by one second with each look at it, unless it is given another."""
    ticks = clock or map(float, counting())
    return DatabaseRecorder(
        station.database,
        station.storage,
        claimed,
        station.clock,
        lambda: next(ticks),
        told_to_stop=lambda: None,
        announce=lambda _version, _state: None,
    )


def test_progress_is_written_at_a_bounded_rate(
    station: Station, claimed: Claimed, history: Callable[[UUID], list[str]], row: Callable[[UUID], Row[Any]]
) -> None:
    step = PROGRESS_EVERY_S / 10
    recorder = make_recorder(station, claimed, (number * step for number in counting()))
    for number in range(25):
        recorder.progress(number / 25, "counting", str(number))
    assert history(claimed.id).count("job.progress") == 3
    assert row(claimed.id).progress["message"] == "20"


def test_the_last_progress_lands_with_the_outcome(
    station: Station, claimed: Claimed, history: Callable[[UUID], list[str]]
) -> None:
    recorder = make_recorder(station, claimed, iter([0.0, 0.1, 0.2]))
    recorder.progress(0.1, "a", "")
    recorder.progress(0.9, "b", "")
    recorder.log("info", "nearly done", {})
    succeed(station.database, claimed, recorder)
    assert history(claimed.id)[-3:] == ["job.progress", "job.progress", "job.succeeded"]
    with station.database.statements() as session:
        assert [line.message for line in queries.list_log_lines(session, claimed.id)] == ["nearly done"]


def test_an_outcome_with_a_last_progress_waits_for_the_disk(station: Station, claimed: Claimed) -> None:
    recorder = make_recorder(station, claimed, iter([0.0, 0.1]))
    recorder.progress(0.1, "a", "")
    recorder.progress(0.9, "b", "")
    with station.database.transaction() as session:
        recorder.flush(session)
        assert session.scalar(text("SHOW synchronous_commit")) == "on"


def test_the_time_left_follows_from_the_time_gone(
    station: Station, claimed: Claimed, row: Callable[[UUID], Row[Any]]
) -> None:
    later = replace(station, clock=lambda: claimed.started_at + timedelta(seconds=30))
    recorder = make_recorder(later, claimed)
    recorder.progress(0.25, "", "")
    assert row(claimed.id).progress["eta_s"] == 90.0
    recorder.progress(0.0, "", "")
    assert row(claimed.id).progress["eta_s"] is None


def test_log_lines_keep_order_level_fields_and_attempt(station: Station, claimed: Claimed) -> None:
    recorder = make_recorder(station, claimed)
    recorder.log("info", "first", {"figure": 1.5})
    recorder.log("warning", "second", {})
    with station.database.statements() as session:
        first, second = queries.list_log_lines(session, claimed.id)
    assert (first.message, first.level, first.fields, first.attempt) == ("first", "info", {"figure": 1.5}, 1)
    assert (second.message, second.level) == ("second", "warning")


def test_a_request_to_cancel_is_seen_with_the_next_write(
    station: Station, claimed: Claimed, put: Callable[..., None]
) -> None:
    recorder = make_recorder(station, claimed)
    recorder.log("info", "before", {})
    assert recorder.stop_asked() is None
    put(claimed.id, cancel_requested_at=func.now())
    recorder.log("info", "after", {})
    assert recorder.stop_asked() is StopReason.CANCELLED


def test_artifacts_show_only_with_the_outcome(station: Station, claimed: Claimed, count: Callable[[str], int]) -> None:
    recorder = make_recorder(station, claimed)
    recorder.artifact("plan.csv", b"a,b\n", "text/csv")
    assert count("artifacts") == 0
    succeed(station.database, claimed, recorder)
    with station.database.statements() as session:
        (made,) = queries.list_artifacts(session, claimed.id)
    assert (made.name, made.content_type, made.size) == ("plan.csv", "text/csv", 4)
    with station.storage.open(made.sha256) as stream:
        assert stream.read() == b"a,b\n"


def test_the_last_artifact_of_a_name_is_kept(station: Station, claimed: Claimed) -> None:
    recorder = make_recorder(station, claimed)
    recorder.artifact("plan.csv", b"draft", "text/csv")
    recorder.artifact("plan.csv", b"final", "text/csv")
    succeed(station.database, claimed, recorder)
    with station.database.statements() as session:
        (made,) = queries.list_artifacts(session, claimed.id)
    with station.storage.open(made.sha256) as stream:
        assert stream.read() == b"final"


def succeed(database: Database, claimed: Claimed, recorder: DatabaseRecorder) -> None:
    with database.transaction() as session:
        recorder.flush(session)
        outcomes.record(session, claimed, outcomes.succeeded({}, receipt={}, usage={}))

"""Snapshots: an attempt that is ended leaves the next one where it was, and nobody else anything."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import count as counting
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, func, text

from core.canonical import canonical_json
from core.catalogue import Catalogue
from core.database import Database
from core.jobs import pruning, rescue, snapshots
from core.jobs.context import JobContext, MemoryRecorder
from core.jobs.execution import Station, execute
from core.jobs.leases import Claimed, LeaseLost
from core.jobs.recording import DatabaseRecorder
from core.workloads.simulation import kinds, running

PARAMS: Mapping[str, Any] = {**kinds.RUN.example, "members": 20, "plots": False}


class WorkerDied(BaseException):
    """The process is gone: nobody records anything."""


@pytest.fixture
def claimed(submit_job: Callable[..., UUID], take: Callable[..., Claimed]) -> Claimed:
    """A job of which an attempt is running."""
    return take(submit_job("platform.echo", {}))


def make_recorder(station: Station, claimed: Claimed, clock: Iterator[float]) -> DatabaseRecorder:
    return DatabaseRecorder(
        station.database,
        station.storage,
        claimed,
        station.clock,
        lambda: next(clock),
        told_to_stop=lambda: None,
        announce=lambda _version, _state: None,
    )


def kept(database: Database) -> list[bytes]:
    with database.statements() as session:
        return [bytes(row.content) for row in session.execute(text("SELECT content FROM job_snapshots"))]


def test_snapshots_are_kept_at_a_bounded_rate_and_made_only_then(station: Station, claimed: Claimed) -> None:
    made: list[int] = []

    def write(number: int) -> Callable[[], bytes]:
        def written() -> bytes:
            made.append(number)
            return b"%d" % number

        return written

    recorder = make_recorder(station, claimed, (snapshots.EVERY_S * number / 10 for number in counting()))
    for number in range(25):
        recorder.offer_snapshot(write(number))
    assert made == [10, 20]
    assert kept(station.database) == [b"20"]


def test_only_the_holder_of_the_lease_keeps_snapshots(
    station: Station, claimed: Claimed, put: Callable[..., None]
) -> None:
    snapshots.keep(station.database, claimed, b"mine")
    put(claimed.id, fence=claimed.fence + 1)
    with pytest.raises(LeaseLost):
        snapshots.keep(station.database, claimed, b"late")
    assert kept(station.database) == [b"mine"]


def test_it_is_there_for_the_same_params_and_version_alone(station: Station, claimed: Claimed) -> None:
    snapshots.keep(station.database, claimed, b"state")
    assert snapshots.find(station.database, claimed) == b"state"
    assert snapshots.find(station.database, replace(claimed, params_hash="another")) is None
    assert snapshots.find(station.database, replace(claimed, kind_version=2)) is None


def test_a_snapshot_has_a_largest_size_and_the_job_goes_on_without(
    station: Station, claimed: Claimed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "LARGEST_BYTES", 4)
    snapshots.keep(station.database, claimed, b"1234")
    with pytest.raises(snapshots.SnapshotTooLarge, match="5 bytes, 4 are allowed"):
        snapshots.keep(station.database, claimed, b"12345")
    recorder = make_recorder(station, claimed, (snapshots.EVERY_S * number for number in counting()))
    for _ in range(3):
        recorder.offer_snapshot(lambda: b"12345")
    recorder.log("info", "goes on", {})
    with station.database.transaction() as session:
        recorder.flush(session)
        said = session.scalars(text("SELECT message FROM job_log_lines ORDER BY id")).all()
    assert said == ["no snapshots are kept: a snapshot has 5 bytes, 4 are allowed", "goes on"]
    assert kept(station.database) == [b"1234"]


def test_a_first_attempt_does_not_ask(station: Station, claimed: Claimed) -> None:
    snapshots.keep(station.database, claimed, b"state")
    assert make_recorder(station, claimed, map(float, counting())).last_snapshot() is None
    assert make_recorder(station, replace(claimed, fence=2), map(float, counting())).last_snapshot() == b"state"


def test_it_is_pruned_with_its_job(station: Station, claimed: Claimed, put: Callable[..., None], admin: Any) -> None:
    snapshots.keep(station.database, claimed, b"left behind")
    put(claimed.id, state="failed", finished_at=func.now() - func.make_interval(0, 0, 0, 40))
    with station.database.transaction() as session:
        batch = pruning.prune_batch(session, admin.tenant_id, age=timedelta(30), limit=10, after=pruning.Place())
    assert batch.pruned == 1
    assert kept(station.database) == []


def test_a_simulation_goes_on_where_a_dead_worker_left_it(
    station: Station,
    catalogue: Catalogue,
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
    row: Callable[[UUID], Row[Any]],
) -> None:
    """The first attempt dies behind its second snapshot; the result is that of a run that nobody disturbed."""
    whole = running.compute(kinds.RUN.params().load(PARAMS), JobContext(UUID(int=1), 1, 7, MemoryRecorder()))
    job_id = submit_job("simulation.run", PARAMS)
    hurried = replace(station, monotonic=lambda: next(clock))
    clock = map(float, counting(0, 2))
    looks: list[int] = []

    def dies(params: Any, context: JobContext) -> dict[str, Any]:
        def watched() -> None:
            looks.append(len(kept(station.database)))
            if looks.count(1) == 4:
                raise WorkerDied

        return running.compute(params, replace(context, recorder=Watching(context.recorder, watched)))

    kind = catalogue.find("simulation.run")
    with pytest.raises(WorkerDied):
        execute(hurried, kind, dies, job_id)
    put(job_id, lease_expires_at=func.now() - func.make_interval(0, 0, 0, 1))
    with station.database.transaction() as session:
        rescue.rescue_expired(session)
    execute(hurried, kind, running.compute, job_id)
    ended = row(job_id)
    assert (ended.state, ended.attempt) == ("succeeded", 2)
    assert canonical_json(ended.result) == canonical_json(whole)
    with station.database.statements() as session:
        lines = session.execute(text("SELECT message, fields FROM job_log_lines")).all()
    assert [line.message for line in lines] == ["resumed from a snapshot"]
    assert lines[0].fields["step"] > 0
    assert kept(station.database) == []


def test_frames_are_seen_with_the_progress(station: Station, claimed: Claimed, row: Callable[[UUID], Row[Any]]) -> None:
    recorder = make_recorder(station, claimed, map(float, counting()))
    recorder.progress(0.5, "simulate", "time 3", {"time": 3.0, "values": {"x": {"low": 1.0}}})
    assert row(claimed.id).progress["frame"] == {"time": 3.0, "values": {"x": {"low": 1.0}}}
    recorder.progress(0.6, "simulate", "time 4", {"much": "x" * 20_000})
    assert row(claimed.id).progress["frame"] == {"dropped_characters": 20_011}
    recorder.progress(0.7, "write", "")
    assert "frame" not in row(claimed.id).progress


class Watching:
    """A recorder that has somebody look after each offer of a snapshot."""

    def __init__(self, inner: Any, look: Callable[[], None]) -> None:
        self._inner, self._look = inner, look

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def offer_snapshot(self, write: Callable[[], bytes]) -> None:
        self._inner.offer_snapshot(write)
        self._look()

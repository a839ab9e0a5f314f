"""Dropping: events go with the whole of their day once no job of it is left, and do not wait for jobs that stay."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, text

from core.catalogue import Catalogue
from core.clock import monotonic, utc_now
from core.database import Database
from core.ids import floor_at, made_at, uuid7
from core.jobs import dropping, partitions
from core.jobs.dropping import drop, drop_over, span_left, sweep_all
from core.jobs.insertion import insert_jobs
from core.jobs.partitions import DEFAULT, NOTHING, Partition, Span, make, read_partitions
from core.jobs.pruning import prune
from core.jobs.submission import JobRequest, Origin, job_row
from core.platform.access import Principal
from core.platform.erasure import erasing

DAY = timedelta(days=1)
RETENTION = timedelta(days=30)
Count = Callable[[str], int]
Put = Callable[..., None]


def echo(principal: Principal, catalogue: Catalogue, job_id: UUID) -> Mapping[str, Any]:
    request = JobRequest(catalogue.find("platform.echo"), {})
    return job_row(principal, request, now=utc_now(), origin=Origin(job_id=job_id))


@pytest.fixture
def today() -> datetime:
    """When the day began."""
    return utc_now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture
def day_ago(database: Database, today: datetime) -> Callable[[int], Partition]:
    """Make the partition of the day so long ago."""

    def make_one(days: int) -> Partition:
        begin = today - days * DAY
        span = Span(floor_at(begin), floor_at(begin + DAY))
        make(database, span)
        return Partition(f"job_events_{begin:%Y%m%d}", span)

    return make_one


@pytest.fixture
def old_job(database: Database, admin: Principal, catalogue: Catalogue, put: Put) -> Callable[..., UUID]:
    """Submit a job as if so many days ago, that ended at once, and has two events."""

    def submit_one(days: int, **columns: Any) -> UUID:
        made = utc_now() - days * DAY
        job_id = UUID(int=floor_at(made).int + uuid4().int % (1 << 62))
        with database.transaction() as session:
            insert_jobs(session, [echo(admin, catalogue, job_id)])
        put(job_id, **{"state": "succeeded", "finished_at": func.now() - days * DAY, **columns})
        return job_id

    return submit_one


@pytest.fixture
def prune_all(database: Database) -> Callable[[], int]:
    return lambda: prune(database, retention=RETENTION, every_s=0.0, monotonic=monotonic)


@pytest.fixture
def drop_all(database: Database) -> Callable[[], dict[str, int]]:
    return lambda: drop_over(database, retention=RETENTION, every_s=0.0, monotonic=monotonic)


@pytest.fixture
def there(database: Database) -> Callable[[], set[str]]:
    """Name the partitions there are."""

    def read() -> set[str]:
        with database.statements() as session:
            return {one.name for one in read_partitions(session)}

    return read


def test_events_go_with_their_day_once_its_last_job_is_pruned(
    day_ago: Callable[[int], Partition],
    old_job: Callable[..., UUID],
    put: Put,
    prune_all: Callable[[], int],
    drop_all: Callable[[], dict[str, int]],
    there: Callable[[], set[str]],
    count: Count,
) -> None:
    day = day_ago(31)
    old_job(31), old_job(31)
    kept = old_job(31, finished_at=func.now() - RETENTION + DAY)
    assert (prune_all(), count("jobs"), count(day.name)) == (2, 1, 6)
    assert drop_all() == {"partitions": 0, "lone_events": 0}
    put(kept, finished_at=func.now() - RETENTION)
    assert prune_all() == 1
    assert drop_all() == {"partitions": 1, "lone_events": 0}
    assert (day.name in there(), count("job_events")) == (False, 0)


def test_a_day_that_is_not_over_by_every_clock_stays_though_it_has_no_jobs(
    day_ago: Callable[[int], Partition], drop_all: Callable[[], dict[str, int]], there: Callable[[], set[str]]
) -> None:
    before = there()
    assert day_ago(2).name not in before
    drop_all()
    assert there() == before


def test_events_do_not_wait_for_a_job_that_keeps_their_day(
    database: Database,
    day_ago: Callable[[int], Partition],
    old_job: Callable[..., UUID],
    prune_all: Callable[[], int],
    drop_all: Callable[[], dict[str, int]],
    there: Callable[[], set[str]],
    count: Count,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dropping, "BATCH", 3)
    day = day_ago(40)
    kept = old_job(40, state="waiting", finished_at=None)
    for _ in range(4):
        old_job(40)
    assert (prune_all(), count(day.name)) == (4, 10)
    assert drop_all()["lone_events"] == 8
    with database.statements() as session:
        assert set(session.scalars(text(f"SELECT job_id FROM {day.name}"))) == {kept}
    assert day.name in there()


def test_a_sweep_out_of_time_is_gone_on_with_and_a_finished_one_rests_for_days(
    database: Database,
    day_ago: Callable[[int], Partition],
    old_job: Callable[..., UUID],
    prune_all: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dropping, "BATCH", 2)
    day_ago(40)
    old_job(40, state="waiting", finished_at=None)
    for _ in range(3):
        old_job(40)
    prune_all()

    def turn() -> int:
        """Take a turn that is out of time after its first batch."""
        clock = chain((0.0, 0.0), repeat(100.0))
        return drop_over(database, retention=RETENTION, every_s=0.0, monotonic=lambda: next(clock))["lone_events"]

    assert [turn() for _ in range(4)] == [2, 2, 2, 0]
    old_job(40)
    prune_all()
    assert turn() == 0


@pytest.mark.parametrize(("age", "left"), [(30, 1), (400, 1), (29, 0), (3, 0)])
def test_events_are_left_to_a_day_that_goes_when_the_installation_says(age: int, left: int) -> None:
    span = Span(floor_at(datetime(2090, 1, 1, tzinfo=UTC)), floor_at(datetime(2090, 1, 2, tzinfo=UTC)))
    before = Partition("before", Span(UUID(int=0), span.begin))
    there = [before, Partition("day", span), Partition(DEFAULT, None)]
    found = span_left(there, age=age * DAY, retention=RETENTION)
    assert found == (span if left else NOTHING)
    assert span_left(there[::2], age=age * DAY, retention=RETENTION) == NOTHING


def test_events_of_a_shorter_retention_and_of_no_day_go_with_their_jobs(
    database: Database,
    day_ago: Callable[[int], Partition],
    old_job: Callable[..., UUID],
    prune_all: Callable[[], int],
    count: Count,
) -> None:
    old_job(31)
    assert (prune_all(), count("job_events")) == (1, 0), "there is no partition of that day"
    day_ago(25)
    old_job(25)
    with database.transaction() as session:
        session.execute(text("UPDATE tenants SET retention_days = 20"))
    assert (prune_all(), count("job_events")) == (1, 0)


def test_what_lies_in_the_default_partition_without_a_job_goes(
    database: Database, drop_all: Callable[[], dict[str, int]], there: Callable[[], set[str]]
) -> None:
    with database.transaction() as session:
        session.execute(
            text("INSERT INTO job_events (job_id, seq, type, attempt) VALUES (:id, 1, 'a', 0)"), {"id": UUID(int=7)}
        )
    assert drop_all()["lone_events"] == 1
    assert DEFAULT in there()


def test_a_reader_keeps_a_partition_until_the_next_turn(
    database: Database,
    day_ago: Callable[[int], Partition],
    drop_all: Callable[[], dict[str, int]],
    submit_job: Callable[..., UUID],
    there: Callable[[], set[str]],
) -> None:
    """Given somebody who reads for long, dropping gives up, and whoever writes waits for moments at most."""
    day = day_ago(40)
    with database.transaction() as reader, ThreadPoolExecutor(2) as pool:
        reader.execute(text("SELECT count(*) FROM job_events"))
        dropped = pool.submit(drop, database, day, now=utc_now())
        submitted = pool.submit(submit_job, "platform.echo", {})
        assert submitted.result(timeout=30)
        assert dropped.result(timeout=30) is False
        assert day.name in there()
    drop_all()
    assert day.name not in there()


def test_a_job_that_comes_while_its_day_is_dropped_keeps_its_events(
    database: Database, day_ago: Callable[[int], Partition], admin: Principal, catalogue: Catalogue, today: datetime
) -> None:
    """Given a host whose clock is wrong by weeks and a submission under way, the day stays until it is committed."""
    day = day_ago(40)
    job_id = UUID(int=day.span.begin.int + 5) if day.span else uuid7()
    with database.transaction() as session:
        insert_jobs(session, [echo(admin, catalogue, job_id)])
        assert not drop(database, day, now=utc_now())
    assert not drop(database, day, now=utc_now())
    with database.statements() as session:
        assert session.scalar(text("SELECT count(*) FROM job_events WHERE job_id = :id"), {"id": job_id}) == 2


def test_events_of_a_day_that_was_dropped_go_to_the_default_partition(
    database: Database, day_ago: Callable[[int], Partition], old_job: Callable[..., UUID], count: Count
) -> None:
    assert drop(database, day_ago(40), now=utc_now())
    old_job(40)
    assert count(DEFAULT) == 2


def test_of_two_who_drop_at_once_one_does(
    database: Database, day_ago: Callable[[int], Partition], at_once: Callable[..., list[Any]]
) -> None:
    day = day_ago(40)
    assert sorted(at_once(lambda: drop(database, day, now=utc_now()), 3)) == [False, False, True]


def test_erasing_a_tenant_leaves_no_event_of_jobs_pruned_before(
    database: Database,
    admin: Principal,
    day_ago: Callable[[int], Partition],
    old_job: Callable[..., UUID],
    prune_all: Callable[[], int],
    count: Count,
) -> None:
    day_ago(31)
    old_job(31), old_job(31, finished_at=func.now())
    assert (prune_all(), count("job_events")) == (1, 4)
    with database.transaction() as session:
        erasing.erase_tenant(session, admin)
    erasing.go_on(database, sweep_all)
    assert (count("jobs"), count("job_events")) == (0, 0)


def test_a_login_that_may_make_no_tables_leaves_them_as_they_are(
    database: Database, day_ago: Callable[[int], Partition], monkeypatch: pytest.MonkeyPatch
) -> None:
    day = day_ago(40)
    below = partitions._ALONE.text + ", set_config('role', 'penstock_web', true)"
    monkeypatch.setattr(partitions, "_ALONE", text(below).bindparams(table=partitions.TABLE))
    assert not drop(database, day, now=utc_now())
    later = Span(floor_at(made_at(day.span.end)), floor_at(made_at(day.span.end) + DAY)) if day.span else NOTHING
    assert not make(database, later)

"""Partitions of events: made ahead once, whoever makes them, without a gap, each job's events in one of them."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.clock import utc_now
from core.database import Database, Prepared
from core.ids import floor_at, made_at, uuid7
from core.jobs import insertion, leases, outcomes, partitions
from core.jobs.partitions import DEFAULT, Partition, Span, make, make_ahead, missing, read_partitions
from core.jobs.submission import JobRequest, job_row
from core.platform.access import Principal

FAR = datetime(2090, 1, 4, tzinfo=UTC)
DAY = timedelta(days=1)
Count = Callable[[str], int]
PUT = text("INSERT INTO job_events (job_id, seq, type, attempt) VALUES (:id, 1, 'job.submitted', 0)")
WHERE = text("SELECT CAST(tableoid AS regclass)::text FROM job_events WHERE job_id = :id")


def day(number: int = 0) -> Span:
    """A day that no clock comes to."""
    return Span(floor_at(FAR + number * DAY), floor_at(FAR + (number + 1) * DAY))


@pytest.fixture
def place(database: Database) -> Callable[[UUID], str]:
    """Write an event of a job with this id, and name the partition it lies in."""

    def put(job_id: UUID) -> str:
        with database.transaction() as session:
            session.execute(PUT, {"id": job_id})
            return str(session.scalar(WHERE, {"id": job_id}))

    return put


@pytest.fixture
def there(database: Database) -> Callable[[], list[Partition]]:
    """Read what there is."""

    def read() -> list[Partition]:
        with database.statements() as session:
            return list(read_partitions(session))

    return read


def test_a_new_installation_has_days_on_both_sides_of_now(there: Callable[[], list[Partition]]) -> None:
    *days, default = there()
    assert default == Partition(DEFAULT, None)
    spans = [one.span for one in days if one.span]
    assert all(before.end == after.begin for before, after in itertools.pairwise(spans))
    assert made_at(spans[0].begin) <= utc_now() - DAY / 2
    assert made_at(spans[-1].end) >= utc_now() + partitions.AHEAD - 2 * DAY
    assert any(span.holds(uuid7()) for span in spans)


def test_an_id_on_the_boundary_begins_the_later_day(database: Database, place: Callable[[UUID], str]) -> None:
    assert make(database, day(0))
    assert make(database, day(1))
    last = UUID(int=day(1).begin.int - 1)
    assert (place(last), place(day(1).begin)) == ("job_events_20900104", "job_events_20900105")
    assert (made_at(day(1).begin), floor_at(made_at(day(1).begin))) == (FAR + DAY, day(1).begin)


def test_ids_of_a_wrong_clock_go_to_the_default_partition_and_move_once_their_day_is_near(
    database: Database, place: Callable[[UUID], str], count: Count
) -> None:
    inside, outside = day().begin, day(1).begin
    assert (place(inside), place(outside), place(UUID(int=1))) == (DEFAULT,) * 3
    assert make(database, day())
    with database.statements() as session:
        assert session.scalar(WHERE, {"id": inside}) == "job_events_20900104"
        assert session.scalar(WHERE, {"id": outside}) == DEFAULT
    assert count("job_events") == 3


def test_a_default_partition_that_is_full_of_a_day_goes_on_serving_it(
    database: Database, place: Callable[[UUID], str], count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "MOST_MOVED", 1)
    ids = [UUID(int=day().begin.int + number) for number in range(3)]
    for job_id in ids[:2]:
        place(job_id)
    assert not make(database, day())
    assert (place(ids[2]), count("job_events")) == (DEFAULT, 3)


def test_of_two_who_make_one_at_once_one_does(
    database: Database, at_once: Callable[..., list[Any]], there: Callable[[], list[Partition]]
) -> None:
    before = len(there())
    assert sorted(at_once(lambda: make(database, day()), 3)) == [False, False, True]
    assert len(there()) == before + 1


def test_days_are_made_ahead_once_a_turn(database: Database, there: Callable[[], list[Partition]]) -> None:
    with database.transaction() as session:
        for one in there()[4:-1]:
            session.execute(text(f"DROP TABLE {one.name}"))
    made = make_ahead(database, days=1, every_s=0.0)
    assert made >= partitions.AHEAD.days - 4
    assert (make_ahead(database, days=1, every_s=0.0), make_ahead(database, days=1, every_s=60.0)) == (0, 0)
    spans = [one.span for one in there() if one.span]
    assert all(before.end == after.begin for before, after in itertools.pairwise(spans))


def test_what_is_missing_fills_gaps_and_ends_at_weeks_or_days() -> None:
    now = datetime(2090, 1, 4, 12, tzinfo=UTC)  # a Wednesday
    gap = [Partition("a", day(0)), Partition("b", day(2)), Partition(DEFAULT, None)]
    days = list(missing(gap, now=now, days=1))
    assert days[:2] == [day(1), day(3)]
    assert days[-1].end == floor_at(FAR + timedelta(days=15))
    weeks = [(made_at(span.begin), made_at(span.end)) for span in missing(gap, now=now, days=7)]
    monday = datetime(2090, 1, 9, tzinfo=UTC)
    assert weeks == [
        (FAR + DAY, FAR + 2 * DAY),
        (FAR + 3 * DAY, monday),
        (monday, monday + 7 * DAY),
        (monday + 7 * DAY, monday + 14 * DAY),
    ]


def test_somebody_who_reads_everything_keeps_a_partition_from_being_made_and_waits_for_nobody(
    database: Database, there: Callable[[], list[Partition]], count: Count
) -> None:
    with database.transaction() as reader:
        reader.execute(text("SELECT count(*) FROM job_events"))
        assert not make(database, day())
        assert count("job_events") == 0
    assert make(database, day())


def test_whoever_asks_a_partition_itself_sees_what_the_table_shows(
    database: Database, admin: Principal, submit_job: Callable[..., UUID]
) -> None:
    job_id = submit_job("platform.echo", {})
    with database.statements() as session:
        name = session.scalars(WHERE, {"id": job_id}).first()
        assert session.scalar(text(f"SELECT count(*) FROM {name}")) == 2
    for tenant_id, seen in ((admin.tenant_id, 2), (uuid7(), 0)):
        with database.within(tenant_id).transaction() as session:
            assert session.scalar(text(f"SELECT count(*) FROM {name}")) == seen


def test_a_partition_made_later_is_protected_as_the_table_is(database: Database) -> None:
    assert make(database, day())
    with database.statements() as session:
        protected = session.execute(PROTECTED).all()
    assert {(held, forced, policies) for held, forced, policies in protected} == {(True, True, 2)}


@pytest.fixture
def submitted(database: Database, admin: Principal, catalogue: Any) -> Callable[[], UUID]:
    """Submit in one statement, as the API does."""

    def submit_one() -> UUID:
        row = job_row(admin, JobRequest(catalogue.find("platform.echo"), {}), now=utc_now())
        insertion.insert_at_once(database, row)
        return UUID(str(row["id"]))

    return submit_one


def test_the_statements_of_a_job_lock_no_partition_but_its_own(
    database: Database, submitted: Callable[[], UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given plans that are the same for all jobs, each execution locks the table and the one partition it writes."""
    locked: list[set[str]] = []
    run = Database.run

    def watched(self: Database, statement: Prepared, *values: object) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            with raw.cursor() as cursor:
                cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
                cursor.execute(statement.preparation)
                cursor.execute(statement.call, values)
                rows: list[tuple[Any, ...]] = cursor.fetchall()
                cursor.execute(f"DEALLOCATE {statement.key}")
                cursor.execute(LOCKED)
                locked.append({name for (name,) in cursor.fetchall()})
            raw.commit()
        return rows

    monkeypatch.setattr(Database, "run", watched)
    job_id = submitted()
    claimed = leases.claim(database, job_id, worker="test:1", lease_s=30.0)
    assert claimed is not None
    outcomes.record(database, claimed, outcomes.succeeded({}, receipt={}, usage={}))
    monkeypatch.setattr(Database, "run", run)
    with database.statements() as session:
        own = {str(name) for name in session.scalars(WHERE, {"id": job_id})}
    assert len(own) == 1
    assert locked == [{"job_events", *own}] * 3


PROTECTED = text(
    """
SELECT relrowsecurity, relforcerowsecurity, (SELECT count(*) FROM pg_policies WHERE tablename = relname)
FROM pg_class WHERE relkind IN ('r', 'p') AND relname LIKE 'job_events%'
"""
)
LOCKED = """
SELECT relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation
WHERE pid = pg_backend_pid() AND relkind IN ('r', 'p') AND relname LIKE 'job_events%'
"""

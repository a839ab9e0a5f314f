"""Partitions of the table of jobs' events, by the time that a job's id bears: what there is, and those of days to come.

A partition is one day, a week where jobs are kept for long. It is made days before anybody needs it; ids of a time
that has none, since a host's clock is wrong or nobody has made any for weeks, go to the default one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg2.errors
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import policies
from core.clock import database_now
from core.database import Database
from core.ids import floor_at, made_at
from core.jobs.chores import take_turn
from core.jobs.models import JobEvent

TABLE = JobEvent.__tablename__
DEFAULT = f"{TABLE}_default"
AHEAD = timedelta(days=14)
KEPT_FOR_LONG = timedelta(days=91)
"""From which retention on a partition is a week, so that there are never more than about a hundred of one rule."""
MOST_MOVED = 10_000
"""How many rows of the default partition a new one may take over: it is locked meanwhile."""
_DAY = timedelta(days=1)
_REFUSALS = (
    psycopg2.errors.LockNotAvailable,
    psycopg2.errors.QueryCanceled,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.InsufficientPrivilege,
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Span:
    """Ids from the first one to just before the last one."""

    begin: UUID
    end: UUID

    def holds(self, job_id: UUID) -> bool:
        """Tell whether an id is one of them."""
        return self.begin <= job_id < self.end


NOTHING = Span(UUID(int=0), UUID(int=0))
EVERYTHING = Span(UUID(int=0), UUID(int=(1 << 128) - 1))


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition; the default one has no span."""

    name: str
    span: Span | None

    @property
    def is_of_days(self) -> bool:
        """Tell whether it is neither the default one nor that of all the time before there were partitions."""
        return self.span is not None and self.span.begin.int > 0


def read_partitions(session: Session) -> Sequence[Partition]:
    """Return what there is, oldest first, the default one last."""
    found = [Partition(name, _span(bound)) for name, bound in session.execute(_THERE)]
    return sorted(found, key=lambda one: one.span.begin.int if one.span else 1 << 128)


def span_of_days(there: Sequence[Partition]) -> Span:
    """Return the ids whose partition goes as a whole once its time is over."""
    spans = [one.span for one in there if one.is_of_days and one.span]
    return Span(spans[0].begin, spans[-1].end) if spans else NOTHING


def days_of_one(retention: timedelta) -> int:
    """Return how many days a new partition is to have where jobs are kept for so long."""
    return 7 if retention > KEPT_FOR_LONG else 1


def make_ahead(database: Database, *, days: int, every_s: float) -> int:
    """Make the partitions of the time ahead that are missing if it is our turn; return how many were made."""
    with database.transaction() as session:
        if not take_turn(session, "make_partitions", every_s=every_s):
            return 0
        now, there = database_now(session), read_partitions(session)
    return sum(make(database, span) for span in missing(there, now=now, days=days))


def missing(there: Sequence[Partition], *, now: datetime, days: int) -> Iterator[Span]:
    """Yield the spans from today on for which there is no partition; each ends where its day does or its week."""
    spans = [one.span for one in there if one.span]
    at = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    until = now + AHEAD
    while at < until:
        begin = floor_at(at)
        taken = next((span for span in spans if span.holds(begin)), None)
        if taken is not None:
            at = made_at(taken.end)
            continue
        end = at + (_DAY if days == 1 else timedelta(days=days - at.weekday()))
        at = min([end, *(made_at(span.begin) for span in spans if begin < span.begin < floor_at(end))])
        yield Span(begin, floor_at(at))


def make(database: Database, span: Span) -> bool:
    """Make one partition unless somebody just did; tell whether there is a new one.

    What the default one has of its ids moves, if that is little; else the default one goes on serving them.
    """
    name = f"{TABLE}_{made_at(span.begin):%Y%m%d}"
    return in_moments(database, name, lambda session: _make(session, name, span))


def in_moments(database: Database, name: str, change: Callable[[Session], bool]) -> bool:
    """Carry out a change of one partition as the only one at it; tell whether it was.

    It needs locks that others would wait behind, so what is not done in moments is left to the next turn.
    """
    try:
        with database.transaction() as session:
            session.execute(_ALONE)
            return change(session)
    except DBAPIError as error:
        if not isinstance(error.orig, _REFUSALS):
            raise
        log.warning("partitions.left_as_they_are", partition=name, reason=str(error.orig).strip())
        return False


def is_there(session: Session, name: str) -> bool:
    """Tell whether there is a table of this name."""
    return session.scalar(text("SELECT to_regclass(:name)"), {"name": name}) is not None


def _make(session: Session, name: str, span: Span) -> bool:
    if is_there(session, name):
        return False
    session.execute(text(f"LOCK TABLE {DEFAULT} IN ACCESS EXCLUSIVE MODE"))
    ids = {"begin": span.begin, "end": span.end}
    if session.execute(_STRAYS, ids).scalar_one() > MOST_MOVED:
        return False
    session.execute(text(f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING DEFAULTS)"))
    for statement in policies.by_parent(name, "jobs", column="job_id"):
        session.execute(text(statement))
    session.execute(text(_MOVE.format(name=name)), ids)
    session.execute(text(f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM (:begin) TO (:end)"), ids)
    return True


def _span(bound: str) -> Span | None:
    written = re.fullmatch(r"FOR VALUES FROM \((.*)\) TO \((.*)\)", bound)
    if written is None:
        return None
    begin, end = (value.strip("'") for value in written.groups())
    return Span(EVERYTHING.begin if begin == "MINVALUE" else UUID(begin), UUID(end))


_THERE = text(
    """
SELECT relname, pg_get_expr(relpartbound, pg_class.oid) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
WHERE inhparent = CAST(:table AS regclass)
"""
).bindparams(table=TABLE)
_ALONE = text(
    """
SELECT set_config('lock_timeout', '500ms', true), set_config('statement_timeout', '5s', true),
       pg_advisory_xact_lock(hashtextextended(:table, 0))
"""
).bindparams(table=TABLE)
_STRAYS = text(
    f"""
SELECT count(*) FROM (
  SELECT FROM {DEFAULT} WHERE job_id >= :begin AND job_id < :end LIMIT {MOST_MOVED + 1}) AS stray
"""  # noqa: S608 - made of the constants above, never of input
)
_MOVE = f"""
WITH stray AS (DELETE FROM {DEFAULT} WHERE job_id >= :begin AND job_id < :end RETURNING *)
INSERT INTO {{name}} SELECT * FROM stray
"""  # noqa: S608 - the same

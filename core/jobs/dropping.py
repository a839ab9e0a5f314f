"""Dropping: events of pruned jobs go as whole partitions, once no job is left whose events lie there.

Until then nobody sees them, since events are read through their job. Where a few jobs have to stay, the events of the
others do not wait for them: what has no job any more goes in batches.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from core.clock import Monotonic, database_now
from core.database import Database
from core.ids import made_at
from core.jobs import partitions
from core.jobs.chores import take_turn
from core.jobs.models import Chore
from core.jobs.partitions import EVERYTHING, NOTHING, TABLE, Partition, Span

BATCH = 2_000
TURN_S = 20.0
"""How long a turn may sweep; the next one goes on."""
SHORTEST = timedelta(days=4)
"""From which age on jobs leave their events to the partition, which may go a day later."""
GRACE = timedelta(days=2)
"""How much longer than jobs are kept a partition is waited for before it is swept."""
CLOCKS_APART = timedelta(days=1)
SWEPT_EVERY_S = 7 * 86_400.0


def span_left(there: Sequence[Partition], *, age: timedelta, retention: timedelta) -> Span:
    """Return the ids of those jobs whose events pruning leaves to their partitions, for jobs that are kept for so long.

    Those that are kept for less than the installation's retention would wait for others, and those that are kept for
    some days would wait for long by comparison: their events go with them.
    """
    return partitions.span_of_days(there) if age >= _waited(retention) else NOTHING


def drop_over(database: Database, *, retention: timedelta, every_s: float, monotonic: Monotonic) -> dict[str, int]:
    """Drop what no job needs any more if it is our turn, for about `TURN_S` at most; return how much went."""
    with database.transaction() as session:
        if not take_turn(session, "drop_partitions", every_s=every_s):
            return {}
        now, there = database_now(session), partitions.read_partitions(session)
    counts = {"partitions": 0, "lone_events": 0}
    give_up_at = monotonic() + TURN_S
    for one in there:
        if drop(database, one, now=now):
            counts["partitions"] += 1
        elif _is_late(one, now=now, retention=retention) and monotonic() < give_up_at:
            counts["lone_events"] += _sweep_in_turn(database, one, monotonic=monotonic, give_up_at=give_up_at)
    return counts


def drop(database: Database, one: Partition, *, now: datetime) -> bool:
    """Drop a partition that no job is left of, and none will come to by any host's clock; tell whether it is gone."""
    span = one.span
    if span is None or made_at(span.end) + CLOCKS_APART > now:
        return False
    with database.statements() as session:
        # Without a lock first: where many jobs have just been pruned, looking takes its time.
        if _has_jobs(session, span):
            return False
    return partitions.in_moments(database, one.name, lambda session: _drop(session, one.name, span))


def sweep_all(database: Database) -> int:
    """Delete all events whose job is gone, for those who may not wait; return how many."""
    with database.statements() as session:
        there = partitions.read_partitions(session)
    return sum(gone for one in there for gone in sweep(database, one))


def sweep(database: Database, one: Partition) -> Iterator[int]:
    """Delete the events of one partition whose job is gone, each batch a transaction of its own; yield how many."""
    span = one.span or EVERYTHING
    statement = text(_SWEEP.format(table=TABLE if one.span else one.name))
    place = {"job_id": span.begin, "seq": 0, "end": span.end, "limit": BATCH}
    gone = BATCH
    while gone == BATCH:
        with database.transaction() as session:
            rows = session.execute(statement, place).all()
        gone = len(rows)
        yield gone
        if rows:
            place |= {"job_id": rows[-1].job_id, "seq": rows[-1].seq}


def _sweep_in_turn(database: Database, one: Partition, monotonic: Monotonic, give_up_at: float) -> int:
    gone, turn = 0, f"sweep {one.name}"
    with database.transaction() as session:
        if not take_turn(session, turn, every_s=SWEPT_EVERY_S):
            return 0
    for batch in sweep(database, one):
        gone += batch
        if batch == BATCH and monotonic() >= give_up_at:
            with database.transaction() as session:
                session.execute(delete(Chore).where(Chore.name == turn))
            break
    return gone


def _is_late(one: Partition, *, now: datetime, retention: timedelta) -> bool:
    return one.span is None or made_at(one.span.end) + _waited(retention) + GRACE <= now


def _waited(retention: timedelta) -> timedelta:
    return max(retention, SHORTEST)


def _has_jobs(session: Session, span: Span) -> bool:
    return bool(session.execute(_JOBS, {"begin": span.begin, "end": span.end}).scalar_one())


def _drop(session: Session, name: str, span: Span) -> bool:
    """Look again under the lock: whoever came in between with such an id has committed, or finds the partition gone."""
    if not partitions.is_there(session, name):
        return False
    session.execute(text(f"LOCK TABLE ONLY {TABLE} IN ACCESS EXCLUSIVE MODE"))
    session.execute(text(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE"))
    if _has_jobs(session, span):
        return False
    session.execute(text(f"DROP TABLE {name}"))
    session.execute(delete(Chore).where(Chore.name == f"sweep {name}"))
    return True


_JOBS = text("SELECT EXISTS (SELECT FROM jobs WHERE id >= :begin AND id < :end)")
# From place to place along the key; a job and its events come in one transaction, and so are seen together.
_SWEEP = """
WITH lone AS MATERIALIZED (
  SELECT job_id, seq FROM {table} AS event
  WHERE job_id >= :job_id AND (job_id, seq) > (:job_id, :seq) AND job_id < :end
    AND NOT EXISTS (SELECT FROM jobs WHERE jobs.id = event.job_id)
  ORDER BY job_id, seq LIMIT :limit
), gone AS (
  DELETE FROM {table} AS event USING lone
  WHERE event.job_id = lone.job_id AND event.seq = lone.seq AND event.job_id >= :job_id AND event.job_id < :end
)
SELECT job_id, seq FROM lone ORDER BY job_id, seq
"""

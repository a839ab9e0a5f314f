"""The reconciler: makes rows, leases and messages agree again; every chore is idempotent, any number may run."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, any_, exists, func, literal_column, select, text
from sqlalchemy.orm import Session

from core.database import Database
from core.jobs import admission, concurrency, governing, rescue, states
from core.jobs.admission_models import QueuePause
from core.jobs.chores import take_turn
from core.jobs.lifecycle import prepare, transition
from core.jobs.models import NOT_FINAL, Job, OutboxMessage

EVERY_S = 4.0
MESSAGE_GRACE_S = 10.0
"""How long a queued job may be without a visible message before the message counts as lost."""
AT_ONCE = 1_000
"""How many jobs one transaction queues or expires at most: whoever waits for one of its rows waits for all of them."""
BATCHES = 10
"""How many such transactions a chore takes in one turn."""
_IN_BATCHES = frozenset({"expired", "promoted"})

Backlog = Callable[[str], int]
"""How many messages of a queue the broker holds."""

# A job with shards had been started in time; whether it goes on is up to the shards, which have its deadline.
_OVERDUE: ColumnElement[Any] = literal_column(
    f"""ARRAY(
  SELECT id FROM jobs
  WHERE deadline_at < now() AND stages = 0 AND state <> 'running' AND {NOT_FINAL}
  ORDER BY deadline_at LIMIT {AT_ONCE} FOR UPDATE SKIP LOCKED
)"""  # noqa: S608 - made of the constants above, never of input
)
_EXPIRE = prepare(states.EXPIRE, where=Job.id == any_(_OVERDUE))
# Each priority is a range of the index, read in order of time; what lies behind the last one taken is not read.
_DUE: ColumnElement[Any] = literal_column(
    f"""ARRAY(
  SELECT due.id FROM generate_series(9, 0, -1) AS level CROSS JOIN LATERAL (
    SELECT id FROM jobs
    WHERE priority = level AND state IN ('scheduled', 'retryable') AND due_at <= now()
    ORDER BY due_at LIMIT {AT_ONCE} FOR UPDATE SKIP LOCKED
  ) AS due
  LIMIT {AT_ONCE}
)"""  # noqa: S608 - made of the constant above, never of input
)
_PROMOTE = prepare(states.PROMOTE, where=Job.id == any_(_DUE))


def reconcile(database: Database, backlog: Backlog, *, every_s: float = EVERY_S) -> dict[str, int]:
    """Run all chores if their time has come; return how many jobs each touched, nothing if it was not our turn."""
    with database.transaction() as session:
        if not take_turn(session, "reconcile", every_s=every_s):
            return {}
    counts = {}
    for name, chore in _chores(backlog).items():
        counts[name] = sum(_in_batches(database, chore, most=BATCHES if name in _IN_BATCHES else 1))
    return counts


def promote_due(session: Session) -> int:
    """Queue scheduled and retryable jobs whose time has come, up to `AT_ONCE`, and return how many.

    The most urgent go first, those of one priority by their time; any number may do it at once, each with its own.
    """
    return len(transition(session, _PROMOTE))


def expire_overdue(session: Session) -> int:
    """End up to `AT_ONCE` of the jobs that were not started before their deadline, and return how many."""
    return len(transition(session, _EXPIRE))


def resend_lost(session: Session, backlog: Backlog) -> int:
    """Write as many messages again as a queue's rows outnumber its messages; return how many.

    Those who wait longest get them: nobody knows whose messages were lost. A wrong guess is harmless (a claim finds
    nothing to do) and ends by itself: once the others have run, those that are left wait longest.
    """
    resent = 0
    for queue, count in session.execute(_WAITING):
        missing = count - backlog(queue)
        if missing > 0:
            result: Any = session.execute(_RESEND, {"queue": queue, "missing": missing, "grace_s": MESSAGE_GRACE_S})
            resent += int(result.rowcount)
    return resent


def _in_batches(database: Database, chore: Callable[[Session], int], *, most: int) -> Iterator[int]:
    """Do a chore, and again while there was as much to do as goes at once; what is still left has the next turn."""
    for _ in range(most):
        with database.transaction() as session:
            done = chore(session)
        yield done
        if done < AT_ONCE:
            return


def _chores(backlog: Backlog) -> dict[str, Callable[[Session], int]]:
    return {
        "rescued": rescue.rescue_expired,
        "expired": expire_overdue,
        "promoted": promote_due,
        "resent": lambda session: resend_lost(session, backlog),
        "strays": admission.forget_strays,
        "released": admission.release,
        "forgotten": concurrency.forget_unused,
        "governed": governing.settle_low,
    }


# All jobs count whose message left the outbox, however young: the broker's figure holds young ones' messages, too.
_WAITING = (
    select(Job.queue, func.count())
    .where(
        Job.state == states.State.QUEUED,
        ~exists().where(OutboxMessage.job_id == Job.id),
        ~exists().where(QueuePause.queue == Job.queue),
    )
    .group_by(Job.queue)
    .having(func.min(Job.queued_at) < func.now() - func.make_interval(0, 0, 0, 0, 0, 0, MESSAGE_GRACE_S))
    .order_by(Job.queue)
)
_RESEND = text(
    """
INSERT INTO job_outbox (job_id, kind, queue, priority, tenant_id, gates)
SELECT id, kind, queue, priority, tenant_id, gates FROM jobs
WHERE state = 'queued' AND queue = :queue AND queued_at < now() - make_interval(secs => :grace_s)
  AND NOT EXISTS (SELECT 1 FROM job_outbox AS message WHERE message.job_id = jobs.id)
ORDER BY priority DESC, queued_at, id
LIMIT :missing
"""
)

"""Governing: what the governors of all workers say, as limits that hold for jobs of low priority.

A queue's low-priority jobs stand back where any worker that serves it is strained: they may take as many places as all
its workers together leave them, one less of each strained worker, so that whatever is urgent finds a place at once.
Silence ends it: what a worker says is believed for some seconds.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Transient
from core.jobs import outbox, queues
from core.jobs.admission_models import ConcurrencyLimit
from core.jobs.gates import LOW_PREFIX, low_gate
from core.jobs.kind import JobKind
from core.platform.governor import reports

HEAVY_MIB = 1024
"""From how much memory on a kind is refused where there is next to none."""
AGAIN_AFTER_S = 15.0


class CapacityShort(Transient):
    """The workers have next to no memory left, and begin no heavy jobs for now."""

    code = "capacity_short"


def read_backlogs(session: Session, names: Iterable[str]) -> dict[str, dict[str, float]]:
    """Return depth and age of the oldest job of those queues in which jobs wait."""
    waiting = queues.read_backlogs(session)
    return {
        name: {"depth": waiting[name][0], "oldest_age_s": round(waiting[name][1], 3)}
        for name in names
        if name in waiting
    }


def settle_low(session: Session) -> int:
    """Make the limits of low-priority jobs what the workers that live say together; return how many changed."""
    wanted = low_limits(reports.read_reports(session))
    held = {name: most for name, most in session.execute(_HELD)}  # noqa: C416 - rows are no pairs to a type checker
    if wanted == held:
        return 0
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("governor", 0))))
    session.execute(delete(ConcurrencyLimit).where(_IS_LOW, ConcurrencyLimit.name.not_in(sorted(wanted))))
    if wanted:
        new = insert(ConcurrencyLimit)
        rows = [{"name": name, "max_running": most, "declared": False} for name, most in sorted(wanted.items())]
        changed = {"max_running": new.excluded.max_running}
        session.execute(new.on_conflict_do_update(index_elements=["name"], set_=changed), rows)
    session.execute(select(func.pg_notify(outbox.CHANNEL, ConcurrencyLimit.__tablename__)))
    return len(wanted.items() ^ held.items())


def low_limits(said: Sequence[Row[Any]]) -> dict[str, int]:
    """Return the limits by the gates' names; a queue all of whose workers are at ease has none."""
    serving: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in said:
        for queue in row.queues:
            if row.mode == "on" and queue in queues.NAMES:
                serving[queue].append(row)
    return {
        low_gate(queue): sum(row.low_slots for row in rows)
        for queue, rows in serving.items()
        if any(row.low_slots < row.full_slots for row in rows)
    }


def hold_to_capacity(session: Session, kind: JobKind) -> None:
    """Raise `CapacityShort` for a heavy kind whose every worker has next to no memory left."""
    if kind.limits.memory_mib >= HEAVY_MIB and reports.is_critical(session, kind.queue):
        raise CapacityShort(
            f"no worker of the queue {kind.queue} has memory for a job of {kind.name} now", retry_after_s=AGAIN_AFTER_S
        )


_IS_LOW = ConcurrencyLimit.name.startswith(LOW_PREFIX, autoescape=True)
_HELD = select(ConcurrencyLimit.name, ConcurrencyLimit.max_running).where(_IS_LOW)

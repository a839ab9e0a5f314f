"""Bulk actions: many jobs cancelled or retried by one request, each as it would be by a request of its own.

The jobs are looked for once and then changed in batches, each of them a transaction: what is done stays done, and
asking again goes on with the rest.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from psycopg2.errors import DeadlockDetected, UniqueViolation
from sqlalchemy import Row, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import Transient
from core.jobs import prerequisites, stopping
from core.jobs.cancellation import AlreadyFinal
from core.jobs.models import Job
from core.jobs.retrying import NotFinal, UniqueKeyHeld
from core.jobs.reviving import revive
from core.jobs.selection import LARGEST_PAGE, Page, Selection, look
from core.jobs.states import FINAL, State

BATCH = 1_000
TRIES = 5
"""How often a batch is begun anew after a race with others."""
REASONS = (AlreadyFinal.code, NotFinal.code, UniqueKeyHeld.code)
"""Why a job is left alone: what a request of its own would be refused with."""
_CHANGED = "changed"
_OPEN = frozenset(State) - FINAL
_LOOKED_AT = [Job.__table__.c[name] for name in ("id", "state", "unique_key")]

Verdicts = dict[UUID, str]
"""What became of each job, or would: `changed`, or why not."""


class JobsContested(Transient):
    """Others keep changing the same jobs; what is done stays done, and asking again goes on with the rest."""

    code = "jobs_contested"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many jobs were changed, how many left alone and why, and behind which job those lie that are still to do."""

    changed: int
    skipped: Mapping[str, int]
    next_after: UUID | None

    @property
    def matched(self) -> int:
        """Return how many jobs it was about."""
        return self.changed + sum(self.skipped.values())


def cancel(
    database: Database, tenant_id: UUID, selection: Selection, *, dry_run: bool, limit: int = LARGEST_PAGE
) -> Tally:
    """Cancel the next selected jobs that are not final, with all shards below them; or only tell what would come of it.

    That a running job's worker is asked to stop counts as a change.
    """
    with database.statements() as session:
        page = look(session, tenant_id, selection, _OPEN, limit=limit)
    verdicts = {row.id: AlreadyFinal.code if row.state in FINAL else _CHANGED for row in page.rows}
    if not dry_run:
        verdicts = _carry_out(database, verdicts, partial(_cancel_batch, tenant_id=tenant_id))
    return _tally(page, verdicts)


def retry(
    database: Database, tenant_id: UUID, selection: Selection, *, dry_run: bool, limit: int = LARGEST_PAGE
) -> Tally:
    """Queue the next selected jobs that are final for a new attempt; or only tell what would come of it.

    A filter finds jobs that succeeded only if it asks for that state; jobs named by their ids are found in any.
    """
    succeeded = selection.chosen.state == State.SUCCEEDED
    with database.statements() as session:
        page = look(session, tenant_id, selection, FINAL if succeeded else FINAL - {State.SUCCEEDED}, limit=limit)
        held = _holding_back(session, tenant_id, page.rows)
    verdicts = {row.id: _verdict(row, held) for row in page.rows}
    if not dry_run:
        verdicts = _carry_out(database, verdicts, partial(_retry_batch, tenant_id=tenant_id))
    return _tally(page, verdicts)


def _carry_out(database: Database, foreseen: Verdicts, act: Callable[..., Verdicts]) -> Verdicts:
    """Act on the jobs that are to be changed, batch by batch, but not on shards that went along with their parents."""
    verdicts = {job_id: verdict for job_id, verdict in foreseen.items() if verdict != _CHANGED}
    pending = [job_id for job_id in foreseen if job_id not in verdicts]
    for start in range(0, len(pending), BATCH):
        batch = [job_id for job_id in pending[start : start + BATCH] if job_id not in verdicts]
        verdicts |= _transact(database, partial(act, job_ids=batch))
    return verdicts


def _transact(database: Database, act: Callable[[Session], Verdicts]) -> Verdicts:
    """Act in a transaction; begin anew when it met others who lock in another order, or lost a unique key to them."""
    for _ in range(TRIES):
        try:
            with database.transaction() as session:
                return act(session)
        except DBAPIError as error:
            if not isinstance(error.orig, DeadlockDetected | UniqueViolation):
                raise
    raise JobsContested


def _cancel_batch(session: Session, *, tenant_id: UUID, job_ids: Sequence[UUID]) -> Verdicts:
    found = _lock(session, tenant_id, job_ids)
    stopping.stop(session, [row.id for row in found if row.state not in FINAL])
    return {row.id: AlreadyFinal.code if row.state in FINAL - {State.CANCELLED} else _CHANGED for row in found}


def _retry_batch(session: Session, *, tenant_id: UUID, job_ids: Sequence[UUID]) -> Verdicts:
    rejoining = prerequisites.wait_again(session, tenant_id, job_ids)
    found = _lock(session, tenant_id, job_ids)
    held = _holding_back(session, tenant_id, found)
    verdicts = {row.id: _verdict(row, held) for row in found}
    retried = revive(session, [job_id for job_id, verdict in verdicts.items() if verdict == _CHANGED], rejoining)
    return verdicts | dict.fromkeys(retried, _CHANGED)


def _lock(session: Session, tenant_id: UUID, job_ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Lock jobs, parents before their shards: the order in which others lock them."""
    return session.execute(
        select(*_LOOKED_AT)
        .where(Job.id.in_(job_ids), Job.tenant_id == tenant_id)
        .order_by(Job.parent_id.is_not(None), Job.id)
        .with_for_update()
    ).all()


def _verdict(row: Row[Any], held: Collection[UUID]) -> str:
    if row.state not in FINAL:
        return NotFinal.code
    return UniqueKeyHeld.code if row.id in held else _CHANGED


def _holding_back(session: Session, tenant_id: UUID, rows: Sequence[Row[Any]]) -> set[UUID]:
    """Return those of final jobs whose unique key a living job holds, or would by then: one of those before it."""
    keyed = [row for row in rows if row.state in FINAL and row.unique_key is not None]
    if not keyed:
        return set()
    mine = (Job.tenant_id == tenant_id) & Job.unique_key.in_({row.unique_key for row in keyed})
    taken = set(session.scalars(select(Job.unique_key).where(mine, Job.state.not_in(sorted(FINAL)))))
    held = set()
    for row in keyed:
        if row.unique_key in taken:
            held.add(row.id)
        taken.add(row.unique_key)
    return held


def _tally(page: Page, verdicts: Verdicts) -> Tally:
    """Count; jobs that were pruned meanwhile are not there to be counted."""
    counted = Counter(verdicts[row.id] for row in page.rows if row.id in verdicts)
    return Tally(counted[_CHANGED], {reason: counted[reason] for reason in REASONS}, page.next_after)

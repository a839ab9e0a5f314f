"""Admission: which jobs may go to a worker while limits say how many run at once.

A job holds a place at each of its gates from the moment it is admitted until it is claimed, and then while it runs. A
message whose gate is full is held: it leaves the line of its tenant until there is room again, so that the others
behind it go ahead. Who counts places has locked the limits before, in a statement of its own, in order of their names.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.jobs.admission_models import Admission, ConcurrencyLimit
from core.jobs.models import OutboxMessage

HELD_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that waits at gates with a limit."""

    id: int
    job_id: UUID
    queue: str
    tenant_id: UUID
    gates: Sequence[str]


@dataclass(frozen=True, slots=True)
class Decision:
    """Which of the candidates go, how many are held from now on, how many are to be looked at again soon."""

    admitted: frozenset[int] = frozenset()
    held: int = 0
    open: int = 0


def admit(session: Session, candidates: Sequence[Candidate]) -> Decision:
    """Admit as many candidates as their gates have room for, the first ones first, and hold the others.

    The caller has locked their messages; those of the admitted go. A limit that somebody else has locked is not waited
    for: the relay has other things to do.
    """
    room = _lock_and_count(session, {gate for one in candidates for gate in one.gates}, candidates)
    admitted: list[Candidate] = []
    held: dict[int, str] = {}
    for one in candidates:
        full = next((gate for gate in one.gates if gate in room and not room[gate]), None)
        if full is not None:
            held[one.id] = full
        elif all(gate in room for gate in one.gates):
            room.update({gate: room[gate] - 1 for gate in one.gates})
            admitted.append(one)
    _hold(session, held, candidates)
    _send(session, admitted)
    return Decision(frozenset(one.id for one in admitted), len(held), open=len(candidates) - len(admitted) - len(held))


def release(session: Session) -> int:
    """Put messages that were held back into their lines, where their gates have room by now; return how many.

    As many of each tenant as there is room: who of them goes is decided by whose turn it is.
    """
    released: Any = session.execute(_RELEASE, {"most": HELD_AT_ONCE})
    return int(released.rowcount)


def forget_strays(session: Session) -> int:
    """Take back the places of jobs that are not on their way any more: cancelled, expired or claimed otherwise.

    So is one whose message was lost and, sent again, is held: it would wait for its own place.
    """
    gone: Any = session.execute(_FORGET_STRAYS)
    return int(gone.rowcount)


def enter(session: Session, job_id: UUID) -> bool:
    """Tell whether a job that is about to be claimed finds all its gates open, and keep them so for this transaction.

    If not, its message goes back to the outbox: the one that brought it here is used up.
    """
    gates = session.scalar(_GATES, {"job_id": job_id})
    if gates is None:
        return False
    session.execute(_lock(gates))
    full = session.scalar(_FULL, {"names": gates})
    session.execute(delete(Admission).where(Admission.job_id == job_id))
    if full:
        session.execute(_PUT_BACK, {"job_id": job_id})
    return not full


def _lock_and_count(session: Session, names: Collection[str], candidates: Sequence[Candidate]) -> dict[str, int]:
    locked = session.scalars(_lock(names, skip_locked=True)).all()
    # One that is sent again gives up the place that it holds from the first time.
    session.execute(delete(Admission).where(Admission.job_id.in_([one.job_id for one in candidates])))
    rows = session.execute(_ROOM, {"names": locked})
    return {name: max(0, room) for name, room in rows}


def _lock(names: Collection[str], *, skip_locked: bool = False) -> Any:
    return (
        select(ConcurrencyLimit.name)
        .where(ConcurrencyLimit.name.in_(sorted(names)))
        .order_by(ConcurrencyLimit.name)
        .with_for_update(skip_locked=skip_locked)
    )


def _hold(session: Session, held: Mapping[int, str], candidates: Sequence[Candidate]) -> None:
    if not held:
        return
    session.execute(_HOLD, {"ids": list(held), "gates": list(held.values())})
    if 2 * len(held) >= len(candidates):
        lines = sorted({(one.queue, str(one.tenant_id)) for one in candidates if one.id in held})
        queues, tenants = zip(*lines, strict=True)
        full = sorted(set(held.values()))
        given = {"queues": list(queues), "tenants": list(tenants), "full": full, "most": HELD_AT_ONCE}
        session.execute(_HOLD_MORE, given)


def _send(session: Session, admitted: Sequence[Candidate]) -> None:
    if not admitted:
        return
    session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_([one.id for one in admitted])))
    places = [{"job_id": one.job_id, "gates": list(one.gates)} for one in admitted]
    session.execute(insert(Admission).on_conflict_do_nothing(), places)


_ROOM = text(
    """
SELECT name, max_running - coalesce(taken, 0) FROM concurrency_limits LEFT JOIN gate_places ON gate = name
WHERE name = ANY(:names)
"""
)
_GATES = text(
    """
SELECT ARRAY(SELECT name FROM concurrency_limits WHERE name = ANY(gates_of(gates, kind, tenant_id, queue, priority)))
FROM jobs WHERE id = :job_id AND state = 'queued'
  AND NOT EXISTS (SELECT FROM queue_pauses AS pause WHERE pause.queue = jobs.queue)
"""
)
_FULL = text(
    """
SELECT EXISTS (
  SELECT FROM concurrency_limits
  WHERE name = ANY(:names) AND max_running <= (
    SELECT count(*) FROM jobs WHERE state = 'running' AND name = ANY(gates_of(gates, kind, tenant_id, queue, priority))
  )
)
"""
)
_PUT_BACK = text(
    """
INSERT INTO job_outbox (job_id, kind, queue, priority, tenant_id, gates)
SELECT id, kind, queue, priority, tenant_id, gates FROM jobs WHERE id = :job_id
"""
)
_HOLD = text(
    """
UPDATE job_outbox SET held_by = held.gate
FROM unnest(CAST(:ids AS bigint[]), CAST(:gates AS text[])) AS held (id, gate)
WHERE job_outbox.id = held.id
"""
)
# Those in the lines behind them, too: a hundred thousand of one key must not be looked at a window at a time.
_HOLD_MORE = text(
    """
WITH behind AS MATERIALIZED (
  SELECT message.id, (SELECT full_gate FROM unnest(CAST(:full AS text[])) AS full_gate
                      WHERE full_gate = ANY(gates_of(gates, kind, message.tenant_id, message.queue, priority))
                      LIMIT 1) AS gate
  FROM unnest(CAST(:queues AS text[]), CAST(:tenants AS uuid[])) AS line (queue, tenant_id)
  CROSS JOIN LATERAL (
    SELECT id, kind, tenant_id, gates, queue, priority FROM job_outbox
    WHERE queue = line.queue AND tenant_id = line.tenant_id AND held_by IS NULL
    ORDER BY priority DESC, id LIMIT :most
  ) AS message
), locked AS MATERIALIZED (
  SELECT message.id, behind.gate FROM behind CROSS JOIN LATERAL (
    SELECT id FROM job_outbox WHERE id = behind.id AND held_by IS NULL FOR UPDATE SKIP LOCKED
  ) AS message
  WHERE behind.gate IS NOT NULL
)
UPDATE job_outbox SET held_by = locked.gate FROM locked WHERE job_outbox.id = locked.id
"""
)
_RELEASE = text(
    """
WITH RECURSIVE line AS (
  (SELECT held_by, queue, tenant_id FROM job_outbox WHERE held_by IS NOT NULL
   ORDER BY held_by, queue, tenant_id LIMIT 1)
  UNION ALL
  SELECT next.* FROM line CROSS JOIN LATERAL (
    SELECT held_by, queue, tenant_id FROM job_outbox
    WHERE held_by IS NOT NULL AND (held_by, queue, tenant_id) > (line.held_by, line.queue, line.tenant_id)
    ORDER BY held_by, queue, tenant_id LIMIT 1
  ) AS next
), opened AS (
  SELECT line.*, least(:most, coalesce(max_running - coalesce(taken, 0), :most)) AS room
  FROM line LEFT JOIN concurrency_limits ON name = line.held_by LEFT JOIN gate_places ON gate = line.held_by
), released AS MATERIALIZED (
  SELECT message.id FROM opened CROSS JOIN LATERAL (
    SELECT id FROM job_outbox
    WHERE held_by = opened.held_by AND queue = opened.queue AND tenant_id = opened.tenant_id
    ORDER BY priority DESC, id LIMIT greatest(0, opened.room)
    FOR UPDATE SKIP LOCKED
  ) AS message
)
UPDATE job_outbox SET held_by = NULL FROM released WHERE job_outbox.id = released.id
"""
)
_FORGET_STRAYS = text(
    """
DELETE FROM job_admissions AS place
WHERE NOT EXISTS (SELECT FROM jobs WHERE jobs.id = place.job_id AND jobs.state = 'queued')
  OR EXISTS (SELECT FROM job_outbox WHERE held_by = ANY(place.gates) AND job_id = place.job_id)
"""
)

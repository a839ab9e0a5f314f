"""The outbox: messages written with the data, taken in fair batches by any number of relays at once.

Within a tenant the urgent go before the others and the old before the young. Between tenants fairness comes before
priority: they take turns, one message each, and who was given more lately sits out so many turns, so that nobody waits
behind another's heap.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from core.jobs import admission
from core.jobs.admission import Candidate, Decision
from core.jobs.models import OutboxMessage

CHANNEL = "penstock_outbox"
"""The NOTIFY channel on which relays hear of new messages; the payload is the name of the table that has news."""
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Message:
    """What crosses the broker: a job's id, and where to."""

    job_id: UUID
    kind: str
    queue: str
    priority: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages in the order in which they are to be sent, and what the next round is to know."""

    messages: Sequence[Message]
    served: Mapping[str, UUID] = field(default_factory=dict)
    """Whose turn was the last in each queue."""
    carried: Mapping[tuple[str, UUID], int] = field(default_factory=dict)
    """How many messages of each queue and tenant these are."""
    held: int = 0
    """How many messages were found to wait for a concurrency limit, and left their places to others."""
    open: int = 0
    """How many could not be decided about, as somebody else had locked their limits."""


def take_batch(
    session: Session,
    room: Mapping[str, int],
    served: Mapping[str, UUID] | None = None,
    lately: Mapping[tuple[str, UUID], int] | None = None,
) -> Batch:
    """Take up to as many messages of each queue as there is room; they are gone when the caller's transaction commits.

    The turns go on after the tenants that were `served` last; `lately` tells how many turns each had. Queues that are
    paused are left alone. Publish before committing: a crash in between sends a message twice, which a claim makes
    harmless, never not at all.
    """
    last, turns = served or {}, lately or {}
    asked = {
        "queues": list(room),
        "rooms": list(room.values()),
        "served": [str(last.get(queue, NOBODY)) for queue in room],
        "fed_queues": [queue for queue, _ in turns],
        "fed_tenants": [str(tenant_id) for _, tenant_id in turns],
        "fed_turns": list(turns.values()),
    }
    rows = session.execute(_TAKE, asked).all()
    limited = [Candidate(row.id, row.job_id, row.queue, row.tenant_id, row.gates) for row in rows if row.gates]
    decision = admission.admit(session, limited) if limited else Decision()
    going = [row for row in rows if not row.gates or row.id in decision.admitted]
    last_served = {row.queue: row.tenant_id for row in rows}
    carried = Counter((row.queue, row.tenant_id) for row in going)
    return Batch([_message(row) for row in going], last_served, carried, decision.held, decision.open)


def depth(session: Session) -> int:
    """Count the messages that wait to be carried."""
    return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def _message(row: Row[tuple[object, ...]]) -> Message:
    return Message(row.job_id, row.kind, row.queue, row.priority)


# The tenants of a queue are found by leaping from one to the next in the index, beginning after the one served last
# and once around; of each, few more rows are read than can have their turn. The cost depends on tenants and room, not
# on how many messages wait. The commit does not wait for the disk: a deletion that a crash forgets sends a message
# twice.
_TAKE = text(
    """
WITH RECURSIVE asked AS MATERIALIZED (
  SELECT *
  FROM unnest(CAST(:queues AS text[]), CAST(:rooms AS int[]), CAST(:served AS uuid[])) AS given (queue, room, served)
  WHERE NOT EXISTS (SELECT FROM queue_pauses AS pause WHERE pause.queue = given.queue)
), line (queue, room, served, tenant_id, lap, place) AS (
  SELECT queue, room, served, served, 0, 0 FROM asked
  UNION ALL
  SELECT line.queue, room, served, next.tenant_id, next.lap, place + 1
  FROM line CROSS JOIN LATERAL (
    (SELECT tenant_id, line.lap AS lap FROM job_outbox
     WHERE held_by IS NULL AND queue = line.queue AND tenant_id > line.tenant_id ORDER BY tenant_id LIMIT 1)
    UNION ALL
    (SELECT tenant_id, 1 FROM job_outbox
     WHERE held_by IS NULL AND queue = line.queue AND line.lap = 0 ORDER BY tenant_id LIMIT 1)
    ORDER BY lap LIMIT 1
  ) AS next
  WHERE place < room AND (next.lap = 0 OR next.tenant_id <= served)
), fed AS (
  SELECT * FROM unnest(
    CAST(:fed_queues AS text[]), CAST(:fed_tenants AS uuid[]), CAST(:fed_turns AS int[])
  ) AS given (queue, tenant_id, turns)
), counted AS (
  SELECT *, count(*) OVER (PARTITION BY queue) AS tenants FROM line WHERE place > 0
), waiting AS (
  SELECT counted.*, coalesce(turns, 0) AS turns, least(room, greatest(room - tenants + 1, 4 * room / tenants)) AS most
  FROM counted LEFT JOIN fed USING (queue, tenant_id)
), ranked AS (
  SELECT id, room, row_number() OVER (PARTITION BY queue ORDER BY round + turns, place) AS turn
  FROM waiting CROSS JOIN LATERAL (
    SELECT id, row_number() OVER (ORDER BY priority DESC, id) AS round FROM job_outbox
    WHERE held_by IS NULL AND queue = waiting.queue AND tenant_id = waiting.tenant_id
    ORDER BY priority DESC, id LIMIT most
  ) AS best
), chosen AS MATERIALIZED (
  SELECT message.*, turn FROM ranked CROSS JOIN LATERAL (
    SELECT * FROM job_outbox WHERE id = ranked.id AND held_by IS NULL FOR UPDATE SKIP LOCKED
  ) AS message
  WHERE turn <= room
), judged AS MATERIALIZED (
  SELECT id, job_id, kind, queue, priority, tenant_id, turn,
    ARRAY(SELECT name FROM concurrency_limits
          WHERE name = ANY(gates_of(gates, kind, tenant_id, queue, priority)) ORDER BY name) AS gates
  FROM chosen
), taken AS (
  DELETE FROM job_outbox WHERE id IN (SELECT id FROM judged WHERE gates = '{}')
)
SELECT judged.*, set_config('synchronous_commit', 'off', true) FROM judged ORDER BY turn
"""
)

"""The attempts to deliver: taken by any number of couriers, repeated until one succeeds or a day is over."""

import json
import random
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.database import Database, Prepared
from core.platform.webhooks import failing
from core.platform.webhooks.sending import Attempt
from core.platform.webhooks.signing import GRACE_H

TRIED_FOR_H = 24
LEASE_S = 60.0
"""After so long another courier tries what the first has not told the end of: several times what an attempt takes."""
EACH = 4
"""How many deliveries are under way to one receiver at a time."""
LONGEST_LOG = 50
FIRST_DELAY_S, FACTOR, LONGEST_DELAY_S = 5.0, 3.0, 4 * 3600.0
_LARGEST_POWER = 20


@dataclass(frozen=True, slots=True)
class Due:
    """One delivery that this courier has taken upon itself, and what it takes to sign it."""

    id: UUID
    tenant_id: UUID
    webhook_id: UUID | None
    url: str
    receiver: str
    body: str
    attempt: int
    """Number of this attempt; who takes the delivery later has another."""
    secret_version: int
    older_secret_holds: bool
    """Whether the secret was rotated a short while ago, so that receivers may still know the one before."""


def take_due(database: Database, *, room: int, busy: Collection[str] = ()) -> list[Due]:
    """Take deliveries that are due, a few for each receiver that is not busy; they are ours for `LEASE_S`."""
    rows = database.run(_TAKE, list(busy), EACH, room, LEASE_S)
    return [Due(*row) for row in rows]


def record(session: Session, due: Due, attempt: Attempt, rng: random.Random) -> bool:
    """Write down what came of an attempt; False when somebody else has taken the delivery meanwhile.

    A failed one is tried again later, unless a day is over; a webhook that fails for too long is disabled.
    """
    entry = {"status": attempt.status, "duration_s": attempt.duration_s, "error": attempt.error}
    given = {"id": due.id, "attempt": due.attempt, "entry": json.dumps(entry), "succeeded": attempt.succeeded}
    if session.execute(_RECORD, {**given, "delay_s": delay_s(due.attempt, rng)}).one_or_none() is None:
        return False
    if due.webhook_id is not None:
        failing.heed(session, due.webhook_id, attempt)
    return True


def put_off(session: Session, due: Due, wait_s: float) -> None:
    """Have a delivery that was taken tried later, as if it had not been taken."""
    session.execute(_PUT_OFF, {"id": due.id, "attempt": due.attempt, "wait_s": wait_s})


def delay_s(attempt: int, rng: random.Random) -> float:
    """Return how long to wait after a failed attempt (1 for the first): exponential, capped, half of it jitter."""
    ceiling = min(LONGEST_DELAY_S, FIRST_DELAY_S * FACTOR ** min(attempt - 1, _LARGEST_POWER))
    return rng.uniform(0.5, 1.0) * ceiling


_PUT_OFF = text(
    """
UPDATE webhook_deliveries SET attempts = attempts - 1, next_attempt_at = now() + make_interval(secs => :wait_s)
WHERE id = :id AND attempts = :attempt AND next_attempt_at IS NOT NULL
"""
)
# Receivers are found one after the other along the index, so that no heap of one receiver's hides those of others.
_TAKE = Prepared(
    "penstock_take_deliveries",
    ("text[]", "int", "int", "float8"),
    f"""
WITH RECURSIVE receivers AS (
  (SELECT receiver FROM webhook_deliveries WHERE next_attempt_at IS NOT NULL ORDER BY receiver LIMIT 1)
  UNION ALL
  SELECT (
    SELECT receiver FROM webhook_deliveries AS next
    WHERE next_attempt_at IS NOT NULL AND next.receiver > receivers.receiver ORDER BY receiver LIMIT 1
  ) FROM receivers WHERE receivers.receiver IS NOT NULL
), chosen AS MATERIALIZED (
  SELECT id FROM (SELECT receiver FROM receivers WHERE receiver <> ALL ($1) ORDER BY random()) AS idle,
    LATERAL (
      SELECT id FROM webhook_deliveries AS delivery
      WHERE delivery.receiver = idle.receiver AND next_attempt_at <= now()
      ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED
    ) AS due LIMIT $3
), taken AS (
  UPDATE webhook_deliveries SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $4)
  WHERE id IN (SELECT id FROM chosen) AND next_attempt_at <= now()
  RETURNING id, tenant_id, webhook_id, url, receiver, body, attempts
)
SELECT taken.id, taken.tenant_id, webhook_id, taken.url, receiver, body, taken.attempts,
       coalesce(secret_version, 1), coalesce(rotated_at > now() - interval '{GRACE_H} hours', false)
FROM taken LEFT JOIN webhooks ON webhooks.id = webhook_id
""",  # noqa: S608 - made of the constants above, never of input
)
_RECORD = text(
    f"""
UPDATE webhook_deliveries SET
  log = CASE WHEN jsonb_array_length(log) >= {LONGEST_LOG} THEN log - 0 ELSE log END
    || (CAST(:entry AS jsonb) || jsonb_build_object('at', to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))),
  delivered_at = CASE WHEN :succeeded THEN now() END,
  next_attempt_at = CASE
    WHEN NOT :succeeded AND due_since > now() - interval '{TRIED_FOR_H} hours'
    THEN now() + make_interval(secs => :delay_s) END
WHERE id = :id AND attempts = :attempt AND next_attempt_at IS NOT NULL
RETURNING id
"""  # noqa: S608 - made of the constants above, never of input
)

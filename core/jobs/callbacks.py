"""Callbacks: the end of a job is told to its `callback_url` and to the webhooks of its tenant that ask for it."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, any_, exists, func, literal, or_, text
from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.ids import uuid7
from core.jobs.documents import API, LARGEST_INLINE_BYTES, job_document, to_json
from core.jobs.models import Job
from core.jobs.states import CANCEL, EXPIRE, FAIL, SUCCEED
from core.platform.notifications.notifying import Event, is_asked_for, notify
from core.platform.webhooks import deliveries
from core.platform.webhooks.models import Webhook

EVENTS = (SUCCEED.event, FAIL.event, CANCEL.event, EXPIRE.event)
"""What can be listened to."""
AT_ONCE = 50
"""How many bodies are in memory together."""


def is_listened_to(row: Any, event: str) -> ColumnElement[bool]:
    """Build the condition that a webhook or a person may be interested in this event of a job, given its columns."""
    wanted = literal(event) == any_(Webhook.events)
    hooked = exists().where(Webhook.tenant_id == row.tenant_id, Webhook.active, wanted, _of_kind(row.kind))
    return hooked | is_asked_for(row, event)


def tell(session: Session, ends: Sequence[Row[UUID, int, UUID | None]]) -> None:
    """Write a delivery for everybody who wants to hear of these ends (`job_id`, `version`)."""
    told = session.execute(_TOLD, _given(ends))
    for rows in told.partitions(AT_ONCE):
        deliveries.write(session, list(_written(rows)))
    _notify(session, ends)


def _given(ends: Sequence[Row[UUID, int, UUID | None]]) -> dict[str, Any]:
    """Say which ends are meant, and between which ids all lie, so that the planner knows the partitions."""
    job_ids = [end.job_id for end in ends]
    versions = [end.version for end in ends]
    return {
        "ids": [str(job_id) for job_id in job_ids],
        "versions": versions,
        "first": min(job_ids),
        "last": max(job_ids),
    }


def _notify(session: Session, ends: Sequence[Row[UUID, int, UUID | None]]) -> None:
    """Have people told of those ends that they ask for: once for all of a kind that ended alike."""
    for row in session.execute(_ASKED_FOR, _given(ends)).all():
        what = row.event.removeprefix("job.")
        title = f"{row.kind}: {what}" if row.jobs == 1 else f"{row.jobs} × {row.kind}: {what}"
        why = f"\n{row.code}: {row.message}" if row.code and row.event == FAIL.event else ""
        body = f"{API}/jobs/{row.latest}{why}"
        severity = "warning" if row.event in (FAIL.event, EXPIRE.event) else "info"
        notify(session, Event(row.tenant_id, row.event, f"{row.event}/{row.kind}", title, body, severity, row.kind))


def _written(rows: Sequence[Row[Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        delivery_id = uuid7()
        yield {
            "id": delivery_id,
            "tenant_id": row.tenant_id,
            "webhook_id": row.webhook_id,
            "job_id": row.id,
            "event": row.event,
            "url": row.url,
            "body": _body(delivery_id, row).decode(),
        }


def _body(delivery_id: UUID, row: Row[Any]) -> bytes:
    job = job_document(row._asdict(), debug=False)
    if job["params"] is not None and len(to_json(job["params"])) > LARGEST_INLINE_BYTES:
        job["params"] = None
    return to_json({"type": row.event, "id": str(delivery_id), "at": rfc3339(row.at), "data": {"job": job}})


def _of_kind(kind: ColumnElement[str]) -> ColumnElement[bool]:
    return or_(func.cardinality(Webhook.kinds) == 0, kind == any_(Webhook.kinds))


_ASKED_FOR = text(
    """
SELECT job.tenant_id, job.kind, event.type AS event, count(*) AS jobs, max(CAST(job.id AS text)) AS latest,
       (array_agg(job.error ->> 'code' ORDER BY job.id DESC))[1] AS code,
       left((array_agg(job.error ->> 'message' ORDER BY job.id DESC))[1], 1000) AS message
FROM unnest(CAST(:ids AS uuid[]), CAST(:versions AS int[])) AS ended (job_id, version)
JOIN jobs AS job ON job.id = ended.job_id
JOIN job_events AS event ON event.job_id = ended.job_id AND event.seq = ended.version
  AND event.job_id BETWEEN :first AND :last
WHERE job.parent_id IS NULL AND EXISTS (
  SELECT FROM notification_rules AS rule
  WHERE rule.tenant_id = job.tenant_id AND rule.active AND event.type = ANY (rule.events))
GROUP BY job.tenant_id, job.kind, event.type ORDER BY job.tenant_id, job.kind, event.type
"""
)
# Postgres keeps them compressed: what is small there may still be large as text, and is looked at once more.
_COLUMNS = ", ".join(
    f"CASE WHEN pg_column_size(job.{name}) <= {LARGEST_INLINE_BYTES} THEN job.{name} END AS {name}"
    if name in {"params", "result"}
    else f"job.{name}"
    for name in Job.__table__.c.keys()  # noqa: SIM118 - the names, which iterating does not give
)
# A shard is its parent's own business: only the parent's end is told.
_TOLD = text(
    f"""
SELECT {_COLUMNS}, event.type AS event, event.at, listener.webhook_id, listener.url
FROM unnest(CAST(:ids AS uuid[]), CAST(:versions AS int[])) AS ended (job_id, version)
JOIN jobs AS job ON job.id = ended.job_id
JOIN job_events AS event ON event.job_id = ended.job_id AND event.seq = ended.version
  AND event.job_id BETWEEN :first AND :last
CROSS JOIN LATERAL (
  SELECT CAST(NULL AS uuid) AS webhook_id, callback_url AS url WHERE callback_url IS NOT NULL
  UNION ALL
  SELECT id, url FROM webhooks
  WHERE webhooks.tenant_id = job.tenant_id AND active AND event.type = ANY (events) AND job.parent_id IS NULL
    AND (webhooks.kinds = '{{}}' OR job.kind = ANY (webhooks.kinds))
    AND (webhooks.tags = '{{}}' OR webhooks.tags && job.tags)
) AS listener
ORDER BY ended.version, ended.job_id
"""  # noqa: S608 - made of the constants above, never of input
)

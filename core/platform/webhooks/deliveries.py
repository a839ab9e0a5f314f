"""Deliveries: written down with what they tell of, read as a log, sent once more, forgotten after a week."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.orm import Session

from core.errors import Missing
from core.platform.webhooks.models import Delivery
from core.platform.webhooks.urls import receiver_of

_TABLE = Delivery.__table__


class DeliveryMissing(Missing):
    """There is no such delivery."""

    code = "delivery_missing"


def write(session: Session, deliveries: Sequence[Mapping[str, Any]]) -> None:
    """Have these delivered once the caller's transaction commits."""
    if deliveries:
        rows = [{**one, "receiver": receiver_of(one["url"]), "next_attempt_at": func.now()} for one in deliveries]
        session.execute(insert(Delivery).values(rows))


def list_deliveries(
    session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None, **of: UUID
) -> Sequence[Row[Any]]:
    """Return up to `limit` deliveries of a webhook (`webhook_id`) or job (`job_id`), newest first, behind `after`."""
    query = select(_TABLE).where(_TABLE.c.tenant_id == tenant_id, *(_TABLE.c[name] == one for name, one in of.items()))
    if after is not None:
        query = query.where(_TABLE.c.id < after)
    return session.execute(query.order_by(_TABLE.c.id.desc()).limit(limit)).all()


def replay(session: Session, tenant_id: UUID, webhook_id: UUID, delivery_id: UUID, *, url: str) -> Row[Any]:
    """Send a delivery once more under its own id, to where its webhook is now; raises `DeliveryMissing`."""
    chosen = update(Delivery).where(
        Delivery.id == delivery_id, Delivery.webhook_id == webhook_id, Delivery.tenant_id == tenant_id
    )
    values = {"url": url, "receiver": receiver_of(url), "delivered_at": None}
    again = {"due_since": func.now(), "next_attempt_at": func.now()}
    row = session.execute(chosen.values(**values, **again).returning(*_TABLE.c)).one_or_none()
    if row is None:
        raise DeliveryMissing(f"there is no delivery {delivery_id}")
    return row

"""Webhooks as their owners see them: made, read, changed, taken away, given another secret."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, Missing
from core.ids import uuid7
from core.platform.webhooks import failing
from core.platform.webhooks.models import Delivery, Webhook

MOST = 50
"""How many webhooks a tenant may have: each end of a job is matched against all of them."""

_TABLE = Webhook.__table__


class WebhookMissing(Missing):
    """There is no such webhook."""

    code = "webhook_missing"


class WebhooksTooMany(Conflict):
    """The tenant has as many webhooks as it may."""

    code = "webhooks_too_many"


def create(session: Session, tenant_id: UUID, asked: Mapping[str, Any]) -> Row[Any]:
    """Make a webhook of checked fields; raises `WebhooksTooMany`."""
    count = session.execute(select(func.count()).where(Webhook.tenant_id == tenant_id)).scalar_one()
    if count >= MOST:
        raise WebhooksTooMany(f"{MOST} webhooks are allowed")
    webhook = Webhook(id=uuid7(), tenant_id=tenant_id, **asked)
    session.add(webhook)
    session.flush()
    return get_webhook(session, tenant_id, webhook.id)


def get_webhook(session: Session, tenant_id: UUID, webhook_id: UUID) -> Row[Any]:
    """Return one webhook's row; raises `WebhookMissing`, for another tenant's, too."""
    query = select(_TABLE).where(_TABLE.c.id == webhook_id, _TABLE.c.tenant_id == tenant_id)
    return _found(session.execute(query).one_or_none(), webhook_id)


def list_webhooks(session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None) -> Sequence[Row[Any]]:
    """Return up to `limit` webhooks, newest first, beginning behind the webhook `after`."""
    query = select(_TABLE).where(_TABLE.c.tenant_id == tenant_id).order_by(_TABLE.c.id.desc()).limit(limit)
    return session.execute(query if after is None else query.where(_TABLE.c.id < after)).all()


def change(session: Session, tenant_id: UUID, webhook_id: UUID, changes: Mapping[str, Any]) -> Row[Any]:
    """Change some fields; raises `WebhookMissing`.

    Whoever enables it has its failures forgotten; whoever disables it has what is pending given up.
    """
    anew = {"failures": 0, "failing_since": None, "disabled_at": None, "disabled_reason": None}
    values = {**changes, **(anew if "active" in changes else {})}
    row = _update(session, tenant_id, webhook_id, values) if values else get_webhook(session, tenant_id, webhook_id)
    if not row.active:
        failing.give_up(session, webhook_id)
    if "active" in changes:
        failing.recover(session, tenant_id, webhook_id)
    return row


def rotate(session: Session, tenant_id: UUID, webhook_id: UUID) -> Row[Any]:
    """Give it another secret; the older one holds for a while, too; raises `WebhookMissing`."""
    values = {"secret_version": Webhook.secret_version + 1, "rotated_at": func.now()}
    return _update(session, tenant_id, webhook_id, values)


def remove(session: Session, tenant_id: UUID, webhook_id: UUID) -> None:
    """Take a webhook away with the log of its deliveries; raises `WebhookMissing`."""
    gone = delete(Webhook).where(Webhook.id == webhook_id, Webhook.tenant_id == tenant_id).returning(*_TABLE.c)
    _found(session.execute(gone).one_or_none(), webhook_id)
    session.execute(delete(Delivery).where(Delivery.webhook_id == webhook_id))
    failing.recover(session, tenant_id, webhook_id)


def _update(session: Session, tenant_id: UUID, webhook_id: UUID, values: Mapping[str, Any]) -> Row[Any]:
    changed = update(Webhook).where(Webhook.id == webhook_id, Webhook.tenant_id == tenant_id).values(values)
    return _found(session.execute(changed.returning(*_TABLE.c)).one_or_none(), webhook_id)


def _found(row: Row[Any] | None, webhook_id: UUID) -> Row[Any]:
    if row is None:
        raise WebhookMissing(f"there is no webhook {webhook_id}")
    return row

"""Webhooks whose deliveries fail: when it has gone on for too long, they are disabled and it is told why."""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, or_, update
from sqlalchemy.orm import Session

from core.platform.alerts.models import Severity
from core.platform.alerts.raising import raise_alert, resolve_alert
from core.platform.notifications.notifying import Event, notify
from core.platform.webhooks.models import Delivery, Webhook
from core.platform.webhooks.sending import Attempt
from core.platform.webhooks.urls import receiver_of

MANY = 20
"""So many failed attempts in a row disable a webhook,"""
BRIEFLY_S = 300.0
"""unless they all fall into a few minutes: a receiver may be restarted while many jobs end."""
LONG_S = 24 * 3600.0
"""So long without a success disables it in any case."""
GONE = 410
SOURCE = "webhooks"
"""Of the alerts about webhooks."""

log = structlog.get_logger()


def heed(session: Session, webhook_id: UUID, attempt: Attempt) -> None:
    """Count what came of an attempt; disable the webhook if that was one failure too many."""
    if attempt.succeeded:
        session.execute(_RECOVER.where(Webhook.id == webhook_id))
        return
    row = session.execute(_COUNT.where(Webhook.id == webhook_id)).one_or_none()
    if row is None:
        return
    if attempt.status == GONE:
        _disable(session, webhook_id, f"the receiver answered {GONE}: it does not want to hear any more")
    elif row.too_long:
        _disable(session, webhook_id, f"{row.failures} attempts in a row failed; the last: {attempt.error}")


def _disable(session: Session, webhook_id: UUID, reason: str) -> None:
    disabling = update(Webhook).where(Webhook.id == webhook_id, Webhook.active)
    disabled = session.execute(
        disabling.values(active=False, disabled_at=func.now(), disabled_reason=reason).returning(
            Webhook.tenant_id, Webhook.url
        )
    ).one_or_none()
    if disabled is None:
        return
    log.warning("webhook.disabled", webhook_id=str(webhook_id), tenant_id=str(disabled.tenant_id), reason=reason)
    give_up(session, webhook_id)
    _tell(session, disabled.tenant_id, webhook_id, disabled.url, reason)


def recover(session: Session, tenant_id: UUID, webhook_id: UUID) -> None:
    """Say that a webhook works again, or that nobody wants it to."""
    resolve_alert(session, tenant_id, SOURCE, str(webhook_id))


def _tell(session: Session, tenant_id: UUID, webhook_id: UUID, url: str, reason: str) -> None:
    """Tell those who can do something about it: by notification, and by an alert until it is enabled or deleted."""
    host = receiver_of(url)
    text = f"The webhook to {host} was disabled: {reason}"
    about = {"webhook_id": str(webhook_id), "receiver": host}
    raise_alert(session, tenant_id, SOURCE, str(webhook_id), Severity.WARNING, text, about)
    title = f"Webhook to {host} disabled"
    notify(session, Event(tenant_id, "webhook.disabled", str(webhook_id), title, text, Severity.WARNING))


def give_up(session: Session, webhook_id: UUID) -> None:
    """Try no more what is still to be delivered to a webhook."""
    pending = update(Delivery).where(Delivery.webhook_id == webhook_id, Delivery.next_attempt_at.is_not(None))
    session.execute(pending.values(next_attempt_at=None))


_RECOVER = update(Webhook).where(Webhook.failures > 0).values(failures=0, failing_since=None)
_COUNT = (
    update(Webhook)
    .values(failures=Webhook.failures + 1, failing_since=func.coalesce(Webhook.failing_since, func.now()))
    .returning(
        Webhook.failures,
        or_(
            (Webhook.failures >= MANY) & (Webhook.failing_since < func.now() - timedelta(seconds=BRIEFLY_S)),
            Webhook.failing_since < func.now() - timedelta(seconds=LONG_S),
        ).label("too_long"),
    )
)

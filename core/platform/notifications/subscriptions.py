"""Channels and rules as a tenant's operators see them: made, read, changed, taken away."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, FieldError, Invalid, Missing
from core.ids import uuid7
from core.platform.notifications.models import Notification, NotificationChannel, NotificationRule
from core.platform.notifications.services import service_of
from core.platform.sealing.values import Place, Sealed, open_sealed, seal

MOST_CHANNELS, MOST_RULES = 50, 100
_CHANNELS, _RULES = NotificationChannel.__table__, NotificationRule.__table__


class ChannelMissing(Missing):
    """There is no such channel."""

    code = "channel_missing"


class ChannelUnknown(Invalid):
    """The rule names a channel that is not there."""

    code = "channel_unknown"


class RuleMissing(Missing):
    """There is no such rule of notifications."""

    code = "notification_rule_missing"


class SubscriptionsTooMany(Conflict):
    """The tenant has as many channels or rules as it may."""

    code = "subscriptions_too_many"


def create_channel(session: Session, tenant_id: UUID, asked: Mapping[str, Any]) -> Row[Any]:
    """Make a channel of checked fields; raises `SubscriptionsTooMany`."""
    _refuse_more(session, NotificationChannel, tenant_id, MOST_CHANNELS)
    channel_id = uuid7()
    values = {**asked, **_sealed(session, tenant_id, channel_id, asked["url"])}
    session.execute(insert(NotificationChannel).values(id=channel_id, tenant_id=tenant_id, **values))
    return get_channel(session, tenant_id, channel_id)


def get_channel(session: Session, tenant_id: UUID, channel_id: UUID) -> Row[Any]:
    """Return one channel's row; raises `ChannelMissing`, for another tenant's, too."""
    query = select(_CHANNELS).where(_CHANNELS.c.id == channel_id, _CHANNELS.c.tenant_id == tenant_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise ChannelMissing(f"there is no channel {channel_id}")
    return row


def list_channels(session: Session, tenant_id: UUID) -> Sequence[Row[Any]]:
    """Return all channels of a tenant, newest first."""
    mine = select(_CHANNELS).where(_CHANNELS.c.tenant_id == tenant_id)
    return session.execute(mine.order_by(_CHANNELS.c.id.desc())).all()


def change_channel(session: Session, tenant_id: UUID, channel_id: UUID, changes: Mapping[str, Any]) -> Row[Any]:
    """Change some fields; whoever enables it, or gives it another address, has its failures forgotten."""
    get_channel(session, tenant_id, channel_id)
    values = dict(changes)
    if "url" in changes:
        values |= _sealed(session, tenant_id, channel_id, changes["url"])
    if changes.keys() & {"url", "active"}:
        values |= {"failures": 0, "failing_since": None, "disabled_reason": None}
    if values:
        session.execute(update(NotificationChannel).where(NotificationChannel.id == channel_id).values(values))
    return get_channel(session, tenant_id, channel_id)


def remove_channel(session: Session, tenant_id: UUID, channel_id: UUID) -> None:
    """Take a channel away with its rules and messages; raises `ChannelMissing`."""
    get_channel(session, tenant_id, channel_id)
    session.execute(delete(NotificationChannel).where(NotificationChannel.id == channel_id))


def open_url(session: Session, channel: Row[Any]) -> str:
    """Return a channel's address."""
    return open_sealed(session, _place(channel.tenant_id, channel.id), channel.url)


def try_out(session: Session, tenant_id: UUID, channel_id: UUID) -> Row[Any]:
    """Have a message sent that tells of nothing; raises `ChannelMissing`."""
    get_channel(session, tenant_id, channel_id)
    message = {
        "id": uuid7(),
        "tenant_id": tenant_id,
        "channel_id": channel_id,
        "event": "channel.test",
        "key": "test",
        "title": "Penstock",
        "body": "This channel works.",
        "next_attempt_at": func.now(),
    }
    made = insert(Notification).values(message).returning(*Notification.__table__.c)
    return session.execute(made).one()


def create_rule(session: Session, tenant_id: UUID, asked: Mapping[str, Any]) -> Row[Any]:
    """Make a rule of checked fields; raises `ChannelUnknown` or `SubscriptionsTooMany`."""
    _refuse_more(session, NotificationRule, tenant_id, MOST_RULES)
    _check_channel(session, tenant_id, asked)
    rule_id = uuid7()
    session.execute(insert(NotificationRule).values(id=rule_id, tenant_id=tenant_id, **asked))
    return get_rule(session, tenant_id, rule_id)


def get_rule(session: Session, tenant_id: UUID, rule_id: UUID) -> Row[Any]:
    """Return one rule's row; raises `RuleMissing`, for another tenant's, too."""
    row = session.execute(select(_RULES).where(_RULES.c.id == rule_id, _RULES.c.tenant_id == tenant_id)).one_or_none()
    if row is None:
        raise RuleMissing(f"there is no rule {rule_id}")
    return row


def list_rules(session: Session, tenant_id: UUID) -> Sequence[Row[Any]]:
    """Return all rules of a tenant, newest first."""
    return session.execute(select(_RULES).where(_RULES.c.tenant_id == tenant_id).order_by(_RULES.c.id.desc())).all()


def change_rule(session: Session, tenant_id: UUID, rule_id: UUID, changes: Mapping[str, Any]) -> Row[Any]:
    """Change some fields; raises `RuleMissing` or `ChannelUnknown`."""
    get_rule(session, tenant_id, rule_id)
    _check_channel(session, tenant_id, changes)
    if changes:
        session.execute(update(NotificationRule).where(NotificationRule.id == rule_id).values(dict(changes)))
    return get_rule(session, tenant_id, rule_id)


def remove_rule(session: Session, tenant_id: UUID, rule_id: UUID) -> None:
    """Take a rule away; what it chose already is still sent. Raises `RuleMissing`."""
    get_rule(session, tenant_id, rule_id)
    session.execute(delete(NotificationRule).where(NotificationRule.id == rule_id))


def _sealed(session: Session, tenant_id: UUID, channel_id: UUID, url: str) -> dict[str, Sealed | str]:
    return {"service": service_of(url), "url": seal(session, _place(tenant_id, channel_id), url)}


def _place(tenant_id: UUID, channel_id: UUID) -> Place:
    return Place(tenant_id, NotificationChannel.__tablename__, "url", channel_id)


def _check_channel(session: Session, tenant_id: UUID, fields: Mapping[str, Any]) -> None:
    if "channel_id" not in fields:
        return
    try:
        get_channel(session, tenant_id, fields["channel_id"])
    except ChannelMissing as error:
        raise ChannelUnknown(errors=[FieldError("/channel_id", error.detail)]) from error


def _refuse_more(session: Session, table: Any, tenant_id: UUID, most: int) -> None:
    if session.execute(select(func.count()).where(table.tenant_id == tenant_id)).scalar_one() >= most:
        raise SubscriptionsTooMany(f"{most} are allowed")

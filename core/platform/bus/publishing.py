"""Publishing: events become rows of the transaction that makes them true, and are told on once it commits."""

import functools
from collections.abc import Sequence
from uuid import UUID

from marshmallow import Schema
from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.errors import Invalid
from core.ids import uuid7
from core.platform.bus.models import BusEvent
from core.platform.bus.topic import News


class EventUnfit(Invalid):
    """An event does not carry what its topic documents."""

    code = "event_unfit"


def publish(
    session: Session, tenant_id: UUID, news: Sequence[News], *, job_id: UUID | None = None, chain: Sequence[UUID] = ()
) -> None:
    """Publish any number of events with the caller's transaction; raises `EventUnfit`.

    `chain` names the triggers that led to the job they come from.
    """
    if news:
        origin = {"tenant_id": tenant_id, "job_id": job_id, "chain": list(chain)}
        session.execute(insert(BusEvent), [{"id": uuid7(), **origin, **_told(checked(one))} for one in news])


def checked(news: News) -> News:
    """Return an event as it is; raises `EventUnfit` unless it carries what its topic documents."""
    if flaws := _schema(news.topic.data).validate(news.data):
        raise EventUnfit(f"{news.topic.name}: {flaws}")
    return news


@functools.cache
def _schema(data: type[Schema]) -> Schema:
    """Make a topic's schema once: making one costs more than checking an event."""
    return data()


def _told(news: News) -> dict[str, object]:
    return {"topic": news.topic.name, "subject": news.subject, "data": dict(news.data)}

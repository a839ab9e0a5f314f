"""Admission: who comes in with a ticket, if there is a place; and what those are told who do not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from gevent.lock import BoundedSemaphore
from redis import Redis, RedisError

from core.platform.streams import tickets
from core.platform.streams.places import Places
from core.platform.streams.tickets import Ticket, TicketInvalid, TicketOffice
from core.platform.streams.topics import API, is_chain
from webapp.stream.hub import Listener, polling
from webapp.stream.messages import POLL_EVERY_S
from webapp.stream.outbox import Outbox

TRY_AGAIN_LATER, POLICY = 1013, 1008
_AT_A_TIME = 16
"""How many are admitted at a time: each takes a connection to Redis meanwhile."""


class Refusal(Exception):
    """Somebody cannot come in; they are told why, and where to poll."""

    def __init__(self, status: HTTPStatus, close_code: int, code: str, detail: str, poll: Mapping[str, Any]) -> None:
        super().__init__(detail)
        self.status = status
        self.close_code = close_code
        self.code = code
        self.detail = detail
        self.poll = poll


@dataclass(slots=True)
class Admission:
    """The door of one process."""

    redis: Redis
    office: TicketOffice
    places: Places
    refused: int = 0
    _turn: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_AT_A_TIME))

    def admit(self, sent: str, transport: str) -> Listener:
        """Take a ticket and a place; raises `Refusal`."""
        try:
            with self._turn:
                return self._admit(sent, transport)
        except Refusal:
            self.refused += 1
            raise

    def dismiss(self, listener: Listener) -> None:
        """Give a place back; what cannot be told to Redis, it forgets by itself."""
        try:
            with self._turn:
                self.places.give_back([listener.place])
        except RedisError:
            return

    def _admit(self, sent: str, transport: str) -> Listener:
        try:
            ticket = self.office.read(sent)
            tickets.use_up(self.redis, ticket)
            verdict, place = self.places.take(ticket.holder.principal_id.hex)
        except TicketInvalid as error:
            raise Refusal(HTTPStatus.UNAUTHORIZED, POLICY, error.code, error.detail, _SOMEWHERE) from None
        except RedisError:
            detail, status = "Live streams are away for a moment.", HTTPStatus.SERVICE_UNAVAILABLE
            raise Refusal(status, TRY_AGAIN_LATER, "streams_unavailable", detail, _SOMEWHERE) from None
        poll = polling(ticket, dict(ticket.after))
        if verdict == "full":
            detail = f"At most {self.places.in_all} streams are open at a time."
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, TRY_AGAIN_LATER, "streams_full", detail, poll)
        if verdict == "too_many":
            detail = f"At most {self.places.for_each_client} streams of one client are open at a time."
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, POLICY, "streams_of_client", detail, poll)
        return Listener(ticket, place, transport, outbox_of(ticket))


def outbox_of(ticket: Ticket) -> Outbox:
    """Make the outbox of somebody with that ticket."""
    topics: dict[str, list[Any]] = {}
    kept: dict[str, int] = {}
    for topic in ticket.topics:
        channel, after = topic.channel(ticket.holder.tenant_id), ticket.after[topic.name]
        topics.setdefault(channel, []).append(topic)
        if is_chain(channel):
            kept[channel] = min(after, kept.get(channel, after))
    return Outbox(topics, kept)


_SOMEWHERE = {"mode": "poll", "url": f"{API}/jobs", "interval_s": POLL_EVERY_S}
"""Where to poll, to those of whom nothing is known."""

"""Tickets: signed by the web process, good once and for half a minute, all that a stream process needs to know.

They keep keys and tokens out of addresses, and the database out of the process that holds the sockets.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import jwt
from redis import Redis

from core.errors import Denied
from core.ids import uuid7
from core.platform.access import Principal
from core.platform.streams.topics import Topic, read_topic

LIFE = timedelta(seconds=30)
ALGORITHM = "HS256"
AUDIENCE = "penstock-stream"
MOST_TOPICS = 20
_USED = "penstock:stream:used:"
_REQUIRED = ["aud", "exp", "jti", "sub", "top", "web"]


class TicketInvalid(Denied):
    """The ticket is unknown, expired or was used before: ask for another."""

    code = "ticket_invalid"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who listens: a key, or a member by a login session; written down so that its rights can be looked at again."""

    tenant_id: UUID
    principal_id: UUID
    session_id: UUID | None = None

    @classmethod
    def of(cls, principal: Principal) -> "Holder":
        """Name a principal."""
        return cls(principal.tenant_id, principal.id, principal.session_id)

    def __str__(self) -> str:
        session = "" if self.session_id is None else self.session_id.hex
        return f"{self.tenant_id.hex}/{self.principal_id.hex}/{session}"

    @classmethod
    def read(cls, text: str) -> "Holder":
        """Read one back; raises `ValueError`."""
        tenant, principal, session = text.split("/")
        return cls(UUID(tenant), UUID(principal), UUID(session) if session else None)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may listen to what."""

    id: str
    holder: Holder
    topics: Sequence[Topic]
    after: Mapping[str, int]
    """The last number that is known of topics, by name."""
    web_url: str
    """Where those who cannot be served may poll."""


@dataclass(frozen=True, slots=True)
class TicketOffice:
    """Issues and reads tickets with a key for nothing else."""

    _key: bytes = field(repr=False)

    @classmethod
    def of(cls, secret_key: str) -> "TicketOffice":
        """Derive the key from the platform's secret."""
        return cls(hmac.digest(secret_key.encode(), b"penstock stream tickets", "sha256"))

    def issue(
        self, principal: Principal, topics: Sequence[Topic], after: Mapping[str, int], web_url: str, *, now: datetime
    ) -> str:
        """Write a ticket of somebody who may listen to these topics."""
        claims = {
            "aud": AUDIENCE,
            "exp": now + LIFE,
            "jti": uuid7().hex,
            "sub": str(Holder.of(principal)),
            "top": [[topic.name, after.get(topic.name, 0)] for topic in topics],
            "web": web_url,
        }
        return jwt.encode(claims, self._key, ALGORITHM)

    def read(self, sent: str) -> Ticket:
        """Return what a ticket says; raises `TicketInvalid` unless it is ours and has not expired."""
        try:
            told = jwt.decode(sent, self._key, [ALGORITHM], audience=AUDIENCE, options={"require": _REQUIRED})
            topics = [read_topic(name) for name, _ in told["top"]]
            holder = Holder.read(told["sub"])
            after = {name: int(seq) for name, seq in told["top"]}
        except (jwt.InvalidTokenError, ValueError, TypeError):
            raise TicketInvalid from None
        return Ticket(told["jti"], holder, topics, after, told["web"])


def use_up(redis: Redis, ticket: Ticket) -> None:
    """Make sure that nobody uses the ticket again; raises `TicketInvalid` if somebody has, `RedisError`."""
    if not redis.set(_USED + ticket.id, "1", nx=True, ex=2 * LIFE):
        raise TicketInvalid

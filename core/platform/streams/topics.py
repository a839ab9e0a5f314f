"""Topics: what a client may listen to, as it names them, and the channels on which their news travel.

`job:<id>` and `events` are chains: their news are numbered, and whoever names the last number it knows misses none.
The others tell how things stand, each document making the one before it worthless.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from core.errors import Invalid

API = "/api/v1"
JOB, JOBS, EVENTS, DOMAIN = "job", "jobs", "events", "domain"
QUEUES, SCHEDULES, ALERTS = "queues", "schedules", "alerts"
PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {
        JOB: "jobs:read",
        JOBS: "jobs:read",
        QUEUES: "jobs:read",
        SCHEDULES: "schedules:read",
        ALERTS: "alerts:read",
        EVENTS: "events:read",
        DOMAIN: "domains:read",
    }
)
_OF_ONE_THING = frozenset({JOB, DOMAIN})
"""Sorts that are named with an id."""
_LONGEST_NAME = 100


class TopicUnknown(Invalid):
    """Not a topic: those are job:<id>, jobs, queues, schedules, alerts, events, events:<name> and domain:<id>."""

    code = "topic_unknown"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: `sort`, or `sort:key`."""

    sort: str
    key: str = ""

    @property
    def name(self) -> str:
        """Return it as clients write it."""
        return f"{self.sort}:{self.key}" if self.key else self.sort

    @property
    def permission(self) -> str:
        """Return what whoever listens must hold."""
        return PERMISSIONS[self.sort]

    def channel(self, tenant_id: UUID) -> str:
        """Name the channel of a tenant's listeners; a filter listens to all of its tenant's events."""
        if self.sort == JOB:
            return self.name
        if self.sort == QUEUES:
            return QUEUES
        return f"{EVENTS if self.sort == DOMAIN else self.sort}:{tenant_id}"

    def admits(self, kind: str, subject: str) -> bool:
        """Tell whether news of its channel are about it."""
        if self.sort == DOMAIN:
            return subject == self.key
        return self.sort != EVENTS or not self.key or kind == self.key

    def polled_at(self, after: int) -> str:
        """Return the path that tells the same to those who ask now and then."""
        match self.sort:
            case "job":
                return f"{API}/jobs/{self.key}/events?cursor={after}"
            case "domain":
                return f"{API}/events?subject={self.key}"
            case "events":
                return f"{API}/events?topics={self.key}" if self.key else f"{API}/events"
            case sort:
                return f"{API}/{sort}"


def read_topic(name: str) -> Topic:
    """Read a topic's name; raises `TopicUnknown`."""
    sort, colon, key = name.partition(":")
    needs_key = sort in _OF_ONE_THING
    if sort not in PERMISSIONS or (needs_key and not key) or (colon and not key) or len(name) > _LONGEST_NAME:
        raise TopicUnknown
    if needs_key:
        try:
            return Topic(sort, str(UUID(key)))
        except ValueError:
            raise TopicUnknown from None
    if key and sort != EVENTS:
        raise TopicUnknown
    return Topic(sort, key)


def is_chain(channel: str) -> bool:
    """Tell whether a channel's news are numbered and none may be missed."""
    return channel.partition(":")[0] in {JOB, EVENTS}

"""People as plain Python knows them, put into the tables as ingestion would: for tests that compare with SQL."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.workloads.customers.operations.models import (
    ConsentRow,
    EventRow,
    IdentifierRow,
    ProfileRow,
    SightingRow,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Happening:
    """An event."""

    name: str
    at: datetime
    properties: dict[str, Any] = field(default_factory=dict)
    revenue: float | None = None


@dataclass
class Word:
    """A word on consent."""

    purpose: str
    channel: str
    granted: bool
    at: datetime


@dataclass
class Person:
    """All that is known of somebody."""

    number: int = 0
    traits: dict[str, Any] = field(default_factory=dict)
    lifecycle: str = "known"
    first_seen: datetime = EPOCH
    last_seen: datetime = EPOCH
    events: int = 0
    purchases: int = 0
    revenue: float = 0.0
    happened: list[Happening] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    segments: set[str] = field(default_factory=set)
    """Names of segments that it belongs to."""


TRAITS: dict[str, Sequence[Any]] = {
    "plan": ["plus", "pro", "", 1, 1.0, True, False, None, ["plus", 2], {"plus": 1}, "1"],
    "age": [17, 18, 18.0, 18.5, "18", -3, 1e300, 10**30, 0.1, None, True],
    "odd.name": ["a", "%", "_", "a%b", "é"],
}
NAMES = ("Seen", "Added", "Bought")


def chance_people(rng: random.Random, count: int, now: datetime) -> list[Person]:
    """Make people whose values lie at, just inside and just outside of what tests ask about."""
    return [_chance_person(rng, now) for _ in range(count)]


def _chance_person(rng: random.Random, now: datetime) -> Person:
    person = Person(
        traits={name: rng.choice(values) for name, values in TRAITS.items() if rng.random() < 0.7},
        lifecycle=rng.choice(["anonymous", "known", "customer"]),
        first_seen=now - timedelta(days=rng.choice([0, 1, 2, 30])),
        last_seen=now - timedelta(days=rng.choice([0, 1, 2, 7])),
        events=rng.randrange(4),
        purchases=rng.randrange(3),
        revenue=rng.choice([0.0, 9.99, 10.0, 10.01]),
    )
    for _ in range(rng.choice([0, 1, 2, 3, 5])):
        at = now - timedelta(days=rng.choice([-1, 0, 1, 2, 3, 7, 8]), seconds=rng.choice([0, 0, 1]))
        properties = {"price": rng.choice([1, 9.5, "9.5", None])} if rng.random() < 0.7 else {}
        person.happened.append(Happening(rng.choice(NAMES), at, properties))
    for _ in range(rng.choice([0, 0, 1, 2, 3])):
        at = now - timedelta(days=rng.choice([1, 1, 2, 3]))
        word = (rng.choice(["ads", "email"]), rng.choice(["any", "web", "email"]), rng.random() < 0.6)
        person.words.append(Word(*word, at))
    return person


def keep(session: Session, tenant_id: UUID, people: Sequence[Person]) -> None:
    """Put people into the tables, and give them their numbers."""
    source = uuid7()
    for person in people:
        number = session.scalar(text("SELECT nextval('customer_identifiers_id_seq')"))
        sighting = session.scalar(text("SELECT nextval('customer_sightings_id_seq')"))
        assert number is not None
        person.number = number
        mine = {"tenant_id": tenant_id}
        identifier = {"id": number, "type": "user_id", "value_index": str(number), "profile_id": number}
        session.execute(insert(IdentifierRow).values(**mine, **identifier))
        seen = {"id": sighting, "mark": str(number), "identifiers": [number], "profile_id": number, "dirty": False}
        session.execute(insert(SightingRow).values(**mine, **seen, first_at=person.first_seen))
        plain = ("traits", "lifecycle", "first_seen", "last_seen", "events", "purchases", "revenue")
        told = {name: getattr(person, name) for name in plain}
        session.execute(insert(ProfileRow).values(**mine, id=number, **told))
        for one in person.happened:
            event = {"name": one.name, "at": one.at, "properties": one.properties, "revenue": one.revenue}
            key = {"source_id": source, "message_id": str(uuid7()), "type": "track", "sighting_id": sighting}
            session.execute(insert(EventRow).values(**mine, **key, **event))
        for word in person.words:
            said = {"purpose": word.purpose, "channel": word.channel, "granted": word.granted, "at": word.at}
            row = {"id": uuid7(), "identifier_id": number, "jurisdiction": "eu", "proof": {"form": 1}}
            session.execute(insert(ConsentRow).values(**mine, **row, **said))

"""A person erased is forgotten with what a limit refused to them, and nobody else is."""

import json
import random
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.database import Database
from core.ids import uuid7
from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.customers import people_jobs
from core.workloads.customers.contacts import LIMITS, Contact
from core.workloads.customers.operations import consents, identities, people, rebuilding
from tests.integration.customers.shop import ADS, NOW
from tests.integration.jobs.test_customers_resolved import UNLINKED, chance_events, take_in

Transact = Callable[[], AbstractContextManager[Session]]
MOST = LIMITS["email"]

KEPT = text(
    """
SELECT type, count(*) FROM customer_identifiers GROUP BY type
UNION ALL SELECT 'consent', count(*) FROM customer_consents HAVING count(*) > 0
"""
)
NOBODYS = text(
    """
SELECT count(*) FROM customer_identifiers AS known WHERE NOT EXISTS (
  SELECT FROM customer_sighting_links AS link WHERE link.identifier_id = known.id)
"""
)
"""Counts identifiers that nobody was seen with."""


def addresses(*, of: str, numbers: Iterable[int], start: int = 0) -> list[dict[str, Any]]:
    """Make events of a user who has these addresses, one after another."""
    return [
        {
            "type": "identify",
            "messageId": f"{of}-{number}",
            "timestamp": (NOW + timedelta(minutes=start + number - 1_000)).isoformat(),
            "userId": of,
            "traits": {"email": f"p{number}@example.com"},
        }
        for number in numbers
    ]


class Desk:
    """Whoever answers what people ask of the data that is kept of them."""

    def __init__(self, tenant_id: UUID, transact: Transact) -> None:
        self.tenant_id, self.transact = tenant_id, transact

    def number(self, user: str) -> int:
        with self.transact() as session:
            return people.find_by_contact(session, self.tenant_id, Contact("user_id", user)).id

    def people(self) -> list[int]:
        with self.transact() as session:
            return [one.id for one in people.list_profiles(session, self.tenant_id, limit=1_000)]

    def erase(self, user: str) -> None:
        self.forget(self.number(user))

    def forget(self, number: int) -> None:
        people_jobs.erase({"profile": number}, self._context(MemoryRecorder()))

    def export(self, user: str) -> dict[str, Any]:
        recorder = MemoryRecorder()
        people_jobs.export({"profile": self.number(user)}, self._context(recorder))
        return dict(json.loads(recorder.artifacts["profile.json"][0]))

    def kept(self) -> dict[str, int]:
        with self.transact() as session:
            return {row[0]: row[1] for row in session.execute(KEPT)}

    def _context(self, recorder: MemoryRecorder) -> JobContext:
        recorder.tenant_id, recorder.transact = self.tenant_id, lambda _tenant: self.transact()
        return JobContext(uuid7(), 1, 7, recorder)


@pytest.fixture
def desk(tenant_id: UUID, transact: Transact) -> Desk:
    return Desk(tenant_id, transact)


@pytest.mark.parametrize(("addresses_seen", "refused"), [(MOST, []), (MOST + 1, [f"p{MOST}@example.com"])])
def test_what_a_limit_refused_to_a_person_is_told_of_and_goes_with_that_person(
    database: Database, desk: Desk, addresses_seen: int, refused: list[str]
) -> None:
    take_in(database, desk.tenant_id, addresses(of="u", numbers=range(addresses_seen)), 1)
    with desk.transact() as session:
        last = Contact("email", f"p{addresses_seen - 1}@example.com")
        consents.record(session, desk.tenant_id, last, {**ADS, "granted": True}, NOW)
    told = desk.export("u")
    assert [(one["value"], one["consents"]) for one in told["refused"]] == [
        (one, {"ads": {"any": True}}) for one in refused
    ]
    assert len(told["identifiers"]) == 1 + MOST
    desk.erase("u")
    assert desk.kept() == {}


def test_what_others_were_seen_with_stays_until_the_last_of_them_is_erased(database: Database, desk: Desk) -> None:
    """Both have as many addresses as may be, so that the one that they share is nobody's."""
    shared = 99
    for user, first in (("u", 0), ("w", MOST)):
        take_in(database, desk.tenant_id, addresses(of=user, numbers=[*range(first, first + MOST), shared]), 9)
    assert desk.export("u")["refused"] == []
    desk.erase("u")
    assert desk.kept() == {"user_id": 1, "email": MOST + 1}
    assert [one["value"] for one in desk.export("w")["refused"]] == [f"p{shared}@example.com"]
    desk.erase("w")
    assert desk.kept() == {}


def test_what_the_tenant_has_blocked_stays_blocked(database: Database, desk: Desk) -> None:
    take_in(database, desk.tenant_id, addresses(of="u", numbers=range(MOST + 1)), 1)
    with desk.transact() as session:
        identities.block(session, desk.tenant_id, Contact("email", f"p{MOST}@example.com"))
    assert desk.export("u")["refused"] == []
    desk.erase("u")
    assert desk.kept() == {"email": 1}


def test_what_was_refused_for_the_sake_of_who_is_erased_is_resolved_anew(database: Database, desk: Desk) -> None:
    """An address of u's, a phone and w were seen together: too many people, and the phone was dropped first."""
    take_in(database, desk.tenant_id, addresses(of="u", numbers=[0]), 1)
    both = addresses(of="w", numbers=[0], start=1)
    both[0]["traits"]["phone"] = "+18005550100"
    take_in(database, desk.tenant_id, both, 1)
    assert [one["type"] for one in desk.export("w")["identifiers"]] == ["user_id"]
    desk.erase("u")
    assert [one["type"] for one in desk.export("w")["identifiers"]] == ["user_id", "phone"]
    with desk.transact() as session:
        assert rebuilding.compare(session, desk.tenant_id)["differing"] == 0


def test_somebody_seen_again_with_what_was_erased_has_it_from_then_on(database: Database, desk: Desk) -> None:
    """The address was u's when w was seen with it; once u is erased it is told of w alone."""
    for user in ("u", "w"):
        take_in(database, desk.tenant_id, addresses(of=user, numbers=[0], start=ord(user)), 1)
    desk.erase("u")
    again = [{**one, "messageId": "again"} for one in addresses(of="w", numbers=[0], start=200)]
    take_in(database, desk.tenant_id, again, 1)
    assert [one["type"] for one in desk.export("w")["identifiers"]] == ["user_id", "email"]
    with desk.transact() as session:
        assert session.scalar(UNLINKED) == 0
    desk.erase("w")
    assert desk.kept() == {}


@pytest.mark.parametrize("seed", range(3))
def test_whoever_goes_the_others_are_as_a_rebuild_would_have_them(database: Database, desk: Desk, seed: int) -> None:
    rng = random.Random(seed)
    take_in(database, desk.tenant_id, chance_events(rng, 90), 30)
    erased = 0
    while everybody := desk.people():
        desk.forget(rng.choice(everybody))
        erased += 1
        with desk.transact() as session:
            assert rebuilding.compare(session, desk.tenant_id)["differing"] == 0
            assert (session.scalar(UNLINKED), session.scalar(NOBODYS)) == (0, 0)
    assert erased > 10
    assert desk.kept() == {}

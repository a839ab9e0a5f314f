"""A shop: a tenant with people who agreed to ads, a segment of them, and an audience on a simulated platform."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.clock import monotonic
from core.ids import uuid7
from core.jobs.context import JobContext, MemoryRecorder
from core.platform.alerts.models import Alert
from core.workloads.customers import audience_jobs
from core.workloads.customers.connectors.base import AdPlatform, Connection
from core.workloads.customers.contacts import Contact
from core.workloads.customers.operations import (
    audiences,
    connections,
    consents,
    figures,
    ingesting,
    planning,
    refreshing,
    resolving,
    segments,
    sources,
)
from core.workloads.customers.operations.audience_models import AcknowledgedRow, PlanRow

NOW = datetime(2026, 11, 27, tzinfo=UTC)
Transact = Callable[[], AbstractContextManager[Session]]
ADS = {"purpose": "ads", "channel": "any", "jurisdiction": "eu", "proof": {"form": 1}}


class Killed(BaseException):
    """The process is gone."""


class Fuse:
    """Opens transactions until it is burnt: before one is opened, or after it has landed."""

    def __init__(self, transact: Transact, steps: int) -> None:
        self.transact, self.left = transact, steps

    @contextmanager
    def __call__(self, _tenant_id: UUID) -> Iterator[Session]:
        self._burn()
        with self.transact() as session:
            yield session
        self._burn()

    def _burn(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


def digest(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()


def email(number: int) -> str:
    return f"p{number}@example.com"


def add_audience(session: Session, tenant_id: UUID, name: str, segment: str, **fields: Any) -> None:
    """Make an audience of a segment: addresses as Meta wants them, of who agreed to ads; `connection` and the like."""
    asked = {"name": name, "segment": segment, "vendor": "meta", "field": "email", "purpose": "ads", "channel": "any"}
    audiences.create(session, tenant_id, {"sync_every_s": None, **asked, **fields})


class Shop:
    """A tenant with people who agreed to ads, a segment of all of them, and an audience on a simulated platform."""

    def __init__(self, tenant_id: UUID, transact: Transact, connection: Connection | None) -> None:
        self.tenant_id, self.transact, self.connection = tenant_id, transact, connection
        with transact() as session:
            definition = {"field": "lifecycle", "value": "known"}
            segments.create(session, tenant_id, {"name": "all", "definition": definition})
            known = None if connection is None else connection.name
            add_audience(session, tenant_id, "all", "all", connection=known)

    def welcome(self, *numbers: int, agreed: bool = True) -> None:
        """Have people come, and agree."""
        for number in numbers:
            self.meet(f"u-{number}", email(number))
            self.say(number, granted=agreed)
        self.refresh()

    def meet(self, user: str, address: str) -> None:
        """Have somebody come who is known by an id and an address."""
        told = {"type": "identify", "messageId": f"m-{user}", "timestamp": NOW.isoformat()}
        event = {**told, "userId": user, "traits": {"email": address}}
        with self.transact() as session:
            sources.lock_people(session, self.tenant_id)
            source = sources.find_or_create(session, self.tenant_id, "shop", "import")
            outcome = ingesting.ingest(session, source, [(0, event)], NOW)
            resolving.resolve_touched(session, self.tenant_id, outcome.sightings)
            figures.refresh(session, self.tenant_id, outcome.people)

    def say(self, who: int | str, *, granted: bool, days: int = 0) -> None:
        """Keep a word on consent, of a number of ours or by an address."""
        address = who if isinstance(who, str) else email(who)
        with self.transact() as session:
            at = NOW + timedelta(days=days)
            consents.record(session, self.tenant_id, Contact("email", address), {**ADS, "granted": granted}, at)

    def refresh(self) -> None:
        with self.transact() as session:
            refreshing.refresh(session, self.tenant_id, "all", NOW, monotonic=monotonic)

    def plan(self) -> PlanRow:
        with self.transact() as session:
            return planning.plan(session, self.tenant_id, "all", NOW)

    def apply(self, plan: PlanRow, *, confirm: bool = False, steps: int = 0, job: UUID | None = None) -> dict[str, Any]:
        """Apply a plan as its job does, which is killed after some steps if there are any."""
        recorder = MemoryRecorder(tenant_id=self.tenant_id, transact=Fuse(self.transact, steps))
        context = JobContext(job or uuid7(), 1, 7, recorder)
        (told,) = audience_jobs.apply({"plan": plan.id, "confirm": confirm}, context)["applied"]
        return dict(told)

    @property
    def platform(self) -> AdPlatform:
        assert self.connection is not None
        return connections.reach_ads(self.connection, self.transact)

    def counted(self) -> tuple[int, int]:
        """Tell what the platform counts: members, and rows that came twice."""
        with self.transact() as session:
            platform_id = audiences.find(session, self.tenant_id, "all").platform_id
        assert platform_id is not None
        members = self.platform.count_members(platform_id)
        return members.present, members.repeated

    def alerts(self) -> list[tuple[str, str]]:
        """Tell how severe the open alerts are, and how they begin."""
        with self.transact() as session:
            query = select(Alert.severity, Alert.text).where(Alert.state == "firing").order_by(Alert.id)
            return [(row.severity, row.text.partition(", and")[0]) for row in session.execute(query)]

    def acknowledged(self) -> set[str]:
        with self.transact() as session:
            return {row.key for row in session.query(AcknowledgedRow)}

    def sent(self) -> set[str]:
        """Return whom the platform has."""
        with self.transact() as session:
            return set(session.scalars(text("SELECT key FROM customer_simulated_members WHERE present")))

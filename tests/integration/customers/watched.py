"""Four accounts on simulated platforms, each with a feed of its own, and days that pass as they are told to."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.clock import utc_now
from core.platform.breakers.breaker import Breakers
from core.platform.breakers.memory import MemoryStore
from core.workloads.customers.connectors.base import Connection
from core.workloads.customers.connectors.simulation.market import Market
from core.workloads.customers.operations import (
    collecting,
    connections,
    figures,
    ingesting,
    resolving,
    signals,
    sources,
    trusting,
)
from core.workloads.customers.operations.acting import Worker
from core.workloads.customers.operations.collecting import WINDOW, Collected
from core.workloads.customers.operations.lines import Line
from core.workloads.customers.operations.trust_models import AccountHourRow, DecisionRow
from tests.feeds import Feed
from tests.naps import NapClock

PLATFORMS = ("google", "meta", "snapchat", "tiktok")
ASKED_AT = (3, 11, 19)
ASKED_A_DAY = 96
"""Days pass faster when the platforms are asked at some hours, each time for many."""
COUNTS = ("calls", "failures")
BATCH = 2_000


@dataclass
class Watched:
    """A tenant with four connected accounts; `day` is the one that is to pass next."""

    tenant_id: UUID
    transact: Callable[[], AbstractContextManager[Session]]
    visits: float = 150.0
    conversion: float = 0.5
    day: datetime = field(default_factory=lambda: datetime.combine(utc_now() - timedelta(days=200), time(), UTC))
    feeds: dict[str, Feed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for seed, name in enumerate(PLATFORMS):
            market = Market(self.visits, self.conversion, 40.0 + 20 * seed)
            self.feeds[name] = Feed(market, seed)
            with self.transact() as session:
                asked = {"name": name, "connector": "simulated_ads", "settings": self.settings(name)}
                connections.create(session, self.tenant_id, asked)
                sources.create(session, self.tenant_id, {"name": name, "sort": "website"})
                account = {"name": name, "vendor": name, "currency": "EUR", "connection": name, "source": name}
                signals.create(session, self.tenant_id, account)

    def settings(self, name: str, **faults: Any) -> dict[str, Any]:
        """Return the settings of an account's platform, with faults in it or in what it tells."""
        feed = self.feeds[name]
        market = {part: getattr(feed.market, part) for part in ("visits", "conversion", "order")}
        return {"seed": feed.seed, **faults, "market": {**market, **faults.get("market", {})}}

    def take_in(self, name: str, events: Sequence[Any]) -> None:
        """Take in what an account's pixel sends on the present day."""
        received_at = self.day + WINDOW - timedelta(seconds=1)
        for start in range(0, len(events), BATCH):
            with self.transact() as session:
                sources.lock_people(session, self.tenant_id)
                source = sources.find(session, self.tenant_id, name)
                batch = enumerate(events[start : start + BATCH])
                outcome = ingesting.ingest(session, source, batch, received_at)
                resolving.resolve_touched(session, self.tenant_id, outcome.sightings)
                figures.refresh(session, self.tenant_id, outcome.people)

    def send(self, *, besides: Sequence[str] = ()) -> None:
        """Have the pixels send what happened on the present day, but for some."""
        for name, feed in self.feeds.items():
            if name not in besides:
                self.take_in(name, list(feed.events(self.day, self.day + WINDOW)))

    def collect(self, now: datetime, windows: int = 1) -> Collected:
        """Collect, as a job does at a time."""
        clock = NapClock(now)
        breakers = Breakers(MemoryStore(), clock)

        def line_to(to: Connection, checkpoint: Callable[[], None]) -> Line:
            return Line(to.name, breakers, checkpoint, clock.nap, clock.monotonic)

        worker = Worker(uuid4(), self.transact, lambda: None, line_to)
        return collecting.collect(worker, self.tenant_id, now, windows)

    def give(self, name: str, settings: Mapping[str, Any]) -> None:
        """Give an account's platform other settings."""
        with self.transact() as session:
            connections.change(session, self.tenant_id, name, settings)

    def pass_day(self) -> DecisionRow:
        """Ask the platforms through the day, collect when it has settled, judge, and ask the gate."""
        for hour in ASKED_AT:
            self.collect(self.day + timedelta(hours=hour))
        with self.transact() as session:
            mine = (AccountHourRow.hour >= self.day + timedelta(hours=ASKED_AT[0]),)
            more = {name: getattr(AccountHourRow, name) * (ASKED_A_DAY // len(ASKED_AT)) for name in COUNTS}
            session.execute(update(AccountHourRow).where(*mine).values(more))
        self.day += WINDOW
        now = self.day + collecting.PATIENCE
        self.collect(now)
        return self.ask(now)

    def ask(self, now: datetime, action: str = "update_budget") -> DecisionRow:
        """Judge, and ask the gate."""
        with self.transact() as session:
            return trusting.decide(session, self.tenant_id, action, now)

    def quiet_days(self, count: int) -> list[str]:
        """Have days pass on which nothing is wrong; return what the gate says."""
        said = []
        for _ in range(count):
            self.send()
            said.append(self.pass_day().verdict)
        return said

    def fill_history(self, days: int = 14) -> None:
        """Have days lie behind that are collected all at once."""
        for _ in range(days):
            self.send()
            self.day += WINDOW
        self.collect(self.day + collecting.SETTLED, days)

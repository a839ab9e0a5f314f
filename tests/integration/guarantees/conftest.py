"""A platform small enough to be broken in a test: relay, broker and worker in this process, on real servers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty
from typing import Any
from uuid import UUID

import pytest
from celery import Celery
from sqlalchemy import text

from core.catalogue import Catalogue
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute
from core.workloads.platform import probes
from tests.integration.tasks.conftest import celery, celery_nowhere, make_relay, relay_module

__all__ = ["celery", "celery_nowhere", "make_relay", "relay_module"]


@dataclass
class Works:
    """What happens between a job's row and its result, one step at a time."""

    station: Station
    catalogue: Catalogue
    broker: Celery
    relay: Callable[[Celery], Any]
    begun: list[UUID] = field(default_factory=list)
    """Every computation that began, in order: what a job does to the world."""

    def carry(self) -> None:
        """Let a relay carry what there is to the broker, and do its chores."""
        self.relay(self.broker).round()

    def work(self) -> None:
        """Let a worker take all messages and make an attempt for each."""
        for job_id in self.fetch():
            self.attempt(job_id)

    def attempt(self, job_id: UUID) -> None:
        """Let a worker act upon one message."""
        execute(self.station, self.catalogue.find("platform.echo"), self._echo, job_id)

    def fetch(self) -> list[UUID]:
        """Take all messages off the broker; what becomes of them is the caller's business."""
        fetched: list[UUID] = []
        with self.broker.connection_for_read() as connection:
            simple = connection.SimpleQueue("default")
            while message := _next(simple):
                message.ack()
                fetched.append(UUID(message.payload[0][0]))
            simple.close()
        return fetched

    def age(self) -> None:
        """Move every time that somebody waits for into the past: leases, messages' grace, chores' turns."""
        with self.station.database.transaction() as session:
            session.execute(text("UPDATE jobs SET lease_expires_at = lease_expires_at - interval '1 hour'"))
            session.execute(text("UPDATE jobs SET queued_at = queued_at - interval '1 hour'"))
            session.execute(text("UPDATE chores SET last_run_at = last_run_at - interval '1 hour'"))

    def _echo(self, params: Any, context: JobContext) -> dict[str, Any]:
        self.begun.append(context.job_id)
        return probes.echo(params, context)


@pytest.fixture
def works(station: Station, catalogue: Catalogue, celery: Celery, make_relay: Callable[[Celery], Any]) -> Works:
    """The whole way of a job, on this test's servers."""
    return Works(station, catalogue, celery, make_relay)


def _next(simple: Any) -> Any:
    try:
        return simple.get(block=False)
    except Empty:
        return None

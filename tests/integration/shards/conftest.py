"""A parent whose computation splits it, and the hands of its worker, its shards' workers and the relay."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, event, text

from core.catalogue import Catalogue
from core.database import Database
from core.jobs import cancellation, retrying, settling
from core.jobs.execution import Compute, Station, execute
from core.jobs.outcomes import Outcome
from core.platform.access import Principal
from tests.integration.shards.computations import echo_or_fail


@dataclass(frozen=True)
class Family:
    """A parent and its shards, all of them echo jobs to the database."""

    station: Station
    submit_job: Callable[..., UUID]
    catalogue: Catalogue
    admin: Principal

    def submit(self, **options: Any) -> UUID:
        return self.submit_job("platform.echo", {}, **options)

    def run(self, job_id: UUID, compute: Compute = echo_or_fail) -> Outcome | None:
        return execute(self.station, self.catalogue.find("platform.echo"), compute, job_id)

    def split(self, compute: Compute, **options: Any) -> tuple[UUID, list[UUID]]:
        """Submit a parent and run it until it is split; return its id and those of its shards."""
        parent_id = self.submit(**options)
        outcome = self.run(parent_id, compute)
        assert outcome is not None
        assert outcome.event == "job.waiting", outcome.told
        return parent_id, self.shards(parent_id)

    def shards(self, parent_id: UUID) -> list[UUID]:
        return [row.id for row in self.rows(parent_id)]

    def rows(self, parent_id: UUID) -> Sequence[Row[Any]]:
        statement = "SELECT * FROM jobs WHERE parent_id = :id ORDER BY shard_stage, shard_index"
        with self.database.statements() as session:
            return session.execute(text(statement), {"id": parent_id}).all()

    def run_all(self, job_ids: Sequence[UUID]) -> None:
        for job_id in job_ids:
            self.run(job_id)

    def settle(self) -> int:
        with self.database.transaction() as session:
            return settling.settle_batch(session, self.catalogue.kinds)

    def cancel(self, job_id: UUID) -> None:
        with self.database.transaction() as session:
            cancellation.cancel(session, self.admin.tenant_id, job_id)

    def retry(self, job_id: UUID) -> None:
        with self.database.transaction() as session:
            retrying.retry(session, self.admin.tenant_id, job_id)

    @property
    def database(self) -> Database:
        return self.station.database


@pytest.fixture
def family(station: Station, submit_job: Callable[..., UUID], catalogue: Catalogue, admin: Principal) -> Family:
    return Family(station, submit_job, catalogue, admin)


@pytest.fixture
def statements(database: Database) -> Callable[[Callable[[], object]], int]:
    """Call something and count the statements that it sends, but for the prepared ones of a claim or a lone outcome."""

    def counted(action: Callable[[], object]) -> int:
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            sent.append(statement)

        event.listen(database.autocommit, "before_cursor_execute", note)
        try:
            action()
        finally:
            event.remove(database.autocommit, "before_cursor_execute", note)
        return len(sent)

    return counted

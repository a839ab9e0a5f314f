"""Ends of jobs and their settling, graphs of jobs; and a database for a whole module of small tests that roll back."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database, connect
from core.jobs import settling, workflow_queries, workflows
from core.jobs.execution import Station, execute
from core.jobs.kind import JobKind
from core.jobs.leases import Claimed
from core.jobs.outcomes import Failure, failed, record, succeeded
from core.jobs.submission import JobRequest, submit
from core.jobs.workflow_queries import Read
from core.jobs.workflows import Step
from core.platform.access import Principal, Role
from core.platform.tenants import ensure_tenant
from core.workloads.platform import kinds, probes


@pytest.fixture(scope="module")
def module_database(copied_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Database]:
    """A migrated database that the tests of one module share."""
    with copied_database() as url:
        database = connect(url, pool_size=4)
        yield database
        database.engine.dispose()


@pytest.fixture(scope="module")
def module_job(module_database: Database, catalogue: Catalogue) -> uuid.UUID:
    """A queued job in it."""
    with module_database.transaction() as session:
        somebody = Principal(uuid.uuid4(), ensure_tenant(session, "local"), Role.ADMIN, "admin")
        request = JobRequest(catalogue.find("platform.echo"), {})
        return submit(session, somebody, request, clock=utc_now).job_id


@pytest.fixture
def settle_one(database: Database, catalogue: Catalogue) -> Callable[[], int]:
    """Settle one end and return how many there were."""

    def settle_first() -> int:
        with database.transaction() as session:
            return settling.settle_batch(session, catalogue.kinds, limit=1)

    return settle_first


@pytest.fixture
def settle_batch(database: Database, catalogue: Catalogue) -> Callable[[], int]:
    """Settle as much as a relay does in one transaction, and return how many ends there were."""

    def settle_some() -> int:
        with database.transaction() as session:
            return settling.settle_batch(session, catalogue.kinds)

    return settle_some


@pytest.fixture
def settle(settle_batch: Callable[[], int]) -> Callable[[], None]:
    """Settle as a relay does, until nothing is left to settle."""

    def settle_all() -> None:
        while settle_batch():
            pass

    return settle_all


@pytest.fixture
def finish_in(take: Callable[..., Claimed]) -> Callable[..., None]:
    """Have a queued job succeed in a transaction that is still open."""

    def finish(session: Session, job_id: UUID, result: dict[str, Any] | None = None) -> None:
        record(session, take(job_id), succeeded(result or {}, receipt={}, usage={}))

    return finish


@pytest.fixture
def succeed(database: Database, finish_in: Callable[..., None]) -> Callable[..., None]:
    """Have a queued job succeed."""

    def finish(job_id: UUID, result: dict[str, Any] | None = None) -> None:
        with database.transaction() as session:
            finish_in(session, job_id, result)

    return finish


@pytest.fixture
def fail(database: Database, take: Callable[..., Claimed]) -> Callable[[UUID], None]:
    """Have a queued job fail for good."""

    def end(job_id: UUID) -> None:
        claimed = take(job_id)
        record(database, claimed, failed(claimed, Failure("no_water", "dry", will_pass=False), usage={}, delay_s=0.0))

    return end


class Graph:
    """A submitted workflow: its jobs by name."""

    def __init__(self, database: Database, tenant_id: UUID, workflow_id: UUID) -> None:
        self.id = workflow_id
        self._database, self._tenant_id = database, tenant_id
        with database.statements() as session:
            self.jobs = {step.name: step.id for step in workflow_queries.list_steps(session, workflow_id)}

    def read(self) -> Read:
        with self._database.statements() as session:
            return workflow_queries.get_workflow(session, self._tenant_id, self.id)

    @property
    def states(self) -> dict[str, str]:
        with self._database.statements() as session:
            return {step.name: step.state for step in workflow_queries.list_steps(session, self.id)}

    def change(self, what: Callable[..., None]) -> None:
        with self._database.transaction() as session:
            what(session, self._tenant_id, self.id)


@pytest.fixture
def start(database: Database, admin: Principal, catalogue: Catalogue) -> Callable[..., Graph]:
    """Submit a graph: by name the kind's params and what of a step is not as usual."""

    def submit_graph(steps: Mapping[str, Mapping[str, Any]], principal: Principal = admin) -> Graph:
        def step(params: Mapping[str, Any], kind: str = "platform.echo", **options: Any) -> Step:
            of_request = {
                name: options.pop(name) for name in ("run_at", "deadline_at", "depends_on") if name in options
            }
            return Step(JobRequest(catalogue.find(kind), params, **of_request), **options)

        with database.transaction() as session:
            asked = {name: step(**{"params": {}, **options}) for name, options in steps.items()}
            recorded = workflows.submit(session, principal, asked, clock=utc_now)
        return Graph(database, principal.tenant_id, recorded.workflow_id)

    return submit_graph


@pytest.fixture
def whole_database(database: Database) -> Callable[[], str]:
    """Write out every row of every table."""

    def dump() -> str:
        with database.statements() as session:
            tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
            return "\n".join(
                str(session.scalar(text(f"SELECT string_agg(to_jsonb(t)::text, E'\n') FROM {table} t")))
                for table in tables
            )

    return dump


@pytest.fixture
def run(station: Station, catalogue: Catalogue) -> Callable[..., object]:
    """Execute a queued job of `platform.sign`, or of another kind."""

    def execute_one(job_id: UUID, kind: JobKind = kinds.SIGN, compute: Any = probes.sign) -> object:
        known = {**catalogue.kinds, kind.name: kind}
        return execute(replace(station, kinds=known), kind, compute, job_id)

    return execute_one

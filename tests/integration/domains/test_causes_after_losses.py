"""Causes found again after every worker was lost once: the same bytes, whole or in shards."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.canonical import canonical_json
from core.catalogue import discover
from core.database import Database
from core.jobs import settling
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute
from core.jobs.rescue import rescue_expired
from core.workloads.causal import kinds
from tasks.binding import load_bindings

BOUND = {one.kind.name: one for one in load_bindings(discover())}
Answer = tuple[str, list[tuple[str, str]]]


@pytest.fixture
def answer(database: Database, station: Station, submit_job: Callable[..., UUID]) -> Callable[..., Answer]:
    """Run `causal.discover` to its end, losing each job's first attempt if asked to; its result, and its artifacts."""

    def find(*, shards: int, losing: bool) -> Answer:
        lost: set[UUID] = set()

        def lose(job_id: UUID) -> None:
            lost.add(job_id)
            with database.transaction() as session:
                session.execute(text("UPDATE jobs SET lease_expires_at = now() - interval '1 minute'"))
                rescue_expired(session)

        def run(job_id: UUID, kind: str) -> None:
            def compute(params: Any, context: JobContext) -> dict[str, Any]:
                result = BOUND[kind].compute(params, context)
                if losing and job_id not in lost:
                    lose(job_id)
                return result

            execute(station, BOUND[kind].kind, compute, job_id)

        job_id = submit_job("causal.discover", {**kinds.DISCOVER.example, "shards": shards})
        while queued := _queued(database):
            for one, kind in queued:
                run(one, kind)
            with database.transaction() as session:
                settling.settle_batch(session, station.kinds)
        assert len(lost) == (0 if not losing else 1 if shards == 1 else shards + 1)
        with database.statements() as session:
            result = session.scalars(text("SELECT result FROM jobs WHERE id = :id"), {"id": job_id}).one()
            kept = text("SELECT name, sha256 FROM artifacts WHERE job_id = :id ORDER BY name")
            return canonical_json(result), [(row.name, row.sha256) for row in session.execute(kept, {"id": job_id})]

    return find


def test_the_same_bytes_after_every_worker_was_lost(answer: Callable[..., Answer]) -> None:
    undisturbed = answer(shards=1, losing=False)
    assert {name for name, _ in undisturbed[1]} >= {"graph.json", "graph.svg", "distributions.json"}
    assert answer(shards=1, losing=True) == undisturbed
    assert answer(shards=3, losing=True) == undisturbed


def _queued(database: Database) -> list[tuple[UUID, str]]:
    with database.statements() as session:
        rows = session.execute(text("SELECT id, kind FROM jobs WHERE state = 'queued' ORDER BY id")).all()
    return [(row.id, row.kind) for row in rows]

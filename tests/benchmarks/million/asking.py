"""Asking: how long list, poll and claim take, and whether their plans read the whole table."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import event, text

from core.database import Database
from core.jobs import leases, listing, queries, reconciler
from core.jobs.lifecycle import Change
from core.platform.access import Principal
from million.filling import submit

TIMES = 400
_KNOWN = text("SELECT id FROM jobs WHERE tenant_id = :tenant_id ORDER BY id LIMIT :times")
_UNSENT = text("DELETE FROM job_outbox")
_FORGET = text("DELETE FROM jobs WHERE tags = ARRAY['asked']")


class Table(NamedTuple):
    """A database full of jobs, and somebody whose jobs they are."""

    database: Database
    principal: Principal


@dataclass(frozen=True, slots=True)
class Latency:
    """How long one sort of question took."""

    p50_ms: float
    p99_ms: float

    def __str__(self) -> str:
        """Write both."""
        return f"p50 {self.p50_ms:.2f} ms, p99 {self.p99_ms:.2f} ms"


def latency(seconds: Sequence[float]) -> Latency:
    """Sum many up."""
    cuts = quantiles(seconds, n=100)
    return Latency(1000 * cuts[49], 1000 * cuts[98])


def compare(small: Table, large: Table) -> Iterator[tuple[str, Latency, Latency]]:
    """Ask two tables the same, in turn, many times; what a busy machine does to one it does to the other."""
    with _to_claim(small) as few, _to_claim(large) as many:
        ours, theirs = _questions(large, many), _questions(small, few)
        for name in ours:
            pairs = [(_timed(ours[name]), _timed(theirs[name])) for _ in range(TIMES)]
            yield name, _latency_of(pairs, 0), _latency_of(pairs, 1)


def plans(table: Table) -> dict[str, str]:
    """Explain what lists, polls, claims and promotions do."""
    found = {name: _explained(table.database, action) for name, action in _reading(table).items()}
    key = {"job_id": table.principal.id, "worker_name": "bench:1", "lease_s": 30.0, "event_data": "{}"}
    changes: Mapping[str, tuple[Change, Mapping[str, Any]]] = {
        "claim": (leases._CLAIM, key),
        "promote": (reconciler._PROMOTE, {"event_data": "{}"}),
    }
    with table.database.transaction() as session:
        for name, (change, given) in changes.items():
            rows = session.connection().exec_driver_sql(f"EXPLAIN {change.sql}", given)
            found[name] = "\n".join(row[0] for row in rows)
    return found


@contextlib.contextmanager
def _to_claim(table: Table) -> Iterator[list[UUID]]:
    """Have jobs to claim there for as long as the block lasts."""
    queued = submit(*table, TIMES, run_at=None, tag="asked")
    with table.database.statements() as session:
        session.execute(_UNSENT)
    yield queued
    with table.database.statements() as session:
        session.execute(_FORGET)


def _questions(table: Table, queued: list[UUID]) -> dict[str, Callable[[], object]]:
    def claim() -> object:
        return leases.claim(table.database, queued.pop(), worker="bench:1", lease_s=3_600.0)

    return {**_reading(table), "claim": claim}


def _reading(table: Table) -> dict[str, Callable[[], object]]:
    database, tenant_id = table.database, table.principal.tenant_id
    with database.statements() as session:
        known = session.scalars(_KNOWN, {"tenant_id": tenant_id, "times": TIMES}).all()

    def page_of(chosen: queries.JobFilter, after: UUID | None = None) -> Callable[[], object]:
        def list_page() -> object:
            with database.statements() as session:
                return listing.list_jobs(session, tenant_id, chosen, limit=50, after=after)

        return list_page

    turns = iter(range(10**9))

    def poll() -> object:
        with database.statements() as session:
            return queries.get_job(session, tenant_id, known[next(turns) % len(known)])

    return {
        "list": page_of(queries.JobFilter()),
        "list far behind": page_of(queries.JobFilter(), after=known[-1]),
        "list of the failed": page_of(queries.JobFilter(state="failed")),
        "list of a kind": page_of(queries.JobFilter(kind="platform.sleep")),
        "poll": poll,
    }


def _timed(action: Callable[[], object]) -> float:
    began_at = time.perf_counter()
    action()
    return time.perf_counter() - began_at


def _latency_of(pairs: Sequence[tuple[float, float]], side: int) -> Latency:
    return latency([pair[side] for pair in pairs])


def _explained(database: Database, action: Callable[[], object]) -> str:
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        sent.append((statement, given))

    event.listen(database.autocommit, "before_cursor_execute", note)
    try:
        action()
    finally:
        event.remove(database.autocommit, "before_cursor_execute", note)
    statement, given = sent[-1]
    with database.statements() as session:
        return "\n".join(row[0] for row in session.connection().exec_driver_sql(f"EXPLAIN {statement}", given))

"""`penstock bench retention`: what pruning old jobs costs, and what those wait who submit and claim meanwhile.

Of six old days four are pruned alone, in turn with all events row by row and with them left to be dropped with their
day; the others as the platform does, beside load.
"""

import argparse
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

import psutil
from sqlalchemy import text

from core import migration
from core.catalogue import discover
from core.clock import monotonic, utc_now
from core.database import Database, connect
from core.ids import floor_at, made_at
from core.jobs import leases
from core.jobs.dropping import drop
from core.jobs.kind import JobKind
from core.jobs.partitions import NOTHING, Partition, Span, make
from core.jobs.pruning import Batch, prune_tenant
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.platform.servers.embedded import running
from core.platform.tenants import ensure_tenant

DAY = timedelta(days=1)
KEPT_DAYS, COMPARED_DAYS, OLD_DAYS = 30, 4, 6
BASELINE_S = 10.0
LOOK_EVERY_S = 0.005

_FILL = text(
    """
WITH filled AS (
  INSERT INTO jobs (id, tenant_id, kind, kind_version, state, version, queue, params, params_hash, attempt,
                    max_attempts, timeout_s, created_at, queued_at, started_at, finished_at, result, usage)
  SELECT (lpad(to_hex(CAST(extract(epoch FROM at) * 1000 AS bigint)), 12, '0') || '7' || substr(md5(n::text), 1, 3)
            || '8' || substr(md5(n::text), 4, 15))::uuid,
         :tenant_id, 'platform.echo', 1, CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'succeeded' END, 4,
         'default', jsonb_build_object('n', n), md5(n::text), 1, 3, 300, at, at, at, at, jsonb_build_object('n', n),
         '{"run_s": 0.01}'
  FROM (SELECT n, CAST(:today AS timestamptz) - interval '1 day' * (random() + CASE
          WHEN n <= :old THEN :kept + n % :days ELSE n % (:kept - 1) END) AS at
        FROM generate_series(1, :jobs) AS n) AS row
  RETURNING id
)
INSERT INTO job_events (job_id, seq, type, attempt)
SELECT id, seq, 'job.echoed', 1 FROM filled, generate_series(1, 4) AS seq
"""
)
_SPENT = text("SELECT pg_backend_pid(), pg_current_wal_insert_lsn() - '0/0'")
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


@dataclass
class Load:
    """Somebody who submits and claims jobs one after the other."""

    database: Database
    principal: Principal
    kind: JobKind
    submits_s: list[float] = field(default_factory=list)
    claims_s: list[float] = field(default_factory=list)

    def turn(self) -> None:
        """Submit one job and claim it."""
        request = JobRequest(self.kind, {})
        began_at = monotonic()
        with self.database.transaction() as session:
            job_id = submit(session, self.principal, request, clock=utc_now).job_id
        submitted_at = monotonic()
        with self.database.statements() as session:
            assert leases.claim(session, job_id, worker="bench:1", lease_s=30.0) is not None
        self.submits_s.append(submitted_at - began_at)
        self.claims_s.append(monotonic() - submitted_at)

    def written(self) -> str:
        """Write both spreads."""
        return f"submit {_spread(self.submits_s)}; claim {_spread(self.claims_s)}"


@dataclass
class Waits:
    """For how long somebody was seen waiting for another's lock, at each look."""

    database: Database
    longest_s: float = 0.0
    _since: float | None = None

    def turn(self) -> None:
        """Look once."""
        with self.database.statements() as session:
            waiting = session.execute(_WAITING).scalar_one()
        now = monotonic()
        self._since = (self._since or now) if waiting else None
        self.longest_s = max(self.longest_s, now - self._since if self._since else 0.0)
        time.sleep(LOOK_EVERY_S)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="penstock bench retention", description=__doc__)
    parser.add_argument("--jobs", type=int, default=1_000_000, help="how many jobs there are")
    parser.add_argument("--old", type=int, default=200_000, help="how many of them are past their retention")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="penstock-bench-") as root, running(Path(root) / "servers") as urls:
        migration.upgrade(urls.database)
        database = connect(urls.database, pool_size=6, application_name="bench")
        days = make_days(database)
        with database.transaction() as session:
            principal = Principal(uuid.uuid4(), ensure_tenant(session, "bench"), Role.ADMIN, "bench")
            params = {"tenant_id": principal.tenant_id, "jobs": options.jobs, "old": options.old}
            session.execute(_FILL, {**params, "today": utc_today(), "kept": KEPT_DAYS, "days": OLD_DAYS})
        with database.statements() as session:
            session.execute(text("VACUUM ANALYZE jobs, job_events"))
        oldest = days[::-1]
        compare(urls.database, principal, oldest[:COMPARED_DAYS])
        measure(database, principal, oldest[COMPARED_DAYS:OLD_DAYS])
        database.engine.dispose()
    return 0


def utc_today() -> datetime:
    """Return when the day began."""
    return utc_now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def make_days(database: Database) -> list[Partition]:
    """Make the partitions of all days that jobs are made up for, and return them, newest first."""
    today, days = utc_today(), []
    for number in range(1, KEPT_DAYS + OLD_DAYS + 1):
        span = Span(floor_at(today - number * DAY), floor_at(today - (number - 1) * DAY))
        make(database, span)
        days.append(Partition(f"job_events_{today - number * DAY:%Y%m%d}", span))
    return days


def compare(url: str, principal: Principal, days: Sequence[Partition]) -> None:
    """Prune a day row by row, the next one by its partition, and so on, and have the tables vacuumed after each."""
    database = connect(url, pool_size=1, application_name="bench")
    for number, day in enumerate(days):
        before = _spent(database)
        left = day.span if number % 2 and day.span else NOTHING
        pruned = sum(batch.pruned for batch in prune_day(database, principal, day, left=left))
        dropped = left is not NOTHING and drop(database, day, now=utc_now())
        between = _spent(database)
        with database.statements() as session:
            session.execute(text("VACUUM jobs" if dropped else f"VACUUM jobs, {day.name}"))
        after = _spent(database)
        how = "dropped with their day" if dropped else "row by row"
        costs = [1e6 * (between[0] - before[0]) / pruned, 1e6 * (after[0] - between[0]) / pruned]
        log = (after[1] - before[1]) / pruned
        say(f"events {how}: of {pruned:,} each {costs[0]:.1f} µs, vacuum {costs[1]:.1f} µs, {log:,.0f} bytes of log")
    database.engine.dispose()


def _spent(database: Database) -> tuple[float, int]:
    """Return the processor time of the one connection's backend, and how much was ever written to the log."""
    with database.statements() as session:
        pid, written = session.execute(_SPENT).one()
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system, int(written)


def prune_day(database: Database, principal: Principal, day: Partition, *, left: Span) -> Iterator[Batch]:
    """Prune what ended before that day did."""
    assert day.span is not None
    age = utc_now() - made_at(day.span.end)
    return prune_tenant(database, principal.tenant_id, age=age, left=left, monotonic=monotonic)


def measure(database: Database, principal: Principal, days: Sequence[Partition]) -> None:
    """Submit and claim for a while alone, then beside days that are pruned and dropped."""
    kind, waits = discover().find("platform.echo"), Waits(database)
    alone, beside = Load(database, principal, kind), Load(database, principal, kind)
    with kept_up(alone.turn):
        time.sleep(BASELINE_S)
    took_s, pruned = [], 0
    with kept_up(beside.turn), kept_up(waits.turn):
        began_at = before = monotonic()
        for day in days:
            for batch in prune_day(database, principal, day, left=day.span or NOTHING):
                took_s.append(monotonic() - before)
                pruned += batch.pruned
                before = monotonic()
            dropped = drop(database, day, now=utc_now())
            say(f"dropped {day.name}: {dropped}, in {1000 * (monotonic() - before):.0f} ms")
            before = monotonic()
    total_s = before - began_at
    say(f"pruned {pruned:,} jobs in {total_s:.1f} s, {pruned / total_s:,.0f}/s")
    say(f"{len(took_s)} batches: {_spread(took_s)}")
    say(f"alone:  {alone.written()}")
    say(f"beside: {beside.written()}")
    say(f"longest lock wait seen by a look each {LOOK_EVERY_S * 1000:.0f} ms: {waits.longest_s * 1000:.0f} ms")


@contextmanager
def kept_up(turn: Callable[[], None]) -> Iterator[None]:
    """Do something over and over in a thread of its own until the block ends."""
    over = threading.Event()

    def run() -> None:
        while not over.is_set():
            turn()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _spread(seconds: Sequence[float]) -> str:
    cuts = quantiles(seconds, n=100)
    return f"p50 {cuts[49] * 1000:.1f} ms, p99 {cuts[98] * 1000:.1f} ms, longest {max(seconds) * 1000:.0f} ms"


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a benchmark tells its figures


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())

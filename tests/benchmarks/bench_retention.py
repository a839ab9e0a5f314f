"""`penstock bench retention`: what pruning old jobs costs, and what those wait who submit and claim meanwhile."""

import argparse
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import quantiles

from sqlalchemy import text

from core import migration
from core.catalogue import discover
from core.clock import monotonic, utc_now
from core.database import Database, connect
from core.jobs import leases
from core.jobs.kind import JobKind
from core.jobs.pruning import prune_tenant
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.platform.servers.embedded import running
from core.platform.tenants import ensure_tenant

RETENTION = timedelta(days=30)
BASELINE_S = 10.0
LOOK_EVERY_S = 0.005

_FILL = text(
    """
WITH filled AS (
  INSERT INTO jobs (id, tenant_id, kind, kind_version, state, version, queue, params, params_hash, attempt,
                    max_attempts, timeout_s, created_at, queued_at, started_at, finished_at, result, usage)
  SELECT gen_random_uuid(), :tenant_id, 'platform.echo', 1, CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'succeeded' END, 4,
         'default', jsonb_build_object('n', n), md5(n::text), 1, 3, 300, at, at, at, at, jsonb_build_object('n', n),
         '{"run_s": 0.01}'
  FROM (SELECT n, now() - interval '1 day' * CASE WHEN n <= :old THEN 31 + random() ELSE 29 * random() END AS at
        FROM generate_series(1, :jobs) AS n) AS row
  RETURNING id
)
INSERT INTO job_events (job_id, seq, type, attempt)
SELECT id, seq, 'job.echoed', 1 FROM filled, generate_series(1, 4) AS seq
"""
)
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
        with database.transaction() as session:
            principal = Principal(uuid.uuid4(), ensure_tenant(session, "bench"), Role.ADMIN, "bench")
            params = {"tenant_id": principal.tenant_id, "jobs": options.jobs, "old": options.old}
            session.execute(_FILL, params)
        with database.statements() as session:
            session.execute(text("VACUUM ANALYZE jobs, job_events"))
        measure(database, principal)
        database.engine.dispose()
    return 0


def measure(database: Database, principal: Principal) -> None:
    """Submit and claim for a while alone, then beside a pruning to the end."""
    kind, waits = discover().find("platform.echo"), Waits(database)
    alone, beside = Load(database, principal, kind), Load(database, principal, kind)
    with kept_up(alone.turn):
        time.sleep(BASELINE_S)
    took_s, pruned = [], 0
    with kept_up(beside.turn), kept_up(waits.turn):
        began_at = before = monotonic()
        for batch in prune_tenant(database, principal.tenant_id, age=RETENTION, monotonic=monotonic):
            took_s.append(monotonic() - before)
            pruned += batch.pruned
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

"""`penstock bench customers`: the gate beside the predecessor's formula on labelled windows, and a million profiles."""

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import structlog

sys.path.insert(0, str(Path(__file__).parents[2]))

from customers_million.filling import fill
from customers_million.measuring import STEPS, compare, measure
from customers_trust import predecessor
from customers_trust.kept import kept_windows
from customers_trust.windows import FAULTS, Labelled, windows
from job_costs.figures import Figure, Target, absolute
from job_costs.reporting import report

from core import migration
from core.crypto import Keyring, MasterKey
from core.database import Database, connect
from core.platform.servers.embedded import running
from core.platform.tenants import ensure_tenant
from core.workloads.customers.trust.gate import Standing, decide
from core.workloads.customers.trust.health import account_health

NORMAL = Standing(4, (100.0, 100.0, 100.0))
"""Trust had risen before each window."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when every target is met."""
    parser = argparse.ArgumentParser(prog="penstock bench customers", description=__doc__)
    parser.add_argument("--windows", type=int, default=1_000)
    parser.add_argument("--kept", type=int, default=60, help="windows through the whole database path; 0 for none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--profiles", type=int, default=1_000_000, help="0 leaves them out")
    options = parser.parse_args(argv)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    figures = [*_beside(windows(options.windows, options.seed)), *_without_data()]
    if options.kept:
        figures += _kept(options.kept, options.seed)
    if options.profiles:
        figures += _many(options.profiles)
    told = {"windows": options.windows, "kept": options.kept, "seed": options.seed, "profiles": options.profiles}
    report(figures, told, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def _beside(labelled: Sequence[Labelled], where: str = "") -> Iterator[Figure]:
    total = Counter(one.fault for one in labelled)
    ours = Counter(one.fault for one in labelled if _passes(one))
    theirs = Counter(one.fault for one in labelled if predecessor.health(one.accounts) >= predecessor.PASSES)
    bad = sum(total[fault] for fault in FAULTS)
    for name, passed, good, false in (("gate", ours, 0.02, 0.01), ("predecessor", theirs, None, None)):
        yield absolute(f"{where}{name}: false holds", Target(at_most=good, unit=""), 1 - passed[None] / total[None])
        passes = sum(passed[fault] for fault in FAULTS) / bad
        yield absolute(f"{where}{name}: false passes", Target(at_most=false, unit=""), passes)
        for fault in FAULTS:
            yield absolute(f"{where}{name}: passes with a {fault}", Target(unit=""), passed[fault] / total[fault])


def _without_data() -> Iterator[Figure]:
    nothing = decide("update_budget", NORMAL, []).verdict
    yield absolute("gate: passes without any data", Target(at_most=0.0, unit=""), float(nothing == "pass"))
    yield absolute("predecessor: health without any data", Target(unit=""), predecessor.health([]))


def _kept(count: int, seed: int) -> Iterator[Figure]:
    with _database() as database:
        with database.transaction() as session:
            tenant_id = ensure_tenant(session, "watched")
        yield from _beside(kept_windows(database, tenant_id, count, seed), "through the database, ")


def _many(profiles: int) -> Iterator[Figure]:
    """Measure many profiles on a database of its own; the memory is that of the worker, not of Postgres."""
    with _database() as database:
        with database.transaction() as session:
            tenant_id = ensure_tenant(session, "many")
        began = time.monotonic()
        fill(database, tenant_id, profiles)
        filled = time.monotonic() - began
        told, compared = measure(database, tenant_id), compare(database, tenant_id)
    name = f"{profiles:,} profiles"
    yield absolute(f"{name}: filled", Target(unit="s"), filled)
    for step in STEPS:
        yield absolute(f"{name}: {step}", Target(unit="s"), told.seconds[step])
        yield absolute(f"{name}: {step}, time of processors", Target(unit="s"), told.cpu[step])
    yield absolute(f"{name}: together", Target(at_most=60.0, unit="s"), sum(told.seconds.values()))
    yield absolute(f"{name}: together, time of processors", Target(unit="s"), sum(told.cpu.values()))
    yield absolute(f"{name}: peak memory", Target(at_most=1.5, unit="GiB"), told.peak_gib)
    yield absolute(f"{name}: members of six clauses", Target(unit=""), told.members)
    yield absolute(f"{name}: rows planned", Target(unit=""), told.rows)
    yield absolute(f"{name}: compared with a rebuild", Target(unit="s"), compared.seconds["compare"])
    yield absolute(f"{name}: differing", Target(at_most=0, unit=""), compared.rows)


@contextmanager
def _database() -> Iterator[Database]:
    """Bring up a database of its own."""
    with tempfile.TemporaryDirectory(prefix="penstock-bench-") as root, running(Path(root)) as urls:
        migration.upgrade(urls.database)
        database = connect(urls.database, pool_size=2, keyring=Keyring([MasterKey("bench", bytes(32))]))
        yield database
        database.engine.dispose()


def _passes(one: Labelled) -> bool:
    return decide("update_budget", NORMAL, [account_health(account) for account in one.accounts]).verdict == "pass"


if __name__ == "__main__":
    sys.exit(main())

"""`penstock bench streams`: ten thousand sockets on two stream processes: memory, opening, and one change told to all.

Real relay, real stream processes, a real job that is cancelled; the crowd runs in one more process on the same cores.
"""

import argparse
import asyncio
import contextlib
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from job_costs.processes import await_that, pss_mib, started
from job_costs.processes import cpu_s as used_s
from redis import Redis
from rich.console import Console
from rich.table import Table
from stream_sockets.crowd import Crowd

from core import migration, redis
from core.catalogue import discover
from core.clock import utc_now
from core.database import Database, connect
from core.jobs import cancellation
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.platform.events import Announcer
from core.platform.keys import make_key, remember_key
from core.platform.servers.embedded import running
from core.platform.servers.ports import free_port
from core.platform.streams.places import Places
from core.platform.streams.tickets import TicketOffice
from core.platform.streams.topics import Topic
from core.platform.tenants import ensure_tenant

CHECKOUT = Path(__file__).parents[2]
SECRET = "a key for benchmarks, of no worth elsewhere"
PER_CLIENT = 5
FARTHEST_S = 3.0


@dataclass
class Bed:
    """What is measured on."""

    database: Database
    redis: Redis
    port: int
    stream: Sequence[int]
    """The leaders of the stream processes."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when one change reached all within three seconds each time."""
    options = _options(argv)
    _allow_files(options.sockets + 1_000)
    table = Table(
        "transport",
        "sockets",
        "opened in",
        "CPU to open",
        "memory",
        "each",
        "told to all (median, worst)",
        "CPU to tell",
    )
    worst_s = 0.0
    with tempfile.TemporaryDirectory(prefix="penstock-bench-") as root, laid(Path(root), options.sockets) as bed:
        for transport in options.transports.split(","):
            worst_s = max(worst_s, asyncio.run(_measure(bed, options, transport, table)))
    Console(width=140).print(table)
    return 0 if worst_s <= FARTHEST_S else 1


@contextlib.contextmanager
def laid(root: Path, sockets: int) -> Iterator[Bed]:
    """Bring up servers, a relay and the stream processes."""
    port = free_port(random.Random())
    with running(root / "data") as urls:
        migration.upgrade(urls.database)
        environ = {
            **os.environ,
            "DATABASE_URL": urls.database,
            "REDIS_URL": urls.redis,
            "PENSTOCK_STORAGE_URL": f"file://{root}/artifacts",
            "PENSTOCK_DATA_DIR": str(root / "data"),
            "PENSTOCK_SECRET_KEY": SECRET,
            "PENSTOCK_STREAM_PORT": str(port),
            "PENSTOCK_STREAM_CONNECTIONS": str(sockets),
            "PENSTOCK_LOG_LEVEL": "WARNING",
        }
        served = ("--config", "python:webapp.stream.gunicorn_conf", "webapp.stream.app:create_app()")
        commands = {"relay": ("-m", "tasks.relay"), "stream": ("-m", "gunicorn", *served)}
        ready = {name: root / f"{name}.ready" for name in commands}
        with contextlib.ExitStack() as stack:
            processes = {
                name: stack.enter_context(
                    started(
                        (sys.executable, *command),
                        environ={**environ, "PENSTOCK_READY_FILE": str(ready[name])},
                        cwd=CHECKOUT,
                        log=root / f"{name}.log",
                    )
                )
                for name, command in commands.items()
            }
            await_that(lambda: all(path.exists() for path in ready.values()), "relay and streams are ready")
            database = connect(urls.database)
            yield Bed(database, redis.connect(urls.redis), port, [processes["stream"].pid])
            database.engine.dispose()


async def _measure(bed: Bed, options: argparse.Namespace, transport: str, table: Table) -> float:
    """Open a crowd's sockets and tell it something several times; returns the slowest telling, in seconds."""
    who = _principals(bed.database, options.sockets // PER_CLIENT)
    jobs = [_submit(bed.database, who[0]) for _ in range(options.changes)]
    topics = [Topic("job", str(job_id)) for job_id in jobs]
    office, before_mib = TicketOffice.of(SECRET), pss_mib(bed.stream)
    crowd = Crowd("127.0.0.1", bed.port)
    cpu_s, opened_s = used_s(bed.stream), 0.0
    for first in range(0, len(who), 200):  # a ticket is good for half a minute
        some = who[first : first + 200]
        tickets = [office.issue(one, topics, {}, "", now=utc_now()) for one in some for _ in range(PER_CLIENT)]
        opened_s += await crowd.open_all(tickets, transport)
    cpu_s = used_s(bed.stream) - cpu_s
    memory_mib = pss_mib(bed.stream)
    telling_cpu_s = used_s(bed.stream)
    told_s = [await _tell(bed, who[0], job_id, crowd) for job_id in jobs]
    telling_cpu_s = (used_s(bed.stream) - telling_cpu_s) / len(jobs)
    assert crowd.lost == 0, f"{crowd.lost} sockets were lost"
    await crowd.leave()
    places = Places(bed.redis, options.sockets, PER_CLIENT)
    await asyncio.to_thread(await_that, lambda: places.taken() == 0, "all places are given back")
    each_kib = (memory_mib - before_mib) * 1024 / crowd.opened
    table.add_row(
        *(transport, f"{crowd.opened:,}", f"{opened_s:.0f} s", f"{cpu_s:.0f} s", f"{memory_mib:.0f} MiB"),
        *(f"{each_kib:.0f} KiB", f"{statistics.median(told_s):.2f} s, {max(told_s):.2f} s", f"{telling_cpu_s:.2f} s"),
    )
    return max(told_s)


async def _tell(bed: Bed, who: Principal, job_id: UUID, crowd: Crowd) -> float:
    """Cancel a job that all listen to; returns how long it took until the last one heard."""
    hearing = asyncio.create_task(crowd.until_all_heard(f'{job_id}", "seq": 3'.encode()))
    await asyncio.sleep(0)
    began = time.perf_counter()
    with bed.database.transaction() as session:
        cancellation.cancel(session, who.tenant_id, job_id)
    Announcer(bed.redis).announce(job_id, 3, "cancelled")  # as the web process does
    await hearing
    return time.perf_counter() - began


def _principals(database: Database, count: int) -> list[Principal]:
    with database.transaction() as session:
        tenant_id = ensure_tenant(session, "crowd")
        made = []
        for _ in range(count):
            key_id = remember_key(session, make_key(), tenant_id=tenant_id, name="listener", role=Role.SUBMITTER)
            made.append(Principal(key_id, tenant_id, Role.SUBMITTER, "listener"))
    return made


def _submit(database: Database, who: Principal) -> UUID:
    with database.transaction() as session:
        return submit(session, who, JobRequest(discover().find("platform.echo"), {}), clock=utc_now).job_id


def _allow_files(count: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench streams", description=__doc__)
    parser.add_argument("--sockets", type=int, default=10_000, help="how many at a time (default 10,000)")
    parser.add_argument("--changes", type=int, default=5, help="how many changes of state are told (default 5)")
    parser.add_argument("--transports", default="websocket,sse", help="which, in turn (default both)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())

"""The faults: each strikes, and returns when the platform is whole again."""

import random
import signal
import time
import uuid
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
from celery import Celery
from sqlalchemy.exc import OperationalError

from chaos.site import LEASE_S, Site, Spared
from core.jobs.outbox import Message
from tasks.broker import Broker

CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
CROWD = "more jobs ready than workers could begin"
"""No fault, but it delays jobs as well."""
SETTLED_S = 2.0
"""How long after a fault its traces still count: connections are made anew, processes fork."""
SOME = "SELECT id, kind FROM jobs ORDER BY random() LIMIT 50"


@dataclass
class Strike:
    """One fault as it happened; times are the machine's clock, which the database shares."""

    fault: str
    began_at: float
    ended_at: float | None = None
    """When the platform was whole again."""
    pids: set[int] = field(default_factory=set)
    """The worker processes that it hit."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One sort of harm, and what it may delay: `work` stops jobs, `messages` loses their hints, `all` stops everything.

    What harms only who submits, or nobody at all, excuses no delay.
    """

    strike: Callable[[Site, random.Random, Strike], None]
    delays: str | None = None


def kill(
    *names: str, number: signal.Signals = signal.SIGKILL, tree: bool = False
) -> Callable[[Site, random.Random, Strike], None]:
    """Make a fault that ends one of these processes, alone or with its children, and waits for another."""

    def strike(site: Site, rng: random.Random, harm: Strike) -> None:
        name = rng.choice(names)
        with site.alone(name):
            processes = _processes(site, name)
            site.count_death(name)
            harm.pids |= {process.pid for process in processes}
            for process in processes if tree else processes[:1]:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(number)
            site.rig.await_return(name, processes[0].pid)

    return strike


def freeze(*names: str, seconds: tuple[float, float]) -> Callable[[Site, random.Random, Strike], None]:
    """Make a fault that stops one of these processes with its children for a while."""

    def strike(site: Site, rng: random.Random, harm: Strike) -> None:
        name = rng.choice(names)
        with site.alone(name):
            processes = _processes(site, name)
            harm.pids |= {process.pid for process in processes}
            _freeze(processes, rng.uniform(*seconds))

    return strike


def kill_child(site: Site, rng: random.Random, harm: Strike) -> None:
    """Kill one child of a worker."""
    child = _child(site, rng)
    harm.pids.add(child.pid)
    child.kill()


def freeze_child(site: Site, rng: random.Random, harm: Strike) -> None:
    """Stop one child of a worker until its lease is over."""
    child = _child(site, rng)
    harm.pids.add(child.pid)
    _freeze([child], 2 * LEASE_S)


def restart_redis(site: Site, rng: random.Random, _harm: Strike) -> None:
    """Kill Redis; it comes back empty."""
    with site.alone("redis"), site.rig.redis.away():
        time.sleep(rng.uniform(0.0, 4.0))


def flush_redis(site: Site, _rng: random.Random, _harm: Strike) -> None:
    """Make Redis forget everything."""
    with site.alone("redis"):
        site.rig.redis.flush()


def freeze_redis(site: Site, rng: random.Random, _harm: Strike) -> None:
    """Stop Redis, its connections staying open."""
    with site.alone("redis"), site.rig.redis.frozen():
        time.sleep(rng.uniform(1.0, 8.0))


def fill_redis(site: Site, rng: random.Random, _harm: Strike) -> None:
    """Leave Redis no memory for anything new."""
    with site.alone("redis"):
        site.rig.redis.client.config_set("maxmemory", "1kb")
        time.sleep(rng.uniform(1.0, 6.0))
        site.rig.redis.client.config_set("maxmemory", "0")


def cut_connections(site: Site, _rng: random.Random, _harm: Strike) -> None:
    """Cut every connection to Postgres, in mid-transaction or not."""
    with suppress(OperationalError):
        site.rig.query(CUT)


def deliver_again(site: Site, _rng: random.Random, _harm: Strike) -> None:
    """Deliver messages of jobs in any state, and of jobs that never were."""
    with site.alone("redis"):
        try:
            some = [(row.id, row.kind) for row in site.rig.query(SOME)]
        except OperationalError:
            raise Spared("postgres") from None
        unknown = [(uuid.uuid4(), "platform.echo") for _ in range(10)]
        with Broker(Celery(broker=site.rig.redis.url, set_as_current=False)) as broker:
            broker.publish([Message(job_id, kind, "default", 5) for job_id, kind in some + unknown])


WORKERS, RELAYS, BEATS = ("worker", "worker-b"), ("relay", "relay-b"), ("beat", "beat-b")

FAULTS: dict[str, Fault] = {
    "worker child killed": Fault(kill_child, "work"),
    "worker child frozen past its lease": Fault(freeze_child, "work"),
    "worker parent killed": Fault(kill(*WORKERS), "messages"),
    "worker killed with its children": Fault(kill(*WORKERS, tree=True), "messages"),
    "worker frozen past its lease": Fault(freeze(*WORKERS, seconds=(LEASE_S, 2 * LEASE_S)), "messages"),
    "worker told to stop": Fault(kill(*WORKERS, number=signal.SIGTERM), "messages"),
    "relay killed": Fault(kill(*RELAYS)),
    "relay frozen": Fault(freeze(*RELAYS, seconds=(1.0, 8.0)), "all"),
    "Beat killed": Fault(kill(*BEATS)),
    "Beat frozen": Fault(freeze(*BEATS, seconds=(1.0, 8.0))),
    "web killed": Fault(kill("web", tree=True)),
    "web master killed": Fault(kill("web")),
    "web frozen": Fault(freeze("web", seconds=(1.0, 4.0))),
    "Redis killed, back empty": Fault(restart_redis, "messages"),
    "Redis flushed": Fault(flush_redis, "messages"),
    "Redis frozen": Fault(freeze_redis, "messages"),
    "Redis out of memory": Fault(fill_redis, "messages"),
    "Postgres killed": Fault(kill("postgres"), "all"),
    "Postgres restarted": Fault(kill("postgres", number=signal.SIGINT), "all"),
    "Postgres frozen": Fault(freeze("postgres", seconds=(0.5, 4.0)), "all"),
    "every connection to Postgres cut": Fault(cut_connections, "all"),
    "messages delivered again": Fault(deliver_again),
}


def _processes(site: Site, name: str) -> list[psutil.Process]:
    try:
        return site.rig.tree(name)
    except (KeyError, TypeError, psutil.NoSuchProcess):
        raise Spared(name) from None


def _child(site: Site, rng: random.Random) -> psutil.Process:
    children = _processes(site, rng.choice(WORKERS))[1:]
    if not children:
        raise Spared("worker")
    return rng.choice(children)


def _freeze(processes: Collection[psutil.Process], seconds: float) -> None:
    """Stop processes for a while; one that another fault killed meanwhile is no matter."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
    time.sleep(seconds)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.resume()

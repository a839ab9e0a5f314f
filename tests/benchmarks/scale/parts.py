"""The parts of a large installation: what one of each can do, what was measured that a load takes, what to change.

Capacities are those of ordinary hosts and of the servers' own defaults, and are said in the table; demands are
measured. Processor time was spent on this machine's cores, so a core of another one is as many of these as it is
faster.
"""

from collections.abc import Mapping, Sequence

from scale.model import Part
from scale.standing import Connections

POSTGRES_CORES = 32.0
POSTGRES_CONNECTIONS = 500.0
"""A server process each, of some 10 MiB."""
POSTGRES_LOG_MB_PER_S = 400.0
"""What a local disk writes and flushes."""
POSTGRES_DISK_TB = 8.0
REDIS_CLIENTS = 10_000.0
"""Redis' default; it computes on one core."""

Slope = Mapping[str, float]


def parts(job: Slope, poll: Slope, renewal: Slope, child: Connections, parent: Connections) -> Sequence[Part]:
    """Put together what a job, a poll, a renewal, a child and a parent take of each part."""

    def cores(name: str, used: str, capacity: float, change: str) -> Part:
        demands = {"job": job[used], "poll": poll[used], "renewal": renewal[used]}
        return Part(name, capacity, "cores", demands, change)

    return (
        *_connections(child, parent),
        *_disks(job, renewal),
        cores("Postgres, cores", "postgres", POSTGRES_CORES, "a larger host; tenants over several databases"),
        cores("Redis, core", "redis", 1.0, "RabbitMQ as broker; Redis for events alone"),
        cores("relay", "relay", 1.0, "another relay: any number share the outbox"),
        cores("web process", "web", 1.0, "more web processes"),
    )


def _connections(child: Connections, parent: Connections) -> tuple[Part, Part]:
    def demands(server: str) -> Slope:
        return {"child": child[server], "parent": parent[server]}

    pooled = "pgbouncer in transaction mode; what listens (a connection a parent) stays direct"
    apart = "raise `maxclients`; a broker of its own beside the Redis of events"
    return (
        Part("Postgres, connections", POSTGRES_CONNECTIONS, "connections", demands("postgres"), pooled),
        Part("Redis, clients", REDIS_CLIENTS, "clients", demands("redis"), apart),
    )


def _disks(job: Slope, renewal: Slope) -> tuple[Part, Part]:
    shorter = "keep jobs for less long; results beyond a few kB as artifacts"
    faster = "a faster disk for the log; longer leases"
    log = {"job": job["wal"] / 1e6, "renewal": renewal["wal"] / 1e6}
    return (
        Part("Postgres, disk", POSTGRES_DISK_TB * 1e6, "MB", {"kept": job["tables"] / 1e6}, shorter),
        Part("Postgres, log", POSTGRES_LOG_MB_PER_S, "MB/s", log, faster),
    )

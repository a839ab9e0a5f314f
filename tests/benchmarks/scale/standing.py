"""Standing costs: connections that a worker keeps open, its parent and each of its children, busy or not."""

import contextlib
from collections.abc import Iterator, Mapping

from job_costs import processes
from job_costs.bed import CHECKOUT, Bed

from scale.slopes import Platform, worker_command

FEW, MANY = 2, 6
JOBS_A_CHILD = 40
"""So many that every child has had one."""

Connections = Mapping[str, float]


def measure(running: Platform) -> tuple[Connections, Connections]:
    """Return how many connections to `postgres` and `redis` each child, and each parent, keeps.

    A worker of few and one of many children are added in turn: what the second adds more is its further children's.
    """
    few, many = _added(running, FEW), _added(running, MANY)
    child = {server: (many[server] - few[server]) / (MANY - FEW) for server in few}
    return child, {server: few[server] - FEW * child[server] for server in few}


def _added(running: Platform, children: int) -> Connections:
    before = _open(running)
    with _worker(running.bed, children):
        running.submit(JOBS_A_CHILD * (children + 2))
        after = _open(running)
    processes.await_that(lambda: _open(running)["postgres"] <= before["postgres"], "its connections are closed")
    return {server: after[server] - before[server] for server in before}


def _open(running: Platform) -> Connections:
    counted = dict(running.connections())
    redis = counted.pop("redis")
    return {"postgres": float(sum(counted.values())), "redis": float(redis)}


@contextlib.contextmanager
def _worker(bed: Bed, children: int) -> Iterator[None]:
    name = f"further-{children}"
    ready = bed.root / f"{name}.ready"
    environ = {**bed.environ, "PENSTOCK_READY_FILE": str(ready)}
    with processes.started(worker_command(name, children), environ=environ, cwd=CHECKOUT, log=bed.log(name)):
        processes.await_that(ready.exists, "a further worker is ready")
        yield

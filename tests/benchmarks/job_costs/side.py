"""A side: workers that do nothing as fast as they can, and a driver that gives them jobs and awaits their results."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from job_costs import processes
from job_costs.bed import BENCHMARKS, CHECKOUT, Bed


@dataclass(frozen=True, slots=True)
class Setup:
    """How one side is started: a script of `job_sides/` that answers the driver's protocol, and its workers."""

    name: str
    driver: tuple[str, ...]
    workers: tuple[tuple[str, ...], ...]
    environ: Mapping[str, str]
    cwd: Path


@dataclass(frozen=True, slots=True)
class Drained:
    """What a number of no-op jobs took from the first submission to the last recorded result."""

    jobs: int
    seconds: float
    cpu_s: float
    """Processor time of the workers and, where there is one, the relay."""


@dataclass(frozen=True, slots=True)
class Side:
    """A running side."""

    setup: Setup
    driver: subprocess.Popen[str]
    workers: tuple[subprocess.Popen[str], ...]

    def drain(self, jobs: int) -> Drained:
        """Give the workers so many jobs at once and wait until every result is recorded."""
        pids = [worker.pid for worker in self.workers]
        before_s = processes.cpu_s(pids)
        seconds = self._ask("drain", jobs)[0]
        return Drained(jobs, seconds, processes.cpu_s(pids) - before_s)

    def round_trips(self, times: int) -> list[float]:
        """Submit a job and await its result, again and again; return the seconds of each."""
        return self._ask("round_trips", times)

    def _ask(self, what: str, count: int) -> list[float]:
        assert self.driver.stdin is not None
        assert self.driver.stdout is not None
        self.driver.stdin.write(json.dumps([what, count]) + "\n")
        self.driver.stdin.flush()
        answer = self.driver.stdout.readline()
        if not answer:
            raise processes.NotReady(f"the driver of {self.setup.name} ended")
        return [float(seconds) for seconds in json.loads(answer)]


@contextlib.contextmanager
def at_work(bed: Bed, setup: Setup) -> Iterator[Side]:
    """Start a side and let it warm up: every worker process has had work before anything is measured."""
    log = bed.log(setup.name.replace(" ", "-"))
    with contextlib.ExitStack() as stack:
        workers = tuple(
            stack.enter_context(processes.started(argv, environ=setup.environ, cwd=setup.cwd, log=log))
            for argv in setup.workers
        )
        driver = stack.enter_context(
            processes.started(setup.driver, environ=setup.environ, cwd=setup.cwd, log=log, talks=True)
        )
        side = Side(setup, driver, workers)
        side.drain(200)
        yield side


def penstock(bed: Bed) -> Setup:
    """Set up this platform: worker and relay as the Procfile starts them."""
    driver = (sys.executable, str(BENCHMARKS / "job_sides/penstock_side.py"))
    workers = (bed.command("worker", bed.environ), bed.command("relay", bed.environ))
    return Setup("Penstock", driver, workers, bed.environ, CHECKOUT)


def celery(bed: Bed, *, results: str) -> Setup:
    """Set up bare Celery, with results in the `database` or in `redis`, else as it comes."""
    redis = bed.redis_database(1)
    backend = f"db+{bed.new_database('celery')}" if results == "database" else bed.redis_database(2)
    prefix = f"bench-{results}-"
    environ = {**bed.environ, "PEER_BROKER": redis, "PEER_RESULTS": backend, "PEER_QUEUE": prefix + "noop"}
    options = ("--queues", prefix + "noop", "--concurrency", "2", "--without-gossip", "--without-mingle")
    worker = ("celery", "--app", "job_sides.celery_side", "worker", "--hostname", f"{results}@%h", *options)
    driver = (sys.executable, "job_sides/celery_side.py")
    return Setup(f"Celery + {results} results", driver, (worker,), environ, BENCHMARKS)


def rq(bed: Bed) -> Setup:
    """Set up RQ with two workers that do not fork for each job, its fastest."""
    environ = {**bed.environ, "PEER_REDIS": bed.redis_database(3)}
    worker = ("-m", "rq.cli", "worker", "--worker-class", "rq.SimpleWorker", "--url", environ["PEER_REDIS"], "--quiet")
    return _peer(bed, "RQ", "rq_side.py", [worker, worker], environ)


def dramatiq(bed: Bed) -> Setup:
    """Set up Dramatiq with Redis results: two processes of one thread."""
    environ = {**bed.environ, "PEER_REDIS": bed.redis_database(4), "PEER_RESULTS": bed.redis_database(5)}
    worker = ("-m", "dramatiq", "job_sides.dramatiq_side", "--processes", "2", "--threads", "1")
    return _peer(bed, "Dramatiq", "dramatiq_side.py", [worker], environ)


def procrastinate(bed: Bed) -> Setup:
    """Set up Procrastinate on the same Postgres: two processes of concurrency one."""
    url = bed.new_database("procrastinate").replace("postgresql+psycopg2://", "postgresql://")
    environ = {**bed.environ, "PEER_DATABASE": url}
    application = ("-m", "procrastinate", "--app", "job_sides.procrastinate_side.app")
    prepared = subprocess.run(
        [str(bed.peers), *application, "schema", "--apply"],
        env=environ,
        cwd=BENCHMARKS,
        check=False,
        capture_output=True,
    )
    if prepared.returncode:
        raise processes.NotReady(prepared.stderr.decode(errors="replace")[-500:])
    worker = (*application, "worker", "--concurrency", "1")
    return _peer(bed, "Procrastinate", "procrastinate_side.py", [worker, worker], environ)


def _peer(bed: Bed, name: str, script: str, workers: Sequence[tuple[str, ...]], environ: Mapping[str, str]) -> Setup:
    if bed.peers is None:
        raise processes.NotReady("the peers' Python was not named (--peers)")
    python = str(bed.peers)
    # Without the checkout: the platform's packages are not theirs to import.
    surroundings = {**environ, "PYTHONPATH": str(BENCHMARKS)}
    return Setup(
        name, (python, f"job_sides/{script}"), tuple((python, *argv) for argv in workers), surroundings, BENCHMARKS
    )

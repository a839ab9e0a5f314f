"""The warden: a thread of each worker's parent process that renews leases and ends what must end.

Children only compute. The parent knows which child works on which job, so one statement renews the leases of all of
them, even while a computation holds the interpreter for minutes; and it can interrupt or kill a child without harming
another's job.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any
from uuid import UUID

import psutil
import structlog
from celery.worker import state
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from core.clock import Monotonic, monotonic
from core.database import Database, DatabaseUnavailable, Listener
from core.jobs import leases, rescue
from core.jobs.context import StopReason
from core.jobs.kind import JobKind, Limits
from core.jobs.leases import Held
from tasks import families, interrupts
from tasks.families import GONE, Family

TICK_S = 0.5
UNKNOWN_AFTER_S = 1.0
"""How long a job may run before the warden first looks at its row: most are done by then."""
RAISE_AFTER_S = 2.0
KILL_AFTER_S = 7.0
"""Seconds after a stop was asked for; a time limit raises at once and kills after the kind's grace."""
DEFAULT_LIMITS = Limits()
DEFAULT_GRACE_S = DEFAULT_LIMITS.grace_s

STILL = GONE | {psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP}
"""Processes that do not compute: their leases are left to run out."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Running:
    """A job that a child works on, as the parent sees it."""

    job_id: UUID
    pid: int
    since: float
    """When the child accepted it: a job may come back to the same child between two rounds."""
    limits: Limits = DEFAULT_LIMITS


@dataclass(slots=True)
class Watch:
    """What the warden remembers of one running job."""

    running: Running
    seen_at: float
    family: Family
    held: Held | None = None
    stop: StopReason | None = None
    stop_at: float = 0.0
    raised: bool = False
    buried: bool = False
    excess: str | None = None
    """What is wrong when the attempt holds too much memory."""
    lost: bool = False
    """Whether another holds the job by now: what this child finds is refused, so it may as well end."""


@dataclass(slots=True)
class Warden:
    """Watches over the children of one worker."""

    database: Database
    cancellations: Listener
    running: Callable[[], Iterable[Running]]
    node: str
    lease_s: float
    clock: Monotonic = monotonic
    shutdown: Event = field(default_factory=Event)
    _watches: dict[Running, Watch] = field(default_factory=dict)
    _renewed_at: float = float("-inf")
    _released: bool = False
    _deaths: int = 0
    _deaths_settled: int = 0

    def start(self) -> None:
        """Begin to watch, in a thread that ends with the process."""
        Thread(target=self._run, name="warden", daemon=True).start()

    def release_all(self) -> None:
        """Make every running job go back to its queue: the worker shuts down."""
        self._released = True

    def notice_death(self) -> None:
        """Hear from Celery that a child died; its job may have begun and ended since the last round, unseen."""
        self._deaths += 1

    def round(self, *, wait_s: float) -> None:
        """Look after everything once."""
        cancelled = self._heard(wait_s)
        self._follow(self.running())
        for watch in self._watches.values():
            self._bury_if_dead(watch)
        self._bury_unseen()
        if self._must_renew():
            self._renew()
        for watch in self._watches.values():
            self._stop_if_due(watch, cancelled)

    def _run(self) -> None:
        while not self.shutdown.is_set():
            try:
                self.round(wait_s=TICK_S)
            except (OperationalError, DatabaseUnavailable):
                log.warning("warden.database_unavailable")
                self.shutdown.wait(1.0)
            except SQLAlchemyError:
                log.exception("warden.failed")
                self.shutdown.wait(1.0)
        self.cancellations.close()

    def _heard(self, wait_s: float) -> set[str]:
        return set(self.cancellations.wait(wait_s))

    def _follow(self, running: Iterable[Running]) -> None:
        now = self.clock()
        current = set(running)
        self._watches = {
            one: self._watches.get(one) or Watch(one, now, Family(one.pid, one.limits.memory_mib)) for one in current
        }

    def _must_renew(self) -> bool:
        now = self.clock()
        if not self._watches:
            return False
        unknown = any(w.held is None and now - w.seen_at > UNKNOWN_AFTER_S for w in self._watches.values())
        return unknown or now - self._renewed_at >= self.lease_s / 3

    def _renew(self) -> None:
        """Renew the leases of children that live; a stopped child's lease is left to run out."""
        alive = {
            (one.job_id, child_name(self.node, one.pid)): one
            for one in self._watches
            if families.status(one.pid) not in STILL
        }
        with self.database.statements() as session:
            held = leases.renew(session, alive, lease_s=self.lease_s)
        self._renewed_at = self.clock()
        for one in held:
            self._watches[alive.pop((one.id, one.worker))].held = one
        for running in alive.values():
            watch = self._watches[running]
            if watch.held is not None and not watch.lost:
                # From now on: the child may have ended this job, and begun another, since it was listed.
                watch.lost, watch.stop, watch.raised = True, None, False

    def _stop_if_due(self, watch: Watch, cancelled: set[str]) -> None:
        now = self.clock()
        if watch.excess is not None:
            # Not asked first: that might hit the child's next job, and memory would go on growing.
            self._kill(watch, StopReason.MEMORY_LIMIT, watch.excess)
            return
        if watch.stop is None:
            watch.stop = self._reason_to_stop(watch, cancelled, now)
            watch.stop_at = now
            if watch.stop is not None:
                log.info("job.stopping", job_id=str(watch.running.job_id), reason=watch.stop)
                interrupts.ask(watch.running.pid, watch.stop)
        if watch.stop is None:
            return
        limited = watch.stop is StopReason.TIME_LIMIT
        if not watch.raised and now - watch.stop_at >= (0.0 if limited else RAISE_AFTER_S):
            watch.raised = True
            interrupts.interrupt(watch.running.pid, watch.stop)
        elif now - watch.stop_at >= (watch.running.limits.grace_s if limited else KILL_AFTER_S):
            self._kill(watch, watch.stop, "the attempt exceeded its time limit and did not let itself be interrupted")

    def _reason_to_stop(self, watch: Watch, cancelled: set[str], now: float) -> StopReason | None:
        if self._released or watch.lost:
            return StopReason.SHUTDOWN
        held = watch.held
        if str(watch.running.job_id) in cancelled or (held is not None and held.cancel_requested):
            return StopReason.CANCELLED
        if held is not None and now - watch.seen_at >= held.timeout_s:
            return StopReason.TIME_LIMIT
        return None

    def _kill(self, watch: Watch, reason: StopReason, detail: str) -> None:
        """Record the end first: once it is recorded under the fencing token, the kill cannot hit another job."""
        held = watch.held
        if held is None:
            self._renewed_at = float("-inf")
            return
        with self.database.transaction() as session:
            if reason is StopReason.SHUTDOWN:
                ended = rescue.give_back(session, held.id, held.fence)
            else:
                ended = rescue.fail_stopped(session, held.id, held.fence, reason, detail)
        if ended or watch.lost:
            log.warning("job.killed", job_id=str(watch.running.job_id), reason=reason, pid=watch.running.pid)
            families.kill(watch.running.pid)

    def _bury_if_dead(self, watch: Watch) -> None:
        """Rescue the job of a child that was killed; Celery itself notices seconds later."""
        running = watch.running
        if watch.buried:
            return
        if families.status(running.pid) not in GONE:
            watch.excess = watch.family.excess()
            return
        watch.family.kill_orphans()
        with self.database.transaction() as session:
            rescued = rescue.rescue_dead(session, running.job_id, child_name(self.node, running.pid))
        watch.buried = True
        log.warning("job.worker_lost", job_id=str(running.job_id), pid=running.pid, rescued=rescued)

    def _bury_unseen(self) -> None:
        """Rescue the jobs of dead children that Celery forgot before the warden saw them."""
        deaths = self._deaths
        if deaths == self._deaths_settled:
            return
        with self.database.transaction() as session:
            for job_id, worker in leases.list_held(session, self.node):
                if families.status(int(worker.rpartition(":")[2])) in GONE:
                    rescue.rescue_dead(session, job_id, worker)
                    log.warning("job.worker_lost", job_id=str(job_id), worker=worker)
        self._deaths_settled = deaths


def child_name(node: str, pid: int) -> str:
    """Name a child as the rows of its jobs do."""
    return f"{node}:{pid}"


def running_jobs(kinds: Mapping[str, JobKind]) -> Iterator[Running]:
    """List the jobs that children of this process work on; a task is named by its kind and has its job's id."""
    for request in _active_requests():
        kind = kinds.get(request.name)
        if kind is not None and request.worker_pid:
            yield Running(UUID(request.id), request.worker_pid, request.time_start, kind.limits)


def _active_requests() -> list[Any]:
    while True:
        try:
            return list(state.active_requests)
        except RuntimeError:  # the main thread changed the set while it was copied
            continue

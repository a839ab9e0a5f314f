"""The governor of one worker: a thread of its parent process that reads the host and holds the worker's slots to it."""

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import structlog
from celery.worker import WorkController
from sqlalchemy.exc import SQLAlchemyError

from core.config import Settings
from core.database import Database, DatabaseUnavailable
from core.jobs import governing
from core.jobs.kind import JobKind
from core.platform.governor import reports
from core.platform.governor.forecast import Trend
from core.platform.governor.policy import Change, Stance, Terms, decide
from core.platform.governor.promises import Promises
from core.platform.governor.rationing import Ration
from core.platform.governor.readings import Gauge, Reading
from core.platform.governor.reports import RENEWED_EVERY_S, Teller
from tasks import families
from tasks.slots import Gatekeeper, Slots, is_over

EVERY_S = 0.5
ON, OFF = "on", "off"

log = structlog.get_logger()


@dataclass(slots=True)
class Governor:
    """What one worker's governor knows; `soon` has something done by the thread that the slots belong to."""

    teller: Teller
    database: Database
    slots: Slots
    gatekeeper: Gatekeeper
    terms: Terms
    soon: Callable[[Callable[[], None]], Any]
    gauge: Gauge = field(default_factory=Gauge)
    stance: Stance = field(init=False)
    acted: int = 0
    _trend: Trend = field(default_factory=Trend)
    _untold: list[Change] = field(default_factory=list)
    _told_at: float = float("-inf")

    def __post_init__(self) -> None:
        self.stance = Stance(self.slots.initial_value, self.slots.initial_value)

    def start(self) -> None:
        """Begin, in a thread that ends with the process."""
        if self.teller.mode == ON:
            self.slots.admits = self.gatekeeper.admits
        self.slots.soon = self.soon
        Thread(target=self._run, name="governor", daemon=True).start()

    def tick(self) -> None:
        """Read, decide, act, and tell if there is something new."""
        reading = self.gauge.read()
        foreseen = self._trend.see(reading.at_s, reading.memory.used_share)
        self.stance, changes = decide(self.stance, reading, foreseen, self.terms)
        self._follow(reading)
        if self.teller.mode == ON:
            self._act()
        for one in changes:
            self.acted += 1
            told = {"what": one.what, "before": one.before, "after": one.after, "reason": one.reason}
            log.warning("governor.acted", dry_run=self.teller.mode != ON, **told)
        self._untold += changes
        if changes or reading.at_s - self._told_at >= RENEWED_EVERY_S:
            self._tell(reading, foreseen)

    def _follow(self, reading: Reading) -> None:
        """Measure what running jobs hold, and write down what they may still take."""
        going = self.gatekeeper.going()
        idle_mib = families.resident_mib([os.getpid()])  # a child begins as this process's double
        for request, one in going:
            if request.worker_pid:
                one.see(families.resident_mib(families.members(request.worker_pid)), idle_mib)
        self.gatekeeper.ration.level = self.stance.level
        self.gatekeeper.ration.look(reading.memory, [one for _, one in going])

    def _act(self) -> None:
        allowed = self.stance.slots
        if self.slots.allowed != allowed or self.slots.held:
            self.soon(lambda: self.slots.restrict(allowed))

    def _tell(self, reading: Reading, foreseen: float) -> None:
        readings = _document(reading, foreseen)
        try:
            with self.database.transaction() as session:
                readings["queues"] = governing.read_backlogs(session, self.teller.queues)
                told = {"held": self.slots.held, "acted": self.acted}
                reports.report(session, self.teller, self.stance, readings, self._untold, **told)
                governing.settle_low(session)
        except (SQLAlchemyError, DatabaseUnavailable) as error:
            log.warning("governor.untold", reason=type(error).__name__)
            self._untold = self._untold[-100:]
            return
        self._untold, self._told_at = [], reading.at_s

    def _run(self) -> None:
        pause = Event()
        while not pause.wait(EVERY_S):
            try:
                self.tick()
            except OSError as error:
                log.warning("governor.blind", reason=f"{type(error).__name__}: {error}")


def start(
    worker: WorkController, settings: Settings, kinds: Mapping[str, JobKind], database: Database
) -> Governor | None:
    """Start a worker's governor, unless it is turned off."""
    slots, queues = worker.semaphore, tuple(sorted(worker.app.amqp.queues.consume_from))
    if settings.governor == OFF or not isinstance(slots, Slots):
        return None
    terms = Terms(cpu=settings.governor_cpu, memory=settings.governor_memory)
    mine = {name: kind for name, kind in kinds.items() if kind.queue in queues}
    worst_mib = slots.initial_value * max((kind.limits.memory_mib for kind in mine.values()), default=0)
    name = f"{worker.hostname}-{os.getpid()}"
    ration = Ration(name, Promises.of_this_host(settings.data_dir), worst_mib, terms)
    governor = Governor(
        Teller(worker.hostname, socket.gethostname(), queues, settings.governor),
        database,
        slots,
        Gatekeeper(ration, mine, is_over),
        terms,
        worker.hub.call_soon,
    )
    governor.start()
    return governor


def _document(reading: Reading, foreseen: float) -> dict[str, Any]:
    return {
        "memory_total_mib": round(reading.memory.total_mib, 1),
        "memory_available_mib": round(reading.memory.available_mib, 1),
        "memory_used": round(reading.memory.used_share, 4),
        "memory_foreseen": round(foreseen, 4),
        "memory_pressure": _rounded(reading.memory_pressure),
        "cpu": round(reading.cpu, 4),
        "cpu_pressure": _rounded(reading.cpu_pressure),
        "load_per_cpu": round(reading.load, 3),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)

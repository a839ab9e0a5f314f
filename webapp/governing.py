"""What governors say, as JSON documents and pages show it; and what this process does about its own memory."""

from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.config import Settings
from core.jobs import governing
from core.platform.cache.hot import LIMIT_BYTES, HotTier
from core.platform.governor import reports
from core.platform.governor.forecast import Trend
from core.platform.governor.policy import Level, Stance, Terms, decide
from core.platform.governor.readings import Gauge

LOOK_EVERY_S = 2.0
KEPT_SHARE = {Level.CALM: 1.0, Level.TIGHT: 0.25, Level.CRITICAL: 0.05}
"""Which share of its room the cache in memory may take."""


def governor_document(session: Session, settings: Settings, *, actions: int) -> dict[str, Any]:
    """Write what all workers that live say, what holds because of it, and what was done lately."""
    said = reports.read_reports(session)
    terms = terms_of(settings)
    return {
        "mode": settings.governor,
        "thresholds": {
            "cpu": terms.cpu,
            "cpu_pressure": terms.cpu_pressure,
            "memory": terms.memory,
            "memory_critical": terms.critical,
            "memory_pressure": terms.memory_pressure,
        },
        "workers": [worker_document(row) for row in said],
        "low_priority_limits": [
            {"queue": name.partition(":")[2], "max_running": most}
            for name, most in sorted(governing.low_limits(said).items())
        ],
        "actions": [action_document(row) for row in reports.list_actions(session, limit=actions)],
    }


def worker_document(row: Any) -> dict[str, Any]:
    """Write what one worker says."""
    plain = ("worker", "host", "queues", "mode", "level", "cpu_busy", "slots", "full_slots", "low_slots", "held")
    readings = {name: value for name, value in row.readings.items() if name not in {"memory_foreseen", "queues"}}
    return {
        **{name: getattr(row, name) for name in plain},
        "at": rfc3339(row.at),
        "readings": readings,
        "forecast": {"memory_used": row.readings.get("memory_foreseen")},
        "queues_waiting": [{"name": name, **told} for name, told in sorted(row.readings.get("queues", {}).items())],
        "acted": row.acted,
    }


def action_document(row: Any) -> dict[str, Any]:
    """Write one change."""
    plain = ("worker", "what", "before", "after", "reason", "dry_run")
    return {"id": str(row.id), "at": rfc3339(row.at), **{name: getattr(row, name) for name in plain}}


def terms_of(settings: Settings) -> Terms:
    """Return from when on what is done."""
    return Terms(cpu=settings.governor_cpu, memory=settings.governor_memory)


@dataclass(slots=True)
class Thrift:
    """Lets the cache of one web process have less room while the memory around it is short."""

    tier: HotTier
    terms: Terms
    gauge: Gauge = field(default_factory=Gauge)
    stance: Stance = field(default_factory=lambda: Stance(1, 1))
    _trend: Trend = field(default_factory=Trend)

    def start(self) -> None:
        """Begin to look, in a thread that ends with the process."""
        Thread(target=self._run, name="thrift", daemon=True).start()

    def look(self) -> None:
        """Look once."""
        reading = self.gauge.read()
        foreseen = self._trend.see(reading.at_s, reading.memory.used_share)
        self.stance, _ = decide(self.stance, reading, foreseen, self.terms)
        self.tier.resize(int(LIMIT_BYTES * KEPT_SHARE[self.stance.level]))

    def _run(self) -> None:
        pause = Event()
        while not pause.wait(LOOK_EVERY_S):
            self.look()

"""Readings: what a host says of itself at one moment."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from core.clock import Monotonic, monotonic
from core.platform.governor.memory import Memory, read_memory

SMOOTHING = 0.4
"""How much the newest of two pressures counts: one busy moment is no pressure yet."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One host at one moment; shares are of 1, pressures shares of the time, None where the kernel tells none."""

    at_s: float
    memory: Memory
    cpu: float
    """Which share of the processors' time was taken since the reading before."""
    load: float
    """Runnable processes over a minute, for each processor."""
    cpu_pressure: float | None = None
    """Which share of the time something had to wait for a processor."""
    memory_pressure: float | None = None
    """Which share of the time something had to wait for memory."""


@dataclass(slots=True)
class Gauge:
    """Reads one host again and again; shares are over the time since the reading before."""

    root: Path = Path("/")
    clock: Monotonic = monotonic
    _stalled_us: dict[str, tuple[float, float]] = field(default_factory=dict)
    _pressures: dict[str, float] = field(default_factory=dict)

    def read(self) -> Reading:
        """Read everything now; takes about 200 µs."""
        return Reading(
            self.clock(),
            read_memory(self.root),
            psutil.cpu_percent() / 100.0,
            os.getloadavg()[0] / (os.cpu_count() or 1),
            self._pressure("cpu"),
            self._pressure("memory"),
        )

    def _pressure(self, resource: str) -> float | None:
        """Return the share of the time since the last reading in which somebody was stalled, smoothed."""
        total_us, now = self._total_us(resource), self.clock()
        if total_us is None:
            return None
        before_us, before = self._stalled_us.get(resource, (total_us, now))
        self._stalled_us[resource] = total_us, now
        if now > before:
            share = min(1.0, (total_us - before_us) / 1e6 / (now - before))
            known = self._pressures.get(resource, share)
            self._pressures[resource] = known + SMOOTHING * (share - known)
        return self._pressures.get(resource, 0.0)

    def _total_us(self, resource: str) -> float | None:
        try:
            some = (self.root / "proc/pressure" / resource).read_text().splitlines()[0]
            return float(some.rpartition("total=")[2])
        except (OSError, IndexError, ValueError):
            return None

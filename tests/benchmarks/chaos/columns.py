"""What both sides are put through, and how it is told: bare Celery beside Penstock."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from chaos.victims import Victim

JOBS, KILLS = 1500, 10
SLOT_S, SLOTS = 3.0, 5


class Column(Protocol):
    """One side."""

    name: str

    @property
    def workers(self) -> Sequence[Victim]:
        """Its workers."""

    def submit(self, jobs: int) -> None:
        """Hand over so many numbered jobs at once."""

    def done(self) -> int:
        """Count the jobs that have run."""

    def settle(self) -> None:
        """Wait until nothing can change any more."""

    def doubled(self) -> int:
        """Count the jobs that have more than one outcome."""

    def flush(self) -> None:
        """Make the broker forget everything."""

    def cancelled_ran(self) -> bool:
        """Cancel a job while no worker is there, start one, and tell whether it ran."""

    def fired(self, slots: int) -> float:
        """Let two Beats run for so many slots; return how many jobs came for each."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the table."""

    name: str
    suffer: Callable[[Column, random.Random], str]


def table(columns: Sequence[Column], rng: random.Random) -> Iterator[str]:
    """Put every side to every fault and write the lines as they come."""
    yield f"| fault | {' | '.join(column.name for column in columns)} |"
    yield f"| --- |{' --- |' * len(columns)}"
    for fault in FAULTS:
        cells = [fault.suffer(column, random.Random(rng.random())) for column in columns]
        yield f"| {fault.name} | {' | '.join(cells)} |"


def _killed_at_saturation(column: Column, rng: random.Random) -> str:
    before = column.done()
    column.submit(JOBS)
    for kill in range(KILLS):
        _await_more(column, before + (kill * JOBS) // (KILLS + 2))
        time.sleep(rng.uniform(0.05, 0.5))
        victim = rng.choice(column.workers)
        victim.kill()
        victim.start()
    return _settled(column, before)


def _flushed(column: Column, _rng: random.Random) -> str:
    before = column.done()
    column.submit(JOBS)
    _await_more(column, before + JOBS // 10)
    column.flush()
    return _settled(column, before)


def _settled(column: Column, before: int) -> str:
    column.settle()
    return f"{before + JOBS - column.done()} lost, {column.doubled()} twice"


def _await_more(column: Column, wanted: int) -> None:
    give_up_at = time.monotonic() + 120.0
    while column.done() < wanted and time.monotonic() < give_up_at:
        time.sleep(0.05)


def _cancelled(column: Column, _rng: random.Random) -> str:
    return "ran" if column.cancelled_ran() else "never started"


def _two_beats(column: Column, _rng: random.Random) -> str:
    return f"{column.fired(SLOTS):.1f} for each slot"


FAULTS = (
    Fault(f"{KILLS} workers killed with their children at saturation, {JOBS} jobs", _killed_at_saturation),
    Fault(f"broker flushed in mid-run, {JOBS} jobs", _flushed),
    Fault("cancelled while no worker was there", _cancelled),
    Fault("two Beats, jobs", _two_beats),
)

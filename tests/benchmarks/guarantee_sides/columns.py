"""What a side has to offer to be put through the faults."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from guarantee_sides.victims import Victim
from tests.acceptance.faults.empty_redis import EmptyRedis

SHORT_S = 0.01
"""How long a job works that is there for its number."""
SLOT_S, SLOTS = 3.0, 5
"""How far fire times lie apart while two Beats run, and how many are watched."""

CHANGE = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
"""An hour before clocks in Berlin were set back."""
TWO_HOURS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of each fault there is."""

    kills: int
    jobs: int
    queued: int
    """How many jobs lie in a broker that is lost."""
    frozen_s: float


class Column(Protocol):
    """One side."""

    name: str
    folder: Path
    broker: EmptyRedis
    workers: Sequence[Victim]

    def submit(self, jobs: int, seconds: float = SHORT_S, *, tenant: str | None = None) -> Sequence[str]:
        """Hand over so many jobs at once, each of which works for so long; return how to ask for them."""

    def submit_poison(self) -> str:
        """Hand over one job that kills whatever process runs it."""

    def starts(self, job: str) -> int:
        """Count how often a job began."""

    def effects(self, job: str) -> int:
        """Count how often a job took effect."""

    def done(self) -> int:
        """Count the jobs that took effect."""

    def settle(self) -> None:
        """Wait until nothing can change any more."""

    def doubled(self) -> int:
        """Count the jobs that took effect more than once."""

    def is_over(self, job: str) -> bool:
        """Tell whether a job will never begin again."""

    def cancel(self, job: str) -> None:
        """Ask that a job be not run."""

    def burnt(self, jobs: Sequence[str]) -> int:
        """Count the jobs that spent more than one attempt."""

    def redelivered(self, seconds: float) -> str:
        """Run a job so long that its message is delivered again several times meanwhile."""

    def fired(self, slots: int) -> float:
        """Let two Beats run for so many slots; return how many jobs came for each."""

    def made_up(self) -> str:
        """Tell what becomes of a rule's fire times while no Beat was there for two hours, an hour being repeated."""

    def restart_database(self) -> bool:
        """Restart what the jobs are recorded in; False where there is nothing of the kind."""

"""A simulated platform whose state is kept in memory: its reports and troubles are those of the product."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.platform.breakers.breaker import Breakers
from core.platform.breakers.memory import MemoryStore
from core.workloads.customers.connectors.base import Connection
from core.workloads.customers.connectors.simulated_ads import SimulatedAds
from core.workloads.customers.connectors.simulation.host import Host
from core.workloads.customers.operations.lines import Line
from tests.naps import NapClock

NOBODY = UUID(int=0)
_NO_SESSION = Session()


@dataclass(frozen=True, slots=True)
class UnkeptHost(Host):
    """A host that counts its calls, and keeps nothing else."""

    calls: Counter[str] = field(default_factory=Counter)

    def _admit(self, operation: str) -> str:
        self.calls[operation] += 1
        return self.faults.fate(operation, self.calls[operation], self.calls.total())


def platform_of(settings: Mapping[str, Any]) -> SimulatedAds:
    """Return an advertising platform with these settings."""
    return SimulatedAds(UnkeptHost(Connection(NOBODY, NOBODY, "ads", "simulated_ads", settings), _nowhere))


def line_by(clock: NapClock) -> Line:
    """Return a line that waits by a clock."""
    return Line("platform:bench", Breakers(MemoryStore(), clock), pause=clock.nap, clock=clock.monotonic)


@contextmanager
def _nowhere() -> Iterator[Session]:
    yield _NO_SESSION

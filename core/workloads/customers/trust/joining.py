"""This file is about making evidence: what we measured, what the platform told, what became of the calls to it."""

from dataclasses import asdict, dataclass
from typing import Any

from core.workloads.customers.connectors.base import AccountReport


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of an account's own feed in a window."""

    events: int
    """All that arrived: kept, sent before, set aside."""
    matched: int
    duplicates: int
    rejected: int
    age_h: float | None
    """None where nothing ever came."""
    conversions_seen: int
    revenue_seen: float


@dataclass(frozen=True, slots=True)
class Calls:
    """How many calls were made to a platform, and how many of them failed."""

    calls: int = 0
    failures: int = 0

    def __add__(self, other: "Calls") -> "Calls":
        """Count both."""
        return Calls(self.calls + other.calls, self.failures + other.failures)


def join(measured: Measured | None, report: AccountReport | None, calls: Calls) -> dict[str, Any]:
    """Return the evidence of a window; what nobody measured and nobody told stays unknown."""
    told = {**({} if measured is None else asdict(measured)), **({} if report is None else asdict(report))}
    return {**{name: value for name, value in told.items() if value is not None}, **asdict(calls)}

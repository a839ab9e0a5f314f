"""This file is about what is known of an advertising account in one window; any of it may be missing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

HISTORY = 14
"""How many windows before this one are looked at."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One window of one account; what nobody told is None, never a guess."""

    events: int | None = None
    matched: int | None = None
    """Events that were matched to somebody."""
    duplicates: int | None = None
    rejected: int | None = None
    age_h: float | None = None
    """Hours since the latest event, as the window ends."""
    conversions: int | None = None
    """As the platform tells."""
    conversions_seen: int | None = None
    """As one's own measurement tells."""
    revenue: float | None = None
    revenue_seen: float | None = None
    spend: float | None = None
    currency: str | None = None
    calls: int | None = None
    """Of the platform's API."""
    failures: int | None = None


MEASURES = tuple(field.name for field in fields(Evidence))


@dataclass(frozen=True, slots=True)
class Account:
    """All that the health of one account is computed from."""

    name: str
    currency: str
    window: Evidence | None = None
    """None where nothing came."""
    history: Sequence[Evidence] = ()
    """The windows before, the newest first."""

    def as_json(self) -> dict[str, Any]:
        """Write it down, to be replayed from."""
        return {
            "name": self.name,
            "currency": self.currency,
            "window": None if self.window is None else _told(self.window),
            "history": [_told(one) for one in self.history],
        }


def read_account(told: Mapping[str, Any]) -> Account:
    """Read what `Account.as_json` wrote."""
    window = told["window"]
    return Account(
        told["name"],
        told["currency"],
        None if window is None else Evidence(**window),
        [Evidence(**one) for one in told["history"]],
    )


def _told(evidence: Evidence) -> dict[str, Any]:
    return {name: value for name, value in asdict(evidence).items() if value is not None}

"""Signal health: one definition, from 0 to 100, that no lack of evidence ever raises.

Each component is an interval: `low` is what the evidence shows for sure, `high` what it does not rule out. What is
missing is 0 to 100. Rates are taken at the ends of Wilson's interval (1927; 95 %): fewer events show less. A window is
steady as far as earlier windows were like it, so that each of those can only vouch for it. An account's health is the
weighted mean, but never more than its worst component: no strength makes up for a failure. The whole is the worst
account.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.workloads.customers.trust.evidence import HISTORY, Account, Evidence

VERSION = 1
FLAWED = 70.0
"""A component below that keeps ordinary actions from passing."""
WEIGHTS: Mapping[str, float] = {
    "match": 0.20,
    "agreement": 0.20,
    "freshness": 0.15,
    "steadiness": 0.15,
    "duplicates": 0.10,
    "validity": 0.10,
    "currency": 0.05,
    "reach": 0.05,
}
"""How much each component counts; they add up to 1."""
LIKE = math.log(1.5)
"""Figures are alike when neither is more than half again as large as the other."""
VOUCHING = 7
"""So many windows like it make a window steady beyond doubt."""
_Z = 1.959963984540054

Curve = Sequence[tuple[float, float]]
_MATCH: Curve = ((0.0, 0), (0.3, 40), (0.5, 70), (0.7, 100))
_FAULTS: Curve = ((0.03, 100), (0.06, 70), (0.12, 40), (0.3, 0))
_AGE_H: Curve = ((2, 100), (6, 70), (24, 40), (48, 0))
_DIFFERENCE: Curve = ((0.12, 100), (0.2, 70), (0.35, 40), (0.6, 0))
_VOUCHED: Curve = ((0, 0), (3, 40), (5, 70), (VOUCHING, 100))
_FAILURES: Curve = ((0.05, 100), (0.15, 70), (0.3, 40), (0.6, 0))


@dataclass(frozen=True, slots=True)
class Band:
    """What evidence shows for sure, and what it does not rule out; both from 0 to 100."""

    low: float
    high: float


UNKNOWN = Band(0.0, 100.0)


@dataclass(frozen=True, slots=True)
class Health:
    """The health of an account, and what it is made of."""

    name: str
    band: Band
    parts: Mapping[str, Band]

    @property
    def reasons(self) -> list[str]:
        """Name what keeps it from passing, the worst first."""
        flawed = sorted((part.low, name) for name, part in self.parts.items() if part.low < FLAWED)
        return [f"{self.name}: {name} {_worded(self.parts[name])}" for _, name in flawed]


def account_health(account: Account) -> Health:
    """Compute the health of one account."""
    window = account.window or Evidence()
    parts = {
        "match": _rate(window.matched, window.events, _MATCH),
        "agreement": _agreement(window),
        "freshness": UNKNOWN if window.age_h is None else _exactly(_on(_AGE_H, window.age_h)),
        "steadiness": _steadiness(window, account.history[:HISTORY]),
        "duplicates": _rate(window.duplicates, window.events, _FAULTS),
        "validity": _rate(window.rejected, window.events, _FAULTS),
        "currency": UNKNOWN if window.currency is None else _exactly(100.0 * (window.currency == account.currency)),
        "reach": _rate(window.failures, window.calls, _FAILURES),
    }
    return Health(
        account.name, Band(_whole(parts, lambda part: part.low), _whole(parts, lambda part: part.high)), parts
    )


def overall(healths: Sequence[Health]) -> Band:
    """Return the worst account's; without accounts nothing is known."""
    if not healths:
        return UNKNOWN
    return Band(min(one.band.low for one in healths), min(one.band.high for one in healths))


def _whole(parts: Mapping[str, Band], end: Callable[[Band], float]) -> float:
    mean = sum(WEIGHTS[name] * end(part) for name, part in parts.items())
    return round(min(mean, *(end(part) for part in parts.values())), 6)


def _rate(part: int | None, whole: int | None, curve: Curve) -> Band:
    """Judge a share by both ends of its interval."""
    if part is None or not whole:
        return UNKNOWN
    ends = [_on(curve, one) for one in wilson(min(part, whole), whole)]
    return Band(min(ends), max(ends))


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the ends of Wilson's score interval of a share at 95 %."""
    share, square = part / whole, _Z * _Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = _Z / (1 + square / whole) * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return max(0.0, middle - half), min(1.0, middle + half)


def _agreement(window: Evidence) -> Band:
    """Judge how far two measurements of the same differ; nothing on either side is no agreement, but nothing known."""
    counted = _difference(window.conversions, window.conversions_seen, window.conversions_seen)
    paid = _difference(window.revenue, window.revenue_seen, window.conversions_seen)
    return Band(min(counted.low, paid.low), min(counted.high, paid.high))


def _difference(told: float | None, seen: float | None, count: int | None) -> Band:
    if told is None or seen is None or not count or max(told, seen) <= 0 or min(told, seen) < 0:
        return UNKNOWN
    difference, doubt = abs(told - seen) / max(told, seen), 0.5 / math.sqrt(count)
    return Band(_on(_DIFFERENCE, difference + doubt), _on(_DIFFERENCE, difference - doubt))


def _steadiness(window: Evidence, history: Sequence[Evidence]) -> Band:
    """Judge how many earlier windows were like this one, by the figure that fewest vouch for."""
    return_of = [_vouched(_FIGURES[name], window, history) for name in _FIGURES]
    return Band(min(one.low for one in return_of), min(one.high for one in return_of))


def _vouched(figure: Callable[[Evidence], float | None], window: Evidence, history: Sequence[Evidence]) -> Band:
    value = figure(window)
    if value is None:
        return UNKNOWN
    before = [figure(one) for one in history]
    known = [one for one in before if one is not None]
    like = sum(1 for one in known if value > 0 and one > 0 and abs(math.log(value / one)) <= LIKE)
    return Band(_on(_VOUCHED, like), _on(_VOUCHED, like + max(0, VOUCHING - len(known))))


def _order_value(one: Evidence) -> float | None:
    return one.revenue / one.conversions if one.revenue is not None and one.conversions else None


_FIGURES: Mapping[str, Callable[[Evidence], float | None]] = {
    "events": lambda one: one.events,
    "spend": lambda one: one.spend,
    "conversions": lambda one: one.conversions,
    "order_value": _order_value,
}


def _on(curve: Curve, value: float) -> float:
    """Read a broken line, level beyond its ends."""
    if value <= curve[0][0]:
        return float(curve[0][1])
    for (left, low), (right, high) in pairwise(curve):
        if value <= right:
            return low + (high - low) * (value - left) / (right - left)
    return float(curve[-1][1])


def _exactly(value: float) -> Band:
    return Band(value, value)


def _worded(part: Band) -> str:
    return "unknown" if part == UNKNOWN else f"{part.low:.0f}"

"""Windows with a known truth: four accounts with fourteen quiet days before, and one fault in one of them, or none."""

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from core.workloads.customers.trust.evidence import HISTORY, Account, Evidence

PLATFORMS = ("meta", "google", "tiktok", "snapchat")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A window, and what was done to it."""

    fault: str | None
    accounts: list[Account]


@dataclass(frozen=True, slots=True)
class _Nature:
    """What an account is like on quiet days."""

    events: float
    conversion: float
    order: float
    cost: float
    match: float


def windows(count: int, seed: int) -> list[Labelled]:
    """Make as many quiet windows as faulty ones, each fault as often as any other."""
    rng, names = random.Random(seed), list(FAULTS)
    half = count // 2
    return [_window(rng, None) for _ in range(half)] + [
        _window(rng, names[n % len(names)]) for n in range(count - half)
    ]


def _window(rng: random.Random, fault: str | None) -> Labelled:
    struck = rng.randrange(len(PLATFORMS))
    accounts = []
    for place, name in enumerate(PLATFORMS):
        nature = _Nature(
            events=math.exp(rng.uniform(math.log(4_000), math.log(60_000))),
            conversion=rng.uniform(0.02, 0.06),
            order=rng.uniform(30, 120),
            cost=rng.uniform(0.05, 0.2),
            match=rng.uniform(0.74, 0.92),
        )
        history = [_quiet(rng, nature) for _ in range(HISTORY)]
        today: Evidence | None = _quiet(rng, nature)
        if fault is not None and place == struck:
            assert today is not None
            today = FAULTS[fault](rng, today)
        accounts.append(Account(name, "EUR", today, history))
    return Labelled(fault, accounts)


def _quiet(rng: random.Random, nature: _Nature) -> Evidence:
    """Make a quiet day: figures vary by a tenth, two measurements of the same by three in a hundred."""
    events = max(1, round(nature.events * rng.lognormvariate(0, 0.1)))
    seen = max(1, round(events * nature.conversion * rng.lognormvariate(0, 0.05)))
    revenue = seen * nature.order * rng.lognormvariate(0, 0.05)
    return Evidence(
        events=events,
        matched=round(events * min(1.0, nature.match * rng.lognormvariate(0, 0.01))),
        duplicates=round(events * rng.uniform(0, 0.015)),
        rejected=round(events * rng.uniform(0, 0.01)),
        age_h=rng.uniform(0, 1.5),
        conversions=max(1, round(seen * rng.lognormvariate(0, 0.03))),
        conversions_seen=seen,
        revenue=revenue * rng.lognormvariate(0, 0.03),
        revenue_seen=revenue,
        spend=events * nature.cost * rng.lognormvariate(0, 0.08),
        currency="EUR",
        calls=500,
        failures=rng.randrange(6),
    )


def _missing_feed(_rng: random.Random, _today: Evidence) -> Evidence | None:
    return None


def _duplicated(rng: random.Random, today: Evidence) -> Evidence:
    """Send a share of all events again, half of the time without their ids, so that they are counted as new."""
    assert today.events is not None
    assert today.conversions_seen is not None
    assert today.revenue_seen is not None
    share = rng.uniform(0.25, 1.0)
    again = round(today.events * share)
    told = replace(
        today,
        events=today.events + again,
        conversions_seen=round(today.conversions_seen * (1 + share)),
        revenue_seen=today.revenue_seen * (1 + share),
    )
    return replace(told, duplicates=again) if rng.random() < 0.5 else told


def _stalled(rng: random.Random, today: Evidence) -> Evidence:
    """Stop the pixel some hours before the day ends."""
    assert today.events is not None
    assert today.matched is not None
    assert today.conversions_seen is not None
    assert today.revenue_seen is not None
    hours = rng.uniform(8, 23)
    left = 1 - hours / 24
    return replace(
        today,
        events=max(1, round(today.events * left)),
        matched=round(today.matched * left),
        conversions_seen=round(today.conversions_seen * left),
        revenue_seen=today.revenue_seen * left,
        age_h=hours,
    )


def _dead(_rng: random.Random, today: Evidence) -> Evidence:
    """Have the platform answer nothing: spend and conversions are zero or unknown, every call fails."""
    return replace(today, conversions=0, revenue=0.0, spend=0.0, matched=0, failures=today.calls)


def _currency(rng: random.Random, today: Evidence) -> Evidence:
    """Tell sums in another currency, half of the time without saying so."""
    assert today.revenue is not None
    assert today.spend is not None
    rate = rng.choice([0.2, 0.5, 4.0, 11.0, 150.0])
    told = replace(today, revenue=today.revenue * rate, spend=today.spend * rate)
    return replace(told, currency="SEK") if rng.random() < 0.5 else told


FAULTS: Mapping[str, Callable[[random.Random, Evidence], Evidence | None]] = {
    "missing feed": _missing_feed,
    "duplicated events": _duplicated,
    "stalled pixel": _stalled,
    "dead platform": _dead,
    "currency flip": _currency,
}

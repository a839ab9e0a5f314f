"""Windows with a known truth: four accounts with fourteen quiet days before, and one fault in one of them, or none.

Platforms answer by the simulated platform's own code, our side is counted from a feed of the same market's hours, and
both are joined as the collecting job joins them. Only the database is left out.
"""

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.workloads.customers.connectors.simulation.market import Market, hours_of
from core.workloads.customers.operations.collecting import ASKED_EVERY, WINDOW, ask
from core.workloads.customers.trust.evidence import HISTORY, Account, Evidence
from core.workloads.customers.trust.joining import Calls, Measured, join
from customers_trust.unkept import line_by, platform_of
from tests.naps import NapClock

PLATFORMS = ("meta", "google", "tiktok", "snapchat")
END = datetime(2026, 11, 1, tzinfo=UTC)
AWAY = 0.005
"""Share of calls that find nobody on quiet days."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A window, and what was done to it."""

    fault: str | None
    accounts: list[Account]


@dataclass(frozen=True, slots=True)
class _Day:
    """How a day is told of, by the feed and by the platform."""

    match: float
    lag_h: float
    """Hours before the day's end in which nothing comes any more."""
    duplicates: float
    rejected: float
    again: float = 0.0
    """Share of all events that is sent once more."""
    as_new: bool = False
    platform: Mapping[str, Any] = field(default_factory=dict)
    market: Mapping[str, Any] = field(default_factory=dict)


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
        market = Market(
            visits=math.exp(rng.uniform(math.log(4_000), math.log(60_000))),
            conversion=rng.uniform(0.02, 0.06),
            order=rng.uniform(30, 120),
            cost=rng.uniform(0.05, 0.2),
        )
        seed, match = rng.randrange(1 << 31), rng.uniform(0.74, 0.92)
        history = [_told(market, seed, _quiet(rng, match), END - WINDOW * (back + 1)) for back in range(HISTORY)]
        day = _quiet(rng, match)
        if fault is not None and place == struck:
            day = FAULTS[fault](rng, day)
        today = _told(market, seed, day, END, asked=WINDOW // ASKED_EVERY)
        accounts.append(Account(name, market.currency, today, history))
    return Labelled(fault, accounts)


def _quiet(rng: random.Random, match: float) -> _Day:
    return _Day(
        match=min(1.0, match * rng.lognormvariate(0, 0.01)),
        lag_h=rng.uniform(0, 1.5),
        duplicates=rng.uniform(0, 0.015),
        rejected=rng.uniform(0, 0.01),
    )


def _told(market: Market, seed: int, day: _Day, end: datetime, asked: int = 0) -> Evidence:
    """Ask through the day, then for its report, and join that with what the feed brought."""
    settings = {"seed": seed, "shares": {"away": AWAY}, "market": {**asdict(market), **day.market}, **day.platform}
    platform, clock, calls = platform_of(settings), NapClock(), Calls()
    line = line_by(clock)
    for turn in range(asked):
        clock.nap(ASKED_EVERY.total_seconds())
        calls += ask(platform, line, end - WINDOW, end - WINDOW + ASKED_EVERY * turn)[1]
    clock.nap(ASKED_EVERY.total_seconds())
    report, last = ask(platform, line, end - WINDOW, end)
    return Evidence(**join(_measured(market, seed, day, end), report, calls + last))


def _measured(market: Market, seed: int, day: _Day, end: datetime) -> Measured:
    """Count what a feed brings of a day's hours, as the database would."""
    stops, visits, bought, revenue = end - timedelta(hours=day.lag_h), 0, 0, 0.0
    for hour in hours_of(market, seed, end - WINDOW, end):
        share = min(1.0, max(0.0, (stops - hour.at) / timedelta(hours=1)))
        visits, bought = visits + round(hour.visits * share), bought + round(hour.purchases * share)
        revenue += hour.revenue * share
    times = 1 + day.again * day.as_new
    kept, duplicates = round(visits * times), round(visits * (day.duplicates + day.again * (not day.as_new)))
    rejected = round(visits * day.rejected)
    return Measured(
        events=kept + duplicates + rejected,
        matched=round(kept * day.match),
        duplicates=duplicates,
        rejected=rejected,
        age_h=day.lag_h,
        conversions_seen=round(bought * times),
        revenue_seen=round(revenue * times, 2),
    )


def _missing_feed(_rng: random.Random, day: _Day) -> _Day:
    """Have nothing come on the day at all."""
    return replace(day, lag_h=24 + day.lag_h)


def _duplicated(rng: random.Random, day: _Day) -> _Day:
    """Send a share of all events again, half of the time without their ids, so that they are counted as new."""
    return replace(day, again=rng.uniform(0.25, 1.0), as_new=rng.random() < 0.5)


def _stalled(rng: random.Random, day: _Day) -> _Day:
    """Stop the pixel some hours before the day ends."""
    return replace(day, lag_h=rng.uniform(8, 23))


def _dead(rng: random.Random, day: _Day) -> _Day:
    """Have the platform answer nothing, or, half of the time, that there was nothing."""
    return replace(day, market={"told": 0}) if rng.random() < 0.5 else replace(day, platform={"shares": {"away": 1.0}})


def _currency(rng: random.Random, day: _Day) -> _Day:
    """Tell sums in another currency, half of the time without saying so."""
    rate = {"rate": rng.choice([0.2, 0.5, 4.0, 11.0, 150.0])}
    return replace(day, market={**rate, "currency": "SEK"} if rng.random() < 0.5 else rate)


FAULTS: Mapping[str, Callable[[random.Random, _Day], _Day]] = {
    "missing feed": _missing_feed,
    "duplicated events": _duplicated,
    "stalled pixel": _stalled,
    "dead platform": _dead,
    "currency flip": _currency,
}

"""This file is about the market behind a simulated account: what happens hour by hour, drawn by a seed.

The platform tells of it in reports; a feed of events that is made of the same hours tells of the same.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from marshmallow import Schema, fields, post_load
from marshmallow.validate import Range, Regexp

from core.jobs.kind import Number
from core.workloads.customers.connectors.base import AccountReport

HOURS = 24
_SHAPE = [1 + 0.5 * math.sin(2 * math.pi * (hour - 8) / HOURS) for hour in range(HOURS)]
"""Early afternoons are three times as busy as the small hours; the mean is 1."""
_BUSY, _RATES, _COST, _MEASURED = 0.1, 0.05, 0.08, 0.03
"""By how much days differ (standard deviation of the logarithm): visits, what becomes of them, costs; and by how much
what a platform counts differs from what there was."""


@dataclass(frozen=True, slots=True)
class Market:
    """What an account is like on a day, and how its platform tells of it."""

    visits: float = 4_000.0
    conversion: float = 0.04
    order: float = 60.0
    cost: float = 0.1
    """Of a visit."""
    currency: str = "EUR"
    rate: float = 1.0
    """What sums are multiplied by when they are told, whatever currency that is said to be."""
    told: float = 1.0
    """Share of what there was that is told; with 0 the platform answers, and has seen nothing."""


@dataclass(frozen=True, slots=True)
class Hour:
    """What happened in an hour, and what the platform counts of it."""

    at: datetime
    visits: int
    purchases: int
    revenue: float
    spend: float
    counted: int
    counted_revenue: float


@lru_cache(maxsize=4_096)
def day_of(market: Market, seed: int, day: date) -> tuple[Hour, ...]:
    """Return the hours of a day (UTC)."""
    rng = random.Random(f"{seed}/{day}")  # noqa: S311 - a market, not a secret

    def varied(spread: float) -> float:
        return rng.lognormvariate(0, spread)

    visits, conversion = market.visits * varied(_BUSY), market.conversion * varied(_RATES)
    order, cost = market.order * varied(_RATES), market.cost * varied(_COST)
    counted, valued = varied(_MEASURED), varied(_MEASURED)
    midnight, hours = datetime.combine(day, time(), UTC), []
    for hour, shape in enumerate(_SHAPE):
        seen = int(visits * shape / HOURS + rng.random())
        bought = min(seen, int(visits * conversion * shape / HOURS + rng.random()))
        revenue = bought * order * varied(_RATES)
        told = int(bought * counted + rng.random())
        figures = (seen, bought, round(revenue, 2), seen * cost, told, revenue * valued)
        hours.append(Hour(midnight + timedelta(hours=hour), *figures))
    return tuple(hours)


def hours_of(market: Market, seed: int, since: datetime, until: datetime) -> Iterator[Hour]:
    """Yield the hours that begin from one time on and before another."""
    day = since.astimezone(UTC).date()
    while day <= until.astimezone(UTC).date():
        yield from (one for one in day_of(market, seed, day) if since <= one.at < until)
        day += timedelta(days=1)


def report_of(market: Market, seed: int, since: datetime, until: datetime) -> AccountReport:
    """Tell of an account as its platform does."""
    hours = list(hours_of(market, seed, since, until))
    scale = market.told * market.rate
    return AccountReport(
        conversions=round(market.told * sum(one.counted for one in hours)),
        revenue=round(scale * sum(one.counted_revenue for one in hours), 2),
        spend=round(scale * sum(one.spend for one in hours), 2),
        currency=market.currency,
    )


class MarketSettings(Schema):
    """Settings of a market; all may be left out."""

    visits = Number(validate=Range(0, 1e6))
    conversion = Number(validate=Range(0, 1))
    order = Number(validate=Range(0, 1e6))
    cost = Number(validate=Range(0, 1e6))
    currency = fields.String(validate=Regexp(r"^[A-Z]{3}(?![\s\S])", error="Three capital letters (ISO 4217)."))
    rate = Number(validate=Range(0, 1e6))
    told = Number(validate=Range(0, 1))

    @post_load
    def make(self, told: dict[str, Any], **_: Any) -> Market:
        """Make the market."""
        return Market(**told)

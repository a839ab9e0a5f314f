"""Feeds of events that tell of a simulated market as a shop's own pixel would, and what goes wrong with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.clock import rfc3339
from core.workloads.customers.connectors.simulation.market import Hour, Market, hours_of


@dataclass(frozen=True, slots=True)
class Feed:
    """A market's feed; an event is the same whenever it is made."""

    market: Market
    seed: int
    known: float = 0.9
    """Share of visitors who say who they are."""
    people: int = 200

    def events(self, since: datetime, until: datetime, *, mark: str = "") -> Iterator[dict[str, Any]]:
        """Yield what happened in a span; with another mark the events have other ids."""
        for hour in hours_of(self.market, self.seed, since, until):
            for number in range(hour.visits):
                yield self._event(hour, number, mark)

    def _event(self, hour: Hour, number: int, mark: str) -> dict[str, Any]:
        place = (number * 7919 + hour.at.hour * 104_729 + hour.at.toordinal() * 31) % self.people
        who = {"userId": f"u{self.seed}-{place}"}
        if place >= self.known * self.people:
            who = {"anonymousId": f"a{self.seed}-{place}"}
        event = {
            "type": "track",
            "messageId": f"{self.seed}-{hour.at:%Y%m%d%H}-{number}{mark}",
            **who,
            "timestamp": rfc3339(hour.at + timedelta(seconds=3_600 * (number + 0.5) / hour.visits)),
        }
        if number < hour.purchases:
            revenue = round(hour.revenue / hour.purchases, 2)
            bought = {"revenue": revenue, "currency": self.market.currency}
            return {**event, "event": "Order Completed", "properties": bought}
        return {**event, "event": "Page Viewed"}

"""Outages that are put into one account's platform or feed on the present day, and what the gate says of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from core.workloads.customers.operations.collecting import WINDOW
from tests.integration.customers.watched import Watched

Strike = Callable[[Watched, str], None]
"""Has what happened on the present day sent, but for what is wrong with one account."""


def _missing_feed(world: Watched, name: str) -> None:
    world.send(besides=[name])


def _sent_again(world: Watched, name: str, mark: str = "") -> None:
    world.send()
    again = list(world.feeds[name].events(world.day, world.day + WINDOW, mark=mark))
    world.take_in(name, again[: len(again) * 2 // 3])


def _sent_again_as_new(world: Watched, name: str) -> None:
    _sent_again(world, name, f"-{world.day:%j}")


def _stalled_pixel(world: Watched, name: str) -> None:
    world.send(besides=[name])
    world.take_in(name, list(world.feeds[name].events(world.day, world.day + timedelta(hours=10))))


def _broken_events(world: Watched, name: str) -> None:
    world.send()
    world.take_in(name, [{"type": "track"}] * int(world.visits * 0.4))


def _with_settings(**faults: Any) -> Strike:
    def strike(world: Watched, name: str) -> None:
        world.send()
        world.give(name, world.settings(name, **faults))

    return strike


OUTAGES: Mapping[str, Sequence[tuple[Strike, str]]] = {
    "missing feed": [(_missing_feed, "match unknown")],
    "duplicated events": [(_sent_again, "duplicates"), (_sent_again_as_new, "agreement")],
    "stalled pixel": [(_stalled_pixel, "freshness")],
    "dead platform": [
        (_with_settings(shares={"away": 1.0}), "agreement unknown"),
        (_with_settings(market={"told": 0}), "steadiness"),
    ],
    "currency flip": [
        (_with_settings(market={"currency": "SEK", "rate": 11}), "currency 0"),
        (_with_settings(market={"rate": 11}), "steadiness"),
    ],
    "events set aside": [(_broken_events, "validity")],
}
"""Where there are two, the second is a variant."""

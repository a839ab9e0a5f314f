"""Reports of accounts: the same whenever they are asked for, as they are declared to be; each call counted."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from marshmallow import ValidationError

from core.errors import PenstockError
from core.platform.breakers.breaker import Breakers
from core.platform.breakers.memory import MemoryStore
from core.workloads.customers.connectors.base import (
    AccountReport,
    OutcomeUnknown,
    PlatformAway,
    PlatformBusy,
    PlatformRefused,
)
from core.workloads.customers.connectors.simulated_ads import SimulatedAds
from core.workloads.customers.connectors.simulation.faults import FaultSettings, read_faults
from core.workloads.customers.connectors.simulation.market import Market, report_of
from core.workloads.customers.operations.collecting import ask, ends_of
from core.workloads.customers.operations.lines import PATIENCE_S, Line
from core.workloads.customers.trust.joining import Calls, Measured, join
from tests.feeds import Feed
from tests.naps import NapClock

DAY = datetime(2026, 11, 1, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)
TOLD = AccountReport(40, 2_400.0, 300.0, "EUR")


def test_a_day_is_the_sum_of_its_hours_and_the_same_each_time() -> None:
    market = Market()
    whole = report_of(market, 1, DAY, NEXT)
    hours = [DAY + timedelta(hours=hour) for hour in range(25)]
    parts = [report_of(market, 1, since, until) for since, until in pairwise(hours)]
    assert sum(one.conversions for one in parts) == whole.conversions > 100
    assert sum(one.revenue for one in parts) == pytest.approx(whole.revenue, abs=0.2)
    assert whole == report_of(market, 1, DAY, NEXT) != report_of(market, 2, DAY, NEXT)
    assert report_of(market, 1, DAY + timedelta(minutes=1), DAY + timedelta(hours=1)).conversions == 0


def test_a_feed_of_the_same_market_agrees_with_the_report() -> None:
    market = Market()
    events = list(Feed(market, 1).events(DAY, NEXT))
    bought = [one["properties"]["revenue"] for one in events if one["event"] == "Order Completed"]
    told = report_of(market, 1, DAY, NEXT)
    assert told.conversions == pytest.approx(len(bought), rel=0.15)
    assert told.revenue == pytest.approx(sum(bought), rel=0.2)
    assert len({one["messageId"] for one in events}) == len(events)


def test_sums_are_told_as_the_settings_say() -> None:
    plain = report_of(Market(), 1, DAY, NEXT)
    flipped = report_of(read_faults({"market": {"rate": 11, "currency": "SEK"}}).market, 1, DAY, NEXT)
    assert (flipped.currency, flipped.conversions) == ("SEK", plain.conversions)
    assert (flipped.revenue, flipped.spend) == pytest.approx((11 * plain.revenue, 11 * plain.spend), rel=1e-3)
    assert report_of(Market(told=0), 1, DAY, NEXT) == AccountReport(0, 0.0, 0.0, "EUR")


@pytest.mark.parametrize("market", [{"currency": "eur"}, {"told": 1.1}, {"visits": -1}, {"mood": "good"}])
def test_settings_that_mean_nothing_are_refused(market: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FaultSettings().load({"market": market})


class Unlucky(SimulatedAds):
    """A platform that raises these one after the other, then answers."""

    def __init__(self, *troubles: PenstockError) -> None:
        object.__setattr__(self, "host", list(troubles))

    def account_report(self, since: datetime, until: datetime) -> AccountReport:  # noqa: ARG002 - the platform's way
        troubles: list[PenstockError] = self.host  # type: ignore[assignment]  # nothing else of it is used
        if troubles:
            raise troubles.pop(0)
        return TOLD


@pytest.mark.parametrize(
    ("troubles", "report", "calls"),
    [
        ([], TOLD, Calls(1, 0)),
        ([PlatformAway(), PlatformAway()], TOLD, Calls(3, 2)),
        ([PlatformAway()] * 3, None, Calls(3, 3)),
        ([OutcomeUnknown()], None, Calls(1, 1)),
        ([PlatformRefused()], None, Calls(1, 1)),
        ([PlatformBusy(retry_after_s=1.0)], TOLD, Calls(2, 0)),
        ([PlatformBusy(retry_after_s=PATIENCE_S + 1)], None, Calls(1, 0)),
    ],
    ids=["well", "away twice", "away", "time-out", "refused", "busy", "busy for long"],
)
def test_each_call_is_counted(troubles: list[PenstockError], report: AccountReport | None, calls: Calls) -> None:
    clock = NapClock()
    line = Line("platform:t", Breakers(MemoryStore(), clock), pause=clock.nap, clock=clock.monotonic)
    assert ask(Unlucky(*troubles), line, DAY, NEXT) == (report, calls)


def test_a_platform_that_is_left_alone_counts_as_one_that_failed() -> None:
    clock = NapClock()
    line = Line("platform:t", Breakers(MemoryStore(), clock), pause=clock.nap, clock=clock.monotonic)
    platform = Unlucky(*[PlatformAway()] * 9)
    asked = [ask(platform, line, DAY, NEXT)[1] for _ in range(3)]
    assert asked == [Calls(3, 3), Calls(3, 3), Calls(1, 1)]


def test_what_nobody_measured_or_told_stays_unknown() -> None:
    measured = Measured(9, 8, 1, 0, None, 3, 30.0)
    assert join(None, None, Calls(3, 3)) == {"calls": 3, "failures": 3}
    assert "age_h" not in join(measured, None, Calls())
    whole = join(measured, TOLD, Calls(1, 0))
    assert (whole["conversions"], whole["conversions_seen"], whole["currency"]) == (40, 3, "EUR")


@pytest.mark.parametrize(("minutes", "back"), [(59, 1), (60, 0)], ids=["just before", "settled"])
def test_a_window_is_over_an_hour_after_its_end(minutes: int, back: int) -> None:
    newest, before = ends_of(NEXT + timedelta(minutes=minutes), 2)
    assert newest == NEXT - timedelta(days=back)
    assert newest - before == timedelta(days=1)

"""The gate on evidence from the platforms themselves: quiet days raise trust, each outage takes it back, by name."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from core.workloads.customers.operations import collecting, disconnecting, signals
from core.workloads.customers.operations.collecting import WINDOW
from core.workloads.customers.operations.disconnecting import ConnectionInUse
from core.workloads.customers.operations.trust_models import AccountHourRow, AccountRow
from tests.integration.customers.outages import OUTAGES
from tests.integration.customers.watched import PLATFORMS, Watched

STRUCK = "meta"


@pytest.fixture
def watched(tenant_id: UUID, transact: Any) -> Watched:
    """Four connected accounts."""
    return Watched(tenant_id, transact)


def test_quiet_days_raise_trust_and_each_fault_takes_it_back_until_days_are_quiet_again(watched: Watched) -> None:
    assert watched.ask(watched.day).verdict == "hold"
    watched.fill_history()
    assert watched.quiet_days(3) == ["hold", "hold", "pass"]
    assert watched.ask(watched.day + collecting.PATIENCE, "increase_budget").verdict == "pass"
    each = [(name, *variant) for name, variants in OUTAGES.items() for variant in variants]
    for place, (name, strike, reason) in enumerate(each):
        struck = PLATFORMS[place % len(PLATFORMS)]
        strike(watched, struck)
        said = watched.pass_day()
        assert said.verdict in {"hold", "block"}, name
        assert any(one.startswith(f"{struck}: {reason}") for one in said.reasons), (name, said.reasons)
        assert all(one.startswith(struck) for one in said.reasons), (name, said.reasons)
        watched.give(struck, watched.settings(struck))
        if place in {0, len(each) - 1}:
            assert watched.quiet_days(3)[1:] == [said.verdict, "pass"], name


def test_a_window_is_collected_once_and_says_what_was_measured_and_told(watched: Watched) -> None:
    watched.send()
    watched.day += WINDOW
    too_early = watched.collect(watched.day + timedelta(minutes=59))
    assert (too_early.accounts, {end for _, end in too_early.told}) == (4, {watched.day - WINDOW})
    now = watched.day + collecting.SETTLED
    assert sorted(watched.collect(now).told) == [(name, watched.day) for name in PLATFORMS]
    with watched.transact() as session:
        before = {
            row.window_end: row.evidence for row in signals.list_signals(session, watched.tenant_id, "meta", limit=9)
        }
    happened = list(watched.feeds["meta"].events(watched.day - WINDOW, watched.day))
    bought = [one for one in happened if one["event"] == "Order Completed"]
    told = before[watched.day]
    assert (told["events"], told["duplicates"], told["rejected"]) == (len(happened), 0, 0)
    assert told["conversions_seen"] == len(bought)
    assert told["revenue_seen"] == pytest.approx(sum(one["properties"]["revenue"] for one in bought))
    assert 0.8 < told["matched"] / told["events"] < 1
    assert 0.8 < told["conversions"] / told["conversions_seen"] < 1.25
    assert (told["currency"], told["age_h"] < 1, told["failures"]) == ("EUR", True, 0)
    watched.take_in("meta", list(watched.feeds["google"].events(watched.day - WINDOW, watched.day)))
    assert watched.collect(now + timedelta(minutes=30)).told == []
    with watched.transact() as session:
        found = signals.list_signals(session, watched.tenant_id, "meta", limit=9)
        assert {row.window_end: row.evidence for row in found} == before


def test_a_platform_that_does_not_answer_is_waited_for_and_then_told_of_as_unknown(watched: Watched) -> None:
    """Nobody is told of until then: an account that alone were silent would take trust away for all."""
    watched.send()
    watched.day += WINDOW
    watched.give(STRUCK, watched.settings(STRUCK, shares={"away": 1.0}))
    waiting = watched.collect(watched.day + collecting.PATIENCE - timedelta(seconds=1))
    assert (waiting.told, waiting.unanswered) == ([], {STRUCK})
    outcome = watched.collect(watched.day + collecting.PATIENCE)
    assert (len(outcome.told), outcome.unanswered) == (4, {STRUCK})
    with watched.transact() as session:
        (row,) = signals.list_signals(session, watched.tenant_id, STRUCK, limit=9)
        hours = session.scalars(select(AccountHourRow)).all()
    assert not {"conversions", "revenue", "spend", "currency"} & set(row.evidence)
    assert row.evidence["events"] > 0
    assert row.evidence["calls"] == row.evidence["failures"] >= 3
    assert sum(one.calls for one in hours) - sum(one.failures for one in hours) == 6


def test_an_answer_that_comes_in_time_is_told(watched: Watched) -> None:
    watched.send()
    watched.day += WINDOW
    watched.give(STRUCK, watched.settings(STRUCK, script={"account_report": ["away"] * 3}))
    assert watched.collect(watched.day + collecting.SETTLED).told == []
    assert len(watched.collect(watched.day + collecting.SETTLED + timedelta(minutes=15)).told) == 4


def test_an_account_is_asked_each_quarter_of_an_hour_while_it_is_connected(watched: Watched) -> None:
    def due(now: Any) -> int:
        with watched.transact() as session:
            mine = "SELECT count(*) FROM customer_accounts"
            assert session.scalar(text(mine)) == 4
            return len(session.scalars(select(AccountRow.id).where(collecting.is_due(now))).all())

    now = watched.day + timedelta(hours=5)
    assert due(now) == 4
    watched.collect(now)
    assert due(now + collecting.ASKED_EVERY - timedelta(seconds=1)) == 0
    with watched.transact() as session:
        signals.change(session, watched.tenant_id, "google", {"connection": None})
        with pytest.raises(ConnectionInUse, match="accounts tiktok"):
            disconnecting.disconnect(session, watched.tenant_id, "tiktok")
        disconnecting.disconnect(session, watched.tenant_id, "tiktok", force=True)
    assert due(now + collecting.ASKED_EVERY) == 2


def test_without_a_source_nothing_is_known_of_ones_own(watched: Watched) -> None:
    watched.send()
    watched.day += WINDOW
    with watched.transact() as session:
        signals.change(session, watched.tenant_id, STRUCK, {"source": None})
    watched.collect(watched.day + collecting.SETTLED)
    with watched.transact() as session:
        (row,) = signals.list_signals(session, watched.tenant_id, STRUCK, limit=9)
    assert set(row.evidence) == {"conversions", "revenue", "spend", "currency", "calls", "failures"}

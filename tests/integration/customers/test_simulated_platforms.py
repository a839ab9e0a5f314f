"""Simulated platforms on the real database: what they do outlives whoever asked; they are as unlucky as declared."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.clock import utc_now
from core.workloads.customers.connectors.base import (
    CRM_ROWS_AT_ONCE,
    ROWS_AT_ONCE,
    AdPlatform,
    Connection,
    Crm,
    Members,
    OutcomeUnknown,
    PlatformAway,
    PlatformBusy,
    PlatformRefused,
    Upsert,
)
from core.workloads.customers.operations import connections


def test_rows_that_come_twice_are_counted(ads: Callable[..., AdPlatform]) -> None:
    platform = ads()
    audience = platform.create_audience("ours-1", "Regulars")
    assert platform.add_members(audience, "b1", ["a", "b", "c"]).received == 3
    assert platform.count_members(audience) == Members(3, 0)
    platform.remove_members(audience, "b2", ["b"])
    platform.add_members(audience, "b3", ["b", "d"])
    assert platform.count_members(audience) == Members(4, 0)
    platform.add_members(audience, "b4", ["a", "e", "e"])
    platform.remove_members(audience, "b5", ["never there"])
    assert platform.count_members(audience) == Members(5, 3)
    assert platform.find_audiences("ours-1") == [audience]


def test_a_request_carries_so_many_rows_and_no_more(ads: Callable[..., AdPlatform]) -> None:
    platform = ads()
    audience = platform.create_audience("ours", "All")
    assert platform.add_members(audience, "b1", [f"k{n}" for n in range(ROWS_AT_ONCE)]).received == ROWS_AT_ONCE
    with pytest.raises(PlatformRefused):
        platform.add_members(audience, "b2", [f"k{n}" for n in range(ROWS_AT_ONCE + 1)])


def test_a_batch_whose_answer_was_lost_is_found(ads: Callable[..., AdPlatform]) -> None:
    platform = ads(script={"add_members": ["unanswered", "lost"]})
    audience = platform.create_audience("ours", "All")
    with pytest.raises(OutcomeUnknown):
        platform.add_members(audience, "b1", ["a"])
    with pytest.raises(OutcomeUnknown):
        platform.add_members(audience, "b2", ["b"])
    found = platform.find_batch(audience, "b1")
    assert found is not None
    assert found.received == 1
    assert platform.find_batch(audience, "b2") is None
    assert platform.count_members(audience) == Members(1, 0)


def test_some_rows_are_refused_each_batch_anew(ads: Callable[..., AdPlatform]) -> None:
    platform = ads(seed=3, refused_rows=0.1)
    audience = platform.create_audience("ours", "All")
    rows = [f"k{n}" for n in range(1000)]
    receipt = platform.add_members(audience, "b1", rows)
    assert 60 <= len(receipt.refused) <= 140
    assert receipt.received == 1000 - len(receipt.refused)
    assert platform.find_batch(audience, "b1") == receipt
    left = [rows[place] for place in receipt.refused]
    assert platform.add_members(audience, "b2", left).received > len(left) / 2
    assert platform.count_members(audience).repeated == 0


def test_what_is_created_rests_until_it_is_activated(ads: Callable[..., AdPlatform]) -> None:
    platform = ads()
    campaign = platform.create("campaign", "c-1", {"daily_budget": 50.0})
    ad_set = platform.create("ad_set", "c-1/set", {}, campaign)
    with pytest.raises(PlatformRefused):
        platform.create("ad", "c-1/ad", {}, campaign)
    platform.create("ad", "c-1/ad", {}, ad_set)
    assert platform.active_campaigns() == []
    today = utc_now().date()
    assert platform.report(campaign, today).spend == 0
    platform.activate(campaign)
    platform.set_budget(campaign, 60.0)
    (running,) = platform.active_campaigns()
    assert (running.id, running.status, running.daily_budget) == (campaign, "active", 60.0)
    told = platform.report(campaign, today)
    assert 0 < told.spend <= 60
    assert told == platform.report(campaign, today)
    assert platform.report(campaign, today - timedelta(days=1)).spend == 0
    platform.pause(campaign)
    assert platform.active_campaigns() == []
    platform.delete(campaign)
    assert platform.find("c-1/ad") == []
    platform.delete(campaign)


def test_creating_twice_makes_two_and_both_are_found(ads: Callable[..., AdPlatform]) -> None:
    platform = ads(script={"create_campaign": ["unanswered"]})
    with pytest.raises(OutcomeUnknown):
        platform.create("campaign", "c-1", {})
    second = platform.create("campaign", "c-1", {})
    assert [one.id for one in platform.find("c-1")][1:] == [second]


def test_a_rate_limit_says_how_long_to_wait(ads: Callable[..., AdPlatform], transact: Any) -> None:
    platform = ads(calls_per_minute=2)
    platform.find("x")
    platform.find("x")
    with pytest.raises(PlatformBusy) as busy:
        platform.find("x")
    assert 0 < (busy.value.retry_after_s or 0) <= 60
    with transact() as session:
        session.execute(text("UPDATE customer_simulations SET minute_began_at = now() - interval '1 minute'"))
    assert platform.find("x") == []


def test_outages_and_shares_are_the_same_each_time(connect: Callable[..., Connection], transact: Any) -> None:
    def fates(name: str) -> list[str]:
        settings = {"seed": 5, "outages": [[3, 4]], "shares": {"away": 0.3, "lost": 0.2}}
        platform = connections.reach_ads(connect(name=name, **settings), transact)
        told = []
        for _ in range(40):
            try:
                platform.find("x")
                told.append("ok")
            except (PlatformAway, OutcomeUnknown) as error:
                told.append(error.code)
        return told

    first = fates("one")
    assert first == fates("two")
    assert first[2:4] == ["platform_away"] * 2
    assert {"ok", "platform_away", "platform_outcome_unknown"} == set(first)


def test_a_crm_tells_of_changes_in_their_order(crm: Callable[..., Crm]) -> None:
    contacts = crm()
    assert contacts.changes(None, None, 10) == []
    refused = contacts.upsert([Upsert("a@x.io", {"city": "Rome"}), Upsert("nobody", {}), Upsert("b@x.io", {})])
    assert list(refused) == [1]
    first, second = contacts.changes(None, None, 10)
    assert (first.key, first.fields) == ("a@x.io", {"city": "Rome"})
    assert contacts.changes(first.changed_at, first.id, 10) == [second]
    assert contacts.changes(first.changed_at, None, 10) == [first, second]
    contacts.upsert([Upsert("a@x.io", {"tier": "gold"})])
    (changed,) = contacts.changes(second.changed_at, second.id, 10)
    assert (changed.id, changed.fields) == (first.id, {"city": "Rome", "tier": "gold"})
    contacts.delete(second.id)
    contacts.delete("nobody")
    (gone,) = contacts.changes(changed.changed_at, changed.id, 10)
    assert gone.deleted
    assert "b@x.io" not in repr(gone)
    with pytest.raises(PlatformRefused):
        contacts.upsert([Upsert(f"{n}@x.io", {}) for n in range(CRM_ROWS_AT_ONCE + 1)])


def test_a_day_is_a_date(ads: Callable[..., AdPlatform]) -> None:
    with pytest.raises(PlatformRefused):
        ads().report("campaign-1", date(2026, 1, 1))

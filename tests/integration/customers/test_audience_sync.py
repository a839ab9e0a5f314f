"""Audiences: killed at any point and resumed, no row goes twice and none is missed; consent holds until the sending."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from core.ids import uuid7
from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.customers import audience_jobs
from core.workloads.customers.connectors.base import Connection, OutcomeUnknown, PlatformAway
from core.workloads.customers.contacts import Contact
from core.workloads.customers.operations import audiences, erasing, people, planning, sources, sweeping, syncing
from tests.integration.customers.shop import Killed, Shop, Transact, digest, email


@pytest.fixture
def shop(tenant_id: UUID, transact: Transact, connect: Callable[..., Connection]) -> Callable[..., Shop]:
    return lambda **settings: Shop(tenant_id, transact, connect(**settings))


@pytest.fixture(autouse=True)
def small_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let three rows be a request, so that few people fill several."""
    monkeypatch.setattr(planning, "ROWS_AT_ONCE", 3)


def test_a_plan_tells_the_counts_and_only_differences_are_sent(shop: Callable[..., Shop]) -> None:
    ours = shop()
    ours.welcome(1, 2, 3, 4, 5, 6, 7)
    ours.welcome(8, agreed=False)
    first = ours.plan()
    assert (first.counts["members"], first.counts["without_consent"], first.counts["add"]) == (8, 1, 7)
    assert not first.needs_confirmation
    assert ours.apply(first) | {"plan": "", "audience": ""} == {
        "plan": "",
        "audience": "",
        "added": 7,
        "removed": 0,
        "suppressed": 0,
        "refused": 0,
    }
    assert ours.counted() == (7, 0)
    assert ours.sent() == ours.acknowledged() == {digest(email(number)) for number in range(1, 8)}
    ours.welcome(9)
    ours.say(1, granted=False, days=1)
    second = ours.plan()
    assert (second.counts["add"], second.counts["remove"], second.counts["unchanged"]) == (1, 1, 6)
    ours.apply(second)
    assert ours.counted() == (7, 0)
    assert digest(email(1)) not in ours.sent()
    assert ours.apply(second) == {**ours.apply(second)}  # again it changes nothing
    assert ours.counted() == (7, 0)


def test_killed_at_any_point_and_resumed_no_row_goes_twice_and_none_is_missed(
    shop: Callable[..., Shop],
) -> None:
    """Each round has a plan with removals and additions; its job dies after one more step than in the round before."""
    ours = shop()
    ours.welcome(*range(10))
    ours.apply(ours.plan())
    kills, steps = 0, 1
    while True:
        stay, go = {n for n in range(10) if (n + steps) % 5}, {n for n in range(10) if not (n + steps) % 5}
        for number in range(10):
            ours.say(number, granted=number in stay, days=steps)
        assert len(go) == 2
        plan, job = ours.plan(), uuid7()
        try:
            ours.apply(plan, steps=steps, job=job)
            killed = False
        except Killed:
            killed = True
            ours.apply(plan, job=job)
        expected = {digest(email(number)) for number in stay}
        assert ours.sent() == ours.acknowledged() == expected, f"killed after {steps} steps"
        assert ours.counted() == (8, 0), f"killed after {steps} steps"
        if not killed:
            break
        kills, steps = kills + 1, steps + 1
    assert kills > 20


@pytest.mark.parametrize("fate", ["away", "lost", "unanswered"])
@pytest.mark.parametrize("operation", ["create_audience", "add_members", "find_batch"])
def test_whatever_became_of_a_call_the_next_attempt_goes_on(
    shop: Callable[..., Shop], operation: str, fate: str
) -> None:
    script = {operation: ["ok", fate] if operation == "add_members" else [fate]}
    ours = shop(script={"add_members": ["lost"], **script} if operation == "find_batch" else script)
    ours.welcome(*range(7))
    plan, job, attempts = ours.plan(), uuid7(), 1
    while True:
        try:
            ours.apply(plan, job=job)
            break
        except (OutcomeUnknown, PlatformAway):
            attempts += 1
            assert attempts < 6
    assert attempts > 1
    assert ours.counted() == (7, 0)
    assert len(ours.platform.find_audiences(f"audience/{plan.audience_id}")) == 1


def test_consent_withdrawn_between_plan_and_send_is_honoured(shop: Callable[..., Shop]) -> None:
    ours = shop()
    ours.welcome(1, 2, 3, 4)
    plan = ours.plan()
    ours.say(2, granted=False, days=1)
    with ours.transact() as session:
        sources.lock_people(session, ours.tenant_id)
        person = people.find_by_contact(session, ours.tenant_id, Contact("email", email(3))).id
        erasing.erase(session, ours.tenant_id, person)
    assert ours.apply(plan)["added"] == 2
    assert ours.sent() == {digest(email(1)), digest(email(4))}


def test_who_is_erased_is_removed_and_many_removals_are_confirmed_first(shop: Callable[..., Shop]) -> None:
    ours = shop()
    ours.welcome(1, 2, 3)
    ours.apply(ours.plan())
    with ours.transact() as session:
        sources.lock_people(session, ours.tenant_id)
        person = people.find_by_contact(session, ours.tenant_id, Contact("email", email(3))).id
        erasing.erase(session, ours.tenant_id, person)
    plan = ours.plan()
    assert plan.needs_confirmation
    with pytest.raises(syncing.RemovalUnconfirmed):
        ours.apply(plan)
    ours.apply(plan, confirm=True)
    assert ours.sent() == ours.acknowledged() == {digest(email(1)), digest(email(2))}
    with ours.transact() as session, pytest.raises(audiences.AudienceInUse):
        audiences.remove(session, ours.tenant_id, "all")


@pytest.mark.parametrize(("leaving", "confirmed"), [(3, False), (4, True)], ids=["30 %", "more"])
def test_up_to_three_tenths_are_removed_without_a_word(
    shop: Callable[..., Shop],
    leaving: int,
    confirmed: bool,  # noqa: FBT001 - pytest gives it
) -> None:
    ours = shop()
    ours.welcome(*range(10))
    ours.apply(ours.plan())
    for number in range(leaving):
        ours.say(number, granted=False, days=1)
    plan = ours.plan()
    assert (plan.counts["remove"], plan.needs_confirmation) == (leaving, confirmed)
    if confirmed:
        with pytest.raises(syncing.RemovalUnconfirmed):
            ours.apply(plan)
    ours.apply(plan, confirm=confirmed)
    assert ours.counted() == (10 - leaving, 0)


def test_a_sync_by_itself_that_waits_for_a_word_raises_an_alert_until_it_has_it(shop: Callable[..., Shop]) -> None:
    ours = shop()
    with ours.transact() as session:
        audiences.change(session, ours.tenant_id, "all", {"sync_every_s": 3600})
    ours.welcome(1, 2, 3)
    ours.apply(ours.plan())
    assert ours.alerts() == []
    ours.say(1, granted=False, days=1)
    plan = ours.plan()
    assert ours.alerts() == [("warning", "The audience all is not synced: 1 of 3 members would be removed")]
    with ours.transact() as session:
        assert sweeping.ready(session, ours.tenant_id) == []
    ours.apply(plan, confirm=True)
    assert ours.alerts() == []


def test_rows_that_a_platform_refuses_come_again(shop: Callable[..., Shop]) -> None:
    ours = shop(refused_rows=0.3)
    ours.welcome(*range(12))
    refused = 0
    while (plan := ours.plan()).counts["add"]:
        told = ours.apply(plan)
        refused += told["refused"]
        assert told["added"] + told["refused"] == plan.counts["add"]
    assert refused > 0
    assert ours.counted() == (12, 0)


def test_a_later_plan_takes_the_place_of_one_that_waits(shop: Callable[..., Shop]) -> None:
    ours = shop()
    ours.welcome(1)
    first, second = ours.plan(), ours.plan()
    with pytest.raises(syncing.PlanOver):
        ours.apply(first)
    ours.apply(second)
    assert ours.counted() == (1, 0)


def test_addresses_that_a_vendor_takes_for_one_stay_while_one_of_them_stays(
    tenant_id: UUID, transact: Transact, connect: Callable[..., Connection]
) -> None:
    ours = Shop(tenant_id, transact, connect())
    with transact() as session:
        session.execute(text("UPDATE customer_audiences SET vendor = 'tiktok'"))
    ours.welcome(1)
    other = "p1+news@example.com"
    ours.meet("u-x", other)
    ours.say(other, granted=True)
    ours.refresh()
    ours.apply(ours.plan())
    assert ours.sent() == {digest(email(1))}
    with transact() as session:
        held = session.scalar(text("SELECT identifier_id FROM customer_acknowledged"))
        known = people.find_identifier(session, tenant_id, Contact("email", email(1)))
    assert known is not None
    ours.say(email(1) if known.id == held else other, granted=False, days=1)
    plan = ours.plan()
    assert (plan.counts["add"], plan.counts["remove"]) == (0, 0)
    assert ours.acknowledged() == {digest(email(1))}


def test_an_audience_is_written_as_a_file(tenant_id: UUID, transact: Transact) -> None:
    ours = Shop(tenant_id, transact, None)
    ours.welcome(1, 2)
    ours.welcome(3, agreed=False)
    recorder = MemoryRecorder(tenant_id=tenant_id, transact=lambda _tenant: transact())
    told = audience_jobs.export({"audience": "all"}, JobContext(uuid7(), 1, 7, recorder))
    assert (told["found"], told["rows"]) == (True, 2)
    lines = recorder.artifacts["audience.csv"][0].decode().splitlines()
    assert lines == ["email", *sorted([digest(email(1)), digest(email(2))], key=lines.index)]
    with pytest.raises(syncing.AudienceGoesNowhere):
        ours.apply(ours.plan())

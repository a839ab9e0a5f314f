"""Events are published with the fact that they tell of, numbered in the order in which everybody hears of them."""

from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import text

from core import redis as redis_client
from core.database import Database
from core.platform.access import Principal, Role
from core.platform.bus import history, numbering, publishing
from core.platform.bus.carrying import BEGUN_WITH, STREAM, EventCarrier
from core.platform.bus.publishing import EventUnfit
from core.platform.bus.topic import News
from core.platform.domains.topics import WINDOW_READY
from tests.conftest import make_principal
from tests.integration.bus.conftest import window_ready


@pytest.fixture
def bus(redis_url: str) -> Redis:
    return redis_client.connect(redis_url)


@pytest.fixture
def carrier(database: Database, bus: Redis) -> EventCarrier:
    return EventCarrier(database, bus)


def stream_of(bus: Redis) -> list[str]:
    entries: Any = bus.xrange(STREAM)
    return [entry[0] for entry in entries]


def test_an_event_is_heard_once_its_transaction_commits_and_not_at_all_otherwise(
    database: Database, admin: Principal, dispatch: Callable[[], int], heard: Callable[..., list[Any]]
) -> None:
    with database.transaction() as session:
        publishing.publish(session, admin.tenant_id, [window_ready(1)])
        session.rollback()
    assert dispatch() == 0
    with database.transaction() as session:
        publishing.publish(session, admin.tenant_id, [window_ready(2)])
        assert heard() == []
    assert dispatch() == 1
    assert [event.data["index"] for event in heard()] == [2]


def test_what_the_topic_does_not_document_is_refused(database: Database, admin: Principal) -> None:
    with database.transaction() as session, pytest.raises(EventUnfit, match="rows"):
        publishing.publish(session, admin.tenant_id, [News(WINDOW_READY, "x", {"name": "a", "index": 1})])


def test_numbers_follow_the_order_of_commits(
    database: Database, admin: Principal, dispatch: Callable[[], int], heard: Callable[..., list[Any]]
) -> None:
    """Given an event inserted first that commits last, whoever has read up to the other still meets it."""
    with database.transaction() as slow:
        publishing.publish(slow, admin.tenant_id, [window_ready(1)])
        with database.transaction() as quick:
            publishing.publish(quick, admin.tenant_id, [window_ready(2)])
        dispatch()
        read_up_to = heard()[-1].seq
    dispatch()
    assert [event.data["index"] for event in heard() if event.seq > read_up_to] == [1]


def test_only_one_relay_numbers_at_a_time(database: Database, publish: Callable[..., None]) -> None:
    publish(1, 2, 3)
    with database.transaction() as first, database.transaction() as second:
        assert len(numbering.number_new(first)) == 3
        assert list(numbering.number_new(second)) == []


def test_figures_tell_published_and_lagging(
    database: Database, admin: Principal, publish: Callable[..., None], dispatch: Callable[[], int]
) -> None:
    publish(1, 2)
    dispatch()
    publish(3)
    with database.transaction() as session:
        figures = history.statistics(session, admin.tenant_id)[WINDOW_READY.name]
    assert (figures.published, figures.delivered, figures.lagging) == (3, 0, 1)


def test_a_tenant_hears_nothing_of_another(
    database: Database, publish: Callable[..., None], dispatch: Callable[[], int]
) -> None:
    other = make_principal(database, "other", Role.ADMIN)
    publish(1)
    dispatch()
    with database.transaction() as session:
        assert list(history.list_events(session, other.tenant_id, limit=10, after=0)) == []


def test_old_events_are_forgotten(
    database: Database, admin: Principal, publish: Callable[..., None], dispatch: Callable[[], int]
) -> None:
    publish(1, 2)
    dispatch()
    with database.transaction() as session:
        session.execute(text("UPDATE bus_events SET at = at - interval '15 days' WHERE data ->> 'index' = '1'"))
        now = session.execute(text("SELECT now()")).scalar_one()
        assert history.forget_old(session, now) == 1
        assert len(history.list_events(session, admin.tenant_id, limit=10)) == 1


def test_redis_gets_each_event_once_under_its_number(
    publish: Callable[..., None],
    dispatch: Callable[[], int],
    heard: Callable[..., list[Any]],
    carrier: EventCarrier,
    bus: Redis,
) -> None:
    publish(1, 2)
    dispatch()
    assert carrier.carry() == 2
    assert carrier.carry() == 0
    publish(3)
    dispatch()
    carrier.carry()
    assert stream_of(bus) == [f"{event.seq}-0" for event in heard()]


def test_a_second_carrier_that_saw_an_older_end_adds_nothing_twice(
    publish: Callable[..., None],
    dispatch: Callable[[], int],
    carrier: EventCarrier,
    bus: Redis,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(1, 2)
    dispatch()
    late = EventCarrier(carrier.database, bus)
    before = late._last()
    carrier.carry()
    monkeypatch.setattr(EventCarrier, "_last", lambda _self: before)
    late.carry()
    assert len(stream_of(bus)) == 2


def test_a_redis_that_forgot_everything_is_given_the_latest_events(
    publish: Callable[..., None],
    dispatch: Callable[[], int],
    heard: Callable[..., list[Any]],
    carrier: EventCarrier,
    bus: Redis,
) -> None:
    publish(*range(BEGUN_WITH + 5))
    dispatch()
    dispatch()
    dispatch()
    carrier.carry()
    bus.flushdb()
    carrier.carry()
    with carrier.database.transaction() as session:
        newest = session.execute(text("SELECT max(seq) FROM bus_events")).scalar_one()
    assert stream_of(bus)[-1] == f"{newest}-0"
    assert len(stream_of(bus)) == BEGUN_WITH


def test_a_redis_that_is_away_holds_nobody_up(database: Database, publish: Callable[..., None]) -> None:
    nowhere = EventCarrier(database, redis_client.connect("redis://127.0.0.1:1/0", timeout_s=0.2))
    publish(1)
    assert nowhere.carry() == 0
    assert nowhere.carry() == 0

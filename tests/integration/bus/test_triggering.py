"""Triggers: a job for each event that passes, with params of the event, once, never in a circle, never too often."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.catalogue import Catalogue
from core.database import Database
from core.jobs import triggering, triggers
from core.jobs.execution import Station, execute
from core.jobs.kind import JobKind
from core.platform.access import PermissionMissing, Principal, Role
from core.platform.bus import history
from core.platform.domains.topics import WINDOW_READY
from tests.conftest import make_principal
from tests.integration.bus.conftest import DOMAIN, window_ready


@pytest.fixture
def params_of_jobs(database: Database) -> Callable[[], list[dict[str, Any]]]:
    def read() -> list[dict[str, Any]]:
        with database.statements() as session:
            return list(session.scalars(text("SELECT params FROM jobs ORDER BY id")))

    return read


def test_each_event_submits_a_job_with_params_of_its_own(
    add_trigger: Callable[..., Any],
    publish: Callable[..., None],
    dispatch: Callable[[], int],
    params_of_jobs: Callable[[], list[dict[str, Any]]],
    trigger_now: Callable[[Any], Any],
) -> None:
    trigger = add_trigger(
        params={"why": "new"},
        params_from={"/of": "/subject", "/last": "/data/index", "/first": {"from": "/data/index", "plus": -9}},
    )
    publish(9, 10)
    dispatch()
    assert params_of_jobs() == [{"why": "new", "of": DOMAIN, "last": last, "first": last - 9} for last in (9, 10)]
    assert trigger_now(trigger).fired == 2


def test_a_filter_lets_only_some_pass(
    add_trigger: Callable[..., Any],
    publish: Callable[..., None],
    dispatch: Callable[[], int],
    params_of_jobs: Callable[[], list[dict[str, Any]]],
) -> None:
    add_trigger(filter={"/subject": DOMAIN, "/data/index": {"multiple_of": 5, "gt": 0}})
    add_trigger(filter={"/subject": "another"})
    add_trigger(active=False)
    publish(*range(12))
    dispatch()
    assert [params["index"] for params in params_of_jobs()] == [5, 10]


def test_an_event_fires_a_trigger_once_however_often_it_is_told(
    database: Database,
    catalogue: Catalogue,
    add_trigger: Callable[..., Any],
    publish: Callable[..., None],
    dispatch: Callable[[], int],
    heard: Callable[..., list[Any]],
    params_of_jobs: Callable[[], list[dict[str, Any]]],
) -> None:
    add_trigger()
    publish(1)
    dispatch()
    with database.transaction() as session:
        triggering.fire(session, catalogue.kinds, heard())
    assert len(params_of_jobs()) == 1


def test_no_event_fires_a_trigger_that_led_to_it(
    database: Database,
    station: Station,
    catalogue: Catalogue,
    add_trigger: Callable[..., Any],
    publish: Callable[..., None],
    dispatch: Callable[[], int],
    heard: Callable[..., list[Any]],
    runs: Callable[[Any], list[Any]],
) -> None:
    """Given a job that publishes the very event that it was submitted for, and two triggers that wait for it."""

    def compute(params: Any, context: Any) -> dict[str, Any]:
        news = window_ready(params["index"] + 100)
        context.publish(news.topic, news.subject, news.data)
        return {}

    first, second = add_trigger(), add_trigger()
    publish(1)
    for _ in range(5):
        dispatch()
        for run in [*runs(first), *runs(second)]:
            if run.job_id is not None:
                execute(station, catalogue.find("platform.echo"), compute, run.job_id)
    # 1 -> each fires; what comes of that fires the other one only; what comes of that fires neither.
    assert sorted(event.data["index"] for event in heard()) == [1, 101, 101, 201, 201]
    assert sorted(run.outcome for run in runs(first)) == ["looped", "looped", "looped", "submitted", "submitted"]
    assert [len(event.chain) for event in heard()] == [0, 1, 1, 2, 2]


def test_chains_of_triggers_end_somewhere(
    database: Database,
    admin: Principal,
    catalogue: Catalogue,
    add_trigger: Callable[..., Any],
    publish: Callable[..., None],
    dispatch: Callable[[], int],
    runs: Callable[[Any], list[Any]],
) -> None:
    trigger = add_trigger(max_depth=2)
    publish(1, chain=[UUID(int=1)])
    publish(2, chain=[UUID(int=1), UUID(int=2)])
    dispatch()
    assert [run.outcome for run in runs(trigger)] == ["submitted", "too_deep"]


def test_a_trigger_fires_only_so_often_within_a_minute(
    database: Database,
    add_trigger: Callable[..., Any],
    publish: Callable[..., None],
    dispatch: Callable[[], int],
    runs: Callable[[Any], list[Any]],
    trigger_now: Callable[[Any], Any],
) -> None:
    trigger = add_trigger(max_per_minute=2)
    publish(1, 2, 3)
    dispatch()
    assert [run.outcome for run in runs(trigger)] == ["submitted", "submitted", "too_many"]
    assert trigger_now(trigger).suppressed == 1
    with database.transaction() as session:
        session.execute(text("UPDATE triggers SET minute_began_at = minute_began_at - interval '1 minute'"))
    publish(4)
    dispatch()
    assert runs(trigger)[-1].outcome == "submitted"


def test_a_trigger_whose_job_is_refused_pauses_and_says_why(
    add_trigger: Callable[..., Any],
    publish: Callable[..., None],
    dispatch: Callable[[], int],
    runs: Callable[[Any], list[Any]],
    trigger_now: Callable[[Any], Any],
) -> None:
    trigger = add_trigger(kind="platform.sleep", params_from={"/seconds": "/subject"})
    healthy = add_trigger()
    publish(1, 2)
    dispatch()
    assert [run.outcome for run in runs(trigger)] == ["refused"]
    assert not trigger_now(trigger).active
    assert "/params/seconds" in trigger_now(trigger).paused_reason
    assert trigger_now(healthy).fired == 2


def test_what_the_event_does_not_have_is_told(
    add_trigger: Callable[..., Any],
    publish: Callable[..., None],
    dispatch: Callable[[], int],
    trigger_now: Callable[[Any], Any],
) -> None:
    trigger = add_trigger(params_from={"/x": "/data/no_such"})
    publish(1)
    dispatch()
    assert trigger_now(trigger).paused_reason == "the event has nothing at /data/no_such"


def test_a_kind_that_is_gone_is_told(
    database: Database,
    catalogue: Catalogue,
    add_trigger: Callable[..., Any],
    publish: Callable[..., None],
    dispatch: Callable[[], int],
    trigger_now: Callable[[Any], Any],
) -> None:
    trigger = add_trigger()
    with database.transaction() as session:
        session.execute(text("UPDATE triggers SET kind = 'gone.away'"))
    publish(1)
    dispatch()
    assert "gone.away" in trigger_now(trigger).paused_reason


def test_nobody_lends_a_trigger_more_than_the_own_role(database: Database, catalogue: Catalogue) -> None:
    viewer = make_principal(database, "local", Role.VIEWER)
    with database.transaction() as session, pytest.raises(PermissionMissing):
        triggers.create(session, viewer, catalogue.find, {"topic": WINDOW_READY.name, "kind": "platform.echo"})


def test_what_fires_is_counted_as_delivered(
    database: Database,
    admin: Principal,
    add_trigger: Callable[..., Any],
    publish: Callable[..., None],
    dispatch: Callable[[], int],
) -> None:
    add_trigger()
    publish(1, 2)
    dispatch()
    with database.transaction() as session:
        assert history.statistics(session, admin.tenant_id)[WINDOW_READY.name].delivered == 2


def test_events_of_a_failed_attempt_are_not_published(
    station: Station, catalogue: Catalogue, submit_job: Callable[..., UUID], dispatch: Callable[[], int]
) -> None:
    def compute(_params: Any, context: Any) -> dict[str, Any]:
        news = window_ready()
        context.publish(news.topic, news.subject, news.data)
        raise ValueError

    kind: JobKind = catalogue.find("platform.echo")
    execute(station, kind, compute, submit_job("platform.echo", {}, max_attempts=1))
    assert dispatch() == 0

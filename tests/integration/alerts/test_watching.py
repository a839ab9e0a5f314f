"""Each of the platform's rules fires when what it watches is wrong, and clears; tenants' own rules see their jobs."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, select, text

from core.clock import database_now
from core.database import Database
from core.errors import Conflict
from core.jobs import chores, measures, watching
from core.jobs.measures import Figure
from core.platform import vitals
from core.platform.access import Principal, Role
from core.platform.alerts import reading, rules
from core.platform.alerts.models import Alert
from core.platform.alerts.reading import AlertFilter
from core.platform.alerts.rule_models import AlertRule
from tests.conftest import make_principal

Watch = Callable[..., watching.Watched]
Alerts = Callable[[], dict[str, Any]]


@pytest.fixture
def watch(database: Database, admin: Principal, tmp_path: Path) -> Watch:
    """Evaluate all rules so many minutes from now."""
    with database.transaction() as session:
        rules.ensure_built_in(session, admin.tenant_id)

    def evaluate(minutes: float = 0.0) -> watching.Watched:
        with database.transaction() as session:
            now = database_now(session) + timedelta(minutes=minutes)
            return watching.evaluate_all(session, tmp_path, now=now)

    return evaluate


@pytest.fixture
def alerts(database: Database, admin: Principal) -> Alerts:
    """Read the states of the tenant's open alerts by key."""

    def read() -> dict[str, Row[Any]]:
        with database.statements() as session:
            rows = reading.list_alerts(session, admin.tenant_id, AlertFilter(state="open"), limit=100)
            return {row.key: row for row in rows}

    return read


def see(database: Database, **counts: int) -> None:
    names = {"requests": vitals.REQUESTS, "failed": vitals.FAILED_REQUESTS, "lost": vitals.LOST_ATTEMPTS}
    with database.transaction() as session:
        session.execute(text("DELETE FROM vital_counts"))
        vitals.add(session, {names.get(name, name): count for name, count in counts.items()})


def test_all_is_well_on_a_platform_without_trouble(watch: Watch, alerts: Alerts, database: Database) -> None:
    see(database, requests=1000, failed=0, **{f"{vitals.WITHIN}0.1": 1000})
    assert watch().rules == len(rules.BUILT_IN)
    assert alerts() == {}
    with database.statements() as session:
        notes = dict(session.execute(select(AlertRule.metric, AlertRule.note)).all())
    assert notes["cache_hit_rate"] == "0 look-ups in 5 minutes say too little"
    assert notes["beat_lag_s"] == "Beat has not fired yet"
    assert [metric for metric, note in notes.items() if note is None] != []


@pytest.mark.parametrize(("failed", "wrong"), [(10, False), (11, True)])
def test_more_than_one_percent_of_errors_is_a_warning_after_two_minutes(
    watch: Watch,
    alerts: Alerts,
    database: Database,
    failed: int,
    wrong: bool,  # noqa: FBT001 - which side
) -> None:
    see(database, requests=1000, failed=failed)
    watch()
    assert [alert.state for alert in alerts().values()] == (["pending"] if wrong else [])
    assert watch(2).fired == wrong
    if wrong:
        alert = alerts()["http_error_rate"]
        assert (alert.severity, alert.state, alert.source) == ("warning", "firing", "platform")
        see(database, requests=1000, failed=6)
        watch(3)
        assert alerts()["http_error_rate"].state == "firing"
        see(database, requests=1000, failed=5)
        assert watch(4).resolved == 1
        assert alerts() == {}


@pytest.mark.parametrize(("slow", "wrong"), [(50, False), (51, True)])
def test_a_p95_above_two_seconds_is_a_warning(
    watch: Watch,
    alerts: Alerts,
    database: Database,
    slow: int,
    wrong: bool,  # noqa: FBT001 - which side
) -> None:
    see(database, requests=1000, **{f"{vitals.WITHIN}2": 1000 - slow, f"{vitals.WITHIN}5": 1000})
    watch()
    watch(2)
    assert ("http_p95_s" in alerts()) is wrong


def test_too_few_requests_say_nothing(watch: Watch, alerts: Alerts, database: Database) -> None:
    see(database, requests=19, failed=19)
    watch()
    assert alerts() == {}


@pytest.mark.parametrize("few", [{}, {"requests": 3}])
def test_what_fires_ends_when_the_few_requests_that_are_left_are_well(
    watch: Watch, alerts: Alerts, database: Database, few: dict[str, int]
) -> None:
    see(database, requests=100, failed=50)
    for minute in range(3):
        watch(minute)
    assert "http_error_rate" in alerts()
    see(database, requests=3, failed=1)
    watch(3)
    assert "http_error_rate" in alerts(), "the few still fail"
    see(database, **few)
    watch(4)
    assert "http_error_rate" not in alerts()


def test_database_connections_are_critical_beyond_four_fifths(
    watch: Watch, alerts: Alerts, monkeypatch: pytest.MonkeyPatch, database: Database, admin: Principal, tmp_path: Path
) -> None:
    """The figure is that of the server; beyond the threshold, which is lowered here, it fires."""
    with database.transaction() as session:
        figure = measures.database_connections(session, measures.Subject(admin.tenant_id, None, tmp_path))
        assert figure.value is not None
        assert 0 < figure.value < 0.8
        rule = session.scalars(select(AlertRule).where(AlertRule.metric == "database_connections")).one()
        assert (rule.threshold, rule.severity) == (0.8, "critical")
        lowered = {"threshold": figure.value / 2, "clear_threshold": figure.value / 4, "for_s": 0.0}
        rules.change(session, admin.tenant_id, rule.id, lowered)
    watch()
    assert alerts()["database_connections"].severity == "critical"


def test_old_jobs_a_silent_beat_lost_workers_and_a_full_disk_are_seen(
    watch: Watch,
    alerts: Alerts,
    database: Database,
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job_id = submit_job("platform.echo", {})
    see(database, lost=4)
    with database.transaction() as session:
        chores.take_turn(session, chores.BEAT, every_s=0.0)
        put(job_id, queued_at=database_now(session) - timedelta(minutes=6))
        session.execute(text("UPDATE chores SET last_run_at = now() - interval '121 seconds'"))
    full = {**measures._MEASURES, "disk_used": lambda _session, _subject: Figure(0.91)}
    monkeypatch.setattr(measures, "_MEASURES", full)
    watch()
    watch(2)
    assert {"platform_queue_age_s", "beat_lag_s", "lost_attempts", "disk_used"} <= set(alerts())


def test_a_rescued_job_counts_as_a_lost_attempt(
    submit_job: Callable[..., UUID], take: Callable[..., Any], put: Callable[..., None], database: Database
) -> None:
    from core.jobs.rescue import rescue_expired  # noqa: PLC0415 - beside its use

    job_id = submit_job("platform.echo", {})
    take(job_id)
    with database.transaction() as session:
        put(job_id, lease_expires_at=database_now(session) - timedelta(seconds=1))
        assert rescue_expired(session) == 1
    with database.statements() as session:
        assert vitals.totals(session, minutes=5) == {vitals.LOST_ATTEMPTS: 1}


def test_a_tenants_own_rule_sees_its_jobs_alone(
    watch: Watch,
    alerts: Alerts,
    database: Database,
    admin: Principal,
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
) -> None:
    other = make_principal(database, "other", Role.ADMIN)
    asked = {"name": "Failing", "metric": "job_failure_rate", "threshold": 0.5, "severity": "critical"}
    with database.transaction() as session:
        mine = rules.create(session, admin.tenant_id, {**asked, "kind": "platform.echo"})
        rules.create(session, other.tenant_id, asked)
        now = database_now(session)
    for number in range(6):
        put(submit_job("platform.echo", {}), state="failed" if number < 4 else "succeeded", finished_at=now)
    watch()
    assert alerts()[str(mine.id)].source == "rule"
    with database.transaction() as session:
        assert len(session.scalars(select(Alert.id)).all()) == 1
        rules.remove(session, admin.tenant_id, mine.id)
    assert alerts() == {}


@pytest.mark.parametrize("metric", [*rules.TENANT_METRICS, *rules.PLATFORM_METRICS])
def test_every_figure_can_be_read(database: Database, admin: Principal, tmp_path: Path, metric: str) -> None:
    with database.statements() as session:
        for kind in (None, "platform.echo"):
            figure = measures.measure(session, metric, measures.Subject(admin.tenant_id, kind, tmp_path))
            assert (figure.value is None) == (figure.note is not None)


def test_of_many_who_watch_one_does(database: Database, at_once: Callable[..., list[Any]], tmp_path: Path) -> None:
    watched = at_once(lambda: watching.watch(database, tmp_path), 4)
    assert sorted(each.rules for each in watched) == [0, 0, 0, len(rules.BUILT_IN)]


def test_a_rule_of_the_platform_is_kept_as_it_was_changed_and_cannot_be_deleted(
    watch: Watch, database: Database, admin: Principal
) -> None:
    with database.transaction() as session:
        rule = session.scalars(select(AlertRule).where(AlertRule.metric == "disk_used")).one()
        rules.change(session, admin.tenant_id, rule.id, {"active": False})
        rules.ensure_built_in(session, admin.tenant_id)
        for deed in (
            lambda: rules.remove(session, admin.tenant_id, rule.id),
            lambda: rules.change(session, admin.tenant_id, rule.id, {"metric": "queue_age_s"}),
        ):
            with pytest.raises(Conflict):
                deed()
    assert watch().rules == len(rules.BUILT_IN) - 1

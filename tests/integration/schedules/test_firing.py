"""Firing: each fire time once whoever ticks, after downtime as the policies say, and no schedule harms another."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, text

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database
from core.jobs import firing, schedules
from core.jobs.schedule_queries import ScheduleMissing
from core.platform.access import PermissionMissing, Principal, Role
from tests.conftest import make_principal
from tests.integration.schedules.conftest import NOON

Make = Callable[..., UUID]
Fire = Callable[..., int]
Runs = Callable[[UUID], list[tuple[float, str]]]
Jobs = Callable[[UUID], list[Row[Any]]]
Read = Callable[[UUID], Row[Any]]


def after(**units: float) -> datetime:
    return NOON + timedelta(**units)


def test_a_fire_time_becomes_one_job_that_knows_its_schedule_and_its_time(
    make: Make, fire: Fire, runs: Runs, jobs: Jobs, read: Read, admin: Principal, history: Callable[[UUID], list[str]]
) -> None:
    schedule_id = make(priority=7, tags=["nightly"], timeout_s=9.0, max_attempts=2)
    assert (fire(after(seconds=59.9)), runs(schedule_id)) == (0, [])
    assert fire(after(seconds=60)) == 1
    (job,) = jobs(schedule_id)
    assert (job.state, job.params, job.run_at) == ("queued", {"n": 1}, after(seconds=60))
    assert (job.priority, job.tags, job.timeout_s, job.max_attempts) == (7, ["nightly"], 9.0, 2)
    assert (job.tenant_id, job.submitted_by) == (admin.tenant_id, admin.id)
    assert history(job.id) == ["job.submitted", "job.queued"]
    row = read(schedule_id)
    assert (row.run_outcome, row.run_job_id, row.next_fire_at) == ("submitted", job.id, after(seconds=120))
    assert (fire(after(seconds=60)), runs(schedule_id)) == (0, [(60, "submitted")])


def test_many_ticks_at_once_make_one_job_for_each_slot(
    make: Make, fire: Fire, runs: Runs, jobs: Jobs, at_once: Callable[..., list[Any]]
) -> None:
    ids = [make() for _ in range(3)]
    for minute in (1, 2, 3):
        counts = at_once(lambda minute=minute: fire(after(minutes=minute)), 10)
        fire(after(minutes=minute))  # whoever was locked out of a schedule leaves it to the next tick
        assert all(isinstance(count, int) for count in counts), counts
    for schedule_id in ids:
        assert runs(schedule_id) == [(60, "submitted"), (120, "submitted"), (180, "submitted")]
        assert len({job.run_at for job in jobs(schedule_id)}) == len(jobs(schedule_id)) == 3


def test_a_time_that_was_written_down_before_is_not_fired_again(
    make: Make, fire: Fire, runs: Runs, jobs: Jobs, database: Database
) -> None:
    """Given a clock, or a hand, that set the schedule back, its slots stay taken."""
    schedule_id = make()
    fire(after(minutes=1))
    fire(after(minutes=2))
    with database.transaction() as session:
        session.execute(text("UPDATE schedules SET next_fire_at = :at"), {"at": after(minutes=1)})
    assert fire(after(minutes=1.5)) == 1
    fire(after(minutes=3))
    assert runs(schedule_id) == [(60, "submitted"), (120, "submitted"), (180, "submitted")]
    assert len(jobs(schedule_id)) == 3


def test_a_clock_that_is_stepped_back_fires_nothing_twice_and_goes_on_where_it_was(
    make: Make, fire: Fire, runs: Runs
) -> None:
    schedule_id = make()
    fire(after(minutes=1))
    assert [fire(after(seconds=second)) for second in (0, 30, 60, 90, 119)] == [0] * 5
    fire(after(seconds=120))
    assert runs(schedule_id) == [(60, "submitted"), (120, "submitted")]


HOUR = 3600.0


@pytest.mark.parametrize(
    ("missed", "outcomes"),
    [
        ("skip", ["missed"] * 5),
        ("once", ["missed"] * 4 + ["submitted"]),
        ("all", ["submitted"] * 5),
    ],
)
def test_downtime_is_made_up_for_as_the_schedule_says(
    make: Make, fire: Fire, runs: Runs, jobs: Jobs, missed: str, outcomes: list[str]
) -> None:
    schedule_id = make(every_s=HOUR, missed=missed)
    fire(after(hours=5.5))
    assert runs(schedule_id) == [(HOUR * place, outcome) for place, outcome in enumerate(outcomes, 1)]
    assert len(jobs(schedule_id)) == outcomes.count("submitted")
    fire(after(hours=6))
    assert runs(schedule_id)[5:] == [(6 * HOUR, "submitted")]


@pytest.mark.parametrize(("late_s", "outcome"), [(60, "submitted"), (60.001, "missed")])
def test_a_fire_time_is_missed_after_a_minute_and_not_before(
    make: Make, fire: Fire, runs: Runs, late_s: float, outcome: str
) -> None:
    schedule_id = make(every_s=HOUR, missed="skip")
    fire(after(hours=1, seconds=late_s))
    assert runs(schedule_id) == [(HOUR, outcome)]


def test_what_is_made_up_for_comes_in_portions_and_in_order(
    make: Make, fire: Fire, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "SUBMITTED_AT_ONCE", 4)
    schedule_id = make(missed="all")
    assert [fire(after(minutes=10)) for _ in range(4)] == [4, 4, 2, 0]
    assert [job.run_at for job in jobs(schedule_id)] == [after(minutes=minute) for minute in range(1, 11)]


def test_once_is_once_though_what_was_missed_comes_in_portions(
    make: Make, fire: Fire, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "RECORDED_AT_ONCE", 4)
    schedule_id = make(missed="once")
    assert [fire(after(minutes=10, seconds=59)) for _ in range(4)] == [4, 4, 2, 0]
    assert [outcome for _, outcome in runs(schedule_id)] == ["missed"] * 9 + ["submitted"]


def test_a_portion_is_shared_by_all_that_are_due(make: Make, fire: Fire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firing, "SUBMITTED_AT_ONCE", 6)
    ids = [make(missed="all") for _ in range(3)]
    assert (len(ids), fire(after(minutes=10))) == (3, 6)


def test_a_schedule_ends(make: Make, fire: Fire, runs: Runs, read: Read) -> None:
    schedule_id = make(starts_at=after(minutes=5), ends_at=after(minutes=7))
    for minute in range(1, 12):
        fire(after(minutes=minute))
    assert runs(schedule_id) == [(300, "submitted"), (360, "submitted"), (420, "submitted")]
    assert read(schedule_id).next_fire_at is None


def test_jitter_delays_each_job_by_another_time_that_anybody_would_tell(
    make: Make, fire: Fire, jobs: Jobs, database: Database
) -> None:
    schedule_id = make(jitter_s=30.0)
    for minute in range(1, 9):
        fire(after(minutes=minute))
    delays = [(job.run_at - after(minutes=place)).total_seconds() for place, job in enumerate(jobs(schedule_id), 1)]
    assert all(0 <= delay <= 30 for delay in delays)
    assert len(set(delays)) == 8
    assert {job.state for job in jobs(schedule_id)} == {"scheduled"}
    with database.transaction() as session:
        session.execute(text("DELETE FROM schedule_runs"))
        session.execute(text("DELETE FROM jobs"))
        session.execute(text("UPDATE schedules SET next_fire_at = :at"), {"at": after(minutes=1)})
    fire(after(minutes=1))
    assert [(job.run_at - after(minutes=1)).total_seconds() for job in jobs(schedule_id)] == delays[:1]


def test_a_schedule_whose_params_no_longer_fit_is_paused_and_others_fire(
    make: Make, fire: Fire, runs: Runs, read: Read, database: Database
) -> None:
    broken, good = make(kind="platform.sleep", params={"seconds": 1}), make()
    with database.transaction() as session:
        session.execute(text("""UPDATE schedules SET params = '{"naps": 1}' WHERE id = :id"""), {"id": broken})
    fire(after(minutes=1))
    fire(after(minutes=2))
    assert (runs(broken), len(runs(good))) == ([(60, "refused")], 2)
    row = read(broken)
    assert row.paused
    assert "/params/naps" in row.paused_reason
    assert row.run_detail == row.paused_reason


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("kind", "no.such", "there is no kind 'no.such' any more"),
        ("timezone", "Mars/Olympus", "there is no time zone"),
        ("cron", "61 * * * *", "the minute '61'"),
        ("role", "viewer", "does not hold"),
        ("role", "emperor", "emperor"),
        ("missed", "twice", "twice"),
        ("params", '{"artifact": "0192d4e0-7f6a-7c3e-8a51-2b6f0c9d1e42"}', "there is no artifact"),
    ],
)
def test_whatever_no_longer_holds_pauses_the_schedule_with_the_reason(
    make: Make, fire: Fire, runs: Runs, jobs: Jobs, read: Read, database: Database, column: str, value: str, reason: str
) -> None:
    schedule_id = make(cron="* * * * *")
    with database.transaction() as session:
        session.execute(text(f"UPDATE schedules SET {column} = :value"), {"value": value})
    fire(after(minutes=1))
    assert (runs(schedule_id), jobs(schedule_id)) == ([(60, "refused")], [])
    assert reason in read(schedule_id).paused_reason


def test_jobs_run_with_the_role_of_who_made_the_schedule(
    make: Make, fire: Fire, read: Read, database: Database
) -> None:
    """A submitter may not send crash probes, and nor may a schedule in a submitter's name."""
    submitter = make_principal(database, "local", Role.SUBMITTER)
    make(principal=submitter)
    with pytest.raises(PermissionMissing):
        make(principal=submitter, kind="platform.fail", params={"times": 1, "error": "crash"})


def test_run_now_submits_beside_the_times_of_the_rule(
    make: Make, fire: Fire, runs: Runs, jobs: Jobs, database: Database, admin: Principal, catalogue: Catalogue
) -> None:
    schedule_id = make(paused=True, overlap="skip", jitter_s=50.0)
    for _ in range(2):
        with database.transaction() as session:
            job_id = firing.run_now(session, admin, catalogue.find, schedule_id, now=after(seconds=5))
        assert jobs(schedule_id)[-1].id == job_id
    assert runs(schedule_id) == [(5, "manual"), (5.000001, "manual")]
    assert [job.state for job in jobs(schedule_id)] == ["queued", "queued"]


def test_nobody_reaches_another_tenants_schedule(
    make: Make, database: Database, catalogue: Catalogue, read: Read
) -> None:
    schedule_id = make()
    stranger = make_principal(database, "elsewhere", Role.ADMIN)
    with database.transaction() as session:
        for reach in (
            lambda: firing.run_now(session, stranger, catalogue.find, schedule_id, now=NOON),
            lambda: schedules.change(session, stranger, catalogue.find, schedule_id, {"paused": True}, now=NOON),
            lambda: schedules.delete(session, stranger.tenant_id, schedule_id),
        ):
            with pytest.raises(ScheduleMissing):
                reach()
    assert not read(schedule_id).paused


def test_a_tick_without_a_time_goes_by_the_databases_clock(
    make: Make, runs: Runs, database: Database, catalogue: Catalogue
) -> None:
    schedule_id = make(every_s=HOUR, now=utc_now() - timedelta(seconds=HOUR + 30))
    assert [firing.tick(database, catalogue.kinds) for _ in range(2)] == [1, 0]
    assert [outcome for _, outcome in runs(schedule_id)] == ["submitted"]

"""Making, changing and deleting schedules: what is refused, and what a change does to the next fire time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row

from core.database import Database
from core.errors import PenstockError
from core.jobs import schedules
from core.platform.access import PermissionMissing, Principal, Role
from tests.conftest import make_principal
from tests.integration.schedules.conftest import NOON

Make = Callable[..., UUID]
Change = Callable[..., None]
Read = Callable[[UUID], Row[Any]]
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"cron": "* * * * *", "every_s": 60.0}, "/cron"),
        ({"every_s": None}, "/cron"),
        ({"cron": "nonsense"}, "/cron"),
        ({"cron": "0 0 30 2 *"}, "/cron"),
        ({"timezone": "Nowhere"}, "/timezone"),
        ({"kind": "no.such"}, "/kind"),
        ({"kind": "platform.sleep", "params": {"seconds": "long"}}, "/params/seconds"),
        ({"params": {"artifact": "none"}}, "/params/artifact"),
        ({"starts_at": NOON + MINUTE, "ends_at": NOON}, "/ends_at"),
        ({"ends_at": NOON + 0.9 * MINUTE}, "/ends_at"),
    ],
)
def test_what_can_never_work_is_refused_by_field(
    make: Make, fields: dict[str, Any], pointer: str, count: Callable[[str], int]
) -> None:
    with pytest.raises(PenstockError) as caught:
        make(**fields)
    assert pointer in [field.pointer for field in caught.value.errors]
    assert count("schedules") == 0


def test_a_schedule_that_ends_with_its_first_fire_time_fires_once(make: Make, read: Read) -> None:
    assert read(make(ends_at=NOON + MINUTE)).next_fire_at == NOON + MINUTE


def test_a_new_rule_counts_from_now_on(make: Make, read: Read, change: Change) -> None:
    schedule_id = make()
    change(schedule_id, now=NOON + 30 * MINUTE, cron="0 0 * * *", timezone="Europe/Helsinki")
    row = read(schedule_id)
    assert (row.every_s, row.version) == (None, 2)
    assert row.next_fire_at == NOON + timedelta(hours=10)
    change(schedule_id, now=NOON + 30 * MINUTE, every_s=7.0)
    row = read(schedule_id)
    assert (row.cron, row.every_s) == (None, 7.0)
    assert row.next_fire_at == NOON + timedelta(seconds=7 * 258)


def test_other_changes_leave_the_next_fire_time(make: Make, read: Read, change: Change) -> None:
    schedule_id = make()
    change(schedule_id, now=NOON + 30 * MINUTE, tags=["x"], params={"n": 2}, jitter_s=3.0)
    row = read(schedule_id)
    assert (row.next_fire_at, row.params, row.tags) == (NOON + MINUTE, {"n": 2}, ["x"])


def test_a_schedule_may_be_made_to_end(make: Make, read: Read, change: Change, fire: Callable[..., int]) -> None:
    schedule_id = make()
    change(schedule_id, now=NOON, ends_at=NOON)
    assert read(schedule_id).next_fire_at is None
    assert fire(NOON + 9 * MINUTE) == 0


def test_a_refused_change_changes_nothing(make: Make, read: Read, change: Change) -> None:
    schedule_id = make()
    before = read(schedule_id)
    with pytest.raises(PenstockError):
        change(schedule_id, now=NOON, tags=["x"], cron="nonsense")
    with pytest.raises(schedules.RuleInvalid):
        change(schedule_id, now=NOON, every_s=None)
    assert read(schedule_id) == before


def test_whoever_changes_what_is_submitted_lends_it_the_own_role(
    make: Make, read: Read, change: Change, database: Database
) -> None:
    """Given a schedule of an admin's, a submitter cannot make it do what only the admin may."""
    schedule_id = make()
    submitter = make_principal(database, "local", Role.SUBMITTER)
    with pytest.raises(PermissionMissing):
        change(schedule_id, now=NOON, principal=submitter, kind="platform.fail", params={"times": 1, "error": "crash"})
    assert read(schedule_id).role == "admin"
    change(schedule_id, now=NOON, principal=submitter, params={"n": 3})
    assert (read(schedule_id).role, read(schedule_id).created_by) == ("submitter", submitter.id)


def test_a_schedule_goes_with_its_history_and_its_jobs_stay(
    make: Make,
    fire: Callable[..., int],
    database: Database,
    admin: Principal,
    count: Callable[[str], int],
) -> None:
    schedule_id = make()
    fire(NOON + MINUTE)
    with database.transaction() as session:
        schedules.delete(session, admin.tenant_id, schedule_id)
    assert [count(table) for table in ("schedules", "schedule_runs", "jobs")] == [0, 0, 1]

"""Triggers and schedules are held to what people are held to: quotas, pace, present role, suspension of the tenant."""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database
from core.jobs import firing, quotas, schedules, triggers
from core.jobs.dispatching import dispatch_new
from core.jobs.schedule_queries import get_schedule, list_runs
from core.platform.access import PermissionMissing, Principal, Role
from core.platform.accounts import members
from core.platform.accounts.passwords import Passwords
from core.platform.bus import publishing
from core.platform.domains.topics import WINDOW_READY
from core.platform.keys import make_key, remember_key
from core.platform.tenants import change_tenant
from core.workloads.platform.kinds import OPERATORS_ONLY
from tests.conftest import make_principal
from tests.integration.bus.conftest import window_ready
from tests.integration.schedules.conftest import FIELDS, NOON

Job = tuple[str, dict[str, str]]
ECHO: Job = ("platform.echo", {})
PROBE: Job = ("platform.fail", {"error": OPERATORS_ONLY[0]})
"""What anybody may submit, and what takes an operator."""


class Acting(Protocol):
    """Something that submits jobs by itself in somebody's name."""

    def make(self, principal: Principal, job: Job = ECHO) -> UUID:
        """Make one in a principal's name."""

    def act(self, many: int = 1) -> None:
        """Give all of them reason to submit so many jobs."""

    def outcomes(self, principal: Principal, made: UUID) -> list[str]:
        """List what came of it, oldest first."""

    def paused_reason(self, principal: Principal, made: UUID) -> str | None:
        """Tell why the platform paused it, if it did."""


class Schedules:
    """Schedules that fire each minute."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self.database, self.catalogue, self.now = database, catalogue, NOON

    def make(self, principal: Principal, job: Job = ECHO) -> UUID:
        asked = {**FIELDS, "kind": job[0], "params": job[1], "missed": "all", "every_s": 60.0}
        with self.database.transaction() as session:
            return schedules.create(session, principal, self.catalogue.find, asked, now=self.now)

    def act(self, many: int = 1) -> None:
        for _ in range(many):
            self.now += timedelta(minutes=1)
            with self.database.transaction() as session:
                firing.fire_due(session, self.catalogue.kinds, now=self.now)

    def outcomes(self, principal: Principal, made: UUID) -> list[str]:
        with self.database.statements() as session:
            assert get_schedule(session, principal.tenant_id, made).id == made
            return [run.outcome for run in reversed(list_runs(session, made, limit=1000))]

    def paused_reason(self, principal: Principal, made: UUID) -> str | None:
        with self.database.statements() as session:
            found = get_schedule(session, principal.tenant_id, made)
            return str(found.paused_reason) if found.paused else None


class Triggers:
    """Triggers that wait for windows, of which all tenants that have one get the same."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self.database, self.catalogue = database, catalogue

    def make(self, principal: Principal, job: Job = ECHO) -> UUID:
        asked = {"topic": WINDOW_READY.name, "kind": job[0], "params": job[1]}
        with self.database.transaction() as session:
            made: UUID = triggers.create(session, principal, self.catalogue.find, asked).id
            return made

    def act(self, many: int = 1) -> None:
        with self.database.transaction() as session:
            for tenant_id in session.scalars(text("SELECT DISTINCT tenant_id FROM triggers")).all():
                publishing.publish(session, tenant_id, [window_ready(index) for index in range(many)])
        dispatch_new(self.database, self.catalogue.kinds)

    def outcomes(self, principal: Principal, made: UUID) -> list[str]:
        with self.database.statements() as session:
            runs = triggers.list_trigger_runs(session, principal.tenant_id, made, limit=1000)
            return [run.outcome for run in reversed(runs)]

    def paused_reason(self, principal: Principal, made: UUID) -> str | None:
        with self.database.statements() as session:
            found = triggers.get_trigger(session, principal.tenant_id, made)
            return None if found.active else str(found.paused_reason)


@pytest.fixture(params=[Schedules, Triggers], ids=["schedules", "triggers"])
def acting(request: pytest.FixtureRequest, database: Database, catalogue: Catalogue) -> Acting:
    acting: Acting = request.param(database, catalogue)
    return acting


@pytest.fixture
def allow(database: Database, admin: Principal) -> Callable[..., None]:
    """Set the tenant's quotas."""

    def put(**most: float) -> None:
        with database.transaction() as session:
            quotas.set_quotas(session, admin.tenant_id, most)

    return put


@pytest.fixture
def member(database: Database, admin: Principal) -> Principal:
    """An operator with an account."""
    with database.transaction() as session:
        args = (Passwords(), "a key for tests, of no worth elsewhere", admin.tenant_id)
        made = members.invite(session, *args, f"{uuid4().hex}@example.org", Role.OPERATOR, now=utc_now()).member
    return Principal(made.id, admin.tenant_id, Role.OPERATOR, "ada")


@pytest.mark.parametrize("quota", ["jobs_per_day", "queued_jobs", "requests_per_minute"])
def test_jobs_come_up_to_the_quota_and_none_beyond(
    acting: Acting, admin: Principal, allow: Callable[..., None], quota: str
) -> None:
    made = acting.make(admin)
    allow(**{quota: 3})
    acting.act(3)
    assert acting.outcomes(admin, made) == ["submitted"] * 3
    acting.act()
    assert acting.outcomes(admin, made) == ["submitted"] * 3 + ["refused"]
    assert acting.paused_reason(admin, made) is None, "there will be room again"
    allow(**{quota: 4})
    acting.act()
    assert acting.outcomes(admin, made)[-1] == "submitted"


def test_two_at_once_do_not_both_take_the_last_place(
    acting: Acting, admin: Principal, allow: Callable[..., None]
) -> None:
    made = [acting.make(admin) for _ in range(2)]
    allow(jobs_per_day=1)
    acting.act()
    assert sorted(acting.outcomes(admin, one)[0] for one in made) == ["refused", "submitted"]


def test_another_tenants_quota_is_its_own(
    acting: Acting, database: Database, admin: Principal, allow: Callable[..., None]
) -> None:
    other = make_principal(database, "other", Role.ADMIN)
    mine, theirs = acting.make(admin), acting.make(other)
    allow(jobs_per_day=1)
    acting.act(2)
    assert acting.outcomes(admin, mine) == ["submitted", "refused"]
    assert acting.outcomes(other, theirs) == ["submitted"] * 2


def test_whoever_was_demoted_lends_less(
    acting: Acting, database: Database, member: Principal, admin: Principal
) -> None:
    harmless, probing = acting.make(member), acting.make(member, PROBE)
    acting.act()
    assert acting.outcomes(member, probing) == ["submitted"]
    with database.transaction() as session:
        members.change(session, member.tenant_id, member.id, {"role": "submitter"}, now=utc_now())
    acting.act()
    assert acting.outcomes(member, probing) == ["submitted", "refused"]
    assert "jobs:probe" in str(acting.paused_reason(member, probing))
    assert acting.outcomes(admin, harmless) == ["submitted"] * 2


def test_whoever_is_promoted_lends_no_more_than_before(
    acting: Acting, database: Database, member: Principal, admin: Principal
) -> None:
    with pytest.raises(PermissionMissing):
        acting.make(Principal(member.id, member.tenant_id, Role.SUBMITTER, "ada"), PROBE)
    with database.transaction() as session:
        members.change(session, member.tenant_id, member.id, {"role": "admin"}, now=utc_now())
    made = acting.make(member, PROBE)
    acting.act()
    assert acting.outcomes(admin, made) == ["submitted"]


def test_whoever_is_disabled_lends_nothing(acting: Acting, database: Database, member: Principal) -> None:
    made = acting.make(member)
    with database.transaction() as session:
        members.change(session, member.tenant_id, member.id, {"disabled": True}, now=utc_now())
    acting.act()
    assert acting.outcomes(member, made) == ["refused"]
    assert "disabled" in str(acting.paused_reason(member, made))


def test_whoever_is_gone_leaves_the_role_to_the_tenant(acting: Acting, database: Database, member: Principal) -> None:
    made = acting.make(member, PROBE)
    with database.transaction() as session:
        members.remove(session, member.tenant_id, member.id)
    acting.act()
    assert acting.outcomes(member, made) == ["submitted"]


@pytest.mark.parametrize(("scopes", "outcome"), [(["jobs:submit"], "refused"), (["jobs:probe"], "submitted")])
def test_a_key_lends_no_more_than_its_scopes(
    acting: Acting, database: Database, admin: Principal, scopes: list[str], outcome: str
) -> None:
    with database.transaction() as session:
        key_id = remember_key(
            session, make_key(), tenant_id=admin.tenant_id, name="ci", role=Role.OPERATOR, scopes=scopes
        )
    # As if made before the key was confined: what is confined already is refused right away.
    made = acting.make(Principal(key_id, admin.tenant_id, Role.OPERATOR, "ci"), PROBE)
    acting.act()
    assert acting.outcomes(admin, made) == [outcome]


def test_nothing_of_a_suspended_tenant_submits_jobs(acting: Acting, database: Database) -> None:
    other = make_principal(database, "other", Role.ADMIN)
    made = acting.make(other)
    for suspended, outcomes in ((True, []), (False, ["submitted"])):
        with database.transaction() as session:
            change_tenant(session, "other", {"suspended": suspended}, now=utc_now())
        acting.act()
        assert acting.outcomes(other, made)[:1] == outcomes

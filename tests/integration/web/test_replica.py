"""Lists from a streaming replica: near, held up, away, and never anybody else's rows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import migration
from core.catalogue import Catalogue
from core.clock import utc_now
from core.config import Settings
from core.database import Database, connect
from core.jobs.listing import list_jobs
from core.jobs.queries import JobFilter
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.platform.keys import make_key, remember_key
from core.platform.tenants import ensure_tenant
from core.replica import LEFT_ALONE_S, LOOKED_AT_EVERY_S, Lists
from core.tenancy import NOBODY
from tests.conftest import make_principal
from tests.integration.web.conftest import held_by
from tests.replicas import Follower, ask, followed_postgres
from tests.waiting import eventually
from webapp.app import create_app

pytestmark = pytest.mark.xdist_group("replica")
BEHIND_S = 0.5
NUMBERS = count()


@dataclass
class SetClock:
    """A clock that stands until it is set."""

    at: float = 0.0


@dataclass
class Followed:
    """A primary, its replica, and the ways that a process has to both."""

    url: str
    follower: Follower
    database: Database
    replica: Database


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    with followed_postgres(tmp_path_factory.mktemp("followed")) as (url, follower):
        migration.upgrade(url)
        both = [connect(each, pool_size=2, scope=NOBODY) for each in (url, follower.url)]
        yield Followed(url, follower, *both)
        for each in both:
            each.engine.dispose()


@pytest.fixture
def principal(followed: Followed) -> Principal:
    return make_principal(followed.database.everywhere(), f"tenant-{next(NUMBERS)}", Role.ADMIN)


def submitted(followed: Followed, principal: Principal, catalogue: Catalogue) -> UUID:
    with followed.database.within(principal.tenant_id).transaction() as session:
        return submit(session, principal, JobRequest(catalogue.find("platform.echo"), {}), clock=utc_now).job_id


def lists_of(followed: Followed, clock: Iterator[float]) -> Lists:
    return Lists(followed.database, followed.replica, BEHIND_S, monotonic=lambda: next(clock))


def every_second() -> Iterator[float]:
    return iter(count(1.0, LOOKED_AT_EVERY_S + 0.1))


def is_replica(session: Session) -> bool:
    return bool(session.scalar(text("SELECT pg_is_in_recovery()")))


def test_lists_come_from_a_replica_that_is_near_and_hold_one_tenants_rows(
    followed: Followed, principal: Principal, catalogue: Catalogue
) -> None:
    other = make_principal(followed.database.everywhere(), "other", Role.ADMIN)
    mine, others = (submitted(followed, each, catalogue) for each in (principal, other))
    followed.follower.catch_up(followed.url)
    lists = lists_of(followed, every_second())
    seen = lists.read(
        principal.tenant_id,
        lambda session: (is_replica(session), list_jobs(session, principal.tenant_id, JobFilter(), limit=9)),
    )
    assert (seen[0], [row.id for row in seen[1].rows]) == (True, [mine])
    everything = lists.read(principal.tenant_id, lambda session: session.scalars(text("SELECT id FROM jobs")).all())
    assert others not in everything
    assert everything == [mine]


def test_a_replica_that_is_held_up_is_left_out_until_it_has_caught_up(
    followed: Followed, principal: Principal, catalogue: Catalogue
) -> None:
    lists = lists_of(followed, every_second())
    followed.follower.hold_up()
    try:
        job_id = submitted(followed, principal, catalogue)
        eventually(lambda: not lists.read(principal.tenant_id, is_replica))
        page = lists.read(
            principal.tenant_id, lambda session: list_jobs(session, principal.tenant_id, JobFilter(), limit=9)
        )
        assert [row.id for row in page.rows] == [job_id]
    finally:
        followed.follower.go_on()
    eventually(lambda: lists.read(principal.tenant_id, is_replica))


def test_nothing_fails_while_the_replica_is_away_and_it_is_asked_again_once_back(
    followed: Followed, principal: Principal
) -> None:
    clock = SetClock()
    lists = Lists(followed.database, followed.replica, BEHIND_S, monotonic=lambda: clock.at)
    assert lists.read(principal.tenant_id, is_replica)
    followed.follower.stop()
    assert not lists.read(principal.tenant_id, is_replica)  # still thought to be near: it fails, and is left alone
    followed.follower.start()
    eventually(lambda: ask(followed.follower.url, "SELECT count(*) FROM pg_stat_wal_receiver"))
    clock.at = LEFT_ALONE_S - 0.1
    assert not lists.read(principal.tenant_id, is_replica)
    clock.at = LEFT_ALONE_S + 0.1
    assert lists.read(principal.tenant_id, is_replica)


def test_without_a_replica_the_database_itself_is_asked(followed: Followed, principal: Principal) -> None:
    assert not Lists(followed.database).read(principal.tenant_id, is_replica)


def test_over_http_lists_may_be_behind_and_one_job_never_is(
    followed: Followed, web_settings: Settings, tenant: str
) -> None:
    """Given a replica that is held up and may be as far behind as it likes."""
    settings = replace(
        web_settings, database_url=followed.url, database_replica_url=followed.follower.url, replica_behind_s=3600.0
    )
    app = create_app(settings)
    client, key = app.test_client(), make_key()
    with followed.database.everywhere().transaction() as session:
        tenant_id = ensure_tenant(session, tenant)
        remember_key(session, key, tenant_id=tenant_id, name="of a test", role=Role.ADMIN)
    bearing = {"Authorization": f"Bearer {key}"}

    def submit_echo() -> str:
        answer = client.post("/api/v1/jobs", json={"kind": "platform.echo"}, headers=bearing)
        assert answer.status_code == 202, answer.text
        return str(answer.get_json()["id"])

    def listed() -> list[str]:
        answer = client.get("/api/v1/jobs", headers=bearing)
        assert answer.status_code == 200, answer.text
        return [job["id"] for job in answer.get_json()["items"]]

    first = submit_echo()
    followed.follower.catch_up(followed.url)
    followed.follower.hold_up()
    try:
        second = submit_echo()
        assert client.get(f"/api/v1/jobs/{second}", headers=bearing).status_code == 200
        assert listed() == [first]
    finally:
        followed.follower.go_on()
    eventually(lambda: listed() == [second, first])
    held_by(app).waiting.closing = lambda: True
    held_by(app).database.engine.dispose()

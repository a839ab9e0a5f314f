"""A list by tag goes along the index under row-level security, too, and shows a tenant's own jobs alone."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import text

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database, connect
from core.jobs import queries
from core.jobs.listing import list_jobs
from core.jobs.queries import FEW_FOUND, JobFilter, find_tagged
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.tenancy import NOBODY, ROLE
from tests.conftest import make_principal

Submit = Callable[..., UUID]


@pytest.fixture
def web(database_url: str) -> Iterator[Database]:
    """The way to the database that requests take."""
    database = connect(database_url, pool_size=1, scope=NOBODY)
    yield database
    database.engine.dispose()


@pytest.fixture
def submit_in(database: Database, catalogue: Catalogue) -> Submit:
    """Submit an echo of a tenant with tags."""

    def submit_one(principal: Principal, *tags: str) -> UUID:
        with database.transaction() as session:
            request = JobRequest(catalogue.find("platform.echo"), {}, tags=tags)
            return submit(session, principal, request, clock=utc_now).job_id

    return submit_one


def test_the_function_goes_along_the_index_that_the_policies_forbid(
    database: Database, web: Database, admin: Principal
) -> None:
    def plan(way: Database) -> str:
        """Plan a list by tag, plain scans being out of the question."""
        with way.transaction() as session:
            for other in ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan"):
                session.execute(text(f"SET LOCAL {other} = off"))
            return "\n".join(session.scalars(text(_EXPLAIN)))

    assert "ix_jobs_tags" not in plan(web.within(admin.tenant_id))
    assert "ix_jobs_tags" in plan(database)
    with database.transaction() as session:
        above = session.scalar(text(_OWNER))
    assert above, "the function is planned as somebody above the policies"


_EXPLAIN = "EXPLAIN SELECT id FROM jobs WHERE tags @> ARRAY['a'] AND tags <> '{}'"
_OWNER = """
SELECT rolsuper FROM pg_proc JOIN pg_roles ON pg_roles.oid = proowner WHERE proname = 'jobs_tagged' AND prosecdef
"""


def test_a_tenant_finds_its_own_jobs_alone(
    web: Database, database: Database, admin: Principal, submit_in: Submit
) -> None:
    other = make_principal(database, "other", Role.ADMIN)
    mine, theirs = submit_in(admin, "a", "b"), submit_in(other, "a")
    submit_in(admin, "b")
    for principal, job_id in ((admin, mine), (other, theirs)):
        with web.within(principal.tenant_id).transaction() as session:
            assert find_tagged(session, principal.tenant_id, "a") == [job_id]
            assert [row.id for row in list_jobs(session, principal.tenant_id, JobFilter(tag="a"), limit=9).rows] == [
                job_id
            ]
            assert list_jobs(session, principal.tenant_id, JobFilter(tag="a", state="failed"), limit=9).rows == []
    with web.transaction() as session:
        assert find_tagged(session, admin.tenant_id, "a") is None, "no tenant, nothing said"
    with web.within(other.tenant_id).transaction() as session:
        assert find_tagged(session, admin.tenant_id, "a") is None, "another tenant's, nothing said"


def test_more_than_a_few_are_walked(
    web: Database, admin: Principal, submit_in: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert FEW_FOUND == 1_000
    monkeypatch.setattr(queries, "FEW_FOUND", 2)
    made: list[UUID] = []
    for few in (True, True, False):
        made.append(submit_in(admin, "a"))
        with web.within(admin.tenant_id).transaction() as session:
            assert (find_tagged(session, admin.tenant_id, "a") is not None) is few
            listed = [row.id for row in list_jobs(session, admin.tenant_id, JobFilter(tag="a"), limit=9).rows]
        assert listed == made[::-1]


def test_nobody_but_the_web_may_ask(database: Database, admin: Principal) -> None:
    stranger = f"stranger_{admin.tenant_id.hex}"
    may = text("SELECT has_function_privilege(:role, 'jobs_tagged(uuid, text, int)', 'EXECUTE')")
    with database.transaction() as session:
        session.execute(text(f'CREATE ROLE "{stranger}"'))
        assert session.scalar(may, {"role": stranger}) is False
        assert session.scalar(may, {"role": ROLE}) is True
        session.rollback()

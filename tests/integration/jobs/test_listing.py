"""Lists walk along indexes whatever is asked, look at so many jobs a page and no more, and lose none on the way."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from core.database import Database, connect
from core.jobs import bulk, listing, queries
from core.jobs.listing import JobPage, list_jobs
from core.jobs.queries import JobFilter
from core.jobs.selection import Selection
from core.platform.access import Principal
from core.tenancy import NOBODY

JOBS = 400
OWNER = UUID(int=7)
_FILL = text(
    """
INSERT INTO jobs (id, tenant_id, kind, kind_version, state, queue, params, params_hash, tags, unique_key, schedule_id,
                  max_attempts, timeout_s, created_at, queued_at)
SELECT (lpad(to_hex(1700000000000 + n * 1000), 12, '0') || '70008' || substr(md5(n::text), 1, 15))::uuid, :tenant_id,
  CASE WHEN n % 5 = 0 THEN 'science.rare' ELSE 'platform.echo' END, 1,
  CASE WHEN n % 7 = 0 THEN 'failed' ELSE 'succeeded' END,
  CASE WHEN n % 3 = 0 THEN 'science' ELSE 'default' END, '{}', '',
  CASE WHEN n % 2 = 0 THEN ARRAY['even'] WHEN n = 1 THEN ARRAY['first'] ELSE '{}' END,
  CASE WHEN n % 4 = 0 THEN 'order-' || n END, CASE WHEN n % 11 = 0 THEN :owner END, 1, 1,
  to_timestamp(1700000000 + n), to_timestamp(1700000000 + n)
FROM generate_series(1, :jobs) AS n
"""
)
ASKED: dict[str, list[Any]] = {
    "state": ["failed", "succeeded", "queued"],
    "kind": ["science.rare", "platform.echo"],
    "queue": ["science", "io", "default"],
    "tag": ["even", "first", "none"],
    "schedule_id": [OWNER],
    "created_after": [datetime.fromtimestamp(1700000300, UTC)],
    "created_before": [datetime.fromtimestamp(1700000040, UTC)],
    "q": ["rare", "order-", "order-40", "even", "first", "018bcfe5", "018bcfe56800-", "nothing", "%", "_"],
}
ALONE = [JobFilter(**{name: value}) for name, values in ASKED.items() for value in values]
PAIRS = [
    JobFilter(**{one: this, other: that})
    for one, other in itertools.combinations(ASKED, 2)
    for this in ASKED[one]
    for that in ASKED[other]
][::5]


@pytest.fixture
def web(database: Database, database_url: str, admin: Principal) -> Iterator[Database]:
    """The way to the database that requests take, with jobs there of whom the planner knows."""
    with database.statements() as session:
        session.execute(_FILL, {"tenant_id": admin.tenant_id, "owner": OWNER, "jobs": JOBS})
        session.execute(text("ANALYZE jobs"))
    web = connect(database_url, pool_size=1, scope=NOBODY)
    yield web.within(admin.tenant_id)
    web.engine.dispose()


def _pages(web: Database, chosen: JobFilter, principal: Principal, **options: Any) -> Iterator[JobPage]:
    after = None
    while True:
        with web.statements() as session:
            page = list_jobs(session, principal.tenant_id, chosen, after=after, **options)
        yield page
        if page.next_after is None:
            return
        after = page.next_after


@pytest.mark.parametrize("newest_first", [True, False])
def test_short_walks_find_what_the_conditions_alone_would(
    web: Database, database: Database, admin: Principal, monkeypatch: pytest.MonkeyPatch, *, newest_first: bool
) -> None:
    monkeypatch.setattr(listing, "MOST_LOOKED_AT", 90)
    monkeypatch.setattr(listing, "FEW_FOUND", 60)
    monkeypatch.setattr(queries, "FEW_FOUND", 60)
    table = listing._TABLE
    for chosen in (JobFilter(), *ALONE, *PAIRS):
        with database.statements() as session:
            wanted = list(
                session.scalars(table.select().with_only_columns(table.c.id).where(*queries.conditions(chosen)))
            )
        pages = list(_pages(web, chosen, admin, limit=30, newest_first=newest_first, brief=True))
        found = [row.id for page in pages for row in page.rows]
        assert found == sorted(wanted, reverse=newest_first), chosen
        assert all(len(page.rows) <= 30 for page in pages)


@pytest.mark.parametrize("among", [{"failed", "expired"}, {"failed", "succeeded"}, {"queued"}])
def test_of_some_states_alone_nothing_else_is_found_and_nothing_lost(
    web: Database, database: Database, admin: Principal, monkeypatch: pytest.MonkeyPatch, among: set[str]
) -> None:
    monkeypatch.setattr(listing, "MOST_LOOKED_AT", 90)
    monkeypatch.setattr(queries, "FEW_FOUND", 60)
    table = listing._TABLE
    for chosen in (JobFilter(), *ALONE):
        wanted = table.select().with_only_columns(table.c.id).where(*queries.conditions(chosen))
        with database.statements() as session:
            ids = sorted(session.scalars(wanted.where(table.c.state.in_(among))))
        pages = list(_pages(web, chosen, admin, limit=30, newest_first=False, brief=True, among=among))
        assert [row.id for page in pages for row in page.rows] == ids, chosen


def test_a_bulk_action_looks_at_no_more_jobs_than_a_list_does(
    web: Database, admin: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 57 that failed few are of both; a page that looked at twenty says where to go on."""
    monkeypatch.setattr(listing, "MOST_LOOKED_AT", 20)
    chosen = JobFilter(state="failed", kind="science.rare", queue="default")
    tallies = [bulk.retry(web, admin.tenant_id, Selection(chosen), dry_run=True, limit=5)]
    while (after := tallies[-1].next_after) is not None:
        tallies.append(bulk.retry(web, admin.tenant_id, Selection(chosen, after=after), dry_run=True, limit=5))
    assert len(tallies) > 2
    wanted = [n for n in range(1, JOBS + 1) if n % 7 == 0 and n % 5 == 0 and n % 3]
    assert sum(tally.matched for tally in tallies) == len(wanted)
    assert max(tally.matched for tally in tallies) <= 5


def test_a_page_that_looked_at_enough_says_where_to_go_on(
    web: Database, admin: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_LOOKED_AT", 50)
    chosen = JobFilter(
        created_after=datetime(2020, 1, 1, tzinfo=UTC), state="succeeded", queue="default", kind="nothing"
    )
    pages = list(_pages(web, chosen, admin, limit=10))
    assert [len(page.rows) for page in pages] == [0], "of that kind there is none: its own way says so at once"
    common = JobFilter(tag="even", state="succeeded", created_before=datetime.fromtimestamp(1700000010, UTC))
    monkeypatch.setattr(queries, "FEW_FOUND", 1)
    pages = list(_pages(web, common, admin, limit=10))
    assert len(pages) > 1
    assert sum(len(page.rows) for page in pages) == 4


def test_no_list_reads_the_table_as_a_whole(web: Database, admin: Principal) -> None:
    """Plan each statement of each list as for a table too large to be read, with all that each filter may ask."""
    plans = _planned(web)
    for chosen in (JobFilter(), *ALONE, *PAIRS):
        with web.statements() as session:
            list_jobs(session, admin.tenant_id, chosen, limit=20, brief=True)
    assert len(plans) > len(ALONE) + len(PAIRS)
    assert [plan for plan in plans if "Seq Scan on jobs" in plan] == []
    assert sum("Index" in plan for plan in plans) > len(ALONE) + len(PAIRS)


def _planned(web: Database) -> list[str]:
    """Have each statement explained before it is carried out."""
    plans: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        scope, _, asked = statement.rpartition(";")
        if asked.lstrip().upper().startswith(("SELECT", "WITH")):
            cursor.execute(f"{scope}; SET LOCAL enable_seqscan = off; EXPLAIN {asked}", given)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))

    event.listen(web.autocommit, "before_cursor_execute", explain)
    return plans

"""Windows land with the outcome of the job that made them, are read back, and make room for later ones."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import text

from core.catalogue import Catalogue
from core.database import Database
from core.jobs import orphans
from core.jobs.context import JobContext
from core.jobs.outcomes import Outcome
from core.jobs.states import State
from core.platform.access import Principal, Role
from core.platform.domains import frames, windows
from core.platform.domains.facts import DomainMissing, find_domain
from core.platform.domains.windows import SpanInvalid, WindowTaken
from core.storage.file import FileStorage
from tests.conftest import make_principal
from tests.integration.domains.conftest import made

Keep = Callable[..., Outcome]


@pytest.fixture
def keep(compute_job: Callable[..., Outcome]) -> Keep:
    """Store windows by a job."""

    def keep_all(domain: str, *new: Any, fail: bool = False) -> Outcome:
        def compute(_params: Any, context: JobContext) -> dict[str, Any]:
            context.domains.keep([(context.domains.find(domain).id, one) for one in new])
            if fail:
                raise RuntimeError
            return {}

        return compute_job(compute)

    return keep_all


@pytest.fixture
def indices(database: Database, admin: Principal) -> Callable[..., list[int]]:
    def list_all(domain: str, **options: Any) -> list[int]:
        with database.transaction() as session:
            rows = windows.list_windows(session, admin.tenant_id, UUID(domain), limit=10_000, **options)
            return [row.number for row in rows]

    return list_all


def read(compute_job: Callable[..., Outcome], domain: str, first: int, last: int) -> frames.Series:
    got = []

    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        got.append(frames.join(context.domains.read(domain, first, last)))
        return {}

    outcome = compute_job(compute)
    assert outcome.state is State.SUCCEEDED, outcome.told
    return got[0]


def test_windows_are_read_as_one_series(
    add_domain: Callable[..., str], keep: Keep, compute_job: Callable[..., Outcome]
) -> None:
    domain = add_domain()
    keep(domain, made(0), made(1), made(2, continues=True))
    series = read(compute_job, domain, 0, 2)
    assert series.names == ["a", "b"]
    assert series.trajectories == [4, 8]
    np.testing.assert_array_equal(series.values[:, 0], np.repeat([0, 1, 2], 4) + 0.123456789)


def test_a_domain_is_found_by_its_name_too(
    add_domain: Callable[..., str], keep: Keep, compute_job: Callable[..., Outcome]
) -> None:
    keep(add_domain("by name"), made(0))
    assert read(compute_job, "by name", 0, 0).trajectories == [4]


def test_large_windows_are_parts_of_stored_bytes(
    database: Database,
    storage: FileStorage,
    add_domain: Callable[..., str],
    keep: Keep,
    compute_job: Callable[..., Outcome],
) -> None:
    domain = add_domain()
    keep(domain, *(made(index, rows=10_000) for index in range(3)), made(3))
    with database.transaction() as session:
        places = session.execute(text("SELECT sha256, begins_at, content FROM windows ORDER BY number")).all()
    assert len({row.sha256 for row in places[:3]}) == 1
    assert [row.begins_at > 0 for row in places[:3]] == [False, True, True]
    assert places[3].sha256 is None
    series = read(compute_job, domain, 1, 3)
    assert sorted({float(value) for value in series.values[:, 1]}) == [1.123456789, 2.123456789, 3.123456789]


def test_bytes_that_a_window_names_are_no_orphans(
    database: Database, storage: FileStorage, add_domain: Callable[..., str], keep: Keep
) -> None:
    domain = add_domain()
    keep(domain, made(0, rows=10_000))
    ((name, stored_at),) = list(storage.names())
    assert stored_at > 0
    assert not orphans._announced(database, [name])
    assert not orphans._drop(database, storage, name)
    with database.transaction() as session:
        session.execute(text("DELETE FROM domains"))
    assert orphans._announced(database, [name]) == [name]
    assert orphans._drop(database, storage, name)


def test_a_failed_attempt_leaves_no_window(
    add_domain: Callable[..., str], keep: Keep, indices: Callable[..., list[int]]
) -> None:
    domain = add_domain()
    assert keep(domain, made(0), fail=True).state is State.FAILED
    assert indices(domain) == []


def test_the_same_window_again_is_no_other(
    add_domain: Callable[..., str], keep: Keep, indices: Callable[..., list[int]], count: Callable[[str], int]
) -> None:
    domain = add_domain()
    keep(domain, made(0))
    assert keep(domain, made(0), made(1)).state is State.SUCCEEDED
    assert indices(domain) == [0, 1]
    assert count("bus_events") == 2
    outcome = keep(domain, made(1, rows=5))
    assert (outcome.state, outcome.told["code"]) == (State.FAILED, WindowTaken.code)


def test_the_ring_forgets_the_oldest(
    add_domain: Callable[..., str], keep: Keep, indices: Callable[..., list[int]], count: Callable[[str], int]
) -> None:
    domain = add_domain(retention_windows=3)
    keep(domain, *(made(index, truth={"graph": []}) for index in range(3)))
    assert indices(domain) == [0, 1, 2]
    keep(domain, made(3, truth={"graph": []}), made(4, truth={"graph": []}))
    assert indices(domain) == [2, 3, 4]
    assert count("window_truths") == 3


def test_windows_are_found_by_index_time_and_source(
    add_domain: Callable[..., str], keep: Keep, indices: Callable[..., list[int]]
) -> None:
    domain = add_domain()
    one, two = made(0), made(1)
    later = one.started_at + timedelta(hours=1)
    keep(domain, one, type(two)(1, "manual", 4, later, two.size, two.content))
    assert indices(domain, first=1) == [1]
    assert indices(domain, last=0) == [0]
    assert indices(domain, source="manual") == [1]
    assert indices(domain, started_before=later) == [0]
    assert indices(domain, started_after=later) == [1]


def test_indices_reserved_for_a_job_are_the_same_at_each_attempt(
    database: Database, admin: Principal, add_domain: Callable[..., str]
) -> None:
    domain, job, other = UUID(add_domain()), UUID(int=1), UUID(int=2)

    def reserve(job_id: UUID, count: int) -> int:
        with database.transaction() as session:
            return windows.reserve_for_job(session, admin.tenant_id, job_id, domain, count)

    assert [reserve(job, 5), reserve(other, 2), reserve(job, 5)] == [0, 5, 0]


def test_many_who_reserve_at_once_share_nothing(
    database: Database,
    admin: Principal,
    add_domain: Callable[..., str],
    at_once: Callable[..., list[Any]],
) -> None:
    first, second = UUID(add_domain("one")), UUID(add_domain("two"))

    def reserve() -> dict[UUID, int]:
        with database.transaction() as session:
            return windows.reserve(session, admin.tenant_id, {second: 3, first: 1})

    got = at_once(reserve, 6)
    assert sorted(one[first] for one in got) == list(range(6))
    assert sorted(one[second] for one in got) == list(range(0, 18, 3))


def test_another_tenants_domain_is_not_there(database: Database, add_domain: Callable[..., str]) -> None:
    domain = add_domain()
    stranger = make_principal(database, "other", Role.ADMIN)
    with database.transaction() as session:
        with pytest.raises(DomainMissing):
            find_domain(session, stranger.tenant_id, domain)
        assert list(windows.list_windows(session, stranger.tenant_id, UUID(domain), limit=10)) == []
        assert windows.reserve(session, stranger.tenant_id, {UUID(domain): 1}) == {}


@pytest.mark.parametrize(("first", "last"), [(1, 0), (0, windows.LONGEST_SPAN)])
def test_a_span_that_cannot_be_is_refused(
    database: Database, admin: Principal, add_domain: Callable[..., str], first: int, last: int
) -> None:
    with database.transaction() as session, pytest.raises(SpanInvalid):
        list(windows.read_span(session, admin.tenant_id, UUID(add_domain()), first, last))


def test_the_watch_tells_of_drift_once(
    database: Database, add_domain: Callable[..., str], keep: Keep, catalogue: Catalogue
) -> None:
    domain = add_domain()
    calm = [{"a": {"rows": 100, "missing": 0, "mean": 0.1 * (index % 3), "sd": 1.0}} for index in range(60)]
    other = {"a": {"rows": 100, "missing": 0, "mean": 2.0, "sd": 1.0}}
    keep(domain, *(made(index, summary=summary) for index, summary in enumerate([*calm, other, other, other])))
    with database.transaction() as session:
        told = (
            session.execute(text("SELECT data FROM bus_events WHERE topic = 'domain.drift_detected'")).scalars().all()
        )
    assert [(event["index"], event["variables"]) for event in told] == [(62, ["a"])]

"""Jobs that wait for others: queued when those succeeded, failed when one did not, and never forgotten."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Row, func, text

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database
from core.jobs import admission, cancellation, dependencies, reconciler, retrying
from core.jobs.prerequisites import PrerequisiteMissing
from core.jobs.states import FINAL, State
from core.jobs.submission import JobRequest, insert_all, job_row
from core.platform.access import Principal, Role
from tests.conftest import make_principal

Submit = Callable[..., UUID]
Read = Callable[[UUID], Row[Any]]
Act = Callable[..., None]


def test_a_job_is_queued_when_all_that_it_depends_on_has_succeeded(
    submit_job: Submit, succeed: Act, settle: Act, row: Read, history: Callable[[UUID], list[str]]
) -> None:
    first, second = submit_job("platform.echo", {}), submit_job("platform.echo", {})
    last = submit_job("platform.echo", {}, depends_on=[first, second])
    succeed(first)
    settle()
    assert row(last).state == "waiting"
    succeed(second)
    settle()
    assert row(last).state == "queued"
    assert history(last) == ["job.submitted", "job.queued"]


@pytest.mark.parametrize("end", sorted(FINAL - {State.SUCCEEDED}))
def test_a_job_fails_when_one_that_it_depends_on_ends_otherwise(
    submit_job: Submit, put: Act, settle: Act, row: Read, end: str, database: Database
) -> None:
    good, bad = submit_job("platform.echo", {}), submit_job("platform.sleep", {"seconds": 1})
    last = submit_job("platform.echo", {}, depends_on=[good, bad])
    put(bad, state=end, error={"code": "no_water"} if end == "failed" else None, finished_at=func.now())
    tell(database, bad)
    settle()
    error = row(last).error
    assert (row(last).state, error["code"], error["retryable"]) == ("failed", "dependency_failed", False)
    assert error["message"] == f"the job {bad} (platform.sleep) {end}" + (": no_water" if end == "failed" else "")


def test_what_was_final_before_is_seen_at_once(submit_job: Submit, put: Act, settle: Act, row: Read) -> None:
    good, bad = submit_job("platform.echo", {}), submit_job("platform.echo", {})
    put(good, state="succeeded")
    put(bad, state="cancelled")
    ready, doomed = (submit_job("platform.echo", {}, depends_on=[one]) for one in (good, bad))
    settle()
    assert (row(ready).state, row(doomed).state) == ("queued", "failed")


def test_a_failure_goes_down_a_chain(submit_job: Submit, fail: Act, settle: Act, row: Read) -> None:
    jobs = [submit_job("platform.echo", {})]
    for _ in range(5):
        jobs.append(submit_job("platform.echo", {}, depends_on=jobs[-1:]))
    fail(jobs[0])
    settle()
    assert [row(job).error["code"] for job in jobs] == ["no_water", *["dependency_failed"] * 5]
    assert str(jobs[4]) in row(jobs[5]).error["message"]


@pytest.mark.parametrize(("dependents", "batches"), [((3, 0, 2), [5]), ((3, 1, 2, 6), [5, 10, 12]), ((6,), [5, 6])])
def test_many_dependents_are_looked_at_a_page_at_a_time(
    submit_job: Submit,
    succeed: Act,
    settle_batch: Callable[[], int],
    row: Read,
    monkeypatch: pytest.MonkeyPatch,
    dependents: tuple[int, ...],
    batches: list[int],
) -> None:
    monkeypatch.setattr(dependencies, "PAGE", 5)
    first = [submit_job("platform.echo", {}) for _ in dependents]
    waiting = [
        submit_job("platform.echo", {}, depends_on=[on])
        for on, many in zip(first, dependents, strict=True)
        for _ in range(many)
    ]
    for on in first:
        succeed(on)
    seen = []
    while settle_batch():
        seen.append(sum(row(job).state == "queued" for job in waiting))
    assert seen == batches


def test_a_failure_goes_all_the_way_down_however_wide_and_deep_it_is(
    submit_job: Submit, fail: Act, settle: Act, row: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dependencies, "PAGE", 2)
    monkeypatch.setattr(dependencies, "LEVELS", 2)
    level = top = [submit_job("platform.echo", {})]
    below: list[UUID] = []
    for _ in range(5):
        level = [submit_job("platform.echo", {}, depends_on=level) for _ in range(3)]
        below += level
    fail(top[0])
    settle()
    assert {row(job).error["code"] for job in below} == {"dependency_failed"}


def test_a_job_for_later_waits_for_its_time_too(
    submit_job: Submit, succeed: Act, settle: Act, row: Read, history: Callable[[UUID], list[str]], put: Act
) -> None:
    first = submit_job("platform.echo", {})
    later = submit_job("platform.echo", {}, depends_on=[first], run_at=utc_now() + timedelta(hours=1))
    passed = submit_job("platform.echo", {}, depends_on=[first], run_at=utc_now() + timedelta(hours=1))
    put(passed, due_at=func.now() - timedelta(seconds=1))
    succeed(first)
    settle()
    assert (row(later).state, row(passed).state) == ("scheduled", "queued")
    assert row(later).due_at == row(later).run_at
    assert history(later) == ["job.submitted", "job.scheduled"]


def test_a_waiting_job_is_cancelled_and_expires_as_others_and_fails_those_after_it(
    submit_job: Submit, settle: Act, put: Act, row: Read, database: Database, admin: Principal, succeed: Act
) -> None:
    first = submit_job("platform.echo", {})
    cancelled, overdue = (submit_job("platform.echo", {}, depends_on=[first]) for _ in range(2))
    after = [submit_job("platform.echo", {}, depends_on=[one]) for one in (cancelled, overdue)]
    put(overdue, deadline_at=func.now() - timedelta(seconds=1))
    with database.transaction() as session:
        cancellation.cancel(session, admin.tenant_id, cancelled)
        reconciler.expire_overdue(session)
    settle()
    assert [row(job).state for job in (cancelled, overdue, *after)] == ["cancelled", "expired", "failed", "failed"]
    succeed(first)
    settle()
    assert [row(job).state for job in (cancelled, overdue)] == ["cancelled", "expired"]


def test_a_job_that_is_missing_or_anothers_is_pointed_at(
    submit_job: Submit, database: Database, catalogue: Catalogue, count: Callable[[str], int]
) -> None:
    mine = submit_job("platform.echo", {})
    stranger = make_principal(database, "stranger", Role.ADMIN)
    nobody = uuid4()
    request = JobRequest(catalogue.find("platform.echo"), {}, depends_on=[mine, nobody])
    with pytest.raises(PrerequisiteMissing) as refused, database.transaction() as session:
        insert_all(session, stranger, [job_row(stranger, request, now=utc_now())], [request])
    assert [error.pointer for error in refused.value.errors] == ["/jobs/0/depends_on/0", "/jobs/0/depends_on/1"]
    with pytest.raises(PrerequisiteMissing) as refused:
        submit_job("platform.echo", {}, depends_on=[mine, nobody])
    assert [error.pointer for error in refused.value.errors] == ["/depends_on/1"]
    assert (count("jobs"), count("job_dependencies"), count("job_settlements")) == (1, 0, 0)


def test_the_end_of_a_prerequisite_waits_for_who_is_about_to_depend_on_it(
    submit_job: Submit, database: Database, succeed: Act, settle: Act, row: Read, admin: Principal, catalogue: Catalogue
) -> None:
    """Given a submission that has seen its prerequisite running, its end, which comes before the commit, is told."""
    first = submit_job("platform.echo", {})
    request = JobRequest(catalogue.find("platform.echo"), {}, depends_on=[first])
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            new = job_row(admin, request, now=utc_now())
            insert_all(session, admin, [new], [request])
            end = pool.submit(succeed, first)
            await_blocked(database)
        end.result()
    settle()
    assert row(UUID(new["id"])).state == "queued"


def test_a_submission_waits_for_an_end_that_is_about_to_be_recorded(
    submit_job: Submit, database: Database, settle: Act, row: Read, finish_in: Act
) -> None:
    first = submit_job("platform.echo", {})
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            finish_in(session, first)
            last = pool.submit(submit_job, "platform.echo", {}, depends_on=[first])
            await_blocked(database)
        last.result()
    settle()
    assert row(last.result()).state == "queued"


def test_two_who_settle_the_last_two_ends_at_once_queue_the_dependent_once(
    submit_job: Submit,
    succeed: Act,
    settle_one: Callable[[], int],
    row: Read,
    at_once: Callable[..., list[Any]],
    history: Callable[[UUID], list[str]],
    count: Callable[[str], int],
) -> None:
    for _ in range(5):
        ends = [submit_job("platform.echo", {}) for _ in range(2)]
        last = submit_job("platform.echo", {}, depends_on=ends)
        for end in ends:
            succeed(end)
        assert sorted(at_once(settle_one, 2)) == [1, 1]
        assert (row(last).state, history(last)) == ("queued", ["job.submitted", "job.queued"])
    assert count("job_settlements") == 0


def test_a_thousand_ends_queue_one_job(
    submit_job: Submit, database: Database, admin: Principal, catalogue: Catalogue, settle: Act, row: Read
) -> None:
    request = JobRequest(catalogue.find("platform.echo"), {})
    rows = [job_row(admin, request, now=utc_now()) for _ in range(1000)]
    with database.transaction() as session:
        insert_all(session, admin, rows, [request] * len(rows))
    ids = [UUID(each["id"]) for each in rows]
    last = submit_job("platform.echo", {}, depends_on=ids)
    end_all(database, ids[:-1])
    settle()
    assert row(last).state == "waiting"
    end_all(database, ids[-1:])
    settle()
    assert row(last).state == "queued"


def test_a_retried_job_waits_until_it_was_seen_again_how_its_prerequisites_ended(
    submit_job: Submit, fail: Act, succeed: Act, settle: Act, row: Read, database: Database, admin: Principal
) -> None:
    first = submit_job("platform.echo", {})
    last = submit_job("platform.echo", {}, depends_on=[first])

    def retry(job_id: UUID) -> str:
        with database.transaction() as session:
            retrying.retry(session, admin.tenant_id, job_id)
        state = row(job_id).state
        settle()
        return f"{state}, {row(job_id).state}"

    fail(first)
    settle()
    assert retry(last) == "waiting, failed"
    assert retry(first) == "queued, queued"
    assert retry(last) == "waiting, waiting"
    succeed(first)
    settle()
    assert row(last).state == "queued"
    succeed(last)
    assert retry(last) == "waiting, queued"


def end_all(database: Database, job_ids: list[UUID]) -> None:
    with database.transaction() as session:
        key = {"ids": [str(job_id) for job_id in job_ids]}
        session.execute(text("UPDATE jobs SET state = 'succeeded' WHERE id = ANY(CAST(:ids AS uuid[]))"), key)
    tell(database, *job_ids)


def test_one_that_waits_for_another_of_its_key_does_not_get_in_the_way_of_its_claim(
    submit_job: Submit, database: Database, row: Read
) -> None:
    keyed = {"concurrency_key": "press"}
    first = submit_job("platform.echo", {}, **keyed)
    with ThreadPoolExecutor(1) as other:
        with database.transaction() as session:
            assert admission.enter(session, first)
            waiting = other.submit(submit_job, "platform.echo", {}, depends_on=[first], **keyed)
            await_blocked(database)
            session.execute(text("UPDATE jobs SET worker = 'test:1' WHERE id = :id"), {"id": first})
        assert row(waiting.result(timeout=60)).state == "waiting"
    assert row(first).worker == "test:1"


def tell(database: Database, *job_ids: UUID) -> None:
    with database.transaction() as session:
        for job_id in job_ids:
            session.execute(text("INSERT INTO job_settlements (job_id) VALUES (:id)"), {"id": job_id})


def await_blocked(database: Database) -> None:
    """Wait until a statement waits for another's lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    give_up_at = time.monotonic() + 60
    with database.statements() as session:
        while not session.scalar(text(waiting)):
            assert time.monotonic() < give_up_at

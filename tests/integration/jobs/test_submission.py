"""Submission: all of a job or nothing of it; idempotency keys and unique keys, also when two come at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError, OperationalError

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database
from core.errors import Invalid
from core.jobs.idempotency import IdempotencyConflict, IdempotentRequest
from core.jobs.insertion import insert_jobs
from core.jobs.states import FINAL, IDLE, State
from core.jobs.submission import (
    JobRequest,
    ParamsInvalid,
    Submitted,
    job_row,
    submit,
    submit_at_once,
)
from core.platform.access import PermissionMissing, Principal, Role
from core.platform.tenants import ensure_tenant

Submit = Callable[..., Submitted]


@pytest.fixture
def ask(database: Database, admin: Principal, catalogue: Catalogue) -> Submit:
    """Submit an echo job."""

    def ask_for(
        params: dict[str, Any] | None = None, *, key: str | None = None, who: Principal = admin, **options: Any
    ) -> Submitted:
        request = JobRequest(catalogue.find("platform.echo"), params or {}, **options)
        idempotency = None if key is None else IdempotentRequest(key, params)
        with database.transaction() as session:
            return submit(session, who, request, clock=utc_now, idempotency=idempotency)

    return ask_for


def test_job_events_and_message_come_together(
    ask: Submit, row: Callable[[UUID], Row[Any]], history: Callable[[UUID], list[str]], count: Callable[[str], int]
) -> None:
    job_id = ask({"a": 1}, priority=9, tags=["x", "y"]).job_id
    now = row(job_id)
    assert (now.state, now.queue, now.priority, now.tags, now.attempt) == ("queued", "default", 9, ["x", "y"], 0)
    assert now.queued_at == now.created_at
    assert history(job_id) == ["job.submitted", "job.queued"]
    assert count("job_outbox") == 1


def test_a_crash_before_the_commit_leaves_nothing(
    database: Database, admin: Principal, catalogue: Catalogue, count: Callable[[str], int]
) -> None:
    request = JobRequest(catalogue.find("platform.echo"), {}, unique_key="u")

    def crash_halfway() -> None:
        with database.transaction() as session:
            submit(session, admin, request, clock=utc_now, idempotency=IdempotentRequest("k", {}))
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(OperationalError):
        crash_halfway()
    tables = ("jobs", "job_events", "job_outbox", "idempotency_keys")
    assert [count(table) for table in tables] == [0, 0, 0, 0]


def test_a_job_of_the_future_waits_without_a_message(
    ask: Submit, row: Callable[[UUID], Row[Any]], history: Callable[[UUID], list[str]], count: Callable[[str], int]
) -> None:
    run_at = utc_now() + timedelta(hours=1)
    job_id = ask(run_at=run_at).job_id
    now = row(job_id)
    assert (now.state, now.run_at, now.due_at, now.queued_at) == ("scheduled", run_at, run_at, None)
    assert history(job_id) == ["job.submitted"]
    assert count("job_outbox") == 0


def test_a_time_that_has_passed_means_now(ask: Submit, row: Callable[[UUID], Row[Any]]) -> None:
    assert row(ask(run_at=utc_now() - timedelta(seconds=1)).job_id).state == "queued"


def test_a_host_whose_clock_is_fast_does_not_begin_a_job_early(
    database: Database,
    admin: Principal,
    catalogue: Catalogue,
    row: Callable[[UUID], Row[Any]],
    count: Callable[[str], int],
) -> None:
    run_at = utc_now() + timedelta(minutes=30)
    request = JobRequest(catalogue.find("platform.echo"), {}, run_at=run_at)
    told = submit_at_once(database, admin, request, clock=lambda: utc_now() + timedelta(hours=1))
    kept = row(UUID(told["id"]))
    assert (kept.state, kept.due_at, kept.queued_at, kept.version) == ("scheduled", run_at, None, 1)
    assert (told["state"], told["due_at"], told["version"]) == ("scheduled", run_at, 1)
    assert count("job_outbox") == 0


def test_one_round_trip_answers_what_it_wrote(
    database: Database, admin: Principal, catalogue: Catalogue, row: Callable[[UUID], Row[Any]]
) -> None:
    later = utc_now() + timedelta(hours=1)
    for request in (
        JobRequest(catalogue.find("platform.echo"), {"a": 1}, tags=["x"], deadline_at=later),
        JobRequest(catalogue.find("platform.sleep"), {"seconds": 1}, run_at=later, max_attempts=9),
    ):
        told = submit_at_once(database, admin, request, clock=utc_now)
        kept = row(UUID(told["id"]))._asdict()
        assert {name: str(value) for name, value in told.items()} == {name: str(value) for name, value in kept.items()}


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"seconds": 1, "steps": 0}, "/params/steps"),
        ({}, "/params/seconds"),
        ({"seconds": 1, "a/b": 1}, "/params/a~1b"),
    ],
)
def test_wrong_params_are_refused_by_their_pointer(
    database: Database, admin: Principal, catalogue: Catalogue, params: dict[str, Any], pointer: str
) -> None:
    request = JobRequest(catalogue.find("platform.sleep"), params)
    with pytest.raises(ParamsInvalid) as caught, database.transaction() as session:
        submit(session, admin, request, clock=utc_now)
    assert [field.pointer for field in caught.value.errors] == [pointer]


@pytest.mark.parametrize("value", [float("nan"), "a\0", "\ud800"])
def test_params_that_cannot_be_kept_are_refused(ask: Submit, value: Any) -> None:
    with pytest.raises(Invalid):
        ask({"a": value})


def test_what_harms_a_worker_is_for_operators(
    database: Database, admin: Principal, catalogue: Catalogue, count: Callable[[str], int]
) -> None:
    request = JobRequest(catalogue.find("platform.fail"), {"error": "crash"})
    with pytest.raises(PermissionMissing), database.transaction() as session:
        submit(session, replace(admin, role=Role.SUBMITTER), request, clock=utc_now)
    assert count("jobs") == 0


def test_the_same_key_and_body_are_the_same_job(ask: Submit, count: Callable[[str], int]) -> None:
    first, second = ask({"a": 1}, key="k"), ask({"a": 1}, key="k")
    assert (first.job_id, first.replayed, second.replayed) == (second.job_id, False, True)
    assert count("jobs") == 1


def test_the_same_key_and_another_body_contradict_each_other(ask: Submit) -> None:
    ask({"a": 1}, key="k")
    with pytest.raises(IdempotencyConflict):
        ask({"a": 2}, key="k")


def test_keys_of_two_tenants_do_not_meet(ask: Submit, admin: Principal, database: Database) -> None:
    with database.transaction() as session:
        other = replace(admin, tenant_id=ensure_tenant(session, "other"))
    assert not ask({"a": 1}, key="k").replayed
    assert not ask({"a": 2}, key="k", who=other).replayed
    assert not ask(unique_key="u").unique
    assert not ask(unique_key="u", who=other).unique


def test_the_same_key_at_once_is_one_job(
    ask: Submit, at_once: Callable[..., list[Any]], count: Callable[[str], int]
) -> None:
    came = at_once(lambda: ask({"a": 1}, key="k"), 6)
    assert len({one.job_id for one in came}) == 1
    assert sorted(one.replayed for one in came) == [False] + [True] * 5
    assert count("jobs") == 1


@pytest.mark.parametrize("state", sorted(IDLE | {State.RUNNING}))
def test_a_living_job_answers_for_its_unique_key(ask: Submit, put: Callable[..., None], state: State) -> None:
    first = ask(unique_key="u")
    put(first.job_id, state=state)
    second = ask(unique_key="u")
    assert (second.job_id, second.unique) == (first.job_id, True)


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_final_job_frees_its_unique_key(ask: Submit, put: Callable[..., None], state: State) -> None:
    first = ask(unique_key="u")
    put(first.job_id, state=state)
    second = ask(unique_key="u")
    assert (second.job_id != first.job_id, second.unique) == (True, False)


def test_the_same_unique_key_at_once_is_one_job(
    ask: Submit, at_once: Callable[..., list[Any]], count: Callable[[str], int]
) -> None:
    came = at_once(lambda: ask(unique_key="u"), 6)
    assert len({one.job_id for one in came}) == 1
    assert sorted(one.unique for one in came) == [False] + [True] * 5
    assert count("job_outbox") == 1


def test_both_keys_lead_to_the_same_living_job(ask: Submit) -> None:
    first = ask({"a": 1}, unique_key="u")
    twin = ask({"a": 2}, unique_key="u", key="k")
    again = ask({"a": 2}, unique_key="u", key="k")
    assert (twin.job_id, twin.unique, again.job_id, again.replayed) == (first.job_id, True, first.job_id, True)


def test_in_bulk_all_are_new_in_order(
    database: Database, admin: Principal, catalogue: Catalogue, count: Callable[[str], int]
) -> None:
    request = JobRequest(catalogue.find("platform.echo"), {})
    rows = [job_row(admin, request, now=utc_now()) for _ in range(500)]
    with database.transaction() as session:
        assert insert_jobs(session, rows) == 500
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    assert (count("jobs"), count("job_events"), count("job_outbox")) == (500, 1000, 500)


def test_in_bulk_twins_are_left_out_and_counted(
    database: Database, admin: Principal, catalogue: Catalogue, ask: Submit
) -> None:
    ask(unique_key="taken")
    echo = catalogue.find("platform.echo")
    keys = ["taken", "free", "free", None]
    rows = [job_row(admin, JobRequest(echo, {}, unique_key=key), now=utc_now()) for key in keys]
    with database.transaction() as session:
        assert insert_jobs(session, rows) == 2


def test_one_wrong_row_in_bulk_keeps_all_out(
    database: Database, admin: Principal, catalogue: Catalogue, count: Callable[[str], int]
) -> None:
    rows = [job_row(admin, JobRequest(catalogue.find("platform.echo"), {}), now=utc_now()) for _ in range(3)]
    rows[2]["priority"] = 10
    with pytest.raises(IntegrityError, match="priority_range"), database.transaction() as session:
        insert_jobs(session, rows)
    assert (count("jobs"), count("job_events"), count("job_outbox")) == (0, 0, 0)

"""Concurrency limits: no more at once than allowed, whoever asks; the others go ahead meanwhile."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, text

from core.catalogue import Catalogue
from core.database import Database, Listener
from core.jobs import admission, cancellation, concurrency, leases, outbox, outcomes, rescue
from core.jobs.gates import kind_gate, tenant_gate
from core.jobs.leases import Claimed
from core.platform.access import Principal

Submit = Callable[..., UUID]


def carry(database: Database, room: int = 50) -> list[UUID]:
    """Do what a relay does until nothing more goes."""
    found: list[UUID] = []
    while True:
        with database.transaction() as session:
            batch = outbox.take_batch(session, {"default": room, "science": room})
        found += [message.job_id for message in batch.messages]
        if not batch.held:
            return found
        with database.transaction() as session:
            admission.release(session)


def claim(database: Database, job_id: UUID) -> Claimed | None:
    return leases.claim(database, job_id, worker="test:1", lease_s=30.0)


def started(database: Database, job_id: UUID) -> Claimed:
    claimed = claim(database, job_id)
    assert claimed is not None
    return claimed


def end(database: Database, claimed: Claimed) -> None:
    outcomes.record(database, claimed, outcomes.succeeded({}, receipt={}, usage={}))
    with database.transaction() as session:
        admission.release(session)


def limit(database: Database, name: str, most: int) -> None:
    with database.transaction() as session:
        concurrency.set_limit(session, name, most)


def test_of_one_key_one_goes_and_the_others_do_not_block_who_stands_behind(
    database: Database, submit_job: Submit
) -> None:
    keyed = [submit_job("platform.echo", {}, concurrency_key="a") for _ in range(20)]
    free = submit_job("platform.echo", {}, priority=0)
    other = submit_job("platform.echo", {}, concurrency_key="b")
    assert carry(database, room=4) == [keyed[0], other, free]
    assert carry(database) == []
    end(database, started(database, keyed[0]))
    assert carry(database) == [keyed[1]]


def test_a_key_may_allow_several_and_the_latest_submission_says_how_many(
    database: Database, submit_job: Submit
) -> None:
    jobs = [submit_job("platform.echo", {}, concurrency_key="a", concurrency_limit=limit) for limit in (1, 1, 1, 3)]
    assert carry(database) == jobs[:3]


def test_held_jobs_of_a_key_keep_their_order_of_priority(database: Database, submit_job: Submit) -> None:
    first = submit_job("platform.echo", {}, concurrency_key="a")
    assert carry(database) == [first]
    low, high = (submit_job("platform.echo", {}, concurrency_key="a", priority=priority) for priority in (1, 8))
    assert carry(database) == []
    end(database, started(database, first))
    assert carry(database) == [high]
    end(database, started(database, high))
    assert carry(database) == [low]


@pytest.mark.parametrize("scope", ["kind", "tenant"])
def test_a_limit_holds_for_jobs_submitted_before_it(
    database: Database, submit_job: Submit, admin: Principal, scope: str
) -> None:
    first = submit_job("platform.echo", {})
    assert carry(database) == [first]
    running = started(database, first)
    jobs = [submit_job("platform.echo", {}) for _ in range(3)]
    other = submit_job("platform.sleep", {"seconds": 1})
    limit(database, kind_gate("platform.echo") if scope == "kind" else tenant_gate(admin.tenant_id), 2)
    assert carry(database) == ([jobs[0], other] if scope == "kind" else [jobs[0]])
    end(database, running)
    assert carry(database) == [jobs[1]]


def test_all_gates_of_a_job_must_have_room(database: Database, submit_job: Submit, admin: Principal) -> None:
    limit(database, tenant_gate(admin.tenant_id), 3)
    limit(database, kind_gate("platform.echo"), 2)
    keyed = [submit_job("platform.echo", {}, concurrency_key="a") for _ in range(2)]
    echoes = [submit_job("platform.echo", {}) for _ in range(3)]
    sleeps = [submit_job("platform.sleep", {"seconds": 1}) for _ in range(3)]
    assert carry(database) == [keyed[0], echoes[0], sleeps[0]]
    end(database, started(database, echoes[0]))
    assert carry(database) == [echoes[1]]


def test_zero_starts_none_and_lifting_a_limit_starts_them(database: Database, submit_job: Submit) -> None:
    limit(database, kind_gate("platform.echo"), 0)
    jobs = [submit_job("platform.echo", {}) for _ in range(3)]
    assert carry(database) == []
    assert claim(database, jobs[0]) is None
    with database.transaction() as session:
        assert concurrency.lift_limit(session, kind_gate("platform.echo"))
        assert not concurrency.lift_limit(session, kind_gate("platform.echo"))
        admission.release(session)
    assert set(carry(database)) == set(jobs)


def test_relays_at_once_never_admit_more_than_the_limit(
    database: Database, submit_job: Submit, at_once: Callable[..., list[Any]]
) -> None:
    for _ in range(60):
        submit_job("platform.echo", {}, concurrency_key="a", concurrency_limit=7)
    found = [job for jobs in at_once(lambda: carry(database, room=5), 4) for job in jobs]
    found += carry(database)
    assert (len(found), len(set(found))) == (7, 7)


def test_workers_at_once_never_run_more_than_the_limit(
    database: Database, submit_job: Submit, at_once: Callable[..., list[Any]]
) -> None:
    """Messages sent twice, or before there was a limit, bring more jobs to the workers than may run."""
    jobs = iter([submit_job("platform.echo", {}, concurrency_key="a", concurrency_limit=3) for _ in range(8)])
    claims = at_once(lambda: claim(database, next(jobs)), 8)
    assert sum(isinstance(claimed, Claimed) for claimed in claims) == 3
    assert [claimed for claimed in claims if isinstance(claimed, Exception)] == []


def test_a_claim_without_room_puts_its_message_back(database: Database, submit_job: Submit) -> None:
    first, second = (submit_job("platform.echo", {}, concurrency_key="a") for _ in range(2))
    assert carry(database) == [first]
    running = started(database, first)
    with database.transaction() as session:
        session.execute(text("DELETE FROM job_outbox"))
    assert claim(database, second) is None
    assert carry(database) == []
    end(database, running)
    assert carry(database) == [second]


def test_the_end_of_a_limited_job_wakes_the_relay(database: Database, database_url: str, submit_job: Submit) -> None:
    listener = Listener(database_url, outbox.CHANNEL)
    with contextlib.closing(listener):
        listener.wait(0.0)
        free, keyed = submit_job("platform.echo", {}), submit_job("platform.echo", {}, concurrency_key="a")
        one, other = started(database, free), started(database, keyed)
        while listener.wait(0.0):
            pass
        outcomes.record(database, one, outcomes.succeeded({}, receipt={}, usage={}))
        outcomes.record(database, other, outcomes.failed(other, FAILURE, usage={}, delay_s=60.0))
        assert listener.wait(60.0) == ["concurrency_limits"]


FAILURE = outcomes.Failure("broken", "it broke", will_pass=True)


def test_a_lost_worker_frees_its_place(database: Database, submit_job: Submit, put: Callable[..., None]) -> None:
    first, second = (submit_job("platform.echo", {}, concurrency_key="a", priority=priority) for priority in (1, 0))
    carry(database)
    started(database, first)
    put(first, lease_expires_at=func.now() - timedelta(minutes=1))
    assert carry(database) == []
    with database.transaction() as session:
        rescue.rescue_expired(session)
        admission.release(session)
    assert carry(database) == [first]
    assert second not in carry(database)


def test_a_cancelled_job_on_its_way_frees_its_place(
    database: Database, submit_job: Submit, admin: Principal, count: Callable[[str], int]
) -> None:
    first, second = (submit_job("platform.echo", {}, concurrency_key="a") for _ in range(2))
    assert carry(database) == [first]
    with database.transaction() as session:
        cancellation.cancel(session, admin.tenant_id, first)
    with database.transaction() as session:
        assert admission.forget_strays(session) == 1
        admission.release(session)
    assert carry(database) == [second]
    assert count("job_admissions") == 1


def test_a_message_sent_again_and_held_does_not_wait_for_its_own_place(database: Database, submit_job: Submit) -> None:
    """It is held unseen when it comes to lie behind others of its key."""
    first, second = (submit_job("platform.echo", {}, concurrency_key="a") for _ in range(2))
    assert carry(database) == [first]
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO job_outbox (job_id, kind, queue, priority, tenant_id, gates, held_by) "
                "SELECT id, kind, queue, priority, tenant_id, gates, gates[1] FROM jobs WHERE id = :id"
            ),
            {"id": first},
        )
    with database.transaction() as session:
        assert admission.release(session) == 0
        assert admission.forget_strays(session) == 1
        assert admission.release(session) == 1
    assert carry(database) == [second]
    end(database, started(database, second))
    assert carry(database) == [first]


def test_a_message_sent_again_needs_no_second_place(database: Database, submit_job: Submit) -> None:
    job_id = submit_job("platform.echo", {}, concurrency_key="a")
    assert carry(database) == [job_id]
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO job_outbox (job_id, kind, queue, priority, tenant_id, gates)"
                " SELECT id, kind, queue, priority, tenant_id, gates FROM jobs"
            )
        )
    assert carry(database) == [job_id]


def test_the_limits_of_keys_go_with_the_last_job(
    database: Database, submit_job: Submit, count: Callable[[str], int]
) -> None:
    gone, kept = (submit_job("platform.echo", {}, concurrency_key=key) for key in ("a", "b"))
    limit(database, kind_gate("platform.echo"), 5)
    outcomes.record(database, started(database, gone), outcomes.succeeded({}, receipt={}, usage={}))
    with database.transaction() as session:
        assert concurrency.forget_unused(session) == 1
        assert concurrency.forget_unused(session) == 0
    assert count("concurrency_limits") == 2
    assert claim(database, kept) is not None


def test_declared_limits_follow_the_kinds_but_give_way_to_an_operators(
    database: Database, catalogue: Catalogue
) -> None:
    echo, sleep = catalogue.find("platform.echo"), catalogue.find("platform.sleep")
    both = [with_concurrency(echo, 4), with_concurrency(sleep, 2)]
    limit(database, kind_gate("platform.sleep"), 9)
    with database.transaction() as session:
        concurrency.declare_kinds(session, both)
        assert figures(session) == {"platform.echo": (4, True), "platform.sleep": (9, False)}
        concurrency.lift_limit(session, kind_gate("platform.sleep"), declared=2)
        assert figures(session) == {"platform.echo": (4, True), "platform.sleep": (2, True)}
        concurrency.declare_kinds(session, [with_concurrency(echo, 5), sleep])
        assert figures(session) == {"platform.echo": (5, True)}


def figures(session: Any) -> dict[str, tuple[int, bool]]:
    return {one.subject: (one.max_running, one.declared) for one in concurrency.list_limits(session)}


def with_concurrency(kind: Any, most: int) -> Any:
    return replace(kind, limits=replace(kind.limits, concurrency=most))

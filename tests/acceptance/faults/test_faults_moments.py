"""Workers killed at chosen moments: a trigger holds the statement that the test wants to be the last."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.acceptance.faults.rig import STUCK, Rig
from tests.waiting import eventually

KEY = 20_261_121
HOLD = """
CREATE FUNCTION hold_for_test() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_advisory_xact_lock_shared({key}); RETURN NEW; END $$;
CREATE TRIGGER hold_for_test BEFORE UPDATE ON jobs FOR EACH ROW
WHEN (NEW.state = '{state}' AND NEW.state <> OLD.state AND 'held' = ANY (NEW.tags)) EXECUTE FUNCTION hold_for_test();
"""
RELEASE = "DROP TRIGGER hold_for_test ON jobs; DROP FUNCTION hold_for_test()"
HELD = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


@contextmanager
def holding(rig: Rig, state: str) -> Iterator[None]:
    """Hold every statement that moves a tagged job into a state until the block ends."""
    alter(rig, HOLD.format(key=KEY, state=state))
    try:
        with rig.database.transaction() as session:
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": KEY})
            yield
    finally:
        alter(rig, RELEASE)


def alter(rig: Rig, statements: str) -> None:
    with rig.database.transaction() as session:
        session.execute(text(statements))


def submit_held(rig: Rig, kind: str = "platform.echo") -> UUID:
    job_id = rig.submit(kind, {}, tags=["held"])
    eventually(lambda: rig.query(HELD))
    return job_id


def types(rig: Rig, job_id: UUID) -> list[str]:
    return [event.type for event in rig.events(job_id) if event.type != "job.progress"]


def test_a_worker_killed_after_it_sent_its_outcome_and_before_it_heard_has_recorded_it(rig: Rig) -> None:
    with holding(rig, "succeeded"):
        job_id = submit_held(rig)
        rig.child_of(job_id).kill()
    rig.await_state(job_id, "succeeded")
    assert types(rig, job_id) == ["job.submitted", "job.queued", "job.claimed", "job.succeeded"]


def test_a_worker_killed_before_its_outcome_landed_leaves_nothing_of_it(rig: Rig) -> None:
    with holding(rig, "succeeded"):
        job_id = submit_held(rig)
        rig.child_of(job_id).kill()
        (cut,) = rig.query(HELD)
        rig.query("SELECT pg_terminate_backend(:pid, 60000)", pid=cut.pid)
        # Its second attempt is held, too: the first is known to be over.
        rig.await_claim(job_id, times=2)
        eventually(lambda: rig.query(HELD))
    rig.await_state(job_id, "succeeded")
    assert types(rig, job_id)[2:] == ["job.claimed", "job.rescued", "job.claimed", "job.succeeded"]


@pytest.mark.deep
def test_a_claim_that_lands_after_its_worker_died_is_rescued_when_its_lease_is_over(rig: Rig) -> None:
    with holding(rig, "running"):
        job_id = submit_held(rig)
        for child in rig.tree("worker")[1:]:
            child.kill()
        other = rig.submit("platform.echo", {})
        rig.await_state(other, "succeeded")
    rig.await_state(job_id, "succeeded")
    rig.assert_told_once([job_id, other])


@pytest.mark.deep
def test_a_worker_whose_claim_is_cut_off_leaves_the_job_queued_and_its_message_is_sent_again(rig: Rig) -> None:
    with holding(rig, "running"):
        job_id = submit_held(rig)
        (cut,) = rig.query(HELD)
        for child in rig.tree("worker")[1:]:
            child.kill()
        rig.query("SELECT pg_terminate_backend(:pid, 60000)", pid=cut.pid)
        assert rig.job(job_id).state == "queued"
    row = rig.await_state(job_id, "succeeded")
    assert row.attempt == 1


@pytest.mark.deep
def test_a_worker_whose_parent_never_reports_loses_its_job_to_another(rig: Rig) -> None:
    """The child computes on, but nobody renews its lease."""
    job_id = rig.submit("platform.fail", STUCK)
    rig.await_claim(job_id)
    with rig.another_worker("second"), rig.frozen(rig.tree("worker")[:1]):
        rig.await_state(job_id, "succeeded")
        assert rig.job(job_id).attempt == 2
    rig.assert_told_once([job_id])

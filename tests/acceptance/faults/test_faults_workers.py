import signal
from typing import Any

import pytest

from tests.acceptance.faults.rig import ENDLESS, STUCK, Rig
from tests.waiting import eventually

LONG_S = 8
"""How long a job sleeps that a test freezes at its beginning."""


def rescues(rig: Rig, job_id: Any) -> list[Any]:
    return [event for event in rig.events(job_id) if event.type == "job.rescued"]


def test_a_job_whose_child_is_killed_runs_again_within_five_seconds(rig: Rig, slack: float) -> None:
    job_id = rig.submit("platform.fail", STUCK)
    rig.await_claim(job_id)
    killed_at = rig.now()
    rig.child_of(job_id).kill()
    assert (rig.await_claim(job_id, attempt=2).at - killed_at).total_seconds() < 5 * slack
    assert [event.data["cause"] for event in rescues(rig, job_id)] == ["the worker process died"]
    rig.await_state(job_id, "succeeded")
    rig.assert_told_once([job_id])


def test_a_job_that_kills_every_child_fails_soon_and_harms_no_other(rig: Rig) -> None:
    others = rig.submit_many("platform.sleep", [{"seconds": 0.5, "steps": 5}] * 8)
    poison = rig.submit("platform.fail", {"times": 100, "error": "crash"}, max_attempts=4)
    row = rig.await_state(poison, "failed")
    assert (row.error["code"], row.attempt) == ("worker_lost", 4)
    rig.await_all(others)
    rig.assert_told_once([poison, *others])
    assert {rig.job(other).attempt for other in others} == {1}
    assert {event.data["cause"] for event in rescues(rig, poison)} == {"the worker process died"}


def test_a_job_whose_worker_is_killed_runs_elsewhere_once_its_lease_is_over(rig: Rig, slack: float) -> None:
    job_id = rig.submit("platform.fail", STUCK)
    rig.await_claim(job_id)
    with rig.another_worker("second"):
        killed_at = rig.now()
        former = rig.kill("worker")
        again = rig.await_claim(job_id, attempt=2)
        assert (again.at - killed_at).total_seconds() < (rig.lease_s + 10) * slack
        rig.await_state(job_id, "succeeded")
    assert [event.data["cause"] for event in rescues(rig, job_id)] == ["the worker's lease ran out"]
    rig.await_return("worker", former)
    rig.assert_told_once([job_id])


def test_messages_that_a_killed_worker_had_fetched_are_sent_again(rig: Rig) -> None:
    """Children busy, the next messages fetched but not begun: with the worker they are gone from the broker."""
    with rig.frozen(rig.tree("beat")):  # its ticks are fetched, too, and would take the place of the jobs'
        rig.await_all(rig.submit_many("platform.echo", [{}] * 4))  # what was fetched before is begun by now
        busy = rig.submit_many("platform.fail", [STUCK] * 2)
        rig.await_all(busy, "running")
        fetched = rig.submit_many("platform.echo", [{"n": n} for n in range(2)])
        rig.await_fetched(2, of=2)
        former = rig.kill("worker")
    rig.await_return("worker", former)
    rig.await_all([*busy, *fetched])
    rig.assert_told_once([*busy, *fetched])


def test_a_worker_frozen_past_its_lease_cannot_record_what_it_finds(rig: Rig) -> None:
    job_id = rig.submit("platform.sleep", {"seconds": LONG_S, "steps": 1}, max_attempts=5)
    rig.await_claim(job_id)
    with rig.frozen(rig.tree("worker")), rig.another_worker("second"):
        recorded = rig.await_state(job_id, "succeeded")
        assert recorded.attempt == 2
        assert recorded.receipt is not None
    eventually(lambda: _refused(rig, job_id))
    assert rig.job(job_id) == recorded
    rig.assert_told_once([job_id])


def _refused(rig: Rig, job_id: Any) -> bool:
    return any("job.lease_lost" in line and str(job_id) in line for line in rig.log("worker").splitlines())


@pytest.mark.deep
def test_a_frozen_child_loses_its_lease_although_its_worker_lives(rig: Rig) -> None:
    job_id = rig.submit("platform.sleep", {"seconds": LONG_S, "steps": 1})
    rig.await_claim(job_id)
    with rig.frozen([rig.child_of(job_id)]):
        assert rig.await_state(job_id, "succeeded").attempt == 2
    rig.assert_told_once([job_id])


def test_a_worker_told_to_stop_gives_its_jobs_back_without_burning_an_attempt(rig: Rig) -> None:
    job_ids = [
        rig.submit("platform.sleep", ENDLESS, max_attempts=1),
        rig.submit("platform.sleep", {**ENDLESS, "steps": 10_000}, max_attempts=1),
    ]
    rig.await_all(job_ids, "running")
    former = rig.kill("worker", signal.SIGTERM)
    rig.await_return("worker", former)
    assert [rig.await_claim(job_id, times=2).attempt for job_id in job_ids] == [1, 1]
    assert all("job.released" in [event.type for event in rig.events(job_id)] for job_id in job_ids)
    rig.cancel_all(job_ids)
    rig.assert_told_once(job_ids)


def test_a_job_that_cannot_be_interrupted_does_not_keep_a_worker_from_stopping_and_burns_no_attempt(rig: Rig) -> None:
    job_id = rig.submit("platform.fail", {"times": 1, "error": "hang"}, max_attempts=1)
    rig.await_claim(job_id)
    former = rig.kill("worker", signal.SIGTERM)
    rig.await_return("worker", former)
    assert rig.await_claim(job_id, times=2).attempt == 1
    rig.cancel_all([job_id])
    assert "job.released" in [event.type for event in rig.events(job_id)]

from uuid import UUID

import pytest

from tests.acceptance.faults.rig import ENDLESS, STUCK, Rig
from tests.waiting import PATIENCE_S


def test_a_cancelled_computation_without_checkpoints_is_interrupted_within_five_seconds(rig: Rig, slack: float) -> None:
    other, job_id = rig.submit_many("platform.sleep", [ENDLESS] * 2)
    rig.await_all([other, job_id], "running")
    rig.cancel(job_id)
    row = rig.await_state(job_id, "cancelled")
    assert (row.finished_at - row.cancel_requested_at).total_seconds() < 5 * slack
    assert "killed" not in rig.events(job_id)[-1].data
    assert_unharmed(rig, other)
    rig.assert_told_once([job_id, other])


def assert_unharmed(rig: Rig, job_id: UUID) -> None:
    """Find the job in its first attempt still, and end it."""
    row = rig.job(job_id)
    assert (row.state, row.attempt, row.fence) == ("running", 1, 1)
    rig.cancel_all([job_id])


def test_a_cancelled_computation_stops_at_its_next_checkpoint(rig: Rig, slack: float) -> None:
    job_id = rig.submit("platform.sleep", {"seconds": 600, "steps": 6_000})
    rig.await_claim(job_id)
    rig.cancel(job_id)
    row = rig.await_state(job_id, "cancelled")
    assert (row.finished_at - row.cancel_requested_at).total_seconds() < 2 * slack


def test_a_cancelled_computation_that_ignores_everything_is_killed_within_ten_seconds(rig: Rig, slack: float) -> None:
    other = rig.submit("platform.sleep", ENDLESS)
    job_id = rig.submit("platform.fail", STUCK)
    rig.await_all([other, job_id], "running")
    child = rig.child_of(job_id)
    rig.cancel(job_id)
    row = rig.await_state(job_id, "cancelled")
    assert (row.finished_at - row.cancel_requested_at).total_seconds() < 10 * slack
    assert rig.events(job_id)[-1].data["killed"]
    assert child.wait(PATIENCE_S) is None
    assert_unharmed(rig, other)
    rig.assert_told_once([job_id, other])


@pytest.mark.parametrize(
    ("kind", "params", "timeout_s", "code"),
    [
        ("platform.sleep", ENDLESS, 1, "time_limit"),
        ("platform.fail", STUCK, 1, "time_limit"),
        ("platform.fail", {"times": 1, "error": "oom"}, 60, "memory_limit"),
    ],
)
def test_an_attempt_beyond_its_limits_fails_with_a_code_and_the_worker_goes_on(
    rig: Rig, slack: float, kind: str, params: dict[str, object], timeout_s: float, code: str
) -> None:
    job_id = rig.submit(kind, params, timeout_s=timeout_s)
    row = rig.await_state(job_id, "failed")
    assert row.error["code"] == code
    assert (row.finished_at - row.started_at).total_seconds() < (1 + 5 + 4) * slack
    rig.await_state(rig.submit("platform.echo", {}), "succeeded")
    rig.assert_told_once([job_id])


def test_a_job_cancelled_while_no_worker_is_there_never_starts(rig: Rig) -> None:
    with rig.frozen(rig.tree("worker")):
        job_id = rig.submit("platform.echo", {})
        rig.cancel(job_id)
        later = rig.submit("platform.echo", {})
    rig.await_state(later, "succeeded")
    assert rig.job(job_id).state == "cancelled"
    assert [event.type for event in rig.events(job_id)] == ["job.submitted", "job.queued", "job.cancelled"]

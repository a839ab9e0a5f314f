import pytest

from tests.acceptance.faults.rig import Rig


def test_a_cancelled_computation_without_checkpoints_is_interrupted_within_five_seconds(rig: Rig) -> None:
    other = rig.submit("platform.sleep", {"seconds": 4, "steps": 1})
    job_id = rig.submit("platform.sleep", {"seconds": 60, "steps": 1})
    rig.await_all([other, job_id], "running")
    rig.cancel(job_id)
    row = rig.await_state(job_id, "cancelled")
    assert (row.finished_at - row.cancel_requested_at).total_seconds() < 5
    assert rig.await_state(other, "succeeded").attempt == 1
    rig.assert_told_once([job_id, other])


def test_a_cancelled_computation_stops_at_its_next_checkpoint(rig: Rig) -> None:
    job_id = rig.submit("platform.sleep", {"seconds": 60, "steps": 600})
    rig.await_claim(job_id)
    rig.cancel(job_id)
    row = rig.await_state(job_id, "cancelled")
    assert (row.finished_at - row.cancel_requested_at).total_seconds() < 2


def test_a_cancelled_computation_that_ignores_everything_is_killed_within_ten_seconds(rig: Rig) -> None:
    other = rig.submit("platform.sleep", {"seconds": 9, "steps": 1})
    job_id = rig.submit("platform.fail", {"times": 1, "error": "hang"})
    rig.await_all([other, job_id], "running")
    child = rig.child_of(job_id)
    rig.cancel(job_id)
    row = rig.await_state(job_id, "cancelled")
    assert (row.finished_at - row.cancel_requested_at).total_seconds() < 10
    assert child.wait(5) is None
    assert rig.await_state(other, "succeeded").attempt == 1
    rig.assert_told_once([job_id, other])


@pytest.mark.parametrize(
    ("kind", "params", "code"),
    [
        ("platform.sleep", {"seconds": 60, "steps": 1}, "time_limit"),
        ("platform.fail", {"times": 1, "error": "hang"}, "time_limit"),
        ("platform.fail", {"times": 1, "error": "oom"}, "memory_limit"),
    ],
)
def test_an_attempt_beyond_its_limits_fails_with_a_code_and_the_worker_goes_on(
    rig: Rig, kind: str, params: dict[str, object], code: str
) -> None:
    job_id = rig.submit(kind, params, timeout_s=1)
    row = rig.await_state(job_id, "failed")
    assert row.error["code"] == code
    assert (row.finished_at - row.started_at).total_seconds() < 1 + 5 + 4
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

"""Jobs that exceed their limits on the whole platform: each fails with its code, and the worker goes on serving."""

import pytest

from tests.acceptance.faults.rig import Rig


def test_memory_that_is_refused_costs_an_attempt_and_no_worker(rig: Rig) -> None:
    job_ids = rig.submit_many("platform.fail", [{"times": 1, "error": "oom"}] * 4)
    rig.await_all(job_ids, "failed")
    jobs = [rig.job(job_id) for job_id in job_ids]
    assert {job.error["code"] for job in jobs} == {"memory_limit"}
    assert all(job.usage["peak_memory_mib"] > 0 for job in jobs)
    served = rig.await_state(rig.submit("platform.echo", {}), "succeeded")
    assert served.attempt == 1
    workers = {
        event.data["worker"] for job_id in job_ids for event in rig.events(job_id) if event.type == "job.claimed"
    }
    assert len(workers) <= 2, "no child was replaced"
    rig.assert_told_once(job_ids)


@pytest.mark.parametrize(
    ("error", "options", "code"), [("leak", {}, "memory_limit"), ("spin", {"timeout_s": 1}, "time_limit")]
)
def test_what_no_limit_inside_its_process_stops_is_killed(
    rig: Rig, error: str, options: dict[str, float], code: str
) -> None:
    others = rig.submit_many("platform.sleep", [{"seconds": 0.5, "steps": 5}] * 4)
    job_id = rig.submit("platform.fail", {"times": 1, "error": error}, **options)
    job = rig.await_state(job_id, "failed")
    assert (job.error["code"], job.attempt) == (code, 1)
    rig.await_all(others)
    assert {rig.job(other).attempt for other in others} == {1}
    rig.assert_told_once([job_id, *others])
    rig.await_state(rig.submit("platform.echo", {}), "succeeded")

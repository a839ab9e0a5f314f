from tests.acceptance.faults.rig import ENDLESS, Rig

CUT = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def test_jobs_outlive_a_crash_of_the_database(rig: Rig) -> None:
    job_ids = rig.submit_many("platform.sleep", [{"seconds": 0.3, "steps": 3}] * 20)
    long = rig.submit("platform.sleep", {"seconds": 3, "steps": 10}, priority=9)
    rig.await_claim(long)
    former = rig.kill("postgres")
    rig.await_return("postgres", former)
    rig.await_all([long, *job_ids])
    rig.assert_told_once([long, *job_ids])


def test_jobs_outlive_the_cut_of_every_connection(rig: Rig) -> None:
    job_ids = rig.submit_many("platform.sleep", [{"seconds": 0.3, "steps": 3}] * 20)
    rig.await_claim(job_ids[0])
    for _ in range(3):
        rig.query(CUT)
        job_ids.append(rig.submit("platform.echo", {}))
    rig.await_all(job_ids)
    rig.assert_told_once(job_ids)
    assert {rig.job(job_id).attempt for job_id in job_ids} == {1}


def test_cancelling_works_after_the_cut_of_every_connection(rig: Rig, slack: float) -> None:
    rig.query(CUT)
    job_id = rig.submit("platform.sleep", ENDLESS)
    rig.await_claim(job_id)
    rig.query(CUT)
    rig.cancel(job_id)
    row = rig.await_state(job_id, "cancelled")
    assert (row.finished_at - row.cancel_requested_at).total_seconds() < 10 * slack

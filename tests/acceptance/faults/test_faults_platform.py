import os
import signal
from contextlib import suppress
from functools import partial
from pathlib import Path
from uuid import UUID

import httpx2
import psutil
import pytest

from tests.acceptance.faults.empty_redis import EmptyRedis
from tests.acceptance.faults.rig import STUCK, Rig, running_rig, supervised
from tests.waiting import eventually


def test_two_hundred_jobs_outlive_the_death_of_every_process(rig: Rig) -> None:
    job_ids = rig.submit_many("platform.sleep", [{"seconds": 0.2, "steps": 2}] * 200)
    for count, name in enumerate(("worker", "relay", "beat", "web"), start=1):
        eventually(partial(_done, rig, job_ids, 10 * count))
        former = rig.kill(name)
        if name == "relay":
            rig.redis.kill()
            rig.redis.start()
        rig.await_return(name, former)
    rig.await_all(job_ids)
    rig.assert_told_once(job_ids)
    assert len(job_ids) == 200


def _done(rig: Rig, job_ids: list[UUID], wanted: int) -> bool:
    done = "SELECT count(*) AS done FROM jobs WHERE id = ANY(:ids) AND state = 'succeeded'"
    return bool(rig.query(done, ids=job_ids)[0].done >= wanted)


def test_a_job_answered_with_202_survives_a_web_process_killed_at_once(rig: Rig) -> None:
    former = rig.pid("web")
    processes = rig.tree("web")
    job_id = rig.submit("platform.echo", {"kept": True})
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # killed by the supervisor when the first of them ended
            process.kill()
    assert rig.await_state(job_id, "succeeded").result == {"kept": True}
    rig.await_return("web", former)


def test_submissions_cut_off_by_the_death_of_the_web_process_are_repeated_safely(rig: Rig) -> None:
    """A client that got no answer repeats with its key: one job, whether the first request had landed or not."""
    former = rig.pid("web")
    keys = [f"cut-{number}" for number in range(40)]
    answered = {}
    for number, key in enumerate(keys):
        if number == 20:
            os.kill(former, signal.SIGKILL)
        with suppress(httpx2.HTTPError):
            answered[key] = _submit_under(rig, key)
    rig.await_return("web", former)
    repeated = {key: _submit_under(rig, key) for key in keys}
    assert answered.items() <= repeated.items()
    rig.await_all(list(repeated.values()))
    assert len(set(repeated.values())) == len(keys)


def _submit_under(rig: Rig, key: str) -> UUID:
    body = {"kind": "platform.echo", "params": {"key": key}}
    answer = rig.http.post("/jobs", json=body, headers={"Idempotency-Key": key})
    assert answer.status_code in {200, 202}
    return UUID(answer.json()["id"])


@pytest.mark.deep
def test_jobs_are_rescued_and_promoted_without_any_beat(rig: Rig) -> None:
    job_id = rig.submit("platform.fail", STUCK)
    rig.await_claim(job_id)
    with rig.frozen(rig.tree("beat")), rig.another_worker("second"):
        failing = rig.submit("platform.fail", {"times": 1, "error": "transient"})
        killed_at = rig.now()
        former = rig.kill("worker")
        assert (rig.await_claim(job_id, attempt=2).at - killed_at).total_seconds() < rig.lease_s + 10
        rig.await_all([job_id, failing])
    rig.await_return("worker", former)


def test_two_relays_and_two_beats_do_no_harm(rig: Rig) -> None:
    beat = ["python", "-m", "tasks.beat", "--state", str(rig.root / "run" / "second-beat.state")]
    with rig.beside("second-relay", "python", "-m", "tasks.relay"), rig.beside("second-beat", *beat):
        job_ids = rig.submit_many("platform.echo", [{"n": n} for n in range(100)])
        scheduled = [rig.submit("platform.fail", {"times": 1, "error": "transient"}) for _ in range(5)]
        rig.await_all([*job_ids, *scheduled])
        rig.assert_told_once([*job_ids, *scheduled])
        assert {rig.job(job_id).attempt for job_id in job_ids} == {1}
        assert {rig.job(job_id).attempt for job_id in scheduled} == {2}


def test_a_platform_started_again_on_its_data_keeps_every_job(tmp_path: Path) -> None:
    redis = EmptyRedis(tmp_path / "empty-redis.log")
    redis.start()
    with supervised(tmp_path, redis, ("web", "relay")) as first:
        job_ids = first.submit_many("platform.echo", [{"n": n} for n in range(10)])
        endpoint = first.endpoint
    redis.kill()
    redis.start()
    with supervised(tmp_path, redis, ("web", "relay", "worker")) as second:
        assert second.endpoint["api_key"] == endpoint["api_key"]
        second.await_all(job_ids)
        second.assert_told_once(job_ids)
    redis.kill()


@pytest.mark.deep
def test_two_platforms_side_by_side_do_not_meet(rig: Rig, tmp_path: Path) -> None:
    with running_rig(tmp_path, ("web", "relay", "worker")) as other:
        mine = rig.submit_many("platform.echo", [{"of": "mine"}] * 20)
        others = other.submit_many("platform.echo", [{"of": "other"}] * 20)
        rig.await_all(mine)
        other.await_all(others)
        assert rig.http.get(f"/jobs/{others[0]}").status_code == 404
        assert rig.query("SELECT 1 FROM jobs WHERE id = ANY(:ids)", ids=others) == []


@pytest.mark.deep
def test_at_the_default_lease_a_killed_workers_job_runs_again_within_forty_seconds(tmp_path: Path) -> None:
    with running_rig(tmp_path, lease_s=30.0) as deep:
        job_id = deep.submit("platform.fail", STUCK)
        deep.await_claim(job_id)
        killed_at = deep.now()
        deep.kill("worker")
        assert (deep.await_claim(job_id, attempt=2).at - killed_at).total_seconds() <= 40
        deep.await_state(job_id, "succeeded")
        deep.assert_told_once([job_id])

"""No room left: in Redis's memory, and on the disk that Postgres writes to."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from tests.acceptance.faults.rig import Rig, running_rig
from tests.waiting import eventually

DISK_BYTES = 512 << 20
LARGE = {"filling": "0123456789abcdef" * 16_000}


def test_jobs_are_accepted_while_redis_is_out_of_memory_and_run_afterwards(rig: Rig) -> None:
    """The worker outlives it, though it has to connect anew just then."""
    worker, told = rig.pid("worker"), rig.log("worker").count("OutOfMemoryError")
    rig.redis.client.config_set("maxmemory", "1kb")
    rig.redis.client.client_kill_filter(_type="normal", skipme=True)
    try:
        job_ids = rig.submit_many("platform.echo", [{"n": n} for n in range(20)])
        job_ids += [rig.submit("platform.echo", {"n": n}) for n in range(5)]
        eventually(lambda: "relay.paused" in rig.log("relay"))
        eventually(lambda: rig.log("worker").count("OutOfMemoryError") > told)
        assert {rig.job(job_id).state for job_id in job_ids} == {"queued"}
    finally:
        rig.redis.client.config_set("maxmemory", "0")
    rig.await_all(job_ids)
    rig.assert_told_once(job_ids)
    assert rig.pid("worker") == worker


@contextmanager
def small_disk(mount_point: Path) -> Iterator[None]:
    """Mount a small disk there for as long as the block lasts; skips the test where that is not allowed."""
    mount_point.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(mount_point)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting a small disk takes privileges that are not there")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(mount_point)], check=True)


def fill(ballast: Path) -> None:
    """Leave nothing of the disk."""
    with ballast.open("wb") as file:
        try:
            while True:
                file.write(bytes(1 << 16))
                file.flush()
        except OSError:
            return


def refused(rig: Rig) -> httpx2.Response | None:
    """Submit a large job; return the answer when it was refused."""
    answer = rig.http.post("/jobs", json={"kind": "platform.echo", "params": LARGE})
    return None if answer.status_code == 202 else answer


@pytest.mark.deep
def test_a_full_disk_refuses_jobs_with_a_problem_and_loses_none(tmp_path: Path) -> None:
    """What was accepted before runs afterwards, and so does the platform."""
    root = tmp_path / "small"
    with small_disk(root / "data"):
        for folder in ("logs", "run"):  # the supervisor's own, which do not belong to the fault
            (tmp_path / folder).mkdir()
            (root / "data" / folder).symlink_to(tmp_path / folder)
        with running_rig(root) as rig:
            job_ids: list[UUID] = rig.submit_many("platform.sleep", [{"seconds": 1, "steps": 5}] * 10)
            rig.await_claim(job_ids[0])
            fill(root / "data" / "ballast")
            answer = eventually(lambda: refused(rig))
            assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
            assert answer.json()["code"] == "database_unavailable"
            (root / "data" / "ballast").unlink()
            eventually(lambda: refused(rig) is None)
            every = [row.id for row in rig.query("SELECT id FROM jobs")]
            assert set(job_ids) <= set(every)
            rig.await_all(every)
            rig.assert_told_once(every)

"""A host whose clock is wrong: every time that decides anything is the database's."""

from pathlib import Path

import pytest

from tests.acceptance.faults.rig import PROCFILE, Rig
from tests.acceptance.faults.wrong_clock import write_step


@pytest.mark.deep
@pytest.mark.parametrize("hours", [1, -1])
def test_a_worker_whose_clock_is_an_hour_off_harms_no_job(rig: Rig, tmp_path: Path, hours: int) -> None:
    """It renews its lease, records the database's times, and its retries come when they are due."""
    write_step(tmp_path, 3600 * hours)
    line = next(line for line in PROCFILE.read_text().splitlines() if line.startswith("worker:"))
    words = line.partition(":")[2].replace("worker@%h", "wrong@%h").split()
    with rig.beside("wrong", "env", f"PYTHONPATH={tmp_path}", *words), rig.frozen(rig.tree("worker")):
        before = rig.now()
        long = rig.submit("platform.sleep", {"seconds": rig.lease_s + 4, "steps": 20})
        failing = rig.submit("platform.fail", {"times": 1, "error": "transient"})
        rig.await_all([long, failing])
        after = rig.now()
    rows = [rig.job(job_id) for job_id in (long, failing)]
    assert [row.attempt for row in rows] == [1, 2]
    assert all(row.worker.startswith("wrong@") for row in rows)
    for row in rows:
        assert before <= row.created_at <= row.started_at <= row.finished_at <= after
    rig.assert_told_once([long, failing])

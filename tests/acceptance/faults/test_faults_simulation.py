"""A simulation whose worker is killed goes on from its snapshot, and comes to what it would have come to."""

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.faults.rig import Rig, running_rig
from tests.waiting import eventually

PROCESSES = ("web", "relay", "worker-science", "beat")
PARAMS: dict[str, Any] = {"model": "inventory", "members": 20_000, "dt": 0.004, "seed": 5, "plots": False}


def submit(rig: Rig) -> str:
    answer = rig.http.post("/jobs", json={"kind": "simulation.run", "params": PARAMS, "timeout_s": 900})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def kept(rig: Rig, job_id: str) -> int:
    rows = rig.query(f"SELECT count(*) AS kept FROM job_snapshots WHERE job_id = '{job_id}'")
    return int(rows[0].kept)


def ended(rig: Rig, job_id: str) -> dict[str, Any]:
    eventually(lambda: rig.http.get(f"/jobs/{job_id}").json()["state"] == "succeeded", 300)
    return dict(rig.http.get(f"/jobs/{job_id}").json())


@pytest.mark.deep
def test_a_killed_simulation_is_resumed_with_the_same_result(tmp_path: Path) -> None:
    with running_rig(tmp_path / "rig", PROCESSES) as rig:
        disturbed = submit(rig)
        eventually(lambda: kept(rig, disturbed) == 1, 120)
        former = rig.kill("worker-science")
        rig.await_return("worker-science", former)
        assert ended(rig, disturbed)["attempt"] == 2
        lines = rig.http.get(f"/jobs/{disturbed}/logs").json()["items"]
        assert [line["message"] for line in lines] == ["resumed from a snapshot"]
        whole = submit(rig)
        assert ended(rig, whole)["attempt"] == 1
        results = [rig.http.get(f"/jobs/{each}/result").content for each in (disturbed, whole)]
        assert results[0] == results[1]
        assert kept(rig, disturbed) == kept(rig, whole) == 0

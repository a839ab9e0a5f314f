"""An aggregation whose worker is killed in the middle comes to the same bytes at its next attempt, with its noise."""

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from core.canonical import canonical_json
from tests.acceptance.faults.rig import Rig, running_rig
from tests.waiting import eventually

PROCESSES = ("web", "relay", "worker-science", "beat")
CLIENTS, VALUES = 48, 400_000
"""So many that to read them takes a second, within which the worker is killed."""
ROBUST = {"strategy": "geometric_median", "settings": {"iterations": 2000}}
PRIVATE = {"strategy": "fedadam", "privacy": {"clip": 5.0, "noise_multiplier": 2.0, "key": "0123456789abcdef0123"}}


def upload(rig: Rig, values: Any) -> dict[str, str]:
    file = io.BytesIO()
    np.savez(file, w=values)
    answer = rig.http.post("/artifacts", params={"name": "update.npz"}, content=file.getvalue())
    assert answer.status_code == 201, answer.text
    return {"artifact": answer.json()["artifact_id"]}


def updates(rig: Rig) -> list[dict[str, Any]]:
    rng = np.random.default_rng(3)
    drawn = (rng.standard_cauchy(VALUES).clip(-9, 9) for _ in range(CLIENTS))
    return [{"client": f"site {place}", "update": upload(rig, values)} for place, values in enumerate(drawn)]


def await_begun(rig: Rig, job_id: UUID) -> None:
    eventually(lambda: (rig.http.get(f"/jobs/{job_id}").json()["progress"] or {}).get("step") is not None, 120)


def left_by(rig: Rig, job_id: UUID) -> tuple[str, dict[str, bytes]]:
    """Return a job's result, canonically, and the bytes of each of its artifacts."""
    rig.await_state(job_id, "succeeded", within_s=300)
    items = rig.http.get(f"/jobs/{job_id}/artifacts").json()["items"]
    files = {one["name"]: rig.http.get(f"/jobs/{job_id}/artifacts/{one['name']}").content for one in items}
    return canonical_json(rig.job(job_id).result), files


@pytest.mark.deep
def test_a_killed_aggregation_is_made_again_to_the_same_bytes(tmp_path: Path) -> None:
    with running_rig(tmp_path / "rig", PROCESSES) as rig:
        sent = updates(rig)
        for asked in (ROBUST, PRIVATE):
            params = {"form": "change", "updates": sent, **asked}
            disturbed = rig.submit("federated.aggregate", params)
            await_begun(rig, disturbed)
            former = rig.kill("worker-science")
            rig.await_return("worker-science", former)
            told, files = left_by(rig, disturbed)
            assert rig.job(disturbed).attempt == 2
            whole = rig.submit("federated.aggregate", params)
            assert left_by(rig, whole) == (told, files)
            assert rig.job(whole).attempt == 1
            assert "model.npz" in files
            rig.assert_told_once([disturbed, whole])

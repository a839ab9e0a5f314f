"""Penstock's column: the same faults, told from its database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chaos.columns import SLOT_S
from chaos.victims import Victim, kept
from tests.acceptance.faults.rig import PROCFILE, REPOSITORY, Rig, running_rig
from tests.waiting import eventually

SETTLED_S = 300.0
TWICE = """
SELECT count(*) AS twice FROM (
  SELECT FROM job_events WHERE type IN ('job.succeeded', 'job.failed', 'job.cancelled', 'job.expired')
  GROUP BY job_id HAVING count(*) > 1) AS finished
"""
FIRED = "SELECT count(*) / greatest(count(DISTINCT run_at), 1)::float8 AS jobs FROM jobs WHERE schedule_id = :id"


class PenstockColumn:
    """Two workers beside a platform of web, relay and Beat."""

    name = "Penstock"

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        line = next(line for line in PROCFILE.read_text().splitlines() if line.startswith("worker:"))
        commands = {side: line.partition(":")[2].replace("worker@%h", f"{side}@%h").split() for side in "ab"}
        environ = {name: value for name, value in rig.environ.items() if name != "PENSTOCK_READY_FILE"}
        self.workers = [
            Victim(command, environ, REPOSITORY, rig.root / "logs" / f"worker-{side}.log")
            for side, command in commands.items()
        ]

    def submit(self, jobs: int) -> None:
        """Submit so many jobs over HTTP."""
        self._rig.submit_many("platform.sleep", [{"seconds": 0.01, "steps": 1}] * jobs)

    def done(self) -> int:
        """Count the jobs that succeeded."""
        return int(self._rig.query("SELECT count(*) AS done FROM jobs WHERE state = 'succeeded'")[0].done)

    def settle(self) -> None:
        """Wait until every job is final."""
        eventually(lambda: not self._rig.query("SELECT FROM jobs WHERE finished_at IS NULL LIMIT 1"), SETTLED_S)

    def doubled(self) -> int:
        """Count the jobs with two recorded outcomes."""
        return int(self._rig.query(TWICE)[0].twice)

    def flush(self) -> None:
        """Make the broker forget everything."""
        self._rig.redis.flush()

    def cancelled_ran(self) -> bool:
        """Cancel a queued job whose message lies in the broker."""
        for worker in self.workers:
            worker.kill()
        job_id = self._rig.submit("platform.echo", {})
        self._rig.cancel(job_id)
        for worker in self.workers:
            worker.start()
        self._rig.await_state(self._rig.submit("platform.echo", {}), "succeeded")
        return self._rig.job(job_id).started_at is not None

    def fired(self, slots: int) -> float:
        """Count a schedule's jobs for each of its fire times, two Beats running."""
        beat = ("python", "-m", "tasks.beat", "--state", str(self._rig.root / "run" / "second.state"))
        rule = {"kind": "platform.echo", "params": {}, "every_s": SLOT_S}
        with self._rig.beside("second-beat", *beat):
            answer = self._rig.http.post("/schedules", json=rule)
            assert answer.is_success, answer.text
            schedule_id = answer.json()["id"]
            time.sleep((slots + 1) * SLOT_S)
            self._rig.http.delete(f"/schedules/{schedule_id}")
        return float(self._rig.query(FIRED, id=schedule_id)[0].jobs)


@contextmanager
def penstock_column(root: Path) -> Iterator[PenstockColumn]:
    """Run this platform's side until the block ends."""
    with running_rig(root, ("web", "relay", "beat")) as rig:
        column = PenstockColumn(rig)
        with kept(*column.workers):
            yield column

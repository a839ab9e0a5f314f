"""Penstock's column: the same faults, told from its database."""

import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

from celery import Celery
from sqlalchemy import text

from core.catalogue import discover
from core.clock import utc_now
from core.jobs import firing
from core.jobs.insertion import insert_jobs
from core.jobs.outbox import Message
from core.jobs.submission import JobRequest, job_row
from core.platform.access import Principal, Role
from core.platform.tenants import ensure_tenant
from guarantee_sides.columns import CHANGE, SHORT_S, SLOT_S, TWO_HOURS
from guarantee_sides.victims import Victim, kept
from tasks.broker import Broker
from tests.acceptance.faults.rig import PROCFILE, REPOSITORY, Rig, running_rig
from tests.waiting import eventually

SETTLED_S = 600.0
AT_ONCE = 1000
DELIVERED_AGAIN = 3
BY_HAND = 3
"""So many tick by hand beside the two Beats."""
OURS = "starts_with(kind, 'platform.')"
"""Beat fires schedules of the platform's own, too, whose jobs are nobody's here."""
DONE = f"SELECT count(*) AS done FROM jobs WHERE state = 'succeeded' AND {OURS}"
LEFT = f"SELECT FROM jobs WHERE finished_at IS NULL AND {OURS} LIMIT 1"
EFFECTS = "SELECT count(*) AS effects FROM job_events WHERE job_id = :id AND type = 'job.succeeded'"
STARTS = "SELECT count(*) AS starts FROM job_events WHERE job_id = :id AND type = 'job.claimed'"
TWICE = """
SELECT count(*) AS twice FROM (
  SELECT FROM job_events WHERE type IN ('job.succeeded', 'job.failed', 'job.cancelled', 'job.expired')
  GROUP BY job_id HAVING count(*) > 1) AS finished
"""
BURNT = "SELECT count(*) AS burnt FROM jobs WHERE id = ANY(:ids) AND attempt > 1"
FIRED = "SELECT count(*) / greatest(count(DISTINCT run_at), 1)::float8 AS jobs FROM jobs WHERE schedule_id = :id"
SET_BACK = """
UPDATE schedules SET next_fire_at = :first, ends_at = :last - interval '1 second' WHERE id = :id
"""
RUNS = """
SELECT count(*) AS told, count(*) FILTER (WHERE outcome = 'submitted') AS submitted
FROM schedule_runs WHERE schedule_id = :id
"""


class PenstockColumn:
    """Two workers beside a platform of web, relay and Beat."""

    name = "Penstock"

    def __init__(self, rig: Rig) -> None:
        self._rig, self.broker, self.folder = rig, rig.redis, rig.root
        line = next(line for line in PROCFILE.read_text().splitlines() if line.startswith("worker:"))
        commands = {side: line.partition(":")[2].replace("worker@%h", f"{side}@%h").split() for side in "ab"}
        environ = {name: value for name, value in rig.environ.items() if name != "PENSTOCK_READY_FILE"}
        self.workers: Sequence[Victim] = [
            Victim(command, environ, REPOSITORY, rig.root / "logs" / f"worker-{side}.log")
            for side, command in commands.items()
        ]

    def submit(self, jobs: int, seconds: float = SHORT_S, *, tenant: str | None = None) -> Sequence[str]:
        """Submit so many jobs over HTTP, or in another tenant's name."""
        if tenant is not None:
            return self._submit_for(tenant, jobs, seconds)
        every = [{"seconds": seconds, "steps": 1}] * jobs
        batches = [every[first : first + AT_ONCE] for first in range(0, jobs, AT_ONCE)]
        return [str(job_id) for batch in batches for job_id in self._rig.submit_many("platform.sleep", batch)]

    def submit_poison(self) -> str:
        """Submit a job that kills its process each time."""
        return str(self._rig.submit("platform.fail", {"times": 100, "error": "crash"}, max_attempts=3))

    def starts(self, job: str) -> int:
        """Count how often it was claimed."""
        return int(self._rig.query(STARTS, id=UUID(job))[0].starts)

    def effects(self, job: str) -> int:
        """Count the successes that were recorded."""
        return int(self._rig.query(EFFECTS, id=UUID(job))[0].effects)

    def done(self) -> int:
        """Count the jobs that succeeded."""
        return int(self._rig.query(DONE)[0].done)

    def settle(self) -> None:
        """Wait until every job is final."""
        eventually(lambda: not self._rig.query(LEFT), SETTLED_S)

    def doubled(self) -> int:
        """Count the jobs with two recorded outcomes."""
        return int(self._rig.query(TWICE)[0].twice)

    def is_over(self, job: str) -> bool:
        """Tell whether it is final."""
        return self._rig.job(UUID(job)).finished_at is not None

    def cancel(self, job: str) -> None:
        """Cancel it."""
        self._rig.cancel(UUID(job))

    def burnt(self, jobs: Sequence[str]) -> int:
        """Count those with more than one attempt."""
        return int(self._rig.query(BURNT, ids=[UUID(job) for job in jobs])[0].burnt)

    def redelivered(self, seconds: float) -> str:
        """Deliver the message of a running job again and again."""
        (job,) = self.submit(1, seconds)
        self._rig.await_claim(UUID(job))
        with Broker(Celery(broker=self.broker.url, set_as_current=False)) as broker:
            for _ in range(DELIVERED_AGAIN):
                time.sleep(seconds / (DELIVERED_AGAIN + 1))
                broker.publish([Message(UUID(job), "platform.sleep", "default", 5)])
        self.settle()
        return job

    def fired(self, slots: int) -> float:
        """Count a schedule's jobs for each of its fire times, two Beats running and some ticking by hand."""
        beat = ("python", "-m", "tasks.beat", "--state", str(self._rig.root / "run" / "second.state"))
        rule = {"kind": "platform.echo", "params": {}, "every_s": SLOT_S}
        with self._rig.beside("second-beat", *beat), self._ticking_by_hand():
            answer = self._rig.http.post("/schedules", json=rule)
            assert answer.is_success, answer.text
            schedule_id = answer.json()["id"]
            time.sleep((slots + 1) * SLOT_S)
            self._rig.http.delete(f"/schedules/{schedule_id}")
        return float(self._rig.query(FIRED, id=schedule_id)[0].jobs)

    def made_up(self) -> str:
        """Make schedules as of before the change of clocks, which Beat finds when two hours of them are over."""
        found = {policy: self._made_up_by(policy) for policy in ("all", "once", "skip")}
        runs = ", ".join(f"{policy}: {submitted}" for policy, (_, submitted) in found.items())
        return f"{runs}; {'/'.join(sorted({str(told) for told, _ in found.values()}))} fire times told"

    def restart_database(self) -> bool:
        """Restart Postgres."""
        former = self._rig.kill("postgres")
        self._rig.await_return("postgres", former)
        return True

    def _submit_for(self, tenant: str, jobs: int, seconds: float) -> Sequence[str]:
        kind, now = discover().find("platform.sleep"), utc_now()
        with self._rig.database.transaction() as session:
            principal = Principal(uuid.uuid4(), ensure_tenant(session, tenant), Role.ADMIN, tenant)
            request = JobRequest(kind, {"seconds": seconds, "steps": 1})
            rows = [job_row(principal, request, now=now) for _ in range(jobs)]
            insert_jobs(session, rows)
        return [str(row["id"]) for row in rows]

    @contextmanager
    def _ticking_by_hand(self) -> Iterator[None]:
        over, kinds = Event(), discover().kinds

        def tick() -> None:
            while not over.wait(0.2):
                firing.tick(self._rig.database, kinds)

        threads = [Thread(target=tick) for _ in range(BY_HAND)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def _made_up_by(self, policy: str) -> tuple[int, int]:
        rule = {"cron": "*/15 * * * *", "timezone": "Europe/Berlin", "missed": policy}
        answer = self._rig.http.post("/schedules", json={"kind": "platform.echo", "params": {}, **rule})
        assert answer.is_success, answer.text
        schedule_id = answer.json()["id"]
        with self._rig.database.transaction() as session:
            session.execute(text(SET_BACK), {"id": schedule_id, "first": CHANGE, "last": CHANGE + TWO_HOURS})
        eventually(lambda: self._rig.query(RUNS, id=schedule_id)[0].told)
        time.sleep(SLOT_S)
        row = self._rig.query(RUNS, id=schedule_id)[0]
        return int(row.told), int(row.submitted)


@contextmanager
def penstock_column(root: Path) -> Iterator[PenstockColumn]:
    """Run this platform's side until the block ends."""
    with running_rig(root, ("web", "relay", "beat")) as rig:
        column = PenstockColumn(rig)
        with kept(*column.workers):
            yield column

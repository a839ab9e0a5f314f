"""A platform to break: chosen processes under the real supervisor, on a Redis that keeps nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import httpx2
import psutil
from sqlalchemy import text

from core.database import Database, connect
from tests.acceptance.faults.empty_redis import EmptyRedis
from tests.waiting import PATIENCE_S, PAUSE_S, eventually

REPOSITORY = Path(__file__).parents[3]
PROCFILE = REPOSITORY / "Procfile"
LEASE_S = 8.0
"""Short, for the tests that wait until it is over, but no worker of a busy machine fails to renew it."""
START_S = 90.0
ENDLESS = {"seconds": 3600, "steps": 1}
"""A sleep that lasts until it is cancelled."""
STUCK = {"times": 1, "error": "hang"}
"""A failure whose first attempt lasts until its process is killed, and whose second succeeds at once."""


@dataclass
class Rig:
    """One running platform and the ways to use, watch and harm it."""

    root: Path
    redis: EmptyRedis
    lease_s: float

    def __post_init__(self) -> None:
        environ = self.environ
        self.database: Database = connect(environ["DATABASE_URL"], pool_size=4, application_name="rig")
        key = {"Authorization": f"Bearer {self.endpoint['api_key']}"}
        self.http = httpx2.Client(base_url=self.endpoint["url"] + "/api/v1", headers=key, timeout=35)

    @property
    def endpoint(self) -> dict[str, Any]:
        return dict(json.loads((self.root / "run" / "endpoint.json").read_text()))

    @property
    def environ(self) -> dict[str, str]:
        """What the platform's own processes find in their environment."""
        return psutil.Process(self.pid("web")).environ()

    def pid(self, name: str) -> int:
        return int(self.endpoint["pids"][name])

    def tree(self, name: str) -> list[psutil.Process]:
        leader = psutil.Process(self.pid(name))
        return [leader, *leader.children(recursive=True)]

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to one supervised process; returns the pid it had."""
        pid = self.pid(name)
        os.kill(pid, number)
        return pid

    def await_return(self, name: str, former: int) -> None:
        """Wait until the supervisor has another process of that name serving."""

        def serves() -> bool:
            pids = self.endpoint["pids"]
            process = json.loads((self.root / "run" / "status.json").read_text())["processes"][name]
            return bool(pids.get(name, former) != former and process["state"] == "ready")

        eventually(serves, START_S)

    @contextmanager
    def frozen(self, processes: Collection[psutil.Process]) -> Iterator[None]:
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                with suppress(psutil.NoSuchProcess):
                    process.resume()

    @contextmanager
    def beside(self, name: str, *words: str) -> Iterator[None]:
        """Run one more process beside the supervised ones; it ends in peace."""
        ready = self.root / "run" / f"{name}.spawned"
        ready.unlink(missing_ok=True)
        with (self.root / "logs" / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                words, env={**self.environ, "PENSTOCK_READY_FILE": str(ready)}, stdout=log, stderr=log
            )
        try:
            eventually(ready.exists, START_S)
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE_S)

    def another_worker(self, name: str) -> AbstractContextManager[None]:
        line = next(line for line in PROCFILE.read_text().splitlines() if line.startswith("worker:"))
        return self.beside(name, *line.partition(":")[2].replace("worker@%h", f"{name}@%h").split())

    def submit(self, kind: str, params: Mapping[str, Any], **options: Any) -> UUID:
        answer = self.http.post("/jobs", json={"kind": kind, "params": params, **options})
        assert answer.status_code == 202, answer.text
        return UUID(answer.json()["id"])

    def submit_many(self, kind: str, many: Sequence[Mapping[str, Any]]) -> list[UUID]:
        answer = self.http.post("/jobs/bulk", json={"jobs": [{"kind": kind, "params": params} for params in many]})
        assert answer.status_code == 202, answer.text
        return [UUID(job_id) for job_id in answer.json()["ids"]]

    def cancel(self, job_id: UUID) -> None:
        assert self.http.post(f"/jobs/{job_id}/cancel").status_code in {200, 202}

    def cancel_all(self, job_ids: Collection[UUID]) -> None:
        """Cancel jobs and wait for their end."""
        for job_id in job_ids:
            self.cancel(job_id)
        self.await_all(job_ids, "cancelled")

    def job(self, job_id: UUID) -> Any:
        """Return the job's row as the database has it."""
        return self.query("SELECT * FROM jobs WHERE id = :id", id=job_id)[0]

    def events(self, job_id: UUID) -> list[Any]:
        return self.query("SELECT * FROM job_events WHERE job_id = :id ORDER BY seq", id=job_id)

    def await_state(self, job_id: UUID, *states: str, within_s: float = PATIENCE_S) -> Any:
        def reached() -> Any:
            row = self.job(job_id)
            return row if row.state in states else None

        return eventually(reached, within_s)

    def await_claim(self, job_id: UUID, attempt: int = 1, *, times: int = 1) -> Any:
        """Wait until an attempt has begun, or has begun so many times as it was given back; return that event."""
        claims = (
            "SELECT * FROM job_events WHERE job_id = :id AND type = 'job.claimed' AND attempt >= :attempt"
            " ORDER BY seq OFFSET :before"
        )
        return eventually(lambda: self.query(claims, id=job_id, attempt=attempt, before=times - 1))[0]

    def await_fetched(self, count: int, *, of: int) -> None:
        """Wait until so many of the messages, all being carried to the broker, are with a worker."""

        def fetched() -> bool:
            # Redis keeps a list for each priority.
            left = sum(self.redis.client.llen(key) for key in self.redis.client.keys("default*"))
            return self.query("SELECT FROM job_outbox") == [] and of - left >= count

        eventually(fetched)

    def now(self) -> datetime:
        """Return the database's time."""
        at: datetime = self.query("SELECT clock_timestamp() AS now")[0].now
        return at

    def await_all(self, job_ids: Collection[UUID], state: str = "succeeded", within_s: float = 120.0) -> None:
        unlike = "SELECT state, count(*) FROM jobs WHERE id = ANY(:ids) AND state <> :state GROUP BY state"
        give_up_at = time.monotonic() + within_s
        while left := self.query(unlike, ids=list(job_ids), state=state):
            assert time.monotonic() < give_up_at, f"not {state}: {left}"
            time.sleep(PAUSE_S)

    def assert_told_once(self, job_ids: Collection[UUID]) -> None:
        """Every job has events numbered without a gap, and one final event, the last."""
        told = self.query(_TOLD, ids=list(job_ids))
        assert len(told) == len(set(job_ids))
        assert [row for row in told if (row.finals, row.final_seq, row.events) != (1, row.version, row.version)] == []

    def query(self, statement: str, **params: Any) -> list[Any]:
        with self.database.statements() as session:
            return list(session.execute(text(statement), params).all())

    def child_of(self, job_id: UUID) -> psutil.Process:
        """Return the process that works on a running job."""
        return psutil.Process(int(self.job(job_id).worker.rpartition(":")[2]))

    def log(self, name: str) -> str:
        return (self.root / "logs" / f"{name}.log").read_text()

    def close(self) -> None:
        self.http.close()
        self.database.engine.dispose()


@contextmanager
def running_rig(
    root: Path, names: Collection[str] = ("web", "relay", "worker", "beat"), *, lease_s: float = LEASE_S
) -> Iterator[Rig]:
    """Run the named processes of the Procfile until the block ends."""
    root.mkdir(parents=True, exist_ok=True)
    redis = EmptyRedis(root / "empty-redis.log")
    redis.start()
    try:
        with supervised(root, redis, names, lease_s=lease_s) as platform:
            yield platform
    finally:
        redis.kill()


@contextmanager
def supervised(
    root: Path,
    redis: EmptyRedis,
    names: Collection[str],
    *,
    lease_s: float = LEASE_S,
    procfile: Path | None = None,
    checkout: Path = REPOSITORY,
    extra: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Rig]:
    """Run a platform on a data folder and a Redis that may have been used before; a Procfile of its own names all.

    The code is that of a checkout, and further variables may name servers of somebody else's.
    """
    root.mkdir(parents=True, exist_ok=True)
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PENSTOCK_")},
        "REDIS_URL": redis.url,
        "PENSTOCK_LEASE_S": str(lease_s),
        "PENSTOCK_WEBHOOKS_ALLOW_PRIVATE": "127.0.0.0/8",
        "PYTHONPATH": str(checkout),
        **extra,
    }
    lines = procfile or _procfile(root, names)
    words = ["up", "--port", "0", "--data-dir", str(root / "data"), "--procfile", str(lines)]
    with (root / "supervisor.log").open("ab") as log:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "webapp.cli", *words], cwd=checkout, env=environ, stdout=log, stderr=log
        )
    platform = None
    try:
        eventually((root / "data" / "run" / "endpoint.json").exists, START_S)
        platform = Rig(root / "data", redis, lease_s)
        yield platform
    finally:
        if platform is not None:
            platform.close()
        supervisor.terminate()
        supervisor.wait(60)


def _procfile(root: Path, names: Collection[str]) -> Path:
    lines = PROCFILE.read_text().splitlines()
    procfile = root / "Procfile"
    procfile.write_text("".join(f"{line}\n" for line in lines if line.partition(":")[0] in names))
    return procfile


_TOLD = """
SELECT job.id, job.version, count(*) AS events, count(*) FILTER (WHERE final) AS finals,
       max(seq) FILTER (WHERE final) AS final_seq
FROM jobs AS job JOIN (
  SELECT job_id, seq, type IN ('job.succeeded', 'job.failed', 'job.cancelled', 'job.expired') AS final FROM job_events
) AS event ON event.job_id = job.id
WHERE job.id = ANY(:ids) GROUP BY job.id
"""

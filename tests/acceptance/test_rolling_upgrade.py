"""A rolling upgrade: the code before the newest migration and the code after it, side by side on one database."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import httpx2
import pytest

from core.migration import head_revision
from core.platform.servers.embedded import running
from tests.acceptance.faults.empty_redis import EmptyRedis
from tests.acceptance.faults.rig import PROCFILE, REPOSITORY, Rig, supervised
from tests.waiting import eventually

NAMES = ("web", "relay", "worker", "beat")
EVERY_SECOND = {"kind": "platform.echo", "params": {}, "every_s": 1}
WORKERS = "SELECT DISTINCT worker FROM jobs WHERE id = ANY(:ids)"
WORK = {"seconds": 0.2, "steps": 2}
REVISION = "SELECT version_num AS revision FROM alembic_version"


@dataclass
class Clients:
    """Somebody who submits all the time, to whichever platform serves at the moment."""

    at: Rig
    accepted: list[UUID] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def submit(self) -> None:
        """Submit a job and a batch; a platform that stops in between is asked no more."""
        rig = self.at
        try:
            self.accepted.append(rig.submit("platform.sleep", WORK))
            self.accepted.extend(rig.submit_many("platform.echo", [{"n": n} for n in range(3)]))
        except (AssertionError, httpx2.HTTPError) as error:
            if rig is self.at:
                self.refused.append(str(error))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        over = Event()

        def submit_all_the_time() -> None:
            while not over.wait(0.1):
                self.submit()

        thread = Thread(target=submit_all_the_time)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def await_more(self, jobs: int) -> list[UUID]:
        """Wait for so many more submissions; return them."""
        before = len(self.accepted)
        eventually(lambda: len(self.accepted) >= before + jobs)
        return self.accepted[before:]


@pytest.mark.deep
@pytest.mark.timeout(600)
def test_jobs_of_old_and_new_code_are_all_done_once_while_one_replaces_the_other(tmp_path: Path) -> None:
    former = former_checkout(tmp_path / "former")
    with servers(tmp_path) as (redis, extra), ExitStack() as older, ExitStack() as newer:
        old = older.enter_context(supervised(tmp_path / "old", redis, NAMES, checkout=former, extra=extra))
        answer = old.http.post("/schedules", json={**EVERY_SECOND, "missed": "all"})
        clients, at_first = Clients(old), old.query(REVISION)[0].revision
        with clients.at_work():
            clients.await_more(20)
            procfile = newer_procfile(tmp_path / "Procfile")
            new = newer.enter_context(supervised(tmp_path / "new", redis, (), procfile=procfile, extra=extra))
            assert (at_first, head_revision()) == (former_revision(former), old.query(REVISION)[0].revision)
            side_by_side = clients.await_more(60)
            new.await_all(side_by_side)
            clients.at = new
            clients.await_more(20)
            older.close()
            clients.await_more(20)
        assert clients.refused == []
        assert {row.worker.partition("@")[0] for row in new.query(WORKERS, ids=side_by_side)} == {"worker", "newer"}
        assert_all_done_at_once(new, clients.accepted)
        assert_fired_every_second(new, answer.json()["id"])


@contextmanager
def servers(folder: Path) -> Iterator[tuple[EmptyRedis, dict[str, str]]]:
    """Run what both platforms share; yields the broker, and the rest as variables."""
    redis = EmptyRedis(folder / "redis.log")
    redis.start()
    try:
        with running(folder / "servers") as urls:
            yield (
                redis,
                {
                    "DATABASE_URL": urls.database,
                    "PENSTOCK_SECRET_KEY": "one key for the old code and the new",
                    "PENSTOCK_STORAGE_URL": f"file://{folder / 'artifacts'}",
                },
            )
    finally:
        redis.kill()


def newer_procfile(path: Path) -> Path:
    lines = (line for line in PROCFILE.read_text().splitlines() if line.partition(":")[0] in NAMES)
    path.write_text("".join(f"{line.replace('worker@%h', 'newer@%h')}\n" for line in lines))
    return path


def assert_all_done_at_once(rig: Rig, job_ids: list[UUID]) -> None:
    rig.await_all(job_ids)
    rig.assert_told_once(job_ids)
    attempts = rig.query("SELECT DISTINCT attempt FROM jobs WHERE id = ANY(:ids)", ids=job_ids)
    assert [row.attempt for row in attempts] == [1]


def assert_fired_every_second(rig: Rig, schedule_id: str) -> None:
    fired = rig.query("SELECT fire_at, outcome FROM schedule_runs WHERE schedule_id = :id ORDER BY 1", id=schedule_id)
    assert {(after.fire_at - before.fire_at).total_seconds() for before, after in pairwise(fired)} == {1.0}
    assert {row.outcome for row in fired} == {"submitted"}


def former_checkout(folder: Path) -> Path:
    """Write the code as it was before the newest migration came; skips where there is no history."""
    newest = max(path.name for path in (REPOSITORY / "migrations" / "versions").glob("[0-9]*.py"))
    words = ("log", "--no-renames", "--diff-filter=A", "--format=%H", "-1", "--", f"migrations/versions/{newest}")
    added = git(*words).decode().strip()
    if not added or subprocess.run(["git", "cat-file", "-e", f"{added}^"], cwd=REPOSITORY, check=False).returncode:
        pytest.skip("the history of the newest migration is not here")
    folder.mkdir()
    subprocess.run(["tar", "-x"], input=git("archive", f"{added}^"), cwd=folder, check=True)
    return folder


def git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=REPOSITORY, check=False, capture_output=True).stdout


def former_revision(checkout: Path) -> str:
    return max(path.name[:4] for path in (checkout / "migrations" / "versions").glob("[0-9]*.py"))

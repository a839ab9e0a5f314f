"""A real worker in a control group with too little memory: its children die without the governor, and none with it."""

import contextlib
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.database import Database
from tests.waiting import eventually
from webapp.cli._checkout import CHECKOUT

GROUPS = Path("/sys/fs/cgroup")
LIMIT_MIB, HELD_MIB, JOBS, CHILDREN = 800, 200, 12, 4
"""Children take about 170 MiB when idle; four that hold 200 each do not fit, two do."""
WORKER = (
    "tasks.worker",
    "--queues",
    "default,maintenance",
    "--concurrency",
    str(CHILDREN),
    "--hostname",
    "squeezed@%h",
)


@pytest.fixture
def group() -> Iterator[Path]:
    """A control group of this test's own; skips where none can be made."""
    version_1 = (GROUPS / "memory").is_dir()
    folder = (GROUPS / "memory" if version_1 else GROUPS) / f"penstock-{uuid.uuid4().hex[:8]}"
    limit = "memory.limit_in_bytes" if version_1 else "memory.max"
    try:
        folder.mkdir()
        (folder / limit).write_text(str(LIMIT_MIB << 20))
    except OSError as error:
        with contextlib.suppress(OSError):
            folder.rmdir()
        pytest.skip(f"no control group can be made here: {error}")
    yield folder
    eventually(lambda: (folder / "cgroup.procs").read_text() == "")
    folder.rmdir()


@pytest.fixture
def environ(database_url: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    """What relay and worker read."""
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PENSTOCK_STORAGE_URL": f"file://{tmp_path}/artifacts",
        "PENSTOCK_DATA_DIR": str(tmp_path),
        "PENSTOCK_SECRET_KEY": "a key for tests, of no worth elsewhere",
        "PYTHONPATH": str(CHECKOUT),
    }


@contextlib.contextmanager
def running(words: tuple[str, ...], environ: Mapping[str, str], log: Path, group: Path | None = None) -> Iterator[None]:
    """Run a module until the block ends, within a control group from its first moment on."""
    ready = log.with_suffix(".ready")
    join = "" if group is None else f"echo $$ > {group}/cgroup.procs && "
    with log.open("wb") as sink:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f'{join}exec "$0" -m "$@"', sys.executable, *words],
            env={**environ, "PENSTOCK_READY_FILE": str(ready)},
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
    try:
        eventually(lambda: ready.exists() or process.poll() is not None)
        assert process.poll() is None, log.read_text()[-2_000:]
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def squeezed(
    database: Database,
    submit_job: Callable[..., UUID],
    environ: Mapping[str, str],
    tmp_path: Path,
    group: Path,
    *,
    seconds: float,
) -> list[Any]:
    """Have all jobs computed under the squeeze, each of so many seconds; return how each ended."""
    params = {"seconds": seconds, "steps": 2, "hold_mib": HELD_MIB}
    job_ids = [submit_job("platform.sleep", params, max_attempts=1) for _ in range(JOBS)]
    with (
        running(("tasks.relay",), environ, tmp_path / "relay.log"),
        running(WORKER, environ, tmp_path / "worker.log", group),
    ):

        def ended() -> list[Any]:
            with database.statements() as session:
                return list(session.execute(text(_ENDED), {"ids": job_ids}))

        return list(eventually(lambda: found if len(found := ended()) == JOBS else None, 150.0))


def test_without_the_governor_children_die(
    database: Database, submit_job: Callable[..., UUID], environ: dict[str, str], tmp_path: Path, group: Path
) -> None:
    # Long enough for four to meet, however slowly a busy machine begins them.
    ends = squeezed(database, submit_job, {**environ, "PENSTOCK_GOVERNOR": "off"}, tmp_path, group, seconds=3.0)
    assert [end.code for end in ends if end.state == "failed"].count("worker_lost") >= 2


def test_with_it_every_job_finishes_at_its_first_attempt(
    database: Database, submit_job: Callable[..., UUID], environ: dict[str, str], tmp_path: Path, group: Path
) -> None:
    ends = squeezed(database, submit_job, environ, tmp_path, group, seconds=1.0)
    assert {(end.state, end.code) for end in ends} == {("succeeded", None)}
    with database.statements() as session:
        report = session.execute(text("SELECT * FROM governor_reports")).one()
        most = session.scalar(text(_MOST_AT_ONCE))
    assert report.readings["memory_total_mib"] == pytest.approx(LIMIT_MIB)
    assert most is not None
    assert 1 < most < CHILDREN, "as many as fit ran side by side"


_ENDED = "SELECT state, error->>'code' AS code FROM jobs WHERE id = ANY(:ids) AND state IN ('succeeded', 'failed')"
_MOST_AT_ONCE = """
SELECT max(beside) FROM (
  SELECT count(*) AS beside FROM jobs AS one JOIN jobs AS other
    ON other.started_at <= one.started_at AND other.finished_at > one.started_at GROUP BY one.id
) AS counted
"""

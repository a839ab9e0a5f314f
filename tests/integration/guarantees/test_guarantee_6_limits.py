"""Limits hold: without them a greedy or endless attempt succeeds, or never ends, at the cost of all others."""

import contextlib
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row

from core.catalogue import Catalogue
from core.database import Database, Listener
from core.jobs import cancellation, memory
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute
from core.jobs.kind import Limits
from core.jobs.leases import Claimed
from tasks.warden import Running, Warden, child_name

MIB = 1 << 20
ALLOWED_MIB, TAKEN_MIB = 32, 256
LIMITS = Limits(soft_s=10.0, grace_s=5.0, memory_mib=ALLOWED_MIB)
ReadRow = Callable[[UUID], Row[Any]]


def take_memory(_params: Any, _context: JobContext) -> dict[str, Any]:
    return {"bytes": len(bytearray(TAKEN_MIB * MIB))}


@pytest.mark.parametrize("limited", [False, True])
def test_an_attempt_that_takes_too_much_memory(
    station: Station,
    submit_job: Callable[..., UUID],
    catalogue: Catalogue,
    row: ReadRow,
    monkeypatch: pytest.MonkeyPatch,
    *,
    limited: bool,
) -> None:
    if not limited:
        monkeypatch.setattr(memory, "limited", lambda _mib: contextlib.nullcontext())
    kind = replace(catalogue.find("platform.echo"), limits=LIMITS)
    greedy, modest = submit_job("platform.echo", {}), submit_job("platform.echo", {})
    execute(station, kind, take_memory, greedy)
    execute(station, kind, lambda _params, _context: {}, modest)
    ends = row(greedy).state, (row(greedy).error or {}).get("code"), row(modest).state
    assert ends == (("failed", "memory_limit", "succeeded") if limited else ("succeeded", None, "succeeded"))


@pytest.fixture
def endless() -> Iterator[subprocess.Popen[bytes]]:
    """A child that never ends, and hears of no signal but the last."""
    deaf = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals()); print(flush=True); input()"
    with subprocess.Popen(["python3", "-c", deaf], stdin=-1, stdout=-1) as child:
        assert child.stdout is not None
        child.stdout.readline()
        yield child
        child.kill()


@pytest.mark.parametrize("limited", [False, True])
def test_an_attempt_that_never_ends(
    database: Database,
    database_url: str,
    endless: subprocess.Popen[bytes],
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    row: ReadRow,
    *,
    limited: bool,
) -> None:
    """Nobody but the worker's parent can end a computation that listens to nobody."""
    job_id = submit_job("platform.echo", {}, timeout_s=LIMITS.soft_s)
    take(job_id, worker=child_name("test", endless.pid))
    now_s = [100.0]
    running = [Running(job_id, endless.pid, now_s[0], LIMITS)]
    listener = Listener(database_url, cancellation.CHANNEL)
    warden = Warden(database, listener, lambda: running, "test", 30.0, clock=lambda: now_s[0])
    with pytest.MonkeyPatch.context() as patch, contextlib.closing(listener):
        if not limited:
            patch.setattr(Warden, "_reason_to_stop", lambda *_: None)
        for passed_s in (0.0, 2.0, LIMITS.soft_s, 1.0, LIMITS.grace_s, 60.0):
            now_s[0] += passed_s
            warden.round(wait_s=0.0)
    if limited:
        endless.wait(30)
        assert (row(job_id).state, row(job_id).error["code"]) == ("failed", "time_limit")
    else:
        assert (endless.poll(), row(job_id).state) == (None, "running")

"""Computations that let nobody stop them, in real children: each ends, its family with it, and no other job's child."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row

from core.database import Database, Listener
from core.jobs import cancellation
from core.jobs.kind import Limits
from core.jobs.leases import Claimed
from tasks import families
from tasks.warden import Running, Warden, child_name
from tests.waiting import eventually

CHILD = """
import hashlib, mmap, subprocess, sys, time
from core.jobs.context import AttemptStopped
from core.workloads.platform import probes
from tasks.interrupts import SignalInterrupts
interrupts = SignalInterrupts()
interrupts.install()
def swallow():
    while True:
        try: time.sleep(0.01)
        except BaseException: print("swallowed", flush=True)
with interrupts.armed():
    print("works", flush=True)
    {compute}
"""
LOOPS = "while True: pass"
SWALLOWS = "swallow()"
SPINS = "probes._spin()"
HASHES = 'hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)'
HANGS = "probes._hang()"
STARTS_OTHERS = "subprocess.Popen(['sleep', '3600'], start_new_session=True); probes._spin()"
LEAKS = "probes._leak()"
SHARES = "held = mmap.mmap(-1, 64 << 20); held.write(bytes(64 << 20)); print('holds', flush=True); time.sleep(3600)"
LIMITS = Limits(soft_s=10.0, grace_s=5.0, memory_mib=96)

Child = subprocess.Popen[str]


class Scene:
    """A warden whose time the test moves, and the jobs that its children work on."""

    def __init__(self, database: Database, listener: Listener, claim: Callable[[str, float], UUID]) -> None:
        self.now_s = 100.0
        self.running: list[Running] = []
        self.children: list[Child] = []
        self._claim = claim
        self._warden = Warden(database, listener, lambda: self.running, "test", 30.0, clock=lambda: self.now_s)

    def start(self, compute: str, *, timeout_s: float = LIMITS.soft_s) -> tuple[Child, UUID]:
        """Let a new child compute for a new job."""
        child = subprocess.Popen([sys.executable, "-c", CHILD.format(compute=compute)], stdout=-1, text=True)
        self.children.append(child)
        assert says(child) == "works"
        job_id = self._claim(child_name("test", child.pid), timeout_s)
        self.running.append(Running(job_id, child.pid, self.now_s, LIMITS))
        self.pass_time(0.0)
        return child, job_id

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and the warden look after everything, twice: what it does not know yet it looks up."""
        self.now_s += seconds
        for _ in range(2):
            self._warden.round(wait_s=0.0)


@pytest.fixture
def scene(
    database: Database, database_url: str, submit_job: Callable[..., UUID], take: Callable[..., Claimed]
) -> Iterator[Scene]:
    """A warden of nobody yet."""
    listener = Listener(database_url, cancellation.CHANNEL)
    made = Scene(
        database,
        listener,
        lambda worker, timeout_s: take(submit_job("platform.echo", {}, timeout_s=timeout_s), worker=worker).id,
    )
    yield made
    listener.close()
    for child in made.children:
        families.kill(child.pid)
        child.communicate()


def says(child: Child) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


ReadRow = Callable[[UUID], Row[Any]]


def test_a_loop_is_interrupted_at_its_time_limit(scene: Scene, row: ReadRow) -> None:
    child, job_id = scene.start(LOOPS)
    scene.pass_time(9.9)
    assert child.poll() is None
    scene.pass_time(0.2)
    assert child.wait(60) == 1
    assert row(job_id).state == "running"


@pytest.mark.parametrize("compute", [SWALLOWS, SPINS, HASHES, HANGS, STARTS_OTHERS])
def test_what_lets_nobody_interrupt_it_is_killed_with_its_family(scene: Scene, row: ReadRow, compute: str) -> None:
    child, job_id = scene.start(compute)
    other, other_id = scene.start(LOOPS, timeout_s=60.0)
    if compute is STARTS_OTHERS:
        eventually(lambda: len(families.members(child.pid)) == 2)
    pids = families.members(child.pid)
    scene.pass_time(10.0)
    if compute is SWALLOWS:
        assert says(child) == "swallowed"
    scene.pass_time(4.9)
    assert child.poll() is None
    scene.pass_time(0.2)
    assert child.wait(60) == -signal.SIGKILL
    assert (row(job_id).state, row(job_id).error["code"]) == ("failed", "time_limit")
    eventually(lambda: all(families.status(pid) in families.GONE for pid in pids))
    assert (other.poll(), row(other_id).state) == (None, "running")


def test_what_holds_more_memory_than_it_may_is_killed_at_once_with_a_code_that_says_so(
    scene: Scene, row: ReadRow
) -> None:
    child, job_id = scene.start(LEAKS)
    inside, inside_id = scene.start(SHARES)
    assert says(inside) == "holds"

    def killed() -> bool:
        scene.pass_time(0.0)
        return child.poll() is not None

    eventually(killed)
    assert child.returncode == -signal.SIGKILL
    error = row(job_id).error
    assert (row(job_id).state, error["code"], error["attempt"]) == ("failed", "memory_limit", 1)
    assert "96 MiB" in error["message"]
    assert (inside.poll(), row(inside_id).state) == (None, "running")

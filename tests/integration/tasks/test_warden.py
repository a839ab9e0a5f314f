"""The warden with real children and real signals: it renews, asks, raises, kills and buries, and harms no other job."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import psutil
import pytest
from sqlalchemy import Row, func

from core.database import Database, Listener
from core.jobs import cancellation
from core.jobs.context import StopReason
from core.jobs.leases import Claimed
from core.platform.access import Principal
from tasks import families, interrupts
from tasks.warden import DEFAULT_GRACE_S, KILL_AFTER_S, RAISE_AFTER_S, Running, Warden

CHILD = """
import signal, sys, time
from core.jobs.context import AttemptStopped
from tasks.interrupts import SignalInterrupts
interrupts = SignalInterrupts()
interrupts.install()
try:
    with interrupts.armed():
        {body}
except AttemptStopped as stopped:
    print("raised", stopped.reason, flush=True)
with interrupts.armed():
    remembered = interrupts.asked()
print("fresh", remembered, flush=True)
sys.stdin.readline()
print("unharmed", flush=True)
"""
CHECKS = """
        print("works", flush=True)
        while interrupts.asked() is None: time.sleep(0.002)
        print("asked", interrupts.asked(), flush=True)
"""
COMPUTES = """
        print("works", flush=True)
        while True: time.sleep(60)
"""
BLOCKS = """
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        print("works", flush=True)
        while True: time.sleep(60)
"""
IDLES = """
        print("works", flush=True)
"""

Child = subprocess.Popen[str]


@pytest.fixture
def start() -> Iterator[Callable[[str], Child]]:
    """Start a child that works in one of these ways."""
    children: list[Child] = []

    def start_child(body: str) -> Child:
        code = CHILD.format(body=body.strip())
        children.append(subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True))
        assert says(children[-1]) == "works"
        return children[-1]

    yield start_child
    for child in children:
        child.kill()
        child.communicate()


def says(child: Child) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


@dataclass
class Scene:
    """A warden whose time the test moves, and the jobs that its children work on."""

    warden: Warden
    running: list[Running]
    now_s: list[float]
    claims: Callable[..., Claimed]
    submits: Callable[..., UUID]
    children: list[Child] = field(default_factory=list)

    def give(self, child: Child, **options: Any) -> UUID:
        """Let a child hold a new job."""
        job_id = self.submits("platform.echo", {}, **options)
        self.claims(job_id, worker=f"test:{child.pid}")
        self.running.append(Running(job_id, child.pid, self.now_s[0]))
        return job_id

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and the warden look after everything."""
        self.now_s[0] += seconds
        self.warden.round(wait_s=0.0)


@pytest.fixture
def scene(
    database: Database, database_url: str, take: Callable[..., Claimed], submit_job: Callable[..., UUID]
) -> Iterator[Scene]:
    """A warden of nobody yet."""
    running: list[Running] = []
    now_s = [100.0]
    listener = Listener(database_url, cancellation.CHANNEL)
    warden = Warden(database, listener, lambda: list(running), "test", 30.0, clock=lambda: now_s[0])
    warden.round(wait_s=0.0)
    yield Scene(warden, running, now_s, take, submit_job)
    listener.close()


@pytest.fixture
def cancel(database: Database, admin: Principal) -> Callable[[UUID], None]:
    """Cancel a job."""

    def cancel_one(job_id: UUID) -> None:
        with database.transaction() as session:
            cancellation.cancel(session, admin.tenant_id, job_id)

    return cancel_one


ReadRow = Callable[[UUID], Row[Any]]


def test_a_cancelled_job_is_asked_at_once_and_no_other(
    scene: Scene, start: Callable[[str], Child], cancel: Callable[[UUID], None]
) -> None:
    child, other = start(CHECKS), start(IDLES)
    job_id = scene.give(child)
    scene.give(other)
    cancel(job_id)
    scene.pass_time(0.0)
    assert says(child) == "asked cancelled"
    assert says(child) == "fresh None"
    assert says(other) == "fresh None"


def test_who_does_not_look_is_interrupted(
    scene: Scene, start: Callable[[str], Child], cancel: Callable[[UUID], None]
) -> None:
    child = start(COMPUTES)
    cancel(scene.give(child))
    scene.pass_time(0.0)
    scene.pass_time(RAISE_AFTER_S)
    assert says(child) == "raised cancelled"


def test_who_cannot_be_interrupted_is_killed(
    scene: Scene, start: Callable[[str], Child], cancel: Callable[[UUID], None], row: ReadRow
) -> None:
    child = start(BLOCKS)
    job_id = scene.give(child)
    cancel(job_id)
    for seconds in (0.0, RAISE_AFTER_S, KILL_AFTER_S):
        scene.pass_time(seconds)
    assert child.wait(60) == -signal.SIGKILL
    assert row(job_id).state == "cancelled"


def test_who_lost_its_lease_and_cannot_be_interrupted_is_killed(
    scene: Scene, start: Callable[[str], Child], put: Callable[..., None], row: ReadRow
) -> None:
    child = start(BLOCKS)
    job_id = scene.give(child)
    scene.pass_time(0.0)
    put(job_id, worker="another:1", fence=2)
    for seconds in (10.0, RAISE_AFTER_S, KILL_AFTER_S):
        scene.pass_time(seconds)
    assert child.wait(60) == -signal.SIGKILL
    assert (row(job_id).state, row(job_id).worker) == ("running", "another:1")


@pytest.mark.parametrize("body", [COMPUTES, BLOCKS], ids=["computes", "blocks"])
def test_who_takes_too_long_is_ended(scene: Scene, start: Callable[[str], Child], row: ReadRow, body: str) -> None:
    child = start(body)
    job_id = scene.give(child, timeout_s=10.0)
    scene.pass_time(0.0)
    scene.pass_time(9.9)
    assert child.poll() is None
    scene.pass_time(0.2)
    if body is COMPUTES:
        assert says(child) == "raised time_limit"
        return
    scene.pass_time(DEFAULT_GRACE_S)
    assert child.wait(60) == -signal.SIGKILL
    assert (row(job_id).state, row(job_id).error["code"]) == ("failed", "time_limit")


def test_leases_are_renewed_but_not_those_of_stopped_children(
    scene: Scene, start: Callable[[str], Child], put: Callable[..., None], row: ReadRow
) -> None:
    working, stopped = start(COMPUTES), start(COMPUTES)
    jobs = [scene.give(working), scene.give(stopped)]
    stopped.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, stopped.pid, os.WSTOPPED)
    for job_id in jobs:
        put(job_id, lease_expires_at=func.now())
    scene.pass_time(0.0)
    left = [row(job_id).lease_expires_at - row(job_id).started_at for job_id in jobs]
    assert left[0] > timedelta(seconds=29)
    assert left[1] < timedelta(seconds=29)


def test_the_job_of_a_dead_child_is_queued_again(scene: Scene, start: Callable[[str], Child], row: ReadRow) -> None:
    child, other = start(COMPUTES), start(COMPUTES)
    lost, held = scene.give(child), scene.give(other)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE
    scene.pass_time(0.0)
    assert (row(lost).state, row(held).state) == ("queued", "running")


def test_a_job_that_came_and_went_with_a_dead_child_is_queued_again(
    scene: Scene, start: Callable[[str], Child], row: ReadRow
) -> None:
    child = start(COMPUTES)
    job_id = scene.give(child)
    scene.running.clear()
    child.kill()
    child.wait(60)
    scene.pass_time(0.0)
    assert row(job_id).state == "running"
    scene.warden.notice_death()
    scene.pass_time(0.0)
    assert row(job_id).state == "queued"


def test_a_job_that_comes_back_to_the_same_child_starts_afresh(
    scene: Scene, start: Callable[[str], Child], cancel: Callable[[UUID], None]
) -> None:
    """Given a job that was cancelled and retried between two rounds, its new attempt is not stopped."""
    child = start(CHECKS)
    job_id = scene.give(child)
    cancel(job_id)
    scene.warden.round(wait_s=60.0)
    assert [says(child), says(child)] == ["asked cancelled", "fresh None"]
    scene.running[:] = [Running(job_id, child.pid, scene.now_s[0] + 0.1)]
    scene.warden.round(wait_s=0.0)
    (watch,) = scene.warden._watches.values()
    assert (watch.stop, watch.raised) == (None, False)


def test_a_shutdown_asks_every_child(scene: Scene, start: Callable[[str], Child]) -> None:
    children = [start(CHECKS), start(CHECKS)]
    for child in children:
        scene.give(child)
    scene.warden.release_all()
    scene.pass_time(0.0)
    assert [says(child) for child in children] == ["asked shutdown"] * 2


@pytest.mark.parametrize("reason", StopReason)
def test_a_late_signal_does_no_harm(start: Callable[[str], Child], reason: StopReason) -> None:
    child = start(IDLES)
    assert says(child) == "fresh None"
    interrupts.ask(child.pid, reason)
    interrupts.interrupt(child.pid, reason)
    out, _ = child.communicate("\n", timeout=60)
    assert (out.strip(), child.returncode) == ("unharmed", 0)


def test_signals_to_a_child_that_is_gone_are_no_error(start: Callable[[str], Child]) -> None:
    child = start(IDLES)
    child.communicate("\n", timeout=60)
    interrupts.ask(child.pid, StopReason.CANCELLED)
    families.kill(child.pid)

"""Cancel works: before a job began and after; and it hits no other job."""

import subprocess
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row

from core.database import Database, Listener
from core.jobs import cancellation, leases, rescue
from core.jobs.leases import Claimed
from core.platform.access import Principal
from tasks.warden import KILL_AFTER_S, RAISE_AFTER_S, Running, Warden, child_name
from tests.integration.guarantees.conftest import Works
from tests.integration.guarantees.switched_off import STATE, without

ReadRow = Callable[[UUID], Row[Any]]
DEAF = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals()); print(flush=True); input()"


@pytest.fixture
def cancel(database: Database, admin: Principal) -> Callable[[UUID], None]:
    """Cancel a job."""

    def cancel_one(job_id: UUID) -> None:
        with database.transaction() as session:
            cancellation.cancel(session, admin.tenant_id, job_id)

    return cancel_one


def test_a_job_cancelled_with_no_worker_there_never_starts(
    works: Works, submit_job: Callable[..., UUID], cancel: Callable[[UUID], None], row: ReadRow
) -> None:
    """Its message lies in the broker: a worker that does not look at the row runs it."""
    job_id = submit_job("platform.echo", {})
    works.carry()
    cancel(job_id)
    works.work()
    assert (works.begun, row(job_id).state) == ([], "cancelled")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leases, "_CLAIM", without(leases._CLAIM, STATE))
        works.attempt(job_id)
    assert (works.begun, row(job_id).state) == ([job_id], "succeeded")


@pytest.fixture
def deaf_child() -> Iterator[subprocess.Popen[bytes]]:
    """A child that computes for ever and lets itself not be interrupted."""
    with subprocess.Popen(["python3", "-c", DEAF], stdin=-1, stdout=-1) as child:
        assert child.stdout is not None
        child.stdout.readline()
        yield child
        child.kill()


@pytest.fixture
def now_s() -> list[float]:
    """The warden's time, for the test to move."""
    return [100.0]


@pytest.fixture
def warden(
    database: Database, database_url: str, deaf_child: subprocess.Popen[bytes], now_s: list[float]
) -> Iterator[tuple[Warden, list[Running]]]:
    """A warden, and the list of what its children work on."""
    running: list[Running] = []
    listener = Listener(database_url, cancellation.CHANNEL)
    yield Warden(database, listener, lambda: running, "test", 30.0, clock=lambda: now_s[0]), running
    listener.close()


def test_a_computation_that_hears_nothing_is_killed_by_its_warden_alone(
    warden: tuple[Warden, list[Running]],
    deaf_child: subprocess.Popen[bytes],
    now_s: list[float],
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    cancel: Callable[[UUID], None],
    row: ReadRow,
) -> None:
    watching, running = warden
    job_id = submit_job("platform.echo", {})
    take(job_id, worker=child_name("test", deaf_child.pid))
    running.append(Running(job_id, deaf_child.pid, now_s[0]))
    watching.round(wait_s=0.0)
    cancel(job_id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Warden, "_stop_if_due", lambda *_: None)
        for passed_s in (0.0, RAISE_AFTER_S, KILL_AFTER_S, 60.0):
            now_s[0] += passed_s
            watching.round(wait_s=0.0)
        assert (deaf_child.poll(), row(job_id).state) == (None, "running")
    for passed_s in (10.0, RAISE_AFTER_S, KILL_AFTER_S):
        now_s[0] += passed_s
        watching.round(wait_s=0.0)
    deaf_child.wait(30)
    assert row(job_id).state == "cancelled"


@pytest.mark.parametrize(
    ("checked", "lease_s"), [(False, 60.0), (True, 60.0), pytest.param(True, 30.0, id="renewed just then")]
)
def test_a_kill_meant_for_a_job_that_just_ended_does_not_hit_the_next(
    warden: tuple[Warden, list[Running]],
    deaf_child: subprocess.Popen[bytes],
    now_s: list[float],
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    cancel: Callable[[UUID], None],
    put: Callable[..., None],
    *,
    checked: bool,
    lease_s: float,
) -> None:
    """The end is recorded under the fencing token first; who kills without asking kills whatever the child does now."""
    watching, running = warden
    watching.lease_s = lease_s
    job_id = submit_job("platform.echo", {})
    take(job_id, worker=child_name("test", deaf_child.pid))
    running.append(Running(job_id, deaf_child.pid, now_s[0]))
    watching.round(wait_s=0.0)
    now_s[0] += 2.0
    watching.round(wait_s=0.0)
    cancel(job_id)
    watching.round(wait_s=5.0)
    put(job_id, state="cancelled")  # by the child itself, which went on to another job in this instant
    with pytest.MonkeyPatch.context() as patch:
        if not checked:
            patch.setattr(rescue, "fail_stopped", lambda *_: True)
        for passed_s in (RAISE_AFTER_S, KILL_AFTER_S):
            now_s[0] += passed_s
            watching.round(wait_s=0.0)
    if checked:
        assert deaf_child.poll() is None
    else:
        deaf_child.wait(30)

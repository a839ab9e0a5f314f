import subprocess
from collections.abc import Callable
from uuid import UUID

import pytest

from core.database import Database, Listener
from core.jobs import cancellation
from core.jobs.leases import claim
from core.jobs.queries import list_events
from tasks.warden import Warden, child_name


@pytest.fixture
def warden(database: Database, database_url: str) -> Warden:
    return Warden(database, Listener(database_url, cancellation.CHANNEL), list, "node@host", 30.0)


def dead_pid() -> int:
    with subprocess.Popen(["true"]) as child:
        child.wait()
    return child.pid


def held_by(database: Database, worker: str, job_id: UUID) -> UUID:
    with database.statements() as session:
        assert claim(session, job_id, worker=worker, lease_s=30.0) is not None
    return job_id


def causes(database: Database, job_id: UUID) -> list[str]:
    with database.statements() as session:
        return [event.data["cause"] for event in list_events(session, job_id) if event.type == "job.rescued"]


def test_the_job_of_a_child_that_died_between_two_rounds_is_rescued_when_celery_tells(
    database: Database, warden: Warden, submit_job: Callable[..., UUID]
) -> None:
    job_id = held_by(database, child_name("node@host", dead_pid()), submit_job("platform.echo", {}))
    warden.round(wait_s=0)
    assert causes(database, job_id) == []
    warden.notice_death()
    warden.round(wait_s=0)
    assert causes(database, job_id) == ["the worker process died"]


def test_jobs_of_living_children_and_of_other_workers_are_left_alone(
    database: Database, warden: Warden, submit_job: Callable[..., UUID]
) -> None:
    with subprocess.Popen(["sleep", "60"]) as living:
        mine = held_by(database, child_name("node@host", living.pid), submit_job("platform.echo", {}))
        other = held_by(database, child_name("node@host2", dead_pid()), submit_job("platform.echo", {}))
        warden.notice_death()
        warden.round(wait_s=0)
        living.kill()
    assert (causes(database, mine), causes(database, other)) == ([], [])

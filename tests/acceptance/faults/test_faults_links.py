"""A worker whose links to database and broker are slow, cut again and again, or silent for longer than its lease."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from sqlalchemy import make_url

from tests.acceptance.faults.rig import PROCFILE, Rig
from tests.links import Link, linked
from tests.waiting import eventually

pytestmark = pytest.mark.deep
SHORT = {"seconds": 0.1, "steps": 2}


@dataclass
class Far:
    """A worker that reaches nothing but through two links."""

    database: Link
    broker: Link


@pytest.fixture
def far(rig: Rig) -> Iterator[Far]:
    """The only worker but the near one, which a test may freeze."""
    environ = rig.environ
    ports = {make_url(environ[name]).port or 0 for name in ("DATABASE_URL", "REDIS_URL")}
    assert len(ports) == 2
    line = next(line for line in PROCFILE.read_text().splitlines() if line.startswith("worker:"))
    words = line.partition(":")[2].replace("worker@%h", "far@%h").split()
    with ExitStack() as stack:
        links = {port: stack.enter_context(linked(port)) for port in sorted(ports)}
        reached = []
        for name, value in environ.items():
            for port, link in links.items():
                if f"127.0.0.1:{port}" in value:
                    reached.append(f"{name}={value.replace(f'127.0.0.1:{port}', f'127.0.0.1:{link.port}')}")
        stack.enter_context(rig.beside("far", "env", *reached, *words))
        database, broker = (links[make_url(environ[name]).port or 0] for name in ("DATABASE_URL", "REDIS_URL"))
        yield Far(database, broker)


def test_jobs_over_slow_links_are_done_once_at_the_first_attempt(rig: Rig, far: Far) -> None:
    with rig.frozen(rig.tree("worker")):
        far.database.delay_s = far.broker.delay_s = 0.05
        job_ids = rig.submit_many("platform.sleep", [SHORT] * 30)
        rig.await_all(job_ids)
        far.database.delay_s = far.broker.delay_s = 0.0
    rig.assert_told_once(job_ids)
    assert {rig.job(job_id).attempt for job_id in job_ids} == {1}
    assert all(rig.job(job_id).worker.startswith("far@") for job_id in job_ids)


def test_jobs_over_links_that_are_cut_again_and_again_are_done_once(rig: Rig, far: Far) -> None:
    with rig.frozen(rig.tree("worker")):
        job_ids = rig.submit_many("platform.sleep", [SHORT] * 60)
        rig.await_claim(job_ids[0])
        for link in (far.database, far.broker, far.database, far.broker, far.database, far.broker):
            link.cut()
            time.sleep(1.0)  # the pace of the cuts, not something that is waited for
        rig.await_all(job_ids)
    rig.assert_told_once(job_ids)


def test_a_worker_out_of_reach_for_longer_than_its_lease_records_nothing_when_it_is_back(rig: Rig, far: Far) -> None:
    with rig.frozen(rig.tree("worker")):
        job_id = rig.submit("platform.sleep", {"seconds": rig.lease_s, "steps": 1}, max_attempts=5)
        rig.await_claim(job_id)
    assert rig.job(job_id).worker.startswith("far@")
    with far.database.silent(), far.broker.silent():
        recorded = rig.await_state(job_id, "succeeded", within_s=120.0)
        assert recorded.worker.startswith("worker@")
    later = rig.submit_many("platform.echo", [{}] * 20)
    rig.await_all(later)
    eventually(lambda: any("lease_lost" in line and str(job_id) in line for line in rig.log("far").splitlines()))
    assert rig.job(job_id) == recorded
    rig.assert_told_once([job_id, *later])

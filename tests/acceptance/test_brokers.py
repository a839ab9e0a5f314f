"""A whole platform on each broker that a URL may name: dispatch, priorities, pause, cancel, kill -9."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from penstock_client import Client, Job

from tests.brokers import rabbitmq_vhost, redis_with_sentinel
from tests.platforms import Platform, running_platform
from tests.waiting import eventually

pytestmark = [pytest.mark.deep, pytest.mark.xdist_group("brokers")]
ENDLESS = {"seconds": 3600, "steps": 1}
PATIENCE_S = 180.0


@pytest.fixture(params=["RabbitMQ, quorum queues", "RabbitMQ, classic queues", "Redis behind a Sentinel"])
def platform_on_broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    """A platform with a broker of its own; Redis behind a Sentinel carries its events and limits, too."""
    with ExitStack() as stack:
        if request.param.startswith("RabbitMQ"):
            url = stack.enter_context(rabbitmq_vhost())
            named = {"PENSTOCK_BROKER_URL": url if "quorum" in request.param else f"{url}?queues=classic"}
        else:
            named = {"REDIS_URL": stack.enter_context(redis_with_sentinel(tmp_path))}
        yield stack.enter_context(running_platform(tmp_path / "data", PENSTOCK_LEASE_S="8", **named))


@pytest.mark.timeout(1200)
def test_every_guarantee_holds_on_another_broker(platform_on_broker: Platform) -> None:
    """One platform for all of it, as each is minutes of a busy machine to bring up and down."""
    client = platform_on_broker.client
    jobs_are_dispatched(client)
    urgent_ones_go_first_and_a_pause_holds(client)
    a_running_job_is_cancelled(client)
    a_killed_worker_loses_nothing(platform_on_broker)
    assert client.health()["components"]["redis"]["status"] == "up"


def jobs_are_dispatched(client: Client) -> None:
    handles = client.submit_many("platform.echo", [{"n": n} for n in range(300)])
    assert [handle.result(timeout=PATIENCE_S) for handle in handles] == [{"n": n} for n in range(300)]
    assert client.submit("platform.pi", {"points": 1000, "shards": 4}).result(timeout=PATIENCE_S)


def urgent_ones_go_first_and_a_pause_holds(client: Client) -> None:
    client.pause("default")
    low = client.submit_many("platform.sleep", [{"seconds": 0.02, "steps": 1}] * 20, priority=1)
    high = client.submit_many("platform.sleep", [{"seconds": 0.02, "steps": 1}] * 20, priority=9)
    assert {handle.read().state for handle in (*low, *high)} == {"queued"}
    client.resume("default")
    last_urgent = max(began(handle.wait(PATIENCE_S)) for handle in high)
    before_it = [handle for handle in low if began(handle.wait(PATIENCE_S)) < last_urgent]
    assert len(before_it) <= 2  # that one which its child began while the last urgent one went to the other


def a_running_job_is_cancelled(client: Client) -> None:
    handle = client.submit("platform.sleep", ENDLESS)
    eventually(lambda: handle.read().state == "running", PATIENCE_S)
    handle.cancel()
    assert handle.wait(PATIENCE_S).state == "cancelled"


def a_killed_worker_loses_nothing(platform: Platform) -> None:
    client = platform.client
    handles = client.submit_many("platform.sleep", [{"seconds": 0.1, "steps": 1}] * 100)
    for _ in range(3):
        former = platform.pids()["worker"]
        os.kill(former, signal.SIGKILL)
        eventually(partial(another_pid, platform, former), PATIENCE_S)
    jobs = [handle.wait(PATIENCE_S) for handle in handles]
    assert {job.state for job in jobs} == {"succeeded"}


def began(job: Job) -> datetime:
    assert job.started_at is not None
    return job.started_at


def another_pid(platform: Platform, former: int) -> bool:
    return platform.pids().get("worker", former) != former

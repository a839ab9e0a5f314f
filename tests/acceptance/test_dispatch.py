"""What operators and tenants are promised about the order and number of jobs at work, on a whole platform."""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from click.testing import CliRunner
from penstock_client import Client, Job, JobHandle

from tests.platforms import Platform
from webapp.cli import main

PATIENCE_S = 120.0


def ended(handles: Sequence[JobHandle]) -> list[Job]:
    jobs = [handle.wait(PATIENCE_S) for handle in handles]
    assert {job.state for job in jobs} == {"succeeded"}
    return jobs


def spans(jobs: Sequence[Job]) -> list[tuple[datetime, datetime]]:
    return sorted((job.started_at, job.finished_at) for job in jobs if job.started_at and job.finished_at)


def await_a_chore(client: Client) -> None:
    """Wait until a worker did a chore that was fired from now on."""
    since, give_up_at = datetime.now(UTC), time.monotonic() + PATIENCE_S
    while datetime.fromisoformat(client.health()["reconciled_at"] or "1970-01-01T00:00:00Z") <= since:
        assert time.monotonic() < give_up_at
        time.sleep(0.1)


def steered(platform: Platform, *words: str) -> Any:
    where = ("--url", platform.url, "--api-key", platform.api_key, "--json")
    said = CliRunner().invoke(main, [*words, *where])
    assert said.exit_code == 0, said.stderr
    return json.loads(said.stdout)


def test_jobs_of_one_key_never_overlap_and_hold_up_nobody_else(platform: Platform) -> None:
    params = [{"seconds": 0.05, "steps": 1}] * 12
    keyed = platform.client.submit_many("platform.sleep", params, concurrency_key="one at a time")
    free = platform.client.submit("platform.echo", {})
    one_by_one = spans(ended(keyed))
    assert len(one_by_one) == 12
    assert all(before[1] <= after[0] for before, after in pairwise(one_by_one))
    assert spans(ended([free]))[0][0] < one_by_one[-1][0]


def test_a_limit_of_a_kind_holds(platform: Platform) -> None:
    assert steered(platform, "limits", "set", "kind", "platform.sleep", "1")[0]["max_running"] == 1
    try:
        handles = platform.client.submit_many("platform.sleep", [{"seconds": 0.05, "steps": 1}] * 6)
        assert all(before[1] <= after[0] for before, after in pairwise(spans(ended(handles))))
    finally:
        assert steered(platform, "limits", "lift", "kind", "platform.sleep") == []
    assert steered(platform, "limits", "list") == []


def test_a_paused_queue_holds_until_it_is_resumed(platform: Platform) -> None:
    assert steered(platform, "queues", "pause", "default")[0]["paused"]
    try:
        handles = platform.client.submit_many("platform.echo", [{"n": n} for n in range(5)])
        await_a_chore(platform.client)
        assert {handle.read().state for handle in handles} == {"queued"}
        assert {queue["name"]: queue["paused"] for queue in steered(platform, "queues", "list")}["default"]
    finally:
        assert not steered(platform, "queues", "resume", "default")[0]["paused"]
    ended(handles)


@pytest.mark.deep
def test_ten_thousand_due_jobs_run_in_order_of_priority(platform: Platform) -> None:
    """Given all of them waiting behind a pause, a job may start before a more urgent one only if both were so far ahead
    that the broker or a worker held them: the window is a fraction of a second of work, and there are two children."""
    client = platform.client
    client.pause("default")
    handles = []
    try:
        for priority in (0, 9, 4, 7, 1, 8, 3, 6, 2, 5):
            handles += client.submit_many("platform.echo", [{"n": n} for n in range(1000)], priority=priority)
    finally:
        client.resume("default")
    asked = {handle.id for handle in handles}
    for handle in handles:
        handle.wait(600.0)
    jobs = [job for job in client.jobs(kind="platform.echo") if job.id in asked]
    begun = [
        priority for _, priority in sorted((job.started_at, job.document["priority"]) for job in jobs if job.started_at)
    ]
    assert len(begun) == 10_000
    inverted = sum(priority != expected for priority, expected in zip(begun, sorted(begun, reverse=True), strict=True))
    assert inverted <= 10 * 100

"""What listeners hear: each job's events exactly, states as they change, and what they missed."""

import signal
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import text

from core.jobs.context import JobContext
from core.jobs.dispatching import dispatch_new
from core.platform.bus import publishing
from core.platform.bus.topic import News
from core.platform.domains.topics import WINDOW_READY
from tests.integration.streams.conftest import WEB, World
from tests.waiting import eventually

STATES = ["job.submitted", "job.queued", "job.claimed", "job.succeeded"]


def kept(messages: list[dict[str, object]]) -> list[object]:
    return [message["type"] for message in messages if message["type"] != "job.progress"]


def test_a_job_is_followed_from_its_first_event_to_its_last(world: World) -> None:
    who = world.principal()
    job_id = world.submit(who)
    socket = world.listen(who, f"job:{job_id}")
    heard = socket.until("job.queued")
    world.execute(job_id)
    heard += socket.until("job.succeeded")
    assert kept(heard) == STATES
    assert [message["seq"] for message in heard] == [1, 2, 3, 4]
    assert {message["topic"] for message in heard} == {f"job:{job_id}"}


def test_a_listener_resumes_behind_the_last_number_it_knows(world: World) -> None:
    who = world.principal()
    job_id = world.submit(who)
    world.execute(job_id)
    topic = f"job:{job_id}"
    assert kept(world.listen(who, topic, after={topic: 2}).until("job.succeeded")) == STATES[2:]
    with httpx2.stream("GET", world.sse(world.ticket(who, topic, after={topic: 3})), trust_env=False) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        frame = next(event for event in httpx2.EventSource(answer) if event.data)
    assert (frame.id, frame.event) == (f"{topic}=4", "job.succeeded")
    told: Any = frame.json()
    assert told["data"]["seq"] == 4


def test_progress_is_told_while_it_is_made(world: World) -> None:
    who = world.principal()
    job_id = world.submit(who)
    socket = world.listen(who, f"job:{job_id}")
    socket.until("job.queued")
    told = []

    def compute(_params: object, context: JobContext) -> dict[str, object]:
        context.progress(0.5, "half")
        told.extend(socket.until("job.progress"))
        return {}

    world.execute(job_id, compute)
    assert told[-1]["data"]["data"]["fraction"] == 0.5
    socket.until("job.succeeded")


def test_a_change_nobody_announced_is_heard_all_the_same(world: World) -> None:
    who = world.principal()
    job_id = world.submit(who)
    socket = world.listen(who, f"job:{job_id}")
    socket.until("job.queued")
    world.cancel(who, job_id)  # straight in the database
    assert kept(socket.until("job.cancelled")) == ["job.cancelled"]


@pytest.mark.parametrize("slow_reader_bytes", [4 << 10])
def test_a_slow_reader_hears_every_change_of_state_in_order(world: World, slow_reader_bytes: int) -> None:
    who = world.principal()
    job_id = world.submit(who)
    topic = f"job:{job_id}"
    slow = world.socket(world.ticket(who, topic), receive_buffer_bytes=slow_reader_bytes)
    quick = world.listen(who, topic)
    quick.until("job.queued")
    insert_events(world, job_id, count=900, each_bytes=2 << 10)
    # Far more than fits into the buffers and the queue of one who does not read.
    numbers = [message["seq"] for message in quick.until("job.last") if message["topic"] == topic]
    assert numbers == list(range(3, 903))
    assert [message["seq"] for message in slow.until("job.last")] == list(range(1, 903))


def test_nothing_is_lost_when_the_process_is_killed(world: World) -> None:
    who = world.principal()
    job_id = world.submit(who)
    topic = f"job:{job_id}"
    sockets = [world.listen(who, topic) for _ in range(5)]
    heard = [socket.until("job.queued") for socket in sockets]
    world.server.kill()
    for socket, before in zip(sockets, heard, strict=True):
        before += list(socket)
        assert socket.closed_with is None
    world.execute(job_id)
    world.server.start()
    # All five at once: the places of the dead process are free again.
    resumed = [world.listen(who, topic, after={topic: int(before[-1]["seq"])}) for before in heard]
    for socket, before in zip(resumed, heard, strict=True):
        assert kept(before + socket.until("job.succeeded")) == STATES


def test_a_process_that_stops_says_where_to_go_on(world: World) -> None:
    who = world.principal()
    job_id = world.submit(who)
    topic = f"job:{job_id}"
    socket = world.listen(who, topic)
    socket.until("job.queued")
    assert world.server.process is not None
    world.server.process.send_signal(signal.SIGTERM)
    (word,) = list(socket)
    assert world.server.process.wait(60) == 0
    assert socket.closed_with == 1001
    assert (word["type"], word["after"]) == ("stream.closing", {topic: 2})
    assert word["url"] == f"{WEB}/api/v1/jobs/{job_id}/events?cursor=2"
    world.server.start()


def test_silence_is_told_and_made_up_for(world: World) -> None:
    who = world.principal()
    job_id = world.submit(who)
    topic = f"job:{job_id}"
    socket = world.listen(who, topic)
    socket.until("job.queued")
    world.redis.execute_command("CLIENT", "PAUSE", "7000", "ALL")  # type: ignore[no-untyped-call]  # redis-py leaves it without annotations
    word = socket.until("stream.degraded")[-1]
    assert (word["mode"], word["url"]) == ("poll", f"{WEB}/api/v1/jobs/{job_id}/events?cursor=2")
    world.cancel(who, job_id)
    after = socket.until("job.cancelled")
    if "stream.restored" not in {message["type"] for message in after}:
        socket.until("stream.restored")


def test_how_things_stand_is_told_and_told_again_when_it_changes(world: World) -> None:
    who = world.principal("watched")
    socket = world.listen(who, "jobs", "queues", "schedules", "alerts")
    first = {message["type"]: message for message in [next(iter(socket)) for _ in range(3)]}
    assert first["schedules.state"]["data"] == {"items": []}
    assert first["alerts.state"]["data"] == {"items": []}
    before = {queue["name"]: queue["depth"] for queue in first["queues.state"]["data"]["items"]}
    job_id = world.submit(who)
    changed = socket.until("jobs.changed")[-1]["data"]["items"]
    assert [(job["id"], job["state"], job["version"]) for job in changed] == [(str(job_id), "queued", 2)]
    depths = {before["default"]}
    while depths == {before["default"]}:
        queues = socket.until("queues.state")[-1]["data"]["items"]
        depths |= {queue["depth"] for queue in queues if queue["name"] == "default"}
    world.cancel(who, job_id)
    assert socket.until("jobs.changed")[-1]["data"]["items"][0]["state"] == "cancelled"


def test_a_domain_is_heard_without_its_neighbours_and_without_another_tenants(world: World) -> None:
    who, stranger = world.principal("station"), world.principal("elsewhere")
    mine, other = str(UUID(int=1)), str(UUID(int=2))
    socket = world.listen(who, f"domain:{mine}")
    everything = world.listen(who, "events")
    publish(world, stranger.tenant_id, mine, index=0)
    for index, subject in enumerate([mine, other, mine], start=1):
        publish(world, who.tenant_id, subject, index=index)
    heard = [next(iter(socket)) for _ in range(2)]
    assert [message["data"]["data"]["index"] for message in heard] == [1, 3]
    all_heard = [next(iter(everything)) for _ in range(3)]
    assert [message["data"]["data"]["index"] for message in all_heard] == [1, 2, 3]
    first = int(all_heard[0]["seq"])
    again = world.listen(who, "events", after={"events": first})
    assert [next(iter(again))["seq"] for _ in range(2)] == [message["seq"] for message in all_heard[1:]]


def insert_events(world: World, job_id: UUID, *, count: int, each_bytes: int) -> None:
    """Have a job tell much at once, below the surface."""
    with world.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO job_events (job_id, seq, type, attempt, data) "
                "SELECT :id, 2 + number, CASE WHEN number = :count THEN 'job.last' ELSE 'job.noted' END, 1, "
                "jsonb_build_object('text', repeat('x', :bytes)) FROM generate_series(1, :count) AS number"
            ),
            {"id": job_id, "count": count, "bytes": each_bytes},
        )
        session.execute(text("UPDATE jobs SET version = 2 + :count WHERE id = :id"), {"id": job_id, "count": count})
    assert eventually(lambda: world.station.announcer.announce(job_id, 2 + count, "queued"))


def publish(world: World, tenant_id: UUID, subject: str, *, index: int) -> None:
    """Publish that a window is ready, and number it as a relay does."""
    with world.database.transaction() as session:
        news = News(WINDOW_READY, subject, {**WINDOW_READY.example, "index": index})
        publishing.publish(session, tenant_id, [news])
    dispatch_new(world.database, world.catalogue.kinds)

"""Waiting for news of jobs and of tenants' events: one thread hears the announcements and wakes the requests that wait.

An announcement is only a hint. Whoever waits looks at the database again after each wake-up and at least once a
second, so that a silent Redis costs a second and nothing else.
"""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore, Event, Lock, Thread
from typing import Any
from uuid import UUID

from redis import RedisError
from redis.client import PubSub

from core import redis
from core.clock import Monotonic, monotonic
from core.errors import Transient
from core.platform.bus.carrying import CHANNEL as BUS_CHANNEL
from core.platform.events import CHANNEL

LOOK_AGAIN_S = 1.0
RECONNECT_S = 1.0


class StreamsFull(Transient):
    """This process holds as many streams as it may; poll `GET /api/v1/jobs/{id}` instead."""

    code = "streams_full"


def _never() -> bool:
    return False


class Waiting:
    """Who in this process waits for which job or tenant; the listening thread starts with the first who does."""

    def __init__(self, redis_url: str, *, threads: int, clock: Monotonic = monotonic) -> None:
        self.clock = clock
        self.closing: Callable[[], bool] = _never
        """Tells that the process is about to stop, so that streams end in time; set by the server."""
        self._redis_url = redis_url
        # Streams may hold half the threads and long polls a quarter; the rest always serves ordinary requests.
        self._streams = BoundedSemaphore(max(1, threads // 2))
        self._polls = BoundedSemaphore(max(1, threads // 4))
        self._lock = Lock()
        self._waiters: defaultdict[UUID, set[Event]] = defaultdict(set)
        self._listening_pid: int | None = None

    @contextmanager
    def watch(self, job_id: UUID) -> Iterator[Event]:
        """Give an event that is set whenever the job may have news."""
        self._listen()
        event = Event()
        with self._lock:
            self._waiters[job_id].add(event)
        try:
            yield event
        finally:
            with self._lock:
                self._waiters[job_id].discard(event)
                if not self._waiters[job_id]:
                    del self._waiters[job_id]

    def until(self, job_id: UUID, done: Callable[[], bool], *, seconds: float) -> bool:
        """Wait until `done` holds, at most so long; at once when too many wait already. Return whether it holds."""
        if not self._polls.acquire(blocking=False):
            return done()
        try:
            return self._until(job_id, done, self.clock() + seconds)
        finally:
            self._polls.release()

    def take_stream(self) -> Callable[[], None]:
        """Take one of the places for streams and return what gives it back; raises `StreamsFull`."""
        if not self._streams.acquire(blocking=False):
            raise StreamsFull(retry_after_s=5)
        return self._streams.release

    def wake(self, job_id: UUID) -> None:
        """Wake all who wait for a job."""
        with self._lock:
            for event in self._waiters.get(job_id, ()):
                event.set()

    def _until(self, job_id: UUID, done: Callable[[], bool], give_up_at: float) -> bool:
        with self.watch(job_id) as news:
            while not done():
                left_s = give_up_at - self.clock()
                if left_s <= 0 or self.closing():
                    return False
                news.wait(min(left_s, LOOK_AGAIN_S))
                news.clear()
        return True

    def _listen(self) -> None:
        """Start the listening thread once in this process: a thread does not survive a fork."""
        with self._lock:
            if self._listening_pid == os.getpid():
                return
            self._listening_pid = os.getpid()
        Thread(target=self._hear_for_ever, name="announcements", daemon=True).start()

    def _hear_for_ever(self) -> None:
        pause = Event()
        while not self.closing():
            try:
                with redis.connect(self._redis_url) as client, client.pubsub(ignore_subscribe_messages=True) as channel:
                    self._hear(channel)
            except RedisError:
                pause.wait(RECONNECT_S)

    def _hear(self, channel: PubSub) -> None:
        channel.subscribe(CHANNEL, BUS_CHANNEL)  # type: ignore[no-untyped-call]  # redis-py leaves it without annotations
        while not self.closing():
            message = channel.get_message(timeout=5.0)
            if message is not None:
                with suppress(ValueError, KeyError, TypeError):  # strangers may publish: their noise wakes nobody
                    self.wake(_who_has_news(message))


def _who_has_news(message: Any) -> UUID:
    """Read whom an announcement is about: a job, or the tenant of new events on the bus."""
    told = message["data"]
    return UUID(told if message["channel"] == BUS_CHANNEL else json.loads(told)["job_id"])

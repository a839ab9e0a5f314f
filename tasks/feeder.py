"""The feeder: a thread beside the relay that reads for all who listen to streams, and rests while nobody does."""

import json
from collections.abc import Iterator
from contextlib import suppress
from threading import Event, Thread
from typing import Any
from uuid import UUID

import structlog
from redis import Redis, RedisError
from redis.client import PubSub
from sqlalchemy.exc import OperationalError

from core.clock import Monotonic, monotonic
from core.database import DatabaseUnavailable
from core.jobs.feeding import LOOK_EVERY_S, Feeder
from core.platform.bus.carrying import CHANNEL as BUS_CHANNEL
from core.platform.events import CHANNEL
from core.platform.streams.carriage import ASKS, read_asks
from core.platform.streams.topics import EVENTS, JOB

PAUSE_S = 1.0
MOST_AT_ONCE = 1_000
_HINTS = (CHANNEL, BUS_CHANNEL)

log = structlog.get_logger()


class Reader:
    """Hears asks and hints, and has the feeder look each second at least, since a hint may get lost."""

    def __init__(self, feeder: Feeder, redis: Redis, clock: Monotonic = monotonic) -> None:
        self._feeder = feeder
        self._redis = redis
        self._clock = clock
        self._stopping = Event()
        self._hears_hints = False
        self._thread = Thread(target=self._run, name="feeder", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Stop reading."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                ear: PubSub = self._redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]  # redis-py leaves it without annotations
                with ear:
                    self._hears_hints = False
                    ear.subscribe(ASKS)  # type: ignore[no-untyped-call]  # as above
                    self._hear(ear)
            except (OperationalError, DatabaseUnavailable, RedisError) as error:
                log.warning("feeder.paused", reason=type(error).__name__)
                self._stopping.wait(PAUSE_S)

    def _hear(self, ear: PubSub) -> None:
        look_at = self._clock()
        while not self._stopping.is_set():
            if self._clock() >= look_at:
                self._feeder.look()
                self._heed_hints(ear)
                look_at = self._clock() + LOOK_EVERY_S
            asks: dict[str, int] = {}
            news: set[str] = set()
            for message in _heard(ear, max(0.0, look_at - self._clock())):
                if message["channel"] == ASKS:
                    for channel, behind in read_asks(message["data"]).items():
                        asks[channel] = min(behind, asks.get(channel, behind))
                else:
                    news.add(_news_of(message))
            if asks:
                self._feeder.answer(asks)
            self._feeder.feed(news & self._feeder.wanted)

    def _heed_hints(self, ear: PubSub) -> None:
        """Hear hints only while somebody listens to chains: on a busy platform there are many."""
        needed = any(channel.startswith((f"{JOB}:", f"{EVENTS}:")) for channel in self._feeder.wanted)
        if needed != self._hears_hints:
            self._hears_hints = needed
            (ear.subscribe if needed else ear.unsubscribe)(*_HINTS)  # type: ignore[no-untyped-call]  # as above


def _heard(ear: PubSub, within_s: float) -> Iterator[Any]:
    """Yield what comes first within some time, and what is there behind it already."""
    for _ in range(MOST_AT_ONCE):
        message = ear.get_message(timeout=within_s)
        if message is None:
            return
        yield message
        within_s = 0.0


def _news_of(message: Any) -> str:
    """Name the channel that a hint is about; none for a stranger's noise."""
    told = message["data"]
    with suppress(ValueError, KeyError, TypeError):
        if message["channel"] == BUS_CHANNEL:
            return f"{EVENTS}:{UUID(told)}"
        return f"{JOB}:{UUID(json.loads(told)['job_id'])}"
    return ""

"""The carriage of news: a short Redis stream from those who read the database to those who hold the sockets.

The listeners write down what they want to hear, with an expiry, and ask for what lies behind a number. What they missed
is asked for again, so that this Redis may forget everything at any time and costs nothing but a moment.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from redis import Redis

NEWS = "penstock:stream:news"
ASKS = "penstock:stream:asks"
"""On which listeners publish behind which number they want to hear of a channel."""
WANTED = "penstock:stream:wanted"
HOLDERS = "penstock:stream:holders"
LENGTH = 20_000
WANTED_FOR_S = 60.0
"""By the hosts' own clocks, which may be some seconds apart."""


class Keeping(StrEnum):
    """What may become of an item when its receiver is slow."""

    CHAIN = "chain"
    """It is never dropped: whoever lacks it asks again."""
    PASSING = "passing"
    """A later one of its channel makes it worthless."""
    LOOSE = "loose"
    """It may be dropped, if that is told."""
    ANSWER = "answer"
    """Tells listeners up to which number all is on its way."""
    ALIVE = "alive"
    """Tells listeners that somebody reads for them."""
    LAPSED = "lapsed"
    """Tells listeners whose rights ended."""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news of a channel."""

    channel: str
    seq: int
    behind: int
    """In a chain there is nothing to keep between this number and `seq`."""
    type: str
    keeping: Keeping
    text: str = "null"
    """Its data as JSON."""
    subject: str = ""

    def fields(self) -> dict[Any, Any]:
        """Write it as an entry of the stream."""
        return {
            "c": self.channel,
            "s": self.seq,
            "b": self.behind,
            "t": self.type,
            "k": self.keeping.value,
            "d": self.text,
            "u": self.subject,
        }

    @classmethod
    def read(cls, entry: Mapping[str, str]) -> "Item":
        """Read an entry; raises `KeyError` or `ValueError` for a stranger's."""
        keeping = Keeping(entry["k"])
        return cls(entry["c"], int(entry["s"]), int(entry["b"]), entry["t"], keeping, entry["d"], entry["u"])


def put(redis: Redis, items: Iterable[Item]) -> None:
    """Hand items on, in order; raises `RedisError`."""
    pipeline = redis.pipeline(transaction=False)
    for item in items:
        pipeline.xadd(NEWS, item.fields(), maxlen=LENGTH, approximate=True)
    pipeline.execute()


def want(redis: Redis, channels: Sequence[str], holders: Sequence[str]) -> None:
    """Say what is listened to, and by whom; to be said again before `WANTED_FOR_S`. Raises `RedisError`."""
    until = time.time() + WANTED_FOR_S
    pipeline = redis.pipeline(transaction=False)
    for key, members in ((WANTED, channels), (HOLDERS, holders)):
        if members:
            pipeline.zadd(key, dict.fromkeys(members, until))
    pipeline.execute()


def wanted(redis: Redis) -> tuple[list[str], list[str]]:
    """Return the channels that somebody listens to, and who listens; raises `RedisError`."""
    now = time.time()
    pipeline = redis.pipeline(transaction=False)
    for key in (WANTED, HOLDERS):
        pipeline.zremrangebyscore(key, "-inf", now)
        pipeline.zrange(key, 0, -1)
    _, channels, _, holders = pipeline.execute()
    return channels, holders


def ask(redis: Redis, behind: Mapping[str, int]) -> None:
    """Ask for what lies behind these numbers of channels; raises `RedisError`."""
    redis.publish(ASKS, json.dumps(dict(behind)))


def read_asks(text: str) -> dict[str, int]:
    """Read what was asked; empty for a stranger's noise."""
    try:
        return {str(channel): int(behind) for channel, behind in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError):
        return {}

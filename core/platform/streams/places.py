"""Places: how many sockets are open, in all and for each client, counted by all processes together in Redis.

A place is a member of two sorted sets, scored with the time until which it is held. A process that dies renews
nothing; what it held is given back by its successor on the same host at once, and by time elsewhere.
"""

import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

import psutil
from redis import Redis
from redis.commands.core import Script

HELD_FOR_S = 45.0
_ALL = "penstock:stream:places"
_CLIENT = "penstock:stream:places:"
# One step to everybody else, by the clock of Redis.
_TAKE = """
local now = tonumber(redis.call('TIME')[1])
for index = 1, 2 do redis.call('ZREMRANGEBYSCORE', KEYS[index], '-inf', now) end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 'full' end
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3]) then return 'too_many' end
for index = 1, 2 do redis.call('ZADD', KEYS[index], now + tonumber(ARGV[4]), ARGV[1]) end
redis.call('EXPIRE', KEYS[2], 2 * tonumber(ARGV[4]))
return 'taken'
"""
_RENEW = """
local until_s = tonumber(redis.call('TIME')[1]) + tonumber(ARGV[1])
for index = 2, #ARGV do redis.call('ZADD', KEYS[1], until_s, ARGV[index]) end
redis.call('EXPIRE', KEYS[1], 2 * tonumber(ARGV[1]))
"""
_AT_ONCE = 500
CLOCK_TOLERANCE_S = 2.0
"""How far apart psutil may tell the start of one process: it derives that from a clock that may be set."""

Verdict = Literal["taken", "full", "too_many"]


def this_process() -> str:
    """Name this process for good: host, number, and the time of its start."""
    process = psutil.Process()
    return f"{socket.gethostname()}|{process.pid}|{process.create_time():.2f}"


@dataclass(slots=True)
class Places:
    """The places of one process's sockets."""

    redis: Redis
    in_all: int
    for_each_client: int
    owner: str = ""
    _numbers: "count[int]" = field(default_factory=count)
    _take: Script = field(init=False)
    _renew: Script = field(init=False)

    def __post_init__(self) -> None:
        self._take, self._renew = self.redis.register_script(_TAKE), self.redis.register_script(_RENEW)

    def open(self) -> int:
        """Begin to count for this process, and give back what dead ones of this host hold; returns how much that was.

        Not before the process is its own: a fork's places would have the names of its twin's. Raises `RedisError`.
        """
        self.owner = this_process()
        host = self.owner.partition("|")[0]
        held: Any = self.redis.zrange(_ALL, 0, -1)
        lost = [place for place in held if place.partition("|")[0] == host and not _is_alive(place)]
        self.give_back(lost)
        return len(lost)

    def take(self, client: str) -> tuple[Verdict, str]:
        """Ask for a place of a client; returns what became of it, and its name. Raises `RedisError`."""
        place = f"{self.owner}|{client}|{next(self._numbers)}"
        arguments: list[str | int] = [place, self.in_all, self.for_each_client, int(HELD_FOR_S)]
        assert self.owner, "nobody opened it"
        verdict: Any = self._take(keys=[_ALL, _CLIENT + client], args=arguments)
        return verdict, place

    def renew(self, places: Sequence[str]) -> None:
        """Go on holding places; to be called well before `HELD_FOR_S`. Raises `RedisError`."""
        for first in range(0, len(places), _AT_ONCE):
            self._renew(keys=[_ALL], args=[int(HELD_FOR_S), *places[first : first + _AT_ONCE]])
        by_client: dict[str, list[str]] = {}
        for place in places:
            by_client.setdefault(_client_of(place), []).append(place)
        pipeline = self.redis.pipeline(transaction=False)
        for client, held in by_client.items():
            self._renew(keys=[_CLIENT + client], args=[int(HELD_FOR_S), *held], client=pipeline)
        if by_client:
            pipeline.execute()

    def give_back(self, places: Iterable[str]) -> None:
        """Give places back; raises `RedisError`."""
        pipeline = self.redis.pipeline(transaction=False)
        for place in places:
            pipeline.zrem(_ALL, place)
            pipeline.zrem(_CLIENT + _client_of(place), place)
        if len(pipeline):
            pipeline.execute()

    def taken(self) -> int:
        """Count all places that are held; raises `RedisError`."""
        return int(self.redis.zcard(_ALL))  # type: ignore[arg-type]  # redis-py means its asynchronous twin as well


def _client_of(place: str) -> str:
    return place.split("|")[3]


def _is_alive(place: str) -> bool:
    _, pid, created, *_ = place.split("|")
    try:
        process = psutil.Process(int(pid))
        if process.status() == psutil.STATUS_ZOMBIE:  # whoever should have fetched its end has not yet
            return False
        return abs(process.create_time() - float(created)) <= CLOCK_TOLERANCE_S
    except psutil.Error:
        return False

"""The Redis that carries hints: messages to workers and events to those who wait."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.retry import Retry
from redis.sentinel import Sentinel

SENTINEL_SCHEME = "redis+sentinel"
SENTINEL_PORT = 26379


@dataclass(frozen=True, slots=True)
class Watched:
    """A Redis that Sentinels watch over, as `redis+sentinel://:password@host:26379,host:26379/0?master=name` names it.

    They are asked which one is the master whenever a connection is opened; `sentinel_password` is theirs, if they have
    one.
    """

    sentinels: tuple[tuple[str, int], ...]
    master: str
    db: int
    username: str | None
    password: str | None
    sentinel_password: str | None


def read_watched(url: str) -> Watched | None:
    """Read a URL that names Sentinels; None for any other. Raises `ValueError` for a port or database that is none."""
    parts = urlsplit(url)
    if parts.scheme != SENTINEL_SCHEME:
        return None
    login, _, places = parts.netloc.rpartition("@")
    username, _, password = login.partition(":")
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return Watched(
        tuple(
            (host, int(port or SENTINEL_PORT)) for host, _, port in (one.partition(":") for one in places.split(","))
        ),
        asked.get("master", "mymaster"),
        int(parts.path.strip("/") or 0),
        unquote(username) or None,
        unquote(password) or None,
        asked.get("sentinel_password"),
    )


def connect(url: str, *, timeout_s: float = 1.0) -> Redis:
    """Make a client that gives up fast: nothing durable depends on an answer.

    It tries again where the server hung up meanwhile, but not where one does not answer in time.
    """
    how = {
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        "health_check_interval": 25,
        "decode_responses": True,
    }
    retry = Retry(NoBackoff(), 1, (Disconnected,))
    watched = read_watched(url)
    if watched is None:
        return Redis.from_url(url, retry=retry, **how)
    theirs = {"socket_timeout": timeout_s, "socket_connect_timeout": timeout_s, "password": watched.sentinel_password}
    sentinel = Sentinel(watched.sentinels, sentinel_kwargs=theirs)  # type: ignore[no-untyped-call]  # redis-py leaves it without annotations
    whose = {"db": watched.db, "username": watched.username, "password": watched.password}
    master: Redis = sentinel.master_for(watched.master, retry=retry, **whose, **how)  # type: ignore[no-untyped-call]  # as above
    return master

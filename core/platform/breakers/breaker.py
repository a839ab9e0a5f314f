"""Calling through a breaker: shared by all processes through Redis, kept by this one alone while Redis is away."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self, TypeVar
from uuid import UUID

import structlog
from redis import Redis, RedisError

from core.clock import Clock, utc_now
from core.errors import Transient
from core.platform.breakers.base import LONGEST_ERROR, Admission, Circuit, Standing, Store, Terms
from core.platform.breakers.memory import MemoryStore
from core.platform.breakers.shared import SharedStore

SILENCE_S = 5.0
"""How long Redis is not asked after it failed."""
Answer = TypeVar("Answer")

log = structlog.get_logger()


class BreakerOpen(Transient):
    """What is called failed again and again, and is left alone for a while."""

    code = "breaker_open"


@dataclass(slots=True)
class Breakers:
    """The breakers as one process knows them; `clock` is all they know of time."""

    shared: Store
    clock: Clock = utc_now
    terms: Terms = field(default_factory=Terms)
    _own: MemoryStore = field(default_factory=MemoryStore)
    _silent_until: float = float("-inf")

    @classmethod
    def through(cls, redis: Redis, clock: Clock = utc_now) -> Self:
        """Share breakers through a Redis."""
        return cls(SharedStore(redis), clock)

    @property
    def is_shared(self) -> bool:
        """Tell whether what this process sees is what all see."""
        return self._now() >= self._silent_until

    def admit(self, name: str) -> Admission:
        """Tell whether a call may be made now; who may tells its end with `settle`."""
        return self._asked(lambda store, now: store.admit(name, self.terms, now))

    def settle(self, name: str, ticket: int, error: str | None = None) -> None:
        """Tell how an admitted call ended: None, or what was wrong."""
        told = None if error is None else error[:LONGEST_ERROR]
        circuit = self._asked(lambda store, now: store.settle(name, self.terms, now, ticket, told))
        if told is not None and circuit is Circuit.OPEN:
            log.warning("breaker.open", breaker=name, error=told)

    @contextmanager
    def guarding(self, name: str, *failures: type[Exception]) -> Iterator[None]:
        """Make a call; raises `BreakerOpen` where none is to be made. Errors other than `failures` are answers, too."""
        admission = self.admit(name)
        if not admission.allowed:
            raise BreakerOpen(f"{name} is left alone after failures in a row", retry_after_s=admission.wait_s)
        try:
            yield
        except failures as error:
            self.settle(name, admission.ticket, f"{type(error).__name__}: {error}")
            raise
        except Exception:
            self.settle(name, admission.ticket)
            raise
        self.settle(name, admission.ticket)

    def standings(self) -> Sequence[Standing]:
        """Return all breakers, or those of this process while Redis is away."""
        return self._asked(lambda store, now: store.standings(now))

    def _asked(self, ask: Callable[[Store, float], Answer]) -> Answer:
        now = self._now()
        if self.is_shared:
            try:
                return ask(self.shared, now)
            except RedisError as error:
                self._silent_until = now + SILENCE_S
                log.warning("breaker.kept_here", reason=type(error).__name__)
        return ask(self._own, now)

    def _now(self) -> float:
        instant: datetime = self.clock()
        return instant.timestamp()


def tenant_breaker(sort: str, tenant_id: UUID, subject: str) -> str:
    """Name a breaker of one tenant's: what fails for one must not be denied to another, who may do better."""
    return f"{sort}:{tenant_id}:{subject}"


def is_for(name: str, tenant_id: UUID) -> bool:
    """Tell whether a breaker concerns a tenant: its own, and those of the platform as a whole."""
    owner = name.split(":")[1:2]
    try:
        return UUID(owner[0]) == tenant_id
    except (IndexError, ValueError):
        return True

"""The line to a platform: through its breaker, patient where that is asked, and never twice what may be done."""

import functools
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from core import redis
from core.clock import Monotonic, monotonic
from core.platform.breakers.breaker import Breakers, tenant_breaker
from core.workloads.customers.connectors.base import Connection, OutcomeUnknown, PlatformAway, PlatformBusy

TRIES = 3
PATIENCE_S = 90.0
"""So long a rate limit is waited for; whoever is not through then tries as a job does, later."""
_NAP_S = 0.5
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Line:
    """How a computation speaks to one platform."""

    name: str
    breakers: Breakers
    checkpoint: Callable[[], None] = lambda: None
    pause: Callable[[float], None] = time.sleep
    clock: Monotonic = monotonic

    def ask(self, deed: Callable[[], Answer]) -> Answer:
        """Make a call. It is made again where nothing was done for sure; `OutcomeUnknown` is the caller's to clear up.

        Raises `BreakerOpen` where the platform is left alone after failures in a row.
        """
        give_up_at, tries = self.clock() + PATIENCE_S, 0
        while True:
            self.checkpoint()
            try:
                with self.breakers.guarding(self.name, PlatformAway, OutcomeUnknown):
                    return deed()
            except PlatformBusy as busy:
                wait_s = busy.retry_after_s or _NAP_S
                if self.clock() + wait_s > give_up_at:
                    raise
                self._wait(wait_s)
            except PlatformAway:
                tries += 1
                if tries >= TRIES:
                    raise
                self._wait(_NAP_S * 2 ** (tries - 1) / 4)

    def _wait(self, seconds: float) -> None:
        """Wait in naps, so that whoever is to stop stops."""
        until = self.clock() + seconds
        while (left := until - self.clock()) > 0:
            self.checkpoint()
            self.pause(min(left, _NAP_S))


def line_to(connection: Connection, checkpoint: Callable[[], None]) -> Line:
    """Return this process's line to a platform."""
    name = tenant_breaker("platform", connection.tenant_id, connection.name)
    return Line(name, _breakers(), checkpoint)


@functools.cache
def _breakers() -> Breakers:
    """Return this process's breakers; computations are handed no settings, so the address is read here."""
    return Breakers.through(redis.connect(os.environ.get("REDIS_URL", "redis://127.0.0.1"), timeout_s=0.25))

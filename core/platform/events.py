"""The announcements of jobs: hints over Redis for those who wait; the events themselves are in Postgres."""

import json
from dataclasses import dataclass, field
from uuid import UUID

from redis import Redis, RedisError

from core.clock import Monotonic, monotonic

CHANNEL = "penstock:jobs"
SILENCE_S = 5.0
"""How long nothing is tried after Redis failed: announcing must never slow down what it announces."""


@dataclass(slots=True)
class Announcer:
    """Tells listeners that a job has news; loses announcements rather than time while Redis is away."""

    redis: Redis
    clock: Monotonic = monotonic
    _silent_until: float = field(default=0.0, init=False)

    def announce(self, job_id: UUID, version: int, state: str) -> bool:
        """Publish one hint; False when it was not sent."""
        if self.clock() < self._silent_until:
            return False
        try:
            self.redis.publish(CHANNEL, json.dumps({"job_id": str(job_id), "version": version, "state": state}))
        except RedisError:
            self._silent_until = self.clock() + SILENCE_S
            return False
        return True

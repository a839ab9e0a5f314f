"""The announcements of jobs: hints over Redis for those who wait; the events themselves are in Postgres."""

import json
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from uuid import UUID

from redis import Redis, RedisError

from core.clock import Monotonic, monotonic

CHANNEL = "penstock:jobs"
SILENCE_S = 5.0
"""How long nothing is tried after Redis failed: announcing must never slow down what it announces."""
TRUSTED_S = 1.0
"""How long after a word a connection is taken to stand still."""


@dataclass(slots=True)
class Announcer:
    """Tells listeners that a job has news; loses announcements rather than time while Redis is away.

    It speaks on a connection where Redis answers nothing: sending alone costs a worker a third of asking.
    """

    redis: Redis
    clock: Monotonic = monotonic
    _silent_until: float = field(default=0.0, init=False)
    _spoke_at: float = field(default=0.0, init=False)
    _line: Any = field(default=None, init=False)  # redis-py leaves connections half annotated
    _lock: Lock = field(default_factory=Lock, init=False)

    def announce(self, job_id: UUID, version: int, state: str) -> bool:
        """Send one hint; False when it was not sent."""
        now = self.clock()
        if now < self._silent_until:
            return False
        hint = json.dumps({"job_id": str(job_id), "version": version, "state": state})
        with self._lock:
            try:
                self._speak(hint, now)
            except RedisError:
                self._hang_up()
                self._silent_until = now + SILENCE_S
                return False
        return True

    def _speak(self, hint: str, now: float) -> None:
        if self._line is not None and now - self._spoke_at > TRUSTED_S and _is_dead(self._line):
            self._hang_up()
        if self._line is None:
            self._line = self.redis.connection_pool.get_connection()
            self._line.send_command("CLIENT", "REPLY", "OFF")
        self._line.send_packed_command(self._line.pack_command("PUBLISH", CHANNEL, hint), check_health=False)
        self._spoke_at = now

    def _hang_up(self) -> None:
        """Give the connection back to its pool cut, as whoever takes it next wants answers."""
        if self._line is not None:
            self._line.disconnect()
            self.redis.connection_pool.release(self._line)
            self._line = None


def _is_dead(line: Any) -> bool:
    """Tell whether there is something to read where nothing is answered: the end."""
    try:
        return bool(line.can_read(0))
    except RedisError:
        return True

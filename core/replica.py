"""A read replica: lists are read there while it is near enough, and in the database itself otherwise."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session

from core.database import Database

Found = TypeVar("Found")

LOOKED_AT_EVERY_S = 1.0
LEFT_ALONE_S = 5.0
"""How long a replica that failed is not asked again."""
_BEHIND_S = text(
    """
SELECT CASE
  WHEN NOT pg_is_in_recovery() THEN 0
  WHEN pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
  ELSE coalesce(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 'infinity')
END::float8
"""
)
"""Who has replayed all it received is not behind while it is connected, however long nothing was written."""


@dataclass
class Lists:
    """Where one process reads lists. Any thread may ask; the replica is judged once a second by whoever comes first."""

    database: Database
    replica: Database | None = None
    most_behind_s: float = 5.0
    monotonic: Callable[[], float] = time.monotonic
    _near: bool = False
    _looks_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, tenant_id: UUID, work: Callable[[Session], Found]) -> Found:
        """Return what the work finds of one tenant's rows; it is done again if the replica fails."""
        if self.replica is not None and self._is_near(self.replica):
            try:
                with self.replica.within(tenant_id).statements() as session:
                    return work(session)
            except (OperationalError, PoolExhausted):  # away, or in the way of what it has to replay
                self._leave_alone()
        with self.database.within(tenant_id).statements() as session:
            return work(session)

    def _is_near(self, replica: Database) -> bool:
        now = self.monotonic()
        with self._lock:
            if now < self._looks_at:
                return self._near
            self._looks_at = now + LOOKED_AT_EVERY_S  # the others go by what was last known meanwhile
        try:
            with replica.statements() as session:
                self._near = session.execute(_BEHIND_S).scalar_one() <= self.most_behind_s
        except (OperationalError, PoolExhausted):
            self._leave_alone()
        return self._near

    def _leave_alone(self) -> None:
        with self._lock:
            self._near, self._looks_at = False, self.monotonic() + LEFT_ALONE_S

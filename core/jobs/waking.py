"""Waking the relay: apart from the transaction that gives it work, since a NOTIFY holds up every other commit."""

from threading import Lock

import structlog

from core.database import Database, DatabaseUnavailable, Prepared
from core.jobs.models import OutboxMessage
from core.jobs.outbox import CHANNEL

_NOTIFY = Prepared("penstock_wake", ("text", "text"), "SELECT pg_notify($1, $2)")

log = structlog.get_logger()


class Waker:
    """Tells relays of new messages once they are committed; while one thread tells, it does so for all others.

    Postgres lets one transaction with a NOTIFY commit at a time. Within submissions it would make each of them wait for
    the disk alone, where many at once can share the wait.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wanted = False
        self._telling = Lock()

    def wake(self) -> None:
        """Have the relays look; should that fail, they do so by themselves a moment later."""
        self._wanted = True
        while self._wanted and self._telling.acquire(blocking=False):
            try:
                self._wanted = False
                self._database.run(_NOTIFY, CHANNEL, OutboxMessage.__tablename__)
            except DatabaseUnavailable as error:
                log.warning("relay.not_woken", reason=error.detail)
            finally:
                self._telling.release()

"""Waking the relay: apart from the transaction that gives it work, since a NOTIFY holds up every other commit."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database, DatabaseUnavailable, Prepared
from core.errands import Errand
from core.jobs.models import OutboxMessage
from core.jobs.outbox import CHANNEL

BREATH_S = 0.002
_NOTIFY = Prepared("penstock_wake", ("text", "text"), "SELECT pg_notify($1, $2)")

log = structlog.get_logger()


class Waker:
    """Tells relays of new messages once they are committed; one word to them tells of all that came meanwhile.

    Postgres lets one transaction with a NOTIFY commit at a time. Within submissions it would make each of them wait for
    the disk alone, where many at once can share the wait.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.wake = Errand("waker", self._tell, breath_s=BREATH_S).want

    def _tell(self) -> None:
        try:
            self._database.run(_NOTIFY, CHANNEL, OutboxMessage.__tablename__)
        except (DatabaseUnavailable, SQLAlchemyError) as error:  # they look by themselves a moment later
            log.warning("relay.not_woken", reason=type(error).__name__)

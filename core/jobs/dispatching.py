"""Dispatching: new events of the bus get their numbers, and webhooks and triggers hear of them, all or nothing."""

from collections import Counter
from collections.abc import Mapping

from core.database import Database
from core.jobs import triggering
from core.jobs.kind import JobKind
from core.platform.bus import numbering, telling


def dispatch_new(database: Database, kinds: Mapping[str, JobKind]) -> int:
    """Dispatch all new events, each batch a transaction of its own; return how many, 0 while another relay does."""
    dispatched = 0
    while numbering.is_any_new(database):
        with database.transaction() as session:
            events = numbering.number_new(session)
            told = Counter(telling.tell_webhooks(session, events)) if events else Counter()
            fired = triggering.fire(session, kinds, events) if events else Counter()
            numbering.count(session, events, told + fired)
        dispatched += len(events)
        if len(events) < numbering.BATCH:
            break
    return dispatched

"""A job's events as server-sent events: from where the client stopped until the final one."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from core.database import Database
from core.jobs import queries, states
from core.jobs.documents import event_document
from webapp.waiting import LOOK_AGAIN_S, Waiting

KEEP_ALIVE_S = 15.0
RECONNECT_MS = 2000
BATCH = 200
_FINAL_EVENTS = frozenset(move.event for move in states.MOVES if move.target in states.FINAL)


def stream_events(database: Database, waiting: Waiting, job_id: UUID, *, after_seq: int) -> Iterator[str]:
    """Yield the events behind `after_seq` as they happen; end after the final one or when the process stops.

    A database that goes away ends the stream: the client comes back with `Last-Event-ID` and loses nothing.
    """
    try:
        yield f"retry: {RECONNECT_MS}\n\n"
        with waiting.watch(job_id) as news:
            spoke_at = waiting.clock()
            while not waiting.closing():
                events = _read(database, job_id, after_seq)
                for event in events:
                    yield _frame(event)
                if events:
                    after_seq, spoke_at = events[-1].seq, waiting.clock()
                    if len(events) < BATCH and events[-1].type in _FINAL_EVENTS:
                        return
                elif waiting.clock() - spoke_at >= KEEP_ALIVE_S:
                    yield ": still here\n\n"
                    spoke_at = waiting.clock()
                news.wait(LOOK_AGAIN_S)
                news.clear()
    except (DBAPIError, PoolExhausted):
        return


def _read(database: Database, job_id: UUID, after_seq: int) -> Sequence[Row[Any]]:
    with database.statements() as session:
        return queries.list_events(session, job_id, after_seq=after_seq, limit=BATCH)


def _frame(event: Row[Any]) -> str:
    return f"id: {event.seq}\nevent: {event.type}\ndata: {json.dumps(event_document(event))}\n\n"

"""Telling: threads of a worker's parent process in which it reports what its host offers to the workloads it serves."""

from collections.abc import Iterable
from threading import Event, Thread

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database, DatabaseUnavailable
from tasks.binding import HostTelling

AGAIN_AFTER_S = 5.0
"""When the database could not be reached, or no process could be started."""

log = structlog.get_logger()


def start(tellings: Iterable[HostTelling], database: Database, worker: str) -> None:
    """Begin to tell, in threads that end with the process."""
    for one in tellings:
        Thread(target=_run, args=(one, database, worker), name="telling", daemon=True).start()


def _run(telling: HostTelling, database: Database, worker: str) -> None:
    pause = Event()
    while True:
        try:
            next_in_s = telling.tell(database, worker)
        except (SQLAlchemyError, DatabaseUnavailable, OSError) as error:
            log.warning("telling.failed", reason=type(error).__name__)
            next_in_s = AGAIN_AFTER_S
        pause.wait(next_in_s)

"""The staged start of a web process: database, schema, connections, statistics; only then it is ready.

Whatever is away is waited for, so that nobody has to start the process again.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from threading import Event, Thread

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database, DatabaseUnavailable
from core.errors import PenstockError, Transient
from core.platform import starting

WARM = 5
"""Connections that are open before the first request; the rest of the pool is opened when it is needed."""
AGAIN_AFTER_S = 1.0

log = structlog.get_logger()


class Stage(StrEnum):
    """How far the start has come."""

    CONNECTING = "connecting"
    WARMING = "warming"
    ANALYZING = "analyzing"
    READY = "ready"


class Starting(Transient):
    """The process is about to be ready."""

    code = "starting"


@dataclass(slots=True)
class Warming:
    """The start of one web process; ready from the beginning where nobody starts it."""

    database: Database
    connections: int
    stage: Stage = Stage.READY
    fault: PenstockError | None = None
    """What is in the way."""

    def start(self) -> None:
        """Begin, in a thread that ends when the process is ready."""
        self.stage = Stage.CONNECTING
        Thread(target=self._run, name="warming", daemon=True).start()

    def check(self) -> None:
        """Raise what is in the way, or `Starting`, until the process is ready."""
        if self.stage is Stage.READY:
            return
        raise self.fault or Starting(f"the process is {self.stage}")

    def advance(self) -> None:
        """Go through all stages; raises whatever is in the way."""
        self.stage = Stage.CONNECTING
        starting.examine(self.database)
        self.stage = Stage.WARMING
        with ExitStack() as stack:
            for _ in range(min(WARM, self.connections)):
                session = stack.enter_context(self.database.statements())
                session.execute(text("SELECT 1"))
        self.stage = Stage.ANALYZING
        with self.database.statements() as session:
            if session.scalar(_UNKNOWN):
                session.execute(text("ANALYZE jobs"))
        self.stage, self.fault = Stage.READY, None

    def _run(self) -> None:
        pause = Event()
        while self.stage is not Stage.READY:
            try:
                self.advance()
            except starting.FAULTS as fault:
                self._wait(fault)
            except (SQLAlchemyError, DatabaseUnavailable) as error:
                self._wait(starting.fault_of(error))
            pause.wait(AGAIN_AFTER_S)
        log.info("start.ready")

    def _wait(self, fault: PenstockError) -> None:
        if self.fault is None or self.fault.code != fault.code:
            log.warning("start.waiting", reason=fault.code, detail=fault.detail, stage=self.stage)
        self.fault = fault


# Without statistics the planner takes the table for small, and reads it as a whole.
_UNKNOWN = text(
    """
SELECT last_analyze IS NULL AND last_autoanalyze IS NULL AND n_live_tup > 1000
FROM pg_stat_user_tables WHERE schemaname = 'public' AND relname = 'jobs'
"""
)

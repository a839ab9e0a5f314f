"""Telling the platform what toolchains this worker's host has, again and again."""

from collections.abc import Callable
from dataclasses import dataclass

from core.clock import Monotonic, monotonic
from core.config import sandbox_without
from core.database import Database
from core.workloads.code.native import reports, survey
from core.workloads.code.sandbox.asking import Sandbox

EXAMINED_EVERY_S = 600.0
"""Compilers come and go rarely, and a self-test of all takes some seconds."""


@dataclass(slots=True)
class HostReport:
    """What a worker remembers between two tellings."""

    open_sandbox: Callable[[], Sandbox] = Sandbox
    clock: Monotonic = monotonic
    _examined_at: float = float("-inf")

    def tell(self, database: Database, worker: str) -> float:
        """Examine the toolchains where that is due, else say that all is as it was; give the seconds to the next time.

        The launcher is started for each examination: this is a worker's parent process, and its children fork from it.
        """
        now = self.clock()
        if now - self._examined_at >= EXAMINED_EVERY_S:
            with self.open_sandbox() as sandbox:
                found = survey.survey(sandbox, sandbox_without())
            with database.transaction() as session:
                reports.record(session, worker, found)
            self._examined_at = now
        else:
            with database.statements() as session:
                reports.renew(session, worker)
        return reports.RENEWED_EVERY_S

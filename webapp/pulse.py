"""The pulse of one web process: how many requests were answered, how well and how fast, written down now and then."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database
from core.platform import vitals

WRITE_EVERY_S = 15.0
FIRST_FAILURE = "500"

log = structlog.get_logger()


class Pulse:
    """Counts requests and writes the counts down from a thread that the first request starts."""

    def __init__(
        self, database: Database, bounds: Sequence[float], cache_counts: Callable[[], Mapping[str, int]]
    ) -> None:
        self._database = database
        self._cache_counts = cache_counts
        self._bounds = [(bound, f"{vitals.WITHIN}{bound:g}") for bound in bounds]
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._thread: threading.Thread | None = None

    def beat(self, status: str, seconds: float) -> None:
        """Count one answer."""
        within = [name for bound, name in self._bounds if seconds <= bound]
        with self._lock:
            self._counts.update((vitals.REQUESTS, *within))
            if status >= FIRST_FAILURE:
                self._counts[vitals.FAILED_REQUESTS] += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)
                self._thread.start()

    def write(self) -> None:
        """Write down what was counted since the last time; what cannot be written is forgotten."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        for what, count in self._cache_counts().items():
            counts[f"{vitals.CACHE}{what}"] = count
        try:
            if counts:
                with self._database.transaction() as session:
                    vitals.add(session, counts)
        except SQLAlchemyError as error:
            log.warning("pulse.lost", reason=type(error).__name__)

    def _run(self) -> None:
        pause = threading.Event()
        while not pause.wait(WRITE_EVERY_S):
            self.write()

"""The relay process: carries outbox messages to the broker, as soon as they are written; several may run."""

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from types import FrameType

import structlog
from celery import Celery
from kombu.exceptions import KombuError
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from core.catalogue import discover
from core.clock import Monotonic, monotonic
from core.config import read_settings
from core.database import Database, DatabaseUnavailable, Listener, connect
from core.jobs import outbox, reconciler, settling
from core.jobs.kind import JobKind
from core.jobs.models import Settlement
from tasks.app import app
from tasks.broker import Broker

BATCH = 500
IDLE_S = 1.0
CHORES_EVERY_S = 0.5
LONGEST_PAUSE_S = 5.0
NEGLECTED_S = 1.5 * reconciler.EVERY_S
"""Little more than Beat's own pace: an expired lease is to be seen within ten seconds whoever is left."""

log = structlog.get_logger()


class Relay:
    """Takes batches from the outbox and publishes them; nothing is lost while either side is away."""

    def __init__(
        self,
        celery: Celery,
        database: Database,
        wake_ups: Listener,
        kinds: Mapping[str, JobKind],
        clock: Monotonic = monotonic,
    ) -> None:
        self.stopping = Event()
        self._celery = celery
        self._database = database
        self._wake_ups = wake_ups
        self._kinds = kinds
        self._broker = Broker(celery)
        self._clock = clock
        self._chores_done_at = float("-inf")

    def run(self) -> None:
        """Relay until told to stop; trouble with the database or the broker only makes it pause."""
        pause_s = 0.1
        while not self.stopping.is_set():
            try:
                self.round()
                pause_s = 0.1
            except (OperationalError, DatabaseUnavailable, KombuError, RedisError, OSError) as error:
                log.warning("relay.paused", reason=type(error).__name__, pause_s=pause_s)
                self._broker.close()
                self._broker = Broker(self._celery)
                self.stopping.wait(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        self._broker.close()
        self._wake_ups.close()

    def round(self) -> None:
        """Do the chores if it is time, carry what there is, then wait for news.

        Chores come first, as most of them need the database alone and must not wait for the broker; but not at every
        news, which would make each job wait for them.
        """
        now = self._clock()
        if now - self._chores_done_at >= CHORES_EVERY_S:
            self._chores_done_at = now
            self._do_chores()
        while self._carry_batch() == BATCH:
            continue
        if Settlement.__tablename__ in self._wake_ups.wait(IDLE_S):
            self._settle()

    def _do_chores(self) -> None:
        """Reconcile if nobody did for long, queue what is due."""
        self._reconcile_if_neglected()
        self._settle()
        with self._database.statements() as session:
            reconciler.promote_due(session)

    def _settle(self) -> None:
        """Let those go on who waited for jobs that are final by now."""
        batch = settling.BATCH
        while batch == settling.BATCH:
            with self._database.transaction() as session:
                batch = settling.settle_batch(session, self._kinds)

    def _carry_batch(self) -> int:
        """Publish before committing: a crash in between repeats messages, which claims make harmless."""
        with self._database.transaction() as session:
            messages = outbox.take_batch(session, limit=BATCH)
            if messages:
                self._broker.publish(messages)
        return len(messages)

    def _reconcile_if_neglected(self) -> None:
        """Do Beat's work when Beat is gone, or when every worker that would hear its ticks is busy or gone."""
        counts = reconciler.reconcile(self._database, self._broker.backlog, every_s=NEGLECTED_S)
        if any(counts.values()):
            log.info("relay.reconciled", **counts)


def main() -> None:
    """Run a relay until SIGTERM."""
    settings = read_settings()
    relay = Relay(
        app,
        connect(settings.database_url, pool_size=1, application_name="relay"),
        Listener(settings.database_url, outbox.CHANNEL),
        discover().kinds,
    )

    def stop(_number: int, _frame: FrameType | None) -> None:
        relay.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if ready := os.environ.get("PENSTOCK_READY_FILE"):
        Path(ready).touch()
    relay.run()


if __name__ == "__main__":
    main()

"""The herald: threads beside the relay that send notifications, each errand by a messenger process of its own."""

import random
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Lock, Thread
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError

from core.clock import Monotonic, monotonic
from core.database import Database, DatabaseUnavailable
from core.jobs import watching
from core.platform.alerts.models import Severity
from core.platform.alerts.raising import raise_alert
from core.platform.notifications import outbox
from core.platform.notifications.outbox import Errand
from core.platform.notifications.sending import Messengers

LOOK_EVERY_S = 2.0
WATCH_EVERY_S = 60.0
HANDS = 2
"""How many messengers are under way at a time: each loads all of apprise."""
SOURCE = "notifications"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Desk:
    """What a herald holds to send."""

    database: Database
    messengers: Messengers
    rng: random.Random
    data_dir: Path


class Herald:
    """Takes messages that are due and has them sent; any number of heralds may run."""

    def __init__(self, desk: Desk, clock: Monotonic = monotonic) -> None:
        self._desk = desk
        self._clock = clock
        self._watch_at = clock() + WATCH_EVERY_S
        self._news = Event()
        self._stopping = Event()
        self._lock = Lock()
        self._under_way: set[UUID] = set()
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="herald")
        self._thread = Thread(target=self._run, name="herald", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more and wait for the messengers under way."""
        self._stopping.set()
        self._news.set()
        self._thread.join()
        self._hands.shutdown(cancel_futures=True)

    def round(self) -> int:
        """Take what is due while there are hands; return how many errands that were."""
        taken = 0
        while len(self._under_way) < HANDS:
            errand = outbox.take_errand(self._desk.database, busy=list(self._under_way))
            if errand is None:
                break
            taken += 1
            with self._lock:
                self._under_way.add(errand.channel_id)
            self._hands.submit(carry, self._desk, errand).add_done_callback(partial(self._done, errand))
        return taken

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._news.clear()
            try:
                self.round()
                self._watch_if_neglected()
            except (OperationalError, DatabaseUnavailable) as error:
                log.warning("herald.paused", reason=type(error).__name__)
            self._news.wait(LOOK_EVERY_S)

    def _watch_if_neglected(self) -> None:
        """Look at the alert rules when Beat's ticks reach no worker: that, too, is something to be told."""
        if self._clock() >= self._watch_at:
            self._watch_at = self._clock() + WATCH_EVERY_S
            watching.watch(self._desk.database, self._desk.data_dir, every_s=watching.NEGLECTED_S)

    def _done(self, errand: Errand, future: Future[None]) -> None:
        with self._lock:
            self._under_way.discard(errand.channel_id)
        self._news.set()
        if not future.cancelled() and (error := future.exception()):
            log.warning("notification.unrecorded", channel_id=str(errand.channel_id), reason=type(error).__name__)


def carry(desk: Desk, errand: Errand) -> None:
    """Have an errand carried out and write down what came of it; a channel that fails for long raises an alert."""
    errors = desk.messengers.send(errand.url, errand.messages)
    with desk.database.transaction() as session:
        reason = outbox.record(session, errand, errors, desk.rng)
        if reason is not None:
            text = f"The notification channel was disabled: {reason}"
            raise_alert(session, errand.tenant_id, SOURCE, str(errand.channel_id), Severity.WARNING, text)
    for message, error in zip(errand.messages, errors, strict=True):
        log.info(
            "notification.sent" if error is None else "notification.attempt_failed",
            notification_id=str(message.id),
            tenant_id=str(errand.tenant_id),
            attempt=message.attempt,
            error=error,
        )

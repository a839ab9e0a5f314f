"""The courier: threads beside the relay that deliver webhooks, so that no slow receiver ever holds up a worker."""

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Event, Lock, Thread

import structlog
from sqlalchemy.exc import OperationalError

from core.database import DatabaseUnavailable
from core.platform.webhooks import attempts
from core.platform.webhooks.attempts import Due
from core.platform.webhooks.delivering import Post, deliver
from core.platform.webhooks.sending import Attempt

LOOK_EVERY_S = 2.0
HANDS = 8
"""How many deliveries are under way at a time."""

log = structlog.get_logger()


class Courier:
    """Takes deliveries that are due and makes attempts at them; any number of couriers may run."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._news = Event()
        self._stopping = Event()
        self._lock = Lock()
        self._under_way: Counter[str] = Counter()
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="courier")
        self._thread = Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def wake(self) -> None:
        """Have it look now: something is due."""
        self._news.set()

    def stop(self) -> None:
        """Take nothing more and wait for the attempts under way; what was taken but not begun is left to others."""
        self._stopping.set()
        self.wake()
        self._thread.join()
        self._hands.shutdown(cancel_futures=True)

    def round(self) -> int:
        """Take what is due and there are hands for; return how much that was."""
        with self._lock:
            room, busy = HANDS - self._under_way.total(), list(self._under_way)
        taken = attempts.take_due(self._post.database, room=room, busy=busy) if room else []
        for due in taken:
            with self._lock:
                self._under_way[due.receiver] += 1
            future = self._hands.submit(deliver, self._post, due)
            future.add_done_callback(partial(self._done, due))
        return len(taken)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._news.clear()
            try:
                self.round()
            except (OperationalError, DatabaseUnavailable) as error:
                log.warning("courier.paused", reason=type(error).__name__)
            self._news.wait(LOOK_EVERY_S)

    def _done(self, due: Due, future: Future[Attempt]) -> None:
        with self._lock:
            self._under_way -= Counter({due.receiver: 1})
        self.wake()
        # Nobody knows what came of it then: the delivery is tried again when its lease is over.
        if not future.cancelled() and (error := future.exception()):
            log.warning("webhook.unrecorded", delivery_id=str(due.id), reason=f"{type(error).__name__}: {error}")

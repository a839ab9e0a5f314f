"""Carrying: from the outbox to the broker as much of each queue as its window has room for, and no more."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from core import telemetry
from core.clock import Monotonic
from core.database import Database
from core.jobs import admission, outbox, queries
from core.jobs.outbox import Batch
from core.jobs.queues import NAMES
from tasks.broker import Broker
from tasks.shares import Shares
from tasks.window import LOOK_AGAIN_S, Window, Windows


class Carrier:
    """Fills the broker's windows; made anew when the broker was away, since it may have forgotten what it held."""

    def __init__(self, database: Database, broker: Broker, clock: Monotonic) -> None:
        self._database = database
        self._broker = broker
        self._clock = clock
        self._windows = Windows({queue: Window() for queue in NAMES})
        self._served: dict[str, UUID] = {}
        self._shares = Shares()
        self._undecided = False

    def carry(self) -> None:
        """Publish what waits and has room."""
        if due := self._windows.due(self._clock()):
            self._windows.see(self._broker.backlogs(due), self._clock())
        while room := self._windows.room():
            batch = self._carry_batch(room)
            self._undecided = batch.open > 0
            # Where messages were held, others may have room: behind them, or at another gate.
            if not batch.held:
                return
            self.release()

    def release(self) -> int:
        """Let messages that were held back into their lines as far as there is room for them by now."""
        with self._database.transaction() as session:
            return admission.release(session)

    def next_look_s(self, idle_s: float) -> float:
        """Return after how many seconds without news it is worth looking again."""
        short_s = self._windows.next_look_s(self._clock())
        return min(idle_s, idle_s if short_s is None else short_s, LOOK_AGAIN_S if self._undecided else idle_s)

    @property
    def is_short(self) -> bool:
        """Tell whether a queue has no known room, so that most news are about messages that cannot go yet."""
        return self._windows.next_look_s(self._clock()) is not None

    def _carry_batch(self, room: dict[str, int]) -> Batch:
        """Publish before committing: a crash in between repeats messages, which claims make harmless."""
        with self._database.transaction() as session:
            batch = outbox.take_batch(session, room, self._served, self._shares.lately(self._clock()))
            if batch.messages:
                self._broker.publish(batch.messages)
                if telemetry.is_traced():
                    _trace(session, [message.job_id for message in batch.messages])
        self._served.update(batch.served)
        self._shares.note(batch.carried, self._clock())
        self._windows.use(message.queue for message in batch.messages)
        return batch


def _trace(session: Session, job_ids: Sequence[UUID]) -> None:
    """Tell in the trace of each job's request that its message went to the broker."""
    for job_id, request_id in queries.request_ids(session, job_ids):
        with telemetry.span("relay.carried", request_id, **{"penstock.job_id": str(job_id)}):
            pass

"""The relay process: carries outbox messages to the broker as soon as it has room for them; several may run."""

import os
import random
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from threading import Event
from types import FrameType

import structlog
from amqp.exceptions import AMQPError
from celery import Celery
from kombu.exceptions import KombuError
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from core import redis, telemetry
from core.catalogue import discover
from core.clock import Monotonic, monotonic, utc_now
from core.config import Settings, read_settings
from core.database import Database, DatabaseUnavailable, Listener, connect
from core.jobs import concurrency, dispatching, firing, outbox, partitions, reconciler, settling, unknown_kinds
from core.jobs.admission_models import ConcurrencyLimit
from core.jobs.feeding import Feeder
from core.jobs.kind import JobKind
from core.jobs.models import Settlement
from core.patience import WORKING
from core.platform import starting
from core.platform.addresses import Border
from core.platform.breakers.breaker import Breakers
from core.platform.bus.carrying import EventCarrier
from core.platform.bus.models import BusEvent
from core.platform.notifications.sending import Messengers
from core.platform.webhooks.delivering import Post
from core.platform.webhooks.models import Delivery
from core.platform.webhooks.sending import Sender
from tasks.app import app
from tasks.broker import Broker
from tasks.carrying import Carrier
from tasks.courier import Courier
from tasks.feeder import Reader
from tasks.herald import Desk, Herald
from tasks.readiness import touch_ready_file

IDLE_S = 1.0
BREATH_S = 0.01
"""While a queue is short of room, news are taken in no faster than this: most of them are about that queue."""
CHORES_EVERY_S = 0.5
LONGEST_PAUSE_S = 5.0
PARTITIONED_EVERY_S = 6 * 3600.0
NEGLECTED_S = 1.5 * reconciler.EVERY_S
"""Little more than Beat's own pace: an expired lease is to be seen within ten seconds whoever is left."""

OUTAGES = (OperationalError, DatabaseUnavailable, KombuError, RedisError, AMQPError, OSError)
"""What the database or a broker of any sort raises when it is away."""

log = structlog.get_logger()


class Relay:
    """Takes batches from the outbox and publishes them; nothing is lost while either side is away.

    The broker gets no more than a window of each queue at a time; the rest is better off in the outbox.
    """

    def __init__(
        self,
        celery: Celery,
        database: Database,
        wake_ups: Listener,
        kinds: Mapping[str, JobKind],
        clock: Monotonic = monotonic,
        wake_courier: Callable[[], None] | None = None,
        events: EventCarrier | None = None,
    ) -> None:
        self.stopping = Event()
        self._celery = celery
        self._database = database
        self._wake_ups = wake_ups
        self._kinds = kinds
        self._clock = clock
        self._wake_courier = wake_courier
        self._events = events
        self._chores_done_at = float("-inf")
        self._kinds_declared = False
        self._more_due = False
        self._connect()

    def run(self) -> None:
        """Relay until told to stop; trouble with the database or the broker only makes it pause."""
        pause_s = 0.1
        while not self.stopping.is_set():
            try:
                self.round()
                pause_s = 0.1
            except OUTAGES as error:
                log.warning("relay.paused", reason=type(error).__name__, pause_s=pause_s)
                self._broker.close()
                self._connect()
                self.stopping.wait(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        self._broker.close()
        self._wake_ups.close()

    def _connect(self) -> None:
        self._broker = Broker(self._celery)
        self._carrier = Carrier(self._database, self._broker, self._clock)

    def round(self) -> None:
        """Do the chores if it is time, carry what there is, then wait for news.

        Chores come first, as most of them need the database alone and must not wait for the broker; but not at every
        news, which would make each job wait for them.
        """
        now = self._clock()
        if now - self._chores_done_at >= CHORES_EVERY_S:
            self._chores_done_at = now
            self._do_chores()
        elif self._more_due:
            self._promote()
        self._carrier.carry()
        self._heed(self._wake_ups.wait(0.0 if self._more_due else self._carrier.next_look_s(IDLE_S)))

    def _heed(self, news: Sequence[str]) -> None:
        if Settlement.__tablename__ in news:
            self._settle()
        if ConcurrencyLimit.__tablename__ in news:
            self._carrier.release()
        if BusEvent.__tablename__ in news:
            self._dispatch()
        if Delivery.__tablename__ in news and self._wake_courier is not None:
            self._wake_courier()
        if news and self._carrier.is_short:
            self.stopping.wait(BREATH_S)

    def _do_chores(self) -> None:
        """Reconcile if nobody did for long, fire schedules, queue what is due."""
        if not self._kinds_declared:
            self._declare_kinds()
        self._reconcile_if_neglected()
        self._settle()
        self._dispatch()
        firing.tick(self._database, self._kinds)
        self._promote()

    def _promote(self) -> None:
        """Queue what is due; where that is more than goes at once, the rest follows with the next round's messages."""
        with self._database.statements() as session:
            self._more_due = reconciler.promote_due(session) >= reconciler.AT_ONCE

    def _declare_kinds(self) -> None:
        with self._database.transaction() as session:
            concurrency.declare_kinds(session, self._kinds.values())
        self._kinds_declared = True

    def _settle(self) -> None:
        """Let those go on who waited for jobs that are final by now."""
        batch = settling.BATCH
        while batch == settling.BATCH:
            with self._database.transaction() as session:
                batch = settling.settle_batch(session, self._kinds)

    def _dispatch(self) -> None:
        """Tell of new events: webhooks and triggers first, which need the database alone, then Redis."""
        if dispatching.dispatch_new(self._database, self._kinds) and self._events is not None:
            self._events.carry()

    def _reconcile_if_neglected(self) -> None:
        """Do Beat's work when Beat is gone, or when every worker that would hear its ticks is busy or gone."""
        counts = reconciler.reconcile(self._database, self._broker.backlog, every_s=NEGLECTED_S)
        if counts:
            counts["unknown"] = unknown_kinds.fail_unknown(self._database, self._kinds)
            counts["partitions_made"] = partitions.make_ahead(self._database, days=1, every_s=PARTITIONED_EVERY_S)
        if any(counts.values()):
            log.info("relay.reconciled", **counts)


def main() -> int:
    """Run a relay until SIGTERM, with a courier, a herald and a reader for streams beside it."""
    settings = read_settings()
    try:
        starting.await_database(settings.database_url)
    except starting.FAULTS as fault:
        return starting.ended(fault)
    telemetry.begin("relay", os.environ)
    courier, herald, reader = _courier(settings), _herald(settings), _reader(settings)
    database = connect(
        settings.database_url, pool_size=1, application_name="relay", patience=WORKING, keyring=settings.keyring()
    )
    relay = Relay(
        app,
        database,
        Listener(settings.database_direct_url, outbox.CHANNEL),
        discover().kinds,
        wake_courier=courier.wake,
        events=EventCarrier(database, redis.connect(settings.redis_url, timeout_s=0.25)),
    )

    def stop(_number: int, _frame: FrameType | None) -> None:
        relay.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    touch_ready_file()
    courier.start()
    herald.start()
    reader.start()
    relay.run()
    courier.stop()
    herald.stop()
    reader.stop()
    telemetry.flush()
    return 0


def _reader(settings: Settings) -> Reader:
    database = connect(settings.database_url, pool_size=1, application_name="feeder", patience=WORKING)
    return Reader(Feeder(database, redis.connect(settings.redis_url)), redis.connect(settings.redis_url, timeout_s=5.0))


def _herald(settings: Settings) -> Herald:
    database = connect(
        settings.database_url,
        pool_size=2,
        application_name="herald",
        patience=WORKING,
        keyring=settings.keyring(),
    )
    return Herald(Desk(database, Messengers(settings.webhooks_may_reach), random.Random(), settings.data_dir))  # noqa: S311 - jitter


def _courier(settings: Settings) -> Courier:
    database = connect(
        settings.database_url,
        pool_size=2,
        application_name="courier",
        patience=WORKING,
        keyring=settings.keyring(),
    )
    sender = Sender(Border(settings.webhooks_may_reach))
    breakers = Breakers.through(redis.connect(settings.redis_url, timeout_s=0.25))
    return Courier(Post(database, sender, settings.secret_key, random.Random(), utc_now, breakers))  # noqa: S311 - jitter


if __name__ == "__main__":
    sys.exit(main())

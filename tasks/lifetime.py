"""What a worker sets up and takes down: in its parent process, and in each child."""

import gc
import os
import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

from billiard.exceptions import WorkerLostError
from celery import Celery, signals

from core import redis, telemetry
from core.catalogue import Catalogue
from core.config import Settings
from core.database import Listener
from core.database import connect as connect_database
from core.jobs import cancellation
from core.jobs.execution import Station, execute
from core.patience import WORKING
from core.platform.events import Announcer
from core.platform.supervisor.adoption import adopt_orphans
from core.storage import open_storage
from tasks import families, governing, telling
from tasks.binding import Binding, load_bindings, load_tellings
from tasks.interrupts import SignalInterrupts
from tasks.readiness import touch_ready_file
from tasks.warden import Warden, child_name, running_jobs


def connect(app: Celery, settings: Settings, catalogue: Catalogue) -> None:
    """Connect what a worker does at each stage of its life to Celery's signals."""
    worker = Worker(app, settings, catalogue)
    for signal, receiver in {
        signals.celeryd_after_setup: worker.load,
        signals.worker_ready: worker.begin,
        signals.worker_shutting_down: worker.end,
        signals.worker_process_init: worker.set_up_child,
        signals.task_failure: worker.mourn,
    }.items():
        signal.connect(receiver, weak=False)


class Worker:
    """One worker: the parent, and after a fork the child."""

    def __init__(self, app: Celery, settings: Settings, catalogue: Catalogue) -> None:
        self._app = app
        self._settings = settings
        self._catalogue = catalogue
        self._nodename = ""
        self._station: Station | None = None
        self._warden: Warden | None = None

    def load(self, instance: Any, **_: Any) -> None:
        """Make a task of each kind on the queues that this worker consumes."""
        self._nodename = instance.hostname
        for binding in load_bindings(self._catalogue, set(self._app.amqp.queues.consume_from)):
            self._app.task(name=binding.kind.name)(self._runner(binding))
        # What was loaded by now stays: children share its pages as long as no garbage collector writes to them.
        gc.collect()
        gc.freeze()

    def begin(self, sender: Any, **_: Any) -> None:
        """Start the warden, the governor and what tells of this host, and say that the worker is ready."""
        settings = self._settings
        database = connect_database(settings.database_url, pool_size=1, application_name="warden", patience=WORKING)
        self._warden = Warden(
            database,
            Listener(settings.database_direct_url, cancellation.CHANNEL),
            lambda: running_jobs(self._catalogue.kinds),
            self._nodename,
            settings.lease_s,
        )
        self._warden.start()
        queues = set(self._app.amqp.queues.consume_from)
        telling.start(load_tellings(self._catalogue, queues), database, self._nodename)
        governing.start(sender.controller, settings, self._catalogue.kinds, database)
        touch_ready_file()

    def end(self, **_: Any) -> None:
        """Send the running jobs back to their queues without burning an attempt."""
        if self._warden is not None:
            self._warden.release_all()

    def mourn(self, exception: BaseException, **_: Any) -> None:
        """Have the warden look for the job of a child that died."""
        if isinstance(exception, WorkerLostError) and self._warden is not None:
            self._warden.notice_death()

    def set_up_child(self, **_: Any) -> None:
        """Open what a child needs to execute jobs; nothing is shared with the parent."""
        settings = self._settings
        telemetry.begin("worker", os.environ)
        adopt_orphans()
        interrupts = SignalInterrupts()
        interrupts.install()
        self._station = Station(
            child_name(self._nodename, os.getpid()),
            connect_database(
                settings.database_url,
                pool_size=2,
                application_name="worker",
                patience=WORKING,
                keyring=settings.keyring(),
            ),
            open_storage(settings.storage_url),
            Announcer(redis.connect(settings.redis_url)),
            interrupts,
            settings.lease_s,
            random.Random(),  # noqa: S311 - spreads retries, guards nothing
            self._catalogue.kinds,
        )

    def _runner(self, binding: Binding) -> Callable[[str], None]:
        def run(job_id: str) -> None:
            assert self._station is not None, "a job runs in a child process"
            try:
                execute(self._station, binding.kind, binding.compute, UUID(job_id))
            finally:
                families.end_children()

        return run

"""A worker process: consumes queues, and computes in the children that it forks.

Started here rather than by Celery's command line, which loads every command there is: Flower and its web server too.
"""

import argparse
import sys
from collections.abc import Sequence

from celery import Celery
from celery.utils.nodenames import default_nodename, host_format
from celery.worker.consumer.delayed_delivery import DelayedDelivery

from core.catalogue import discover
from core.config import Settings, read_settings
from core.platform import starting
from tasks import lifetime, maintenance
from tasks.app import app
from tasks.events import BatchedEvents
from tasks.slots import Slotted


def main(argv: Sequence[str] | None = None) -> int:
    """Work until told to stop."""
    options, settings = _options(argv), read_settings()
    try:
        starting.await_database(settings.database_url)
    except starting.FAULTS as fault:
        return starting.ended(fault)
    equip(app, settings)
    worker = app.Worker(
        hostname=host_format(default_nodename(options.hostname)),
        queues=options.queues,
        concurrency=options.concurrency,
        without_gossip=True,
        without_mingle=True,
        quiet=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def equip(app: Celery, settings: Settings) -> None:
    """Give an application what a worker has beside what everybody has: tasks, and what is done around them."""
    app.steps["consumer"].add(BatchedEvents)
    app.steps["worker"].add(Slotted)
    DelayedDelivery.include_if = lambda *_: False  # 28 queues on RabbitMQ for delays that no message here has
    maintenance.register(app)
    lifetime.connect(app, settings, discover())


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tasks.worker", description=__doc__)
    parser.add_argument("--queues", required=True, help="whose messages it takes, as default,io")
    parser.add_argument("--concurrency", type=int, required=True, help="how many jobs it computes at a time")
    parser.add_argument("--hostname", required=True, help="its name; %%h stands for the host's")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())

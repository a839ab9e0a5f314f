"""How Celery is set up: no result backend, no late acknowledgement, nothing but job ids in messages.

Messages are hints: they are acknowledged when a child takes them, and Redis forgets them once they are fetched. The row
is the truth, and the reconciler sends lost ones again.
"""

import logging
from pathlib import Path
from typing import Any

from celery import Celery, signals

from tasks.broker_settings import REDIS_OPTIONS, broker_settings
from tasks.schedule import read_schedule

MAINTENANCE_QUEUE = "maintenance"


def make_app(broker: str, data_dir: Path) -> Celery:
    """Make the application as everybody has it; a worker adds its tasks."""
    app = Celery("penstock", set_as_current=True)
    app.conf.update({**configuration(data_dir), **broker_settings(broker, MAINTENANCE_QUEUE)})
    return app


def quiet_celery() -> None:
    """Keep Celery from setting up logs of its own, and from telling what our lines tell of each job's life already."""
    signals.setup_logging.connect(lambda **_: None, weak=False)
    logging.getLogger("celery").setLevel(logging.WARNING)


def configuration(data_dir: Path) -> dict[str, Any]:
    """Return Celery's settings."""
    return {
        "task_default_queue": "default",
        "task_ignore_result": True,
        "task_acks_late": False,
        "task_serializer": "json",
        "accept_content": ["json"],
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_channel_error_retry": True,  # else a worker that reconnects to a Redis without memory exits
        "broker_transport_options": REDIS_OPTIONS,
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 10_000,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_hijack_root_logger": False,
        "worker_send_task_events": False,  # Flower asks for them while it watches; else nobody would read them
        "worker_enable_remote_control": True,
        "beat_schedule": read_schedule(MAINTENANCE_QUEUE),
        "beat_schedule_filename": str(data_dir / "run" / "beat.state"),
        "beat_max_loop_interval": 60,
        "timezone": "UTC",
    }

"""The Celery application: workers, Beat and Flower begin here."""

import logging
from typing import Any

from celery import Celery

from core.catalogue import discover
from core.config import Settings, read_settings
from core.logs import configure_logs
from tasks import lifetime, maintenance
from tasks.events import BatchedEvents
from tasks.schedule import read_schedule

MAINTENANCE_QUEUE = "maintenance"


def make_app(settings: Settings) -> Celery:
    """Make the application: no result backend, no late acknowledgement, nothing but job ids in messages.

    Messages are hints: they are acknowledged when a child takes them, and Redis forgets them once they are fetched. The
    row is the truth, and the reconciler sends lost ones again.
    """
    app = Celery("penstock", broker=settings.redis_url, set_as_current=True)
    app.conf.update(_configuration(settings))
    app.steps["consumer"].add(BatchedEvents)
    maintenance.register(app)
    lifetime.connect(app, settings, discover())
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "task_default_queue": "default",
        "task_ignore_result": True,
        "task_acks_late": False,
        "task_serializer": "json",
        "accept_content": ["json"],
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_channel_error_retry": True,  # else a worker that reconnects to a Redis without memory exits
        "broker_transport_options": {
            "priority_steps": list(range(10)),
            "queue_order_strategy": "priority",
            "ack_emulation": False,  # keeping fetched messages in Redis cost a third of the parent's work on a job
            "socket_connect_timeout": 3,
            "socket_keepalive": True,
            "health_check_interval": 25,
        },
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 10_000,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_hijack_root_logger": False,
        "worker_send_task_events": False,  # Flower asks for them while it watches; else nobody would read them
        "worker_enable_remote_control": True,
        "beat_schedule": read_schedule(MAINTENANCE_QUEUE),
        "beat_schedule_filename": str(settings.data_dir / "run" / "beat.state"),
        "beat_max_loop_interval": 60,
        "timezone": "UTC",
    }


_settings = read_settings()
configure_logs(log_format=_settings.log_format, level=_settings.log_level)
logging.getLogger("celery").setLevel(logging.WARNING)  # our own lines tell each job's life already
app = make_app(_settings)

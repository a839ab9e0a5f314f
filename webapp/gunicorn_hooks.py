"""What the web and the streams have gunicorn do alike: its records in our log, and memory shared by its forks."""

import gc
import logging
from typing import Any

from core.config import read_settings
from core.logs import configure_logs


def on_starting(_server: Any) -> None:
    """Send gunicorn's own records through the platform's log."""
    settings = read_settings()
    configure_logs(log_format=settings.log_format, level=settings.log_level)
    logger = logging.getLogger("gunicorn.error")
    logger.handlers[:] = []
    logger.propagate = True


def pre_fork(_server: Any, _worker: Any) -> None:
    """Keep the garbage collector from writing to the pages that the processes share."""
    gc.collect()
    gc.freeze()

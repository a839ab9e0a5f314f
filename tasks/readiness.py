"""Readiness: how a process tells the supervisor that it does its work."""

import os
from pathlib import Path
from typing import Any


def touch_ready_file(**_: Any) -> None:
    """Tell it; a receiver for Celery's signals, too."""
    if path := os.environ.get("PENSTOCK_READY_FILE"):
        Path(path).touch()

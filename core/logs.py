"""Logs of one process: structured, one JSON object a line, with what was bound at the edge."""

import logging
import os
import sys

import structlog
from structlog.types import Processor

from core.redaction import redact_entry

STANDARD_ERROR = 2


class Lines:
    """Writes each line to standard error by one system call.

    No buffer and no lock, which a fork might copy while it is held; and a log that cannot be written, be it on a full
    disk, must not fail what it tells of.
    """

    def msg(self, line: str) -> None:
        """Write one line."""
        try:
            os.write(STANDARD_ERROR, f"{line}\n".encode(errors="backslashreplace"))
        except OSError:
            return

    debug = info = warning = error = critical = exception = msg


def configure_logs(*, log_format: str = "json", level: str = "INFO") -> None:
    """Write structlog's lines directly, and have the standard library's records look the same."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact_entry,
    ]
    renderer = structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer()
    # Our own lines take no detour through the standard library, which would make up a seventh of an empty job's cost.
    structlog.configure(
        processors=[*shared, renderer],
        logger_factory=lambda *_: Lines(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    _render_records(shared, renderer, level)


def _render_records(shared: list[Processor], renderer: Processor, level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)

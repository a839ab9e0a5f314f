"""The access log: a line for each request, written a few at a time, as each write would let other requests in first."""

import atexit
import json
import sys
from collections import deque
from contextlib import suppress
from typing import Any, TextIO

from core.errands import Errand

BREATH_S = 0.05
"""How old the oldest line may be that a killed process takes with it."""


class AccessLog:
    """Writes entries as lines, by hand: a whole logging pipeline costs more than reading a job."""

    def __init__(self, *, log_format: str, log: TextIO | None = None) -> None:
        self._line = _json_line if log_format == "json" else _plain_line
        self._log = log or sys.stderr
        self._entries: deque[dict[str, Any]] = deque()
        self._writing = Errand("access-log", self.write, breath_s=BREATH_S)
        atexit.register(self.write)

    def add(self, entry: dict[str, Any]) -> None:
        """Have an entry written in a moment."""
        self._entries.append(entry)
        self._writing.want()

    def write(self) -> None:
        """Write what there is now."""
        lines = []
        with suppress(IndexError):  # empty; another thread may write, too
            while True:
                lines.append(self._line(self._entries.popleft()))
        with suppress(OSError, ValueError):  # a full disk, a closed stream: no reason to fail what is told of
            self._log.write("".join(lines))


def _json_line(entry: dict[str, Any]) -> str:
    return json.dumps(entry) + "\n"


def _plain_line(entry: dict[str, Any]) -> str:
    return " ".join(map(repr, entry.values())) + "\n"

"""What a platform tells while it runs: files for scripts at every change, and JSON lines or a live table for people."""

import json
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, TextIO

from core.platform import first_login
from core.platform.servers.folder import DataFolder
from core.platform.supervisor import records
from core.platform.supervisor.environment import ready_file
from core.platform.supervisor.plan import MIGRATE
from core.platform.supervisor.records import Endpoint
from core.platform.supervisor.supervision import Supervision
from core.platform.supervisor.unit import Child, State


class Reporter(Protocol):
    """How people are told."""

    refresh_s: float | None

    def opened(self) -> AbstractContextManager[None]:
        """Hold the screen, if one is needed, for as long as the platform runs."""

    def tell(self, event: str, fields: dict[str, Any]) -> None:
        """Tell one event."""

    def draw(self, supervision: Supervision, url: str) -> None:
        """Show the present state of all."""

    def say(self, text: str) -> None:
        """Tell a person something that no log is to keep."""


@dataclass(slots=True)
class JsonLines:
    """One JSON object a line for each change of state."""

    stream: TextIO = field(default_factory=lambda: sys.stdout)
    refresh_s: float | None = None

    def opened(self) -> AbstractContextManager[None]:
        """Need no screen."""
        return nullcontext()

    def tell(self, event: str, fields: dict[str, Any]) -> None:
        """Write the line at once."""
        print(json.dumps({"at": datetime.now(UTC).isoformat(), "event": event, **fields}), file=self.stream, flush=True)

    def draw(self, supervision: Supervision, url: str) -> None:
        """Stay silent: nothing happened."""

    def say(self, text: str) -> None:
        """Write beside the lines."""
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


@dataclass(slots=True)
class Recording:
    """The observer of a platform: keeps its files true, then passes the news on."""

    folder: DataFolder
    reporter: Reporter
    urls: Endpoint
    told: str = ""
    api_key: str = ""
    watched: bool = True
    """Whether somebody sees what it says; else the password of a first login is left for whoever started it."""

    @property
    def refresh_s(self) -> float | None:
        """Redraw as often as the reporter wants it."""
        return self.reporter.refresh_s

    def changed(self, supervision: Supervision, child: Child | None) -> None:
        """Write status and endpoint, then tell of the process and, if it changed, of the platform."""
        if child is not None and child.unit.name == MIGRATE and child.state is State.DONE:
            self._take_key()
        state = supervision.state
        records.write_status(self.folder, state, self.urls.url, supervision.children.values())
        if supervision.settled and state != "stopping":
            endpoint = Endpoint(self.urls.url, self.urls.stream_url, self.urls.flower_url, self.api_key)
            records.write_endpoint(self.folder, endpoint, supervision.children.values())
        else:
            self.folder.endpoint.unlink(missing_ok=True)
        if child is not None:
            self._tell_process(child)
        if state != self.told:
            self.told = state
            self.reporter.tell(f"platform.{state}", {"url": self.urls.url, "data_dir": str(self.folder.root)})
        self.reporter.draw(supervision, self.urls.url)

    def refresh(self, supervision: Supervision) -> None:
        """Draw again."""
        self.reporter.draw(supervision, self.urls.url)

    def _take_key(self) -> None:
        path = ready_file(self.folder, MIGRATE)
        self.api_key = path.read_text()
        path.unlink()
        told = first_login.take(self.folder.root) if self.watched else None
        if told is not None:
            self.reporter.say(told)

    def _tell_process(self, child: Child) -> None:
        fields = {
            "process": child.unit.name,
            "pid": child.pid,
            "restarts": child.restarts,
            "exit_code": child.exit_code,
        }
        self.reporter.tell(f"process.{child.state.value}", fields)

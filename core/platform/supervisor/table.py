"""The live table of a platform in a terminal: one row for each process, and the last events below."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psutil
from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from core.platform.supervisor.supervision import Supervision
from core.platform.supervisor.unit import Child, State

COLORS = {State.READY: "green", State.DONE: "dim", State.CRASHED: "bold red", State.BACKING_OFF: "red"}


@dataclass(slots=True)
class LiveTable:
    """A reporter that redraws one table."""

    refresh_s: float | None = 1.0
    live: Live = field(default_factory=lambda: Live(auto_refresh=False))
    events: deque[str] = field(default_factory=lambda: deque(maxlen=5))

    def opened(self) -> AbstractContextManager[None]:
        """Hold the terminal and give it back as it was."""
        return self._open()

    def tell(self, event: str, fields: dict[str, Any]) -> None:
        """Keep the event for the lines below the table."""
        told = " ".join(f"{name}={value}" for name, value in fields.items() if value is not None)
        self.events.append(f"{time.strftime('%H:%M:%S')} {event} {told}")

    def draw(self, supervision: Supervision, url: str) -> None:
        """Show all processes as they are now."""
        table = Table(title=f"Penstock {supervision.state}  {url}", title_justify="left", expand=True)
        for name in ("process", "state", "pid", "ready after", "restarts", "memory"):
            table.add_column(name, justify="left" if name in {"process", "state"} else "right")
        for child in supervision.children.values():
            table.add_row(*_row(child))
        hint = Text(f"logs: {supervision.folder.logs}   Ctrl-C stops, twice at once", style="dim")
        self.live.update(Group(table, *(Text(event, style="dim") for event in self.events), hint), refresh=True)

    def say(self, text: str) -> None:
        """Print above the table, where it stays."""
        self.live.console.print(text, highlight=False)

    @contextmanager
    def _open(self) -> Iterator[None]:
        with self.live:
            yield


def _row(child: Child) -> tuple[Text | str, ...]:
    ready = "" if child.ready_after_s is None else f"{child.ready_after_s:.1f} s"
    state = Text(child.state.value.replace("_", " "), style=COLORS.get(child.state, "yellow"))
    return child.unit.name, state, str(child.pid or ""), ready, str(child.restarts or ""), _memory(child.pid)


def _memory(pid: int | None) -> str:
    try:
        return f"{psutil.Process(pid).memory_info().rss >> 20} MiB" if pid is not None else ""
    except psutil.NoSuchProcess:
        return ""

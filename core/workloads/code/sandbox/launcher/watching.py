"""Watching one run: feed it, read what it says up to the limits, kill it as a whole at the first limit that is met."""

import contextlib
import json
import os
import selectors
import signal
import socket
import time
from dataclasses import dataclass, field
from typing import Any

from core.workloads.code.sandbox.launcher.cgroups import Group
from core.workloads.code.sandbox.launcher.orders import Order

ENDED = frozenset({"exit_code", "signal", "missing"})
"""Facts after which no other is to be expected."""
_CHUNK = 1 << 16
_HEAD_ROOM = 1 << 16
_LAST_WORDS_S = 1.0
"""How long a killed tree is listened to: without namespaces a survivor may hold a descriptor open."""


@dataclass(frozen=True, slots=True)
class Doors:
    """The keeper's ends of the descriptors that lead into a box."""

    stdin: int
    stdout: int
    stderr: int
    report: int
    collected: int


@dataclass(slots=True)
class Sink:
    """What comes out of one descriptor, up to a limit."""

    limit: int
    content: bytearray = field(default_factory=bytearray)
    truncated: bool = False
    beside: "Sink | None" = None
    """Another that the limit is shared with."""

    def take(self, part: bytes) -> None:
        """Keep a part as far as there is room."""
        room = self.limit - len(self.content) - (len(self.beside.content) if self.beside else 0)
        self.content += part[:room]
        self.truncated |= len(part) > room


class Watch:
    """What is known of one run so far."""

    def __init__(self, order: Order, doors: Doors, asker: socket.socket) -> None:
        self.order = order
        self.limit: str | None = None
        self.stdout = Sink(order.limits.output_bytes)
        self.stderr = Sink(order.limits.output_bytes, beside=self.stdout)
        self.stdout.beside = self.stderr
        self.report = Sink(_HEAD_ROOM)
        self.collected = Sink(order.collect_bytes + _HEAD_ROOM)
        self._doors = doors
        self._asker = asker
        self._fed = 0
        self._sinks = {
            doors.stdout: self.stdout,
            doors.stderr: self.stderr,
            doors.report: self.report,
            doors.collected: self.collected,
        }
        self._selector = selectors.DefaultSelector()

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the box reported."""
        facts: dict[str, Any] = {}
        for line in bytes(self.report.content).splitlines(keepends=True):
            if line.endswith(b"\n"):
                facts.update(json.loads(line))
        return facts

    def until(self, deadline: float, child: int, group: Group | None) -> None:
        """Look on until the run has ended or met a limit, which ends it."""
        self._open()
        killed_at: float | None = None
        while self._sinks:
            now = time.monotonic()
            if killed_at is None and (self.limit or now >= deadline):
                self.limit = self.limit or "wall"
                self._kill(child, group)
                killed_at = now
            patience = deadline if killed_at is None else killed_at + _LAST_WORDS_S
            if killed_at is not None and now > patience:
                break
            for key, _ in self._selector.select(max(0.0, patience - now)):
                self._attend(key)
        for door in list(self._sinks):
            self._close(door)
        with contextlib.suppress(KeyError):
            self._close(self._doors.stdin)
        self._selector.close()

    def _open(self) -> None:
        for door in self._sinks:
            self._selector.register(door, selectors.EVENT_READ)
        self._selector.register(self._asker, selectors.EVENT_READ)
        os.set_blocking(self._doors.stdin, False)
        self._selector.register(self._doors.stdin, selectors.EVENT_WRITE)

    def _attend(self, key: selectors.SelectorKey) -> None:
        if key.fileobj is self._asker:
            self._selector.unregister(self._asker)  # it has nothing to say but that it is gone
            self.limit = "abandoned"
        elif key.fd == self._doors.stdin:
            self._feed()
        elif key.fd in self._sinks:  # else closed since it was selected
            self._take(key.fd)

    def _feed(self) -> None:
        stdin = self.order.stdin
        try:
            self._fed += os.write(self._doors.stdin, stdin[self._fed : self._fed + _CHUNK]) if stdin else 0
        except BlockingIOError:
            return
        except OSError:
            self._fed = len(stdin)  # nobody reads on
        if self._fed == len(stdin):
            self._close(self._doors.stdin)

    def _take(self, door: int) -> None:
        part = os.read(door, _CHUNK)
        if not part:
            self._close(door)
            return
        sink = self._sinks[door]
        sink.take(part)
        if sink.truncated:
            self.limit = self.limit or "output"
        if door == self._doors.report and self.facts.keys() & ENDED:
            self._take_leave()

    def _take_leave(self) -> None:
        """Read what is there and leave: a survivor may hold descriptors open, but the program itself has ended."""
        for door, sink in list(self._sinks.items()):
            os.set_blocking(door, False)
            with contextlib.suppress(BlockingIOError):
                while part := os.read(door, _CHUNK):
                    sink.take(part)
            self._close(door)

    def _close(self, door: int) -> None:
        self._selector.unregister(door)
        self._sinks.pop(door, None)
        os.close(door)

    def _kill(self, child: int, group: Group | None) -> None:
        if group is not None:
            group.kill()
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)

"""Signals as the supervising loop sees them: counted when they come, waited for without polling."""

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(slots=True)
class Signals:
    """How often a stop was asked for, and the pipe into which the kernel writes each signal."""

    reader: int
    stops: int = 0

    def wait(self, timeout_s: float) -> None:
        """Sleep until a signal comes or the time is over."""
        if select.select([self.reader], [], [], max(timeout_s, 0.0))[0]:
            os.read(self.reader, 4096)


@contextmanager
def listen() -> Iterator[Signals]:
    """Take over the signals of this process: a child's end only wakes, a stop is counted."""
    reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signals = Signals(reader)

    def count(number: int, _: FrameType | None) -> None:
        signals.stops += number in STOPPING

    # Under nohup a hang-up is ignored, and must stay so.
    heeded = [number for number in STOPPING if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN]
    previous = {number: signal.signal(number, count) for number in (*heeded, signal.SIGCHLD)}
    wakeup = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        yield signals
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in previous.items():
            signal.signal(number, handler)
        os.close(reader)
        os.close(writer)

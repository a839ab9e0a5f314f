"""How a worker's parent makes a child's computation stop: by signals, first asking, then raising."""

import contextlib
import os
import signal
from collections.abc import Iterator
from types import FrameType

from core.jobs.context import AttemptStopped, StopReason

_ASKING = {reason: signal.SIGRTMIN + 1 + place for place, reason in enumerate(StopReason)}
_RAISING = {reason: signal.SIGRTMIN + 11 + place for place, reason in enumerate(StopReason)}


def ask(pid: int, reason: StopReason) -> None:
    """Ask a child to stop at its next checkpoint."""
    _send(pid, _ASKING[reason])


def interrupt(pid: int, reason: StopReason) -> None:
    """Raise `AttemptStopped` in a child's computation."""
    _send(pid, _RAISING[reason])


class SignalInterrupts:
    """A child's side: what it was asked, and whether a computation is running that may be interrupted."""

    def __init__(self) -> None:
        self._asked: StopReason | None = None
        self._armed = False

    def install(self) -> None:
        """Listen to the parent's signals; to be called in the main thread of the child."""
        for reason in StopReason:
            signal.signal(_ASKING[reason], self._on_asked)
            signal.signal(_RAISING[reason], self._on_raised)

    def asked(self) -> StopReason | None:
        """Tell whether and why the attempt was asked to stop."""
        return self._asked

    @contextlib.contextmanager
    def armed(self) -> Iterator[None]:
        """Let interrupts through while the computation runs; outside of it they are late and do nothing."""
        self._asked, self._armed = None, True
        try:
            yield
        finally:
            self._armed = False

    def _on_asked(self, number: int, _frame: FrameType | None) -> None:
        if self._armed:
            self._asked = _reason(_ASKING, number)

    def _on_raised(self, number: int, _frame: FrameType | None) -> None:
        if self._armed:
            self._armed = False
            raise AttemptStopped(_reason(_RAISING, number))


def _reason(signals: dict[StopReason, int], number: int) -> StopReason:
    return next(reason for reason, sent in signals.items() if sent == number)


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)

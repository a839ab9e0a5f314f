"""Asking: the side of the sandbox that a computation sees."""

import atexit
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from core.errors import Transient
from core.workloads.code.sandbox.launcher import orders
from core.workloads.code.sandbox.launcher.orders import Ending, Order
from core.workloads.code.sandbox.remedies import remedy

_SOURCES = Path(__file__).parents[4]
_LAUNCHER = "core.workloads.code.sandbox.launcher"
_START = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module(sys.argv.pop(1), run_name='__main__')"
)


class SandboxUnavailable(Transient):
    """A layer of the sandbox could not be raised, so nothing ran."""

    code = "sandbox_unavailable"

    layer: str = "launcher"
    reason: str = ""

    @classmethod
    def of(cls, layer: str, reason: str) -> Self:
        """Say which layer, what the kernel said, and what an operator does about it."""
        error = cls(f"sandbox_unavailable:{layer} ({reason}); nothing ran. To mend it: {remedy(layer)}")
        error.layer, error.reason = layer, reason
        return error


class Sandbox:
    """A launcher of this process's own, started at the first run, and anew where it is gone; threads take turns."""

    def __init__(self, through: Sequence[str] = (), python: str = sys.executable) -> None:
        self._started_by = (*through, python)
        """The interpreter, and what it is started through: as another user, or with something taken away."""
        self._turn = threading.Lock()
        self._channel: socket.socket | None = None
        self._launcher: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.close()

    def run(self, order: Order) -> Ending:
        """Run a program behind every layer; raises `SandboxUnavailable`, having run nothing, when one is missing.

        Should this process be stopped meanwhile, the launcher kills the run and cleans up after it.
        """
        with self._turn:
            ending = self._ask(order)
        if ending is None:
            raise SandboxUnavailable.of("launcher", "it ended without an answer")
        if ending.missing is not None:
            raise SandboxUnavailable.of(ending.missing, ending.reason)
        return ending

    def close(self) -> None:
        """End the launcher, and with it whatever it runs."""
        atexit.unregister(self.close)
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._launcher is not None:
            self._launcher.wait()
            self._launcher = None

    def _ask(self, order: Order) -> Ending | None:
        channel = self._open()
        answered = False
        try:
            orders.send_order(channel, order)
            ending = orders.receive_ending(channel)
            answered = ending is not None
        except OSError:
            return None
        finally:
            if not answered:  # also when this attempt is stopped: the answer to come is nobody's
                self.close()
        return ending

    def _open(self) -> socket.socket:
        if self._launcher is not None and self._launcher.poll() is not None:
            self.close()  # a worker ends between two jobs whatever it started
        if self._channel is None:
            ours, theirs = socket.socketpair()
            with theirs:
                argv = [*self._started_by, "-I", "-S", "-B", "-c", _START, str(_SOURCES), _LAUNCHER]
                self._launcher = subprocess.Popen(  # noqa: S603 - this interpreter and this package
                    [*argv, str(theirs.fileno())],
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    env={"PATH": os.defpath},
                    cwd="/",
                )
            self._channel = ours
            atexit.register(self.close)  # one that lives as long as its process is closed by nobody else
        return self._channel

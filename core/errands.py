"""Errands: what a thread of its own does once for all who wanted it meanwhile, so that none of them has to wait."""

import os
from collections.abc import Callable
from threading import Event, Lock, Thread


class Errand:
    """A deed that is done soon after it is wanted, at most once in `breath_s`."""

    def __init__(self, name: str, deed: Callable[[], object], *, breath_s: float) -> None:
        self._name = name
        self._deed = deed
        self._breath_s = breath_s
        self._wanted = Event()
        self._lock = Lock()
        self._pid: int | None = None

    def want(self) -> None:
        """Have it done, after what the caller did until now."""
        if not self._wanted.is_set():
            self._wanted.set()
            self._begin()

    def _begin(self) -> None:
        """Start the thread once in this process: it survives neither a fork nor an error."""
        if self._pid == os.getpid():
            return
        with self._lock:
            if self._pid == os.getpid():
                return
            self._pid = os.getpid()
        Thread(target=self._run, name=self._name, daemon=True).start()

    def _run(self) -> None:
        pause = Event()
        try:
            while True:
                self._wanted.wait()
                self._wanted.clear()
                self._deed()
                pause.wait(self._breath_s)
        finally:
            self._pid = None

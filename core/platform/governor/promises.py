"""Promises: memory that running jobs may still come to take, so that no two are given the same.

Each worker of a host keeps one file: what all its jobs may hold at the worst, and what those that run may still take.
Who reads them under the lock sees what all others were promised before.
"""

import contextlib
import fcntl
import json
import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Promise:
    """What one worker was promised, in MiB."""

    pid: int
    worst_mib: float
    """What it takes at most beside what it holds when idle."""
    open_mib: float = 0.0
    """What its running jobs may still take."""
    running: int = 0


@dataclass(frozen=True, slots=True)
class Promises:
    """The promises of one host."""

    folder: Path

    @classmethod
    def of_this_host(cls, data_dir: Path) -> "Promises":
        """Keep them in a data folder, which several hosts may share."""
        folder = data_dir / "run" / "governor" / socket.gethostname()
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Let nobody else promise anything meanwhile."""
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def write(self, name: str, promise: Promise) -> None:
        """Say what a worker was promised."""
        path = self.folder / f"{name}.json"
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(promise)))
        new.replace(path)

    def others(self, name: str) -> Mapping[str, Promise]:
        """Return what the other workers that live were promised; forget the dead."""
        found = {}
        for path in self.folder.glob("*.json"):
            promise = _read(path)
            if path.stem == name or promise is None:
                continue
            if psutil.pid_exists(promise.pid):
                found[path.stem] = promise
            else:
                path.unlink(missing_ok=True)
        return found


def _read(path: Path) -> Promise | None:
    try:
        told = json.loads(path.read_text())
        return Promise(int(told["pid"]), float(told["worst_mib"]), float(told["open_mib"]), int(told["running"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None

"""Flights: of all processes of a host that miss the same key, one at a time asks the source."""

import contextlib
import fcntl
import hashlib
import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path

from core.clock import monotonic

SOONEST_S, LATEST_S = 0.001, 0.02
"""How long is waited between two looks."""
_PLACES = 1 << 40
_LOCK = struct.Struct("hhqqi4x")


@contextlib.contextmanager
def flight(file: Path, key: str, *, patience_s: float) -> Iterator[None]:
    """Hold a key's place while the block lasts, once nobody else does; after `patience_s` without it, all the same.

    A place is a byte of a file, locked through a file description of its own: so threads count like processes, and
    what a killed process held is free at once. Where the file cannot be had, nobody waits for anybody.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        yield
        return
    try:
        _wait(descriptor, key, patience_s)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, key: str, patience_s: float) -> None:
    place = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest()) % _PLACES
    asked = _LOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, place, 1, 0)
    give_up_at, pause_s = monotonic() + patience_s, SOONEST_S
    while True:
        try:
            fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, asked)
        except BlockingIOError:
            if monotonic() >= give_up_at:
                return
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, LATEST_S)
        except OSError:
            return
        else:
            return

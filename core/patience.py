"""How long a process waits for the database before it goes on without an answer."""

import contextlib
import math
import os
import socket
import time
from dataclasses import dataclass
from threading import Thread
from typing import Any

import psycopg2
from sqlalchemy import Engine, event

from core.clock import Monotonic, monotonic

LOOK_EVERY_S = 1.0
_HOST_LOST_S = 30
"""A host that acknowledges nothing for so long is gone; only the network knows, as nobody hangs up for it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """What one process bears; infinite where it waits for as long as it takes."""

    connect_s: int = 5
    pool_s: float = 10.0
    """Until one of the pool's connections is free."""
    lock_s: float = math.inf
    statement_s: float = math.inf
    session_s: float = math.inf
    """Until a connection is cut off: a server that hangs keeps none of the promises above."""

    def connect_args(self) -> dict[str, Any]:
        """Write it as libpq and the server are told."""
        return {
            "connect_timeout": self.connect_s,
            "options": f"-c lock_timeout={_ms(self.lock_s)} -c statement_timeout={_ms(self.statement_s)}",
            "keepalives_idle": _HOST_LOST_S,
            "keepalives_interval": _HOST_LOST_S // 3,
            "keepalives_count": 3,
            "tcp_user_timeout": _HOST_LOST_S * 1000,
        }


UNHURRIED = Patience()
"""For chores and tools that may take long."""
WORKING = Patience(lock_s=30.0, statement_s=60.0, session_s=90.0)
"""For those who have time but must not be lost: relay, wardens, workers."""
ANSWERING = Patience(connect_s=3, pool_s=3.0, lock_s=5.0, statement_s=8.0, session_s=10.0)
"""For those whom somebody waits for."""


class Impatience:
    """Cuts off the connections of one engine that somebody has held for too long.

    The driver itself would wait for ever. A thread of each process looks, for a thread that waits in C cannot.
    """

    def __init__(self, session_s: float, clock: Monotonic = monotonic) -> None:
        self._session_s = session_s
        self._clock = clock
        self._held: dict[psycopg2.extensions.connection, float] = {}
        self._looking_pid: int | None = None

    def watch(self, engine: Engine) -> None:
        """Follow which connections are in use."""
        event.listen(engine, "checkout", self._taken)
        event.listen(engine, "checkin", self._given_back)

    def cut(self) -> int:
        """Cut off whom it is time for; whoever waits there gets the error of a broken connection. Return how many."""
        now = self._clock()
        late = [one for one, since in list(self._held.items()) if now - since > self._session_s]
        for connection in late:
            self._held.pop(connection, None)
            with contextlib.suppress(psycopg2.Error, OSError), socket.socket(fileno=os.dup(connection.fileno())) as own:
                own.shutdown(socket.SHUT_RDWR)
        return len(late)

    def _taken(self, connection: psycopg2.extensions.connection, _record: object, _proxy: object) -> None:
        self._held[connection] = self._clock()
        if self._looking_pid != os.getpid():  # a fork takes no threads along
            self._looking_pid = os.getpid()
            Thread(target=self._look, name="impatience", daemon=True).start()

    def _given_back(self, connection: psycopg2.extensions.connection | None, _record: object) -> None:
        if connection is not None:
            self._held.pop(connection, None)

    def _look(self) -> None:
        while True:
            time.sleep(min(LOOK_EVERY_S, self._session_s / 4))
            self.cut()


def _ms(seconds: float) -> int:
    return 0 if math.isinf(seconds) else round(seconds * 1000)

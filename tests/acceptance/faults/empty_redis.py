"""A Redis of the tests' own, which keeps nothing."""

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.platform.servers.account import identity, server_account
from core.platform.servers.location import locate
from core.platform.servers.ports import free_port
from core.platform.servers.redis import Redis
from core.redis import connect as connect_redis
from tests.waiting import eventually


@dataclass
class EmptyRedis:
    """A Redis without persistence: what it is killed with is lost."""

    log: Path
    port: int = field(default_factory=lambda: free_port(random.Random()))
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self) -> Any:
        return connect_redis(self.url)

    def start(self) -> None:
        account = server_account()
        executable = locate(Redis(), os.environ, account).executable
        words = [str(executable), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(words, cwd="/", stdout=log, stderr=log, **identity(account))
        eventually(lambda: Redis().answers(self.url))

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()

    def flush(self) -> None:
        self.client.flushall()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Be killed now, and come back empty."""
        self.kill()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

"""Worker processes in groups of their own, to be killed with all their children, frozen, and started again."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

GRACE_S = 90.0


@dataclass
class Victim:
    """One command that is kept running, and harmed."""

    argv: Sequence[str]
    environ: Mapping[str, str]
    cwd: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv, env=dict(self.environ), cwd=self.cwd, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """Kill it and its children at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def replace(self) -> None:
        """Tell it to end in peace, and start it once it has."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(GRACE_S)
        self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop it and its children where they are, until the block ends."""
        assert self.process is not None
        leader = psutil.Process(self.process.pid)
        tree = [leader, *leader.children(recursive=True)]
        for process in tree:
            process.suspend()
        try:
            yield
        finally:
            for process in tree:
                process.resume()


@contextmanager
def kept(*victims: Victim) -> Iterator[None]:
    """Run them until the block ends."""
    for victim in victims:
        victim.start()
    try:
        yield
    finally:
        for victim in victims:
            victim.kill()


@contextmanager
def down(victims: Sequence[Victim]) -> Iterator[None]:
    """Kill them all, and have them back when the block ends."""
    for victim in victims:
        victim.kill()
    try:
        yield
    finally:
        for victim in victims:
            victim.start()

"""Worker processes in groups of their own, to be killed with all their children and started again."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Victim:
    """One command that is kept running, and killed."""

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

"""Recording: samples of the stacks of running processes, taken by py-spy while something keeps them busy."""

import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from job_costs.processes import NotReady

SAMPLES_A_SECOND = 200
IDLE = (
    "_worker (concurrent/futures/thread.py)",
    "Condition.wait (threading.py)",
    "EpollSelector.select (selectors.py)",
    "Listener._poll (core/database.py)",
    "_epoll.poll (kombu/utils/eventio.py)",
    "Connection._recv (billiard/connection.py)",
)
"""Where a thread waits for work, though the sampler could not see it: no time of anybody's."""
Stack = tuple[str, ...]
Stacks = Counter[Stack]
"""How often each stack was seen, outermost frame first; threads that wait are not looked at."""


class Recorder:
    """A py-spy program, and where it may write."""

    def __init__(self, peers: Path, folder: Path) -> None:
        self._program = peers.parent / "py-spy"
        self._folder = folder

    def record(self, processes: Mapping[str, int], seconds: int, load: Callable[[], None]) -> dict[str, Stacks]:
        """Sample processes by name, each with its descendants, while `load` is called again and again.

        Raises `NotReady` where a process cannot be looked into, as without the right to trace it.
        """
        running = {name: self._started(name, pid, seconds) for name, pid in processes.items()}
        while any(one.poll() is None for one in running.values()):
            load()
        for name, one in running.items():
            if one.returncode:
                raise NotReady(f"{name}: py-spy ended with {one.returncode}: {self._log(name).read_text()[-500:]}")
        return {name: read(self._target(name).read_text().splitlines()) for name in running}

    def _started(self, name: str, pid: int, seconds: int) -> subprocess.Popen[bytes]:
        asked = ("--pid", str(pid), "--duration", str(seconds), "--rate", str(SAMPLES_A_SECOND))
        told = ("--format", "raw", "--output", str(self._target(name)), "--subprocesses", "--nonblocking", "--nolineno")
        with self._log(name).open("wb") as log:
            argv = (str(self._program), "record", *asked, *told)
            return subprocess.Popen(argv, stdout=log, stderr=log)

    def _target(self, name: str) -> Path:
        return self._folder / f"{name}.folded"

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"


def read(lines: Iterable[str]) -> Stacks:
    """Read folded stacks (`outer;inner 12`); which process and thread it was is left out, and who waits for work."""
    stacks = Stacks()
    for line in lines:
        frames, _, times = line.rpartition(" ")
        stack = tuple(frame for frame in frames.split(";") if not frame.startswith(("process ", "thread ")))
        if stack and stack[-1] not in IDLE:
            stacks[stack] += int(times)
    return stacks

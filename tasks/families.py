"""Families: a worker's child and all processes that its computation started."""

import contextlib
import os
import signal
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

GONE = frozenset({psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD})
MARGIN = 1.1
"""By how much a family may exceed what the computation itself is refused, so that the gentler limit acts first."""
LARGEST_AT_REST_MIB = 512.0
"""How much of what a child held before its attempt does not count: the interpreter, libraries, what they keep."""
_PROC = Path("/proc")


@dataclass(slots=True)
class Family:
    """One child and all below it, over the time of one attempt."""

    pid: int
    memory_mib: int
    _allowed_mib: float | None = None
    _started: tuple[psutil.Process, ...] = ()

    def excess(self) -> str | None:
        """Look who belongs to it and what they hold; tell when it is more than they may."""
        pids = members(self.pid)
        started = tuple(_identify(pids[1:]))
        if status(self.pid) not in GONE:  # from a dead child its children are gone, too, to whoever adopts them
            self._started = started
        if self._allowed_mib is None:
            self._allowed_mib = MARGIN * self.memory_mib + min(resident_mib(pids[:1]), LARGEST_AT_REST_MIB)
        if resident_mib(pids) <= self._allowed_mib or (held_mib := footprint_mib(pids)) <= self._allowed_mib:
            return None
        return (
            f"the attempt came to hold {held_mib:.0f} MiB, {self.memory_mib} MiB are allowed beside what a worker holds"
        )

    def kill_orphans(self) -> None:
        """Kill, with all below them, those that the child had started when it was last looked at."""
        for process in self._started:
            if process.is_running():
                kill(process.pid)


def members(pid: int) -> list[int]:
    """Return a process and all below it, parents before their children; empty when it is gone."""
    found = [pid]
    for one in found:
        found += [child for child in _children(one) if child not in found]
    return found if (_PROC / str(pid)).exists() else []


def resident_mib(pids: Collection[int]) -> float:
    """Return what processes hold at most; pages that they share count for each of them. Cheap.

    Files that are only mapped do not count here or in `footprint_mib`: the kernel takes their pages back.
    """
    return sum(_sum_kib(pid, "status", ("RssAnon", "RssShmem")) for pid in pids) / 1024


def footprint_mib(pids: Collection[int]) -> float:
    """Return what processes really hold, shared pages counted once among those who share them; walks all pages."""
    return sum(_sum_kib(pid, "smaps_rollup", ("Pss_Anon", "Pss_Shmem", "SwapPss")) for pid in pids) / 1024


def kill(pid: int) -> None:
    """Kill a process and all below it; they are halted first, so that none gets away by starting another."""
    halted: set[int] = set()
    while new := [one for one in members(pid) if one not in halted]:
        for one in new:
            _send(one, signal.SIGSTOP)
        halted.update(new)
    for one in sorted(halted, key=lambda one: one == pid):
        _send(one, signal.SIGKILL)


def end_children() -> int:
    """End whatever this process started and did not end; returns how many were. One system call when there is none.

    Reaches those whose own parent is gone only if this process adopts orphans.
    """
    ended = 0
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            for pid in members(os.getpid())[1:]:
                _send(pid, signal.SIGKILL)
            os.waitpid(-1, 0)
            ended += 1
    return ended


def status(pid: int) -> str:
    """Return the state of a process in psutil's words."""
    try:
        return str(psutil.Process(pid).status())
    except psutil.NoSuchProcess:
        return psutil.STATUS_DEAD


def _identify(pids: Collection[int]) -> Iterator[psutil.Process]:
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            yield psutil.Process(pid)


def _children(pid: int) -> list[int]:
    """List the children of all of a process's threads."""
    found: list[int] = []
    for thread in _threads(pid):
        with contextlib.suppress(OSError):
            found += map(int, (thread / "children").read_bytes().split())
    return found


def _threads(pid: int) -> list[Path]:
    try:
        return list((_PROC / str(pid) / "task").iterdir())
    except OSError:
        return []


def _sum_kib(pid: int, file: str, names: Collection[str]) -> int:
    """Add up some lines of a file of /proc; a process that has gone holds nothing."""
    try:
        lines = (_PROC / str(pid) / file).read_text().splitlines()
    except OSError:
        return 0
    fields = (line.partition(":") for line in lines)
    return sum(int(value.split()[0]) for name, _, value in fields if name in names)


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)

"""Processes that outlived their supervisor: found by what it noted, and ended before anything new starts."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil

from core.platform.servers.folder import DataFolder
from core.platform.servers.program import signal_group
from core.platform.supervisor import records
from core.platform.supervisor.exits import await_exits
from core.platform.supervisor.records import ProcessRecord

SERVERS = {"redis": signal.SIGTERM, "postgres": signal.SIGINT}
PROCESSES_WITHIN_S = 3.0
SERVERS_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class _Leftover:
    """One noted process that still lives, and all below it."""

    group: int
    leader: psutil.Process | None
    tree: tuple[psutil.Process, ...]


def stop_leftovers(folder: DataFolder) -> int:
    """End what an earlier supervisor left running on this folder; returns how many of its processes still lived.

    Only for the holder of the folder's lock.
    """
    status = records.read_status(folder)
    count = 0
    if status is not None:
        processes = {name: record for name, record in status.processes.items() if name not in SERVERS}
        count += _stop(processes, dict.fromkeys(processes, signal.SIGTERM), PROCESSES_WITHIN_S)
        for name, number in SERVERS.items():
            if name in status.processes:
                count += _stop({name: status.processes[name]}, {name: number}, SERVERS_WITHIN_S)
    records.remove(folder)
    return count


@contextmanager
def guarded(folder: DataFolder) -> Iterator[int]:
    """Keep a watcher beside the supervisor for as long as the block lasts; yields the watcher's pid.

    Should the supervisor be killed, its end of a pipe closes, and the watcher ends what is left. The watcher shares
    the folder's lock, so that the next start waits for it.
    """
    reader, writer = os.pipe2(os.O_CLOEXEC)
    pid = os.fork()
    if pid == 0:
        os.close(writer)
        _watch(folder, reader)
    os.close(reader)
    try:
        yield pid
    finally:
        # Should the watcher have ended and been reaped already, its number may be another process's.
        with suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG) == (0, 0):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        os.close(writer)


def _watch(folder: DataFolder, reader: int) -> None:
    try:
        # Away from the terminal's group and from pipes that somebody reads to their end.
        os.setsid()
        silence = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(silence, descriptor)
        os.read(reader, 1)
        stop_leftovers(folder)
    finally:
        os._exit(0)


def _stop(noted: Mapping[str, ProcessRecord], numbers: Mapping[str, signal.Signals], within_s: float) -> int:
    leftovers = {name: found for name, record in noted.items() if (found := _find(record)) is not None}
    for name, leftover in leftovers.items():
        if leftover.leader is not None:
            with suppress(psutil.NoSuchProcess):
                leftover.leader.send_signal(numbers[name])
    await_exits([leftover.leader for leftover in leftovers.values() if leftover.leader is not None], within_s)
    for leftover in leftovers.values():
        signal_group(leftover.group, signal.SIGKILL)
        for process in leftover.tree:
            with suppress(psutil.NoSuchProcess):
                process.kill()
    await_exits([process for leftover in leftovers.values() for process in leftover.tree], within_s)
    return len(leftovers)


def _find(record: ProcessRecord) -> _Leftover | None:
    if record.pid is None:
        return None
    leader = records.find_process(record.pid, record.created)
    if leader is not None:
        return _Leftover(record.pid, leader, (leader, *leader.children(recursive=True)))
    if psutil.pid_exists(record.pid):
        # The number lives on in another process, and cannot be the name of our group any more.
        return None
    members = tuple(process for process in psutil.process_iter() if _group(process) == record.pid)
    return _Leftover(record.pid, None, members) if members else None


def _group(process: psutil.Process) -> int | None:
    try:
        return os.getpgid(process.pid)
    except (ProcessLookupError, PermissionError):
        return None

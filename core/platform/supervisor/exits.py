"""The ends of processes: those of children as they come, and those of others waited for."""

import os
import time
from collections.abc import Collection

import psutil


def next_exit() -> int | None:
    """Return the pid of a child that ended and is not yet reaped, without reaping it."""
    try:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return ended.si_pid if ended is not None else None


def await_exits(processes: Collection[psutil.Process], within_s: float) -> bool:
    """Wait until all have ended; returns whether they did in time.

    A zombie has ended: who should bury it may be an init that takes its time, or none at all in a container.
    """
    give_up_at = time.monotonic() + within_s
    while any(_lives(process) for process in processes):
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.02)
    return True


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

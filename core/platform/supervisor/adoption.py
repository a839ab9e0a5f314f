"""Orphans: what a dead process leaves behind comes to the supervisor, which ends it."""

import ctypes
from collections.abc import Collection
from contextlib import suppress

import psutil

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Ask the kernel to hand orphaned descendants to this process instead of init."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill_orphans(known: Collection[int]) -> None:
    """Kill every child, with all below it, that is not among the known ones."""
    for child in psutil.Process().children():
        if child.pid not in known:
            kill_tree(child)


def kill_tree(root: psutil.Process) -> None:
    """Kill a process and its descendants; those that set themselves apart in other sessions are found all the same."""
    with suppress(psutil.NoSuchProcess):
        for process in [root, *root.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()

"""Landlock: a process gives up, for itself and its children, what it may do to files, sockets and other processes."""

import ctypes
import os
import stat
from collections.abc import Iterable

from core.workloads.code.sandbox.launcher import kernel

_VERSION = 1
_PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_FIRST_RIGHTS = (1 << 13) - 1
_MAKE_CHAR, _MAKE_SOCK, _MAKE_BLOCK = 1 << 6, 1 << 9, 1 << 11
_RIGHT_SINCE = {2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""Moving between folders, truncating, ioctl on devices: rights that later versions brought."""
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6
_TCP, _SCOPES = 0b11, 0b11

_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | _TRUNCATE | _IOCTL
"""The rights that make sense for a single file."""

READ = READ_FILE | READ_DIR
READ_AND_RUN = READ | EXECUTE


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Return the kernel's version of Landlock; raises `OSError` where it has none."""
    return kernel.call(kernel.LANDLOCK_CREATE_RULESET, 0, 0, _VERSION)


def restrict(readable: Iterable[str], runnable: Iterable[str], writable: Iterable[str], devices: Iterable[str]) -> None:
    """Allow reading, running, writing beneath these paths and nothing else; no TCP, no signals to strangers."""
    known = version()
    all_rights = _FIRST_RIGHTS | sum(right for since, right in _RIGHT_SINCE.items() if known >= since)
    wanted = _Ruleset(all_rights, _TCP if known >= _NETWORK_SINCE else 0, _SCOPES if known >= _SCOPES_SINCE else 0)
    ruleset = kernel.call(kernel.LANDLOCK_CREATE_RULESET, ctypes.byref(wanted), ctypes.sizeof(wanted), 0)
    special = _MAKE_CHAR | _MAKE_SOCK | _MAKE_BLOCK
    for paths, rights in (
        (readable, READ),
        (runnable, READ_AND_RUN),
        (writable, all_rights & ~special),
        (devices, READ_FILE | WRITE_FILE | (all_rights & _IOCTL)),
    ):
        for path in paths:
            _allow(ruleset, path, rights)
    kernel.call(kernel.LANDLOCK_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Allow rights beneath a path, if there is such a path."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        allowed = rights if stat.S_ISDIR(os.fstat(place).st_mode) else rights & _OF_FILES
        rule = _Beneath(allowed, place)
        kernel.call(kernel.LANDLOCK_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(place)

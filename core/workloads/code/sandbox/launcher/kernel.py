"""System calls that the standard library does not offer; each raises `OSError` with the kernel's reason."""

import ctypes
import os
import platform
import signal

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
ALL_NAMESPACES = (
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET
)

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096
MS_REC, MS_PRIVATE = 16384, 1 << 18
MNT_DETACH = 2

MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV, MOUNT_ATTR_NOEXEC = 1, 2, 4, 8

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_AT_EMPTY_PATH = 0x1000
_OPEN_TREE_CLONE = 1
_MOVE_MOUNT_F_EMPTY_PATH = 4
_CAPABILITY_VERSION_3 = 0x20080522

_CLONE = {"x86_64": 56, "aarch64": 220}
# These have the same number on every architecture.
_OPEN_TREE, _MOVE_MOUNT, _CLOSE_RANGE, _MOUNT_SETATTR = 428, 429, 436, 442
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def machine() -> str:
    """Name the processor's architecture as the kernel does."""
    return platform.machine()


def call(number: int, *arguments: object) -> int:
    """Make a system call by its number."""
    return _checked(_libc.syscall(ctypes.c_long(number), *map(_argument, arguments)))


def fork_into_namespaces(flags: int) -> int:
    """Fork a child into new namespaces, the first process of its own; returns as `os.fork` does.

    The raw call runs no fork handlers: only for a process with one thread, whose child becomes something else soon.
    """
    return _checked(_libc.syscall(ctypes.c_long(_CLONE[machine()]), ctypes.c_ulong(flags | signal.SIGCHLD), 0, 0, 0, 0))


def prctl(option: int, *values: int) -> None:
    """Change something about this process."""
    _checked(_libc.prctl(option, *(ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4])))


def mount(kind: str, target: str, flags: int, options: str = "") -> None:
    """Mount a new file system."""
    _checked(_libc.mount(kind.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode()))


def make_private() -> None:
    """Let no mount of this namespace be seen outside it, nor one of outside in it."""
    _checked(_libc.mount(b"none", b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None))


def remount_read_only(target: str) -> None:
    """Allow no more writing to a mount of this namespace."""
    flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV
    _checked(_libc.mount(b"none", target.encode(), None, ctypes.c_ulong(flags), None))


def unmount(target: str) -> None:
    """Detach a mount."""
    _checked(_libc.umount2(target.encode(), MNT_DETACH))


def pivot_root(new: str, old: str) -> None:
    """Make a mount the root, and put the old root elsewhere."""
    _checked(_libc.pivot_root(new.encode(), old.encode()))


def clone_mount(source: int) -> int:
    """Open a copy of what is mounted at an open path, not attached anywhere yet."""
    return call(_OPEN_TREE, source, b"", _OPEN_TREE_CLONE | _AT_EMPTY_PATH | _AT_RECURSIVE | os.O_CLOEXEC)


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns", ctypes.c_uint64),
    )


def restrict_mount(tree: int, attributes: int) -> None:
    """Set attributes of an opened mount and everything below it."""
    wanted = _MountAttributes(attributes, 0, 0, 0)
    call(_MOUNT_SETATTR, tree, b"", _AT_EMPTY_PATH | _AT_RECURSIVE, ctypes.byref(wanted), ctypes.sizeof(wanted))


def attach_mount(tree: int, target: str) -> None:
    """Attach an opened mount to a path."""
    call(_MOVE_MOUNT, tree, b"", _AT_FDCWD, target.encode(), _MOVE_MOUNT_F_EMPTY_PATH)


def set_host_name(name: str) -> None:
    """Name the host of this namespace."""
    _checked(_libc.sethostname(name.encode(), ctypes.c_size_t(len(name))))


def close_from(first: int) -> None:
    """Close every descriptor from a number on."""
    call(_CLOSE_RANGE, first, 0xFFFFFFFF, 0)


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def drop_capabilities() -> None:
    """Give up every capability, for this process and whatever it starts."""
    capability = 0
    while True:
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            if capability == 0:
                raise
            break  # beyond the last that this kernel knows
        capability += 1
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    _checked(_libc.capset(ctypes.byref(header), (ctypes.c_uint32 * 6)()))


def _argument(value: object) -> object:
    return ctypes.c_long(value) if isinstance(value, int) else value


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result

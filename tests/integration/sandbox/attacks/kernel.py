"""Reaching parts of the kernel that no student needs."""

from core.workloads.code.sandbox.layers import Layer
from tests.integration.sandbox.attacks.base import Attack, walls


def _reaches(name: str, number: int, *arguments: int) -> Attack:
    """Make the attack by a system call: it breaks through when the kernel, not the wall, answers."""
    source = (
        "import ctypes, errno\nc = ctypes.CDLL(None, use_errno=True)\n"
        f"answer = c.syscall({number}, *map(ctypes.c_long, {arguments!r}))\n"
        "print('BROKE' if answer >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS) else '')"
    )
    return Attack(f"the system call {name}", source, walls(Layer.SECCOMP))


SYSTEM_CALLS = [
    _reaches("ptrace", 101, 0, 0, 0, 0),
    _reaches("process_vm_readv", 310, 1, 0, 0, 0, 0, 0),
    _reaches("keyctl", 250, 0, -3, 0, 0),
    _reaches("add_key", 248, 0, 0, 0, 0, 0),
    _reaches("request_key", 249, 0, 0, 0, 0),
    _reaches("io_uring_setup", 425, 1, 0),
    _reaches("io_uring_register", 427, -1, 0, 0, 0),
    _reaches("userfaultfd", 323, 1),
    _reaches("personality", 135, 0xFFFFFFFF),
    _reaches("memfd_secret", 447, 1 << 30),
    _reaches("shmget", 29, 0, 4096, 0o1600),
    _reaches("semget", 64, 0, 1, 0o1600),
    _reaches("msgget", 68, 0, 0o1600),
    _reaches("mq_open", 240, 0, 0, 0, 0),
    _reaches("setns", 308, -1, 0),
    _reaches("name_to_handle_at", 303, -1, 0, 0, 0, 0),
    _reaches("inotify_init", 253),
    _reaches("pidfd_open", 434, -1, 0),
    _reaches("pkey_alloc", 330, 1, 0),
    _reaches("socketpair", 53, 1, 1, 0, 0),
    _reaches("mknod of a pipe", 133, 0, 0o10600, 0),
    _reaches("sched_setattr", 314, 0, 0, 0),
    _reaches("rt_sigqueueinfo", 129, -1, 0, 0),
    Attack(
        "typing into a terminal",
        "import errno, fcntl\ntry: fcntl.ioctl(0, 0x5412, b'x')\n"
        "except OSError as e: print('BROKE' if e.errno == errno.ENOTTY else '')",
        walls(Layer.SECCOMP),
    ),
    Attack(
        "calls of another word size",
        "import ctypes\nctypes.CDLL(None).syscall(0x40000000 | 39)\nprint('BROKE')",
        walls(Layer.SECCOMP),
    ),
]

SOCKETS = [
    Attack(
        f"a socket of the family {name}",
        "import ctypes, errno\nc = ctypes.CDLL(None, use_errno=True)\n"
        f"answer = c.socket({family}, {sort}, 0)\n"
        "print('BROKE' if answer >= 0 or ctypes.get_errno() != errno.EPERM else '')",
        walls(Layer.SECCOMP),
    )
    for name, family, sort in (
        ("unix", 1, 1),
        ("inet", 2, 1),
        ("inet6", 10, 2),
        ("netlink", 16, 3),
        ("alg", 38, 5),
        ("vsock", 40, 1),
        ("bluetooth", 31, 3),
    )
]

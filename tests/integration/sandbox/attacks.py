"""The attack set: programs that try to get out or to take too much, each with the walls that hold it.

An attack says BROKE when it got what it wanted, unless `broke` looks for something else. Taking its walls away must let
it succeed: else it would show nothing about them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.workloads.code.sandbox.launcher.orders import Ending, Limits
from core.workloads.code.sandbox.layers import Layer

NO_WALLS_AROUND = frozenset({Layer.NAMESPACES, Layer.ROOT, Layer.CAPABILITIES})
"""Without namespaces there is no root of its own, and nothing that could give up capabilities."""
SMALL = Limits(
    wall_s=20, cpu_s=5, memory_mib=96, processes=24, output_bytes=20_000, disk_mib=8, files=200, open_files=64
)


def says_so(ending: Ending) -> bool:
    """Tell whether the program said that it broke out."""
    return b"BROKE" in ending.stdout


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile program."""

    name: str
    source: str
    walls: frozenset[str]
    broke: Callable[[Ending], bool] = says_so
    limits: Limits = SMALL
    loosened: Limits | None = None
    """Limits with which it succeeds, where it is a limit that holds it rather than a wall."""
    stdin: bytes = b""
    language: str = "python"
    collect: tuple[str, ...] = field(default=())


def not_held_by(limit: str) -> Callable[[Ending], bool]:
    """Make the test of an attack that a limit must end."""
    return lambda ending: ending.limit != limit


def _walls(*layers: Layer) -> frozenset[str]:
    return frozenset(layers)


RESOURCES = [
    Attack(
        "processor",
        "while True: pass",
        _walls(Layer.RLIMITS),
        not_held_by("cpu"),
        Limits(wall_s=60, cpu_s=1),
        Limits(wall_s=2.5, cpu_s=1),
    ),
    Attack(
        "processor, deaf to the signal",
        "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
        _walls(Layer.RLIMITS),
        not_held_by("cpu"),
        Limits(wall_s=60, cpu_s=1),
        Limits(wall_s=3.5, cpu_s=1),
    ),
    Attack(
        "sleep", "import time\ntime.sleep(1.2)\nprint('BROKE')", _walls(), limits=Limits(wall_s=0.6), loosened=SMALL
    ),
    Attack(
        "sleep, deaf to every signal",
        "import signal, time\n"
        "for n in range(1, 65):\n"
        "    try: signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\n"
        "time.sleep(1.2)\nprint('BROKE')",
        _walls(),
        limits=Limits(wall_s=0.6),
        loosened=SMALL,
    ),
    Attack(
        "processor of many children",
        "import os, time\n"
        "for _ in range(4):\n    if not os.fork():\n        while True: pass\n"
        "time.sleep(1.2)\nprint('BROKE')",
        _walls(),
        limits=Limits(wall_s=0.7, cpu_s=1),
        loosened=SMALL,
    ),
    Attack(
        "processes",
        "import os, time\nmade = 0\n"
        "try:\n    while made < 60:\n        if not os.fork():\n            time.sleep(5)\n            os._exit(0)\n"
        "        made += 1\nexcept OSError: pass\nprint('BROKE' if made == 60 else made)",
        _walls(Layer.RLIMITS, Layer.CGROUP),
    ),
    Attack(
        "threads",
        "import threading\nwait = threading.Event()\nmade = 0\n"
        "try:\n    while made < 60:\n        threading.Thread(target=wait.wait, daemon=True).start()\n"
        "        made += 1\n"
        "except RuntimeError: pass\nprint('BROKE' if made == 60 else made)",
        _walls(Layer.RLIMITS, Layer.CGROUP),
    ),
    Attack("memory", "kept = b'x' * (200 << 20)\nprint('BROKE')", _walls(Layer.CGROUP)),
    Attack(
        "memory of all children together",
        "import os\nreader, writer = os.pipe()\n"
        "for _ in range(4):\n    if not os.fork():\n        kept = b'x' * (40 << 20)\n        os.write(writer, b'!')\n"
        "        import time; time.sleep(20)\n"
        "os.close(writer)\ngot = 0\nwhile got < 4:\n    part = os.read(reader, 4)\n    if not part: break\n"
        "    got += len(part)\nprint('BROKE' if got == 4 else got, flush=True)\nos.kill(0, 9)",
        _walls(Layer.CGROUP),
    ),
    Attack(
        "memory without a file",
        "import os\nfd = os.memfd_create('x')\nprint('BROKE')",
        _walls(Layer.SECCOMP),
    ),
    Attack(
        "disk",
        "made = 0\ntry:\n    for n in range(6):\n"
        "        with open(f'file{n}', 'wb') as file: file.write(b'x' * (4 << 20))\n"
        "        made += 1\nexcept OSError: pass\nprint('BROKE' if made == 6 else made)",
        _walls(Layer.ROOT),
    ),
    Attack(
        "disk for temporary files",
        "import tempfile\nkept = []\ntry:\n    for n in range(6):\n        kept.append(tempfile.TemporaryFile())\n"
        "        kept[-1].write(b'x' * (4 << 20))\n        kept[-1].flush()\nexcept OSError: pass\n"
        "print('BROKE' if len(kept) == 6 else len(kept))",
        _walls(Layer.ROOT),
    ),
    Attack(
        "a file of a terabyte with nothing in it",
        "import os, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "with open('sparse', 'wb') as file:\n    os.ftruncate(file.fileno(), 1 << 40)\nprint('BROKE')",
        _walls(Layer.RLIMITS),
    ),
    Attack(
        "files without end",
        "made = 0\ntry:\n    for n in range(400):\n        open(f'file{n}', 'w').close()\n        made += 1\n"
        "except OSError: pass\nprint('BROKE' if made == 400 else made)",
        _walls(Layer.ROOT),
    ),
    Attack(
        "open files",
        "kept = []\ntry:\n    for n in range(100): kept.append(open('/dev/null'))\nexcept OSError: pass\n"
        "print('BROKE' if len(kept) == 100 else len(kept))",
        _walls(Layer.RLIMITS),
    ),
    Attack(
        "output without end",
        "import sys\nfor _ in range(100): sys.stdout.write('x' * 1000)",
        _walls(),
        not_held_by("output"),
        loosened=Limits(output_bytes=1 << 20),
    ),
    Attack(
        "errors without end",
        "import sys\nfor _ in range(100): sys.stderr.write('x' * 1000)",
        _walls(),
        not_held_by("output"),
        loosened=Limits(output_bytes=1 << 20),
    ),
    Attack(
        "its own limits raised",
        "import resource as r\nr.setrlimit(r.RLIMIT_FSIZE, (r.RLIM_INFINITY,) * 2)\nprint('BROKE')",
        _walls(Layer.RLIMITS),
    ),
    Attack(
        "core dumps",
        "import resource as r\nprint('BROKE' if r.getrlimit(r.RLIMIT_CORE)[1] != 0 else '')",
        _walls(Layer.RLIMITS),
    ),
]

HOST = [
    Attack("the host's users", "print(open('/etc/passwd').read() and 'BROKE')", _walls(Layer.ROOT, Layer.LANDLOCK)),
    Attack(
        "the host's users, by way of its own folder",
        "print(open('../../../../../etc/passwd').read() and 'BROKE')",
        _walls(Layer.ROOT, Layer.LANDLOCK),
    ),
    Attack(
        "a folder of the host that all may write",
        "import os\nname = '/var/tmp/penstock-attack'\nopen(name, 'w').close()\nos.unlink(name)\nprint('BROKE')",
        _walls(Layer.ROOT, Layer.LANDLOCK),
    ),
    Attack(
        "other processes",
        "import os\nprint('BROKE' if sum(name.isdecimal() for name in os.listdir('/proc')) > 8 else '')",
        NO_WALLS_AROUND,
    ),
    Attack(
        "the kernel's own figures",
        "print('BROKE' if open('/proc/cmdline').read() else '')",
        _walls(Layer.ROOT),
    ),
    Attack(
        "a link to a file of the host, to be collected",
        "import os\nos.symlink('/etc/passwd', 'out')",
        _walls(),
        lambda ending: bool(ending.collected),
        collect=("out",),
    ),
    Attack(
        "running what it wrote for a moment",
        "import os, shutil, subprocess\nname = f'/tmp/penstock-attack-{os.getpid()}'\nshutil.copy('/bin/true', name)\n"
        "try:\n    subprocess.run([name], check=True)\n    print('BROKE')\nfinally:\n    os.unlink(name)",
        _walls(Layer.ROOT, Layer.LANDLOCK),
    ),
    Attack(
        "a user namespace of its own",
        "import ctypes\nprint('BROKE' if ctypes.CDLL(None).unshare(0x10000000) == 0 else '')",
        _walls(Layer.SECCOMP),
    ),
    Attack(
        "a mount of its own",
        "import ctypes\nc = ctypes.CDLL(None)\nc.unshare(0x10020000)\n"
        "print('BROKE' if c.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0 else '')",
        _walls(Layer.SECCOMP, Layer.LANDLOCK),
    ),
    Attack(
        "another root",
        "import ctypes, os\nctypes.CDLL(None).unshare(0x10000000)\nos.chroot('/tmp')\nprint('BROKE')",
        _walls(Layer.SECCOMP),
    ),
    Attack(
        "another's name of the host",
        "import ctypes\nc = ctypes.CDLL(None)\nc.unshare(0x14000000)\n"
        "print('BROKE' if c.sethostname(b'mine', 4) == 0 else '')",
        _walls(Layer.SECCOMP),
    ),
    Attack(
        "stopping who watches it",
        "import os, signal, time\nos.kill(os.getppid(), signal.SIGSTOP)\ntime.sleep(0.1)",
        NO_WALLS_AROUND | {Layer.LANDLOCK},
        lambda ending: ending.limit == "wall",
        Limits(wall_s=2.0),
    ),
    Attack(
        "forging its own ending",
        "import os\nfor fd in range(3, 64):\n"
        "    try: os.write(fd, b'{\"exit_code\": 0}\\n')\n    except OSError: pass\n"
        "raise SystemExit(7)",
        _walls(),
        lambda ending: ending.exit_code != 7,
    ),
    Attack(
        "the platform's environment",
        "import os\nprint('BROKE' if any('PENSTOCK' in name or 'URL' in name for name in os.environ) else '')",
        _walls(),
    ),
    Attack(
        "gaining privileges",
        "print('BROKE' if 'NoNewPrivs:\\t0' in open('/proc/self/status').read() else '')",
        # Without it neither of the other two may be raised by an ordinary user.
        _walls(Layer.NO_NEW_PRIVILEGES, Layer.LANDLOCK, Layer.SECCOMP),
    ),
    Attack(
        "regaining a capability",
        "lines = open('/proc/self/status').read().splitlines()\n"
        "print('BROKE' if next(line for line in lines if line.startswith('CapBnd')).strip('CapBnd:\\t0') else '')",
        _walls(Layer.CAPABILITIES),
    ),
]


def _reaches(name: str, number: int, *arguments: int) -> Attack:
    """Make the attack by a system call: it breaks through when the kernel, not the wall, answers."""
    source = (
        "import ctypes, errno\nc = ctypes.CDLL(None, use_errno=True)\n"
        f"answer = c.syscall({number}, *map(ctypes.c_long, {arguments!r}))\n"
        "print('BROKE' if answer >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS) else '')"
    )
    return Attack(f"the system call {name}", source, _walls(Layer.SECCOMP))


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
        _walls(Layer.SECCOMP),
    ),
    Attack(
        "calls of another word size",
        "import ctypes\nctypes.CDLL(None).syscall(0x40000000 | 39)\nprint('BROKE')",
        _walls(Layer.SECCOMP),
    ),
]

SOCKETS = [
    Attack(
        f"a socket of the family {name}",
        "import ctypes, errno\nc = ctypes.CDLL(None, use_errno=True)\n"
        f"answer = c.socket({family}, {sort}, 0)\n"
        "print('BROKE' if answer >= 0 or ctypes.get_errno() != errno.EPERM else '')",
        _walls(Layer.SECCOMP),
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


def _in_c(name: str, body: str, *walls: Layer, headers: str = "", broke: Callable[[Ending], bool] = says_so) -> Attack:
    source = f"#define _GNU_SOURCE\n#include <stdio.h>\n#include <unistd.h>\n#include <errno.h>\n{headers}\n"
    return Attack(name, source + f"int main(void) {{ {body} }}\n", _walls(*walls), broke, language="c")


def _include(*names: str) -> str:
    return "\n".join(f"#include <{name}>" for name in names)


_BROKE = 'puts("BROKE");'
IN_C = [
    _in_c(
        "C: the 32-bit way into the kernel",
        f'int r; __asm__ volatile("int $0x80" : "=a"(r) : "a"(20)); {_BROKE}',
        Layer.SECCOMP,
    ),
    _in_c(
        "C: a fork bomb",
        f"int n = 0; while (n < 60) {{ int p = fork(); if (p < 0) break; "
        f"if (!p) {{ sleep(5); _exit(0); }} n++; }} if (n == 60) {_BROKE}",
        Layer.RLIMITS,
        Layer.CGROUP,
    ),
    _in_c(
        "C: memory",
        "for (int i = 0; i < 200; i++) memset(malloc(1 << 20), 1, 1 << 20); " + _BROKE,
        Layer.CGROUP,
        headers=_include("stdlib.h", "string.h"),
    ),
    _in_c(
        "C: mapped memory",
        "char *p = mmap(0, 200 << 20, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0); "
        "for (int i = 0; i < 200; i++) p[i << 20] = 1; " + _BROKE,
        Layer.CGROUP,
        headers=_include("sys/mman.h"),
    ),
    _in_c(
        "C: memory shared with children",
        "char *p = mmap(0, 200 << 20, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0); "
        "for (long i = 0; i < 200 << 20; i += 4096) p[i] = 1; " + _BROKE,
        Layer.CGROUP,
        headers=_include("sys/mman.h"),
    ),
    _in_c("C: output", 'for (;;) write(1, "xxxxxxxxxxxxxxxx", 16);', broke=not_held_by("output")),
    _in_c("C: processor", "for (;;);", broke=not_held_by("cpu")),
    _in_c(
        "C: a namespace by clone",
        f"if (syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0) >= 0) {_BROKE}",
        Layer.SECCOMP,
        headers=_include("sched.h", "signal.h", "sys/syscall.h"),
    ),
    _in_c(
        "C: the hypervisor's socket",
        f"if (socket(40, SOCK_STREAM, 0) >= 0) {_BROKE}",
        Layer.SECCOMP,
        headers=_include("sys/socket.h"),
    ),
    _in_c(
        "C: a pair of sockets",
        f"int p[2]; if (!socketpair(AF_UNIX, SOCK_STREAM, 0, p)) {_BROKE}",
        Layer.SECCOMP,
        headers=_include("sys/socket.h"),
    ),
    _in_c(
        "C: the host's users",
        f'if (open("/etc/passwd", O_RDONLY) >= 0) {_BROKE}',
        Layer.ROOT,
        Layer.LANDLOCK,
        headers=_include("fcntl.h"),
    ),
    _in_c(
        "C: files by a number",
        f'if (creat("/var/tmp/penstock-attack", 0600) >= 0) {{ unlink("/var/tmp/penstock-attack"); {_BROKE} }}',
        Layer.ROOT,
        Layer.LANDLOCK,
        headers=_include("fcntl.h"),
    ),
    _in_c(
        "C: tracing its child",
        f"int p = fork(); if (!p) {{ sleep(1); _exit(0); }} if (!ptrace(PTRACE_ATTACH, p, 0, 0)) {_BROKE}",
        Layer.SECCOMP,
        headers=_include("sys/ptrace.h"),
    ),
    _in_c(
        "C: reading its child's memory",
        f"int p = fork(); if (!p) {{ sleep(1); _exit(0); }} char a, b; "
        f"struct iovec l = {{&a, 1}}, r = {{&b, 1}}; if (process_vm_readv(p, &l, 1, &r, 1, 0) == 1) {_BROKE}",
        Layer.SECCOMP,
        headers=_include("sys/uio.h"),
    ),
    _in_c(
        "C: the kernel's keys",
        f"if (syscall(SYS_keyctl, 0, -3, 0, 0) != -1 || errno != EPERM) {_BROKE}",
        Layer.SECCOMP,
        headers=_include("sys/syscall.h"),
    ),
    _in_c(
        "C: a program in memory alone",
        f'int f = memfd_create("x", 0); if (f >= 0) {_BROKE}',
        Layer.SECCOMP,
        headers=_include("sys/mman.h"),
    ),
    _in_c(
        "C: a file of a terabyte",
        f'signal(SIGXFSZ, SIG_IGN); int f = creat("x", 0600); if (!ftruncate(f, 1L << 40)) {_BROKE}',
        Layer.RLIMITS,
        headers=_include("fcntl.h", "signal.h"),
    ),
    _in_c(
        "C: its limits raised",
        f"struct rlimit l = {{RLIM_INFINITY, RLIM_INFINITY}}; if (!setrlimit(RLIMIT_FSIZE, &l)) {_BROKE}",
        Layer.RLIMITS,
        headers=_include("sys/resource.h"),
    ),
    _in_c(
        "C: shared memory of System V",
        f"if (shmget(IPC_PRIVATE, 4096, 0600) >= 0) {_BROKE}",
        Layer.SECCOMP,
        headers=_include("sys/shm.h"),
    ),
    _in_c(
        "C: the stack",
        "volatile char c[1 << 16]; c[0] = 1; return main() + c[0];",
        broke=lambda ending: ending.signal != 11,
    ),
    _in_c(
        "C: another root directory",
        f'unshare(CLONE_NEWUSER); if (!chroot("/tmp")) {_BROKE}',
        Layer.SECCOMP,
        headers=_include("sched.h"),
    ),
]

ATTACKS = [*RESOURCES, *HOST, *SYSTEM_CALLS, *SOCKETS, *IN_C]

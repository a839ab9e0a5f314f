"""The same and more in C, without an interpreter in between."""

from collections.abc import Callable

from core.workloads.code.sandbox.launcher.orders import Ending
from core.workloads.code.sandbox.layers import Layer
from tests.integration.sandbox.attacks.base import Attack, not_held_by, says_so, walls


def _in_c(name: str, body: str, *layers: Layer, headers: str = "", broke: Callable[[Ending], bool] = says_so) -> Attack:
    source = f"#define _GNU_SOURCE\n#include <stdio.h>\n#include <unistd.h>\n#include <errno.h>\n{headers}\n"
    return Attack(name, source + f"int main(void) {{ {body} }}\n", walls(*layers), broke, language="c")


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

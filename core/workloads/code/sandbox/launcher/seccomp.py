"""Seccomp: the system calls that a toolchain or a student's program needs, by name; everything else is refused.

The list is an allow-list, since a kernel learns new calls and forgets none. No socket call is on it: sockets of the
family AF_VSOCK reach the hypervisor from within an empty network namespace. A compiler may be let make pairs of sockets
of the family AF_UNIX, connected to each other from the start: pipes by another name.
"""

import ctypes
import errno
import functools
import struct

from core.workloads.code.sandbox.launcher import kernel

_SET_MODE_FILTER = 1
_SECCOMP = {"x86_64": 317}
_AUDIT_ARCH = {"x86_64": 0xC000003E}
_X32_BIT = 0x40000000

_CLONE, _CLONE3, _IOCTL, _SOCKETPAIR = 56, 435, 16, 53
_AF_UNIX = 1
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
"""Typing into a terminal that somebody else reads."""

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16

_X86_64 = """
    read=0 write=1 open=2 close=3 stat=4 fstat=5 lstat=6 poll=7 lseek=8 mmap=9 mprotect=10 munmap=11 brk=12
    rt_sigaction=13 rt_sigprocmask=14 rt_sigreturn=15 ioctl=16 pread64=17 pwrite64=18 readv=19 writev=20 access=21
    pipe=22 select=23 sched_yield=24 mremap=25 msync=26 mincore=27 madvise=28 dup=32 dup2=33 pause=34 nanosleep=35
    getitimer=36 alarm=37 setitimer=38 getpid=39 sendfile=40 clone=56 fork=57 vfork=58 execve=59 exit=60 wait4=61
    kill=62 uname=63 fcntl=72 flock=73 fsync=74 fdatasync=75 truncate=76 ftruncate=77 getdents=78 getcwd=79 chdir=80
    fchdir=81 rename=82 mkdir=83 rmdir=84 creat=85 link=86 unlink=87 symlink=88 readlink=89 chmod=90 fchmod=91
    umask=95 gettimeofday=96 getrlimit=97 getrusage=98 sysinfo=99 times=100 getuid=102 getgid=104 geteuid=107
    getegid=108 setpgid=109 getppid=110 getpgrp=111 setsid=112 getgroups=115 getresuid=118 getresgid=120 getpgid=121
    getsid=124 capget=125 rt_sigpending=127 rt_sigtimedwait=128 rt_sigsuspend=130 sigaltstack=131 utime=132
    statfs=137 fstatfs=138 getpriority=140 sched_getparam=143 sched_getscheduler=145 sched_get_priority_max=146
    sched_get_priority_min=147 prctl=157 arch_prctl=158 setrlimit=160 gettid=186 getxattr=191 lgetxattr=192
    fgetxattr=193 listxattr=194 llistxattr=195 flistxattr=196 readahead=187 tkill=200 time=201 futex=202
    sched_setaffinity=203 sched_getaffinity=204 epoll_create=213 getdents64=217 set_tid_address=218
    restart_syscall=219 fadvise64=221 timer_create=222 timer_settime=223 timer_gettime=224 timer_getoverrun=225
    timer_delete=226 clock_gettime=228 clock_getres=229 clock_nanosleep=230 exit_group=231 epoll_wait=232
    epoll_ctl=233 tgkill=234 utimes=235 waitid=247 openat=257 mkdirat=258 newfstatat=262 unlinkat=263 renameat=264
    linkat=265 symlinkat=266 readlinkat=267 fchmodat=268 faccessat=269 pselect6=270 ppoll=271 set_robust_list=273
    get_robust_list=274 splice=275 tee=276 utimensat=280 epoll_pwait=281 timerfd_create=283 fallocate=285
    timerfd_settime=286 timerfd_gettime=287 eventfd2=290 epoll_create1=291 dup3=292 pipe2=293 preadv=295 pwritev=296
    prlimit64=302 renameat2=316 getrandom=318 membarrier=324 copy_file_range=326 preadv2=327 pwritev2=328 statx=332
    rseq=334 close_range=436 openat2=437 faccessat2=439 epoll_pwait2=441 futex_waitv=449 fchmodat2=452
"""
ALLOWED = {"x86_64": {name: int(number) for name, number in (word.split("=") for word in _X86_64.split())}}
"""Which calls are allowed, by architecture and name."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def restrict(*, socket_pairs: bool = False) -> None:
    """Refuse all other system calls from now on; raises `OSError` where there is no list for this machine."""
    machine = kernel.machine()
    if machine not in ALLOWED:
        raise OSError(errno.ENOTSUP, f"no list of system calls for {machine}")
    code = assemble(machine, socket_pairs=socket_pairs)
    program = _Program(len(code) // 8, code)
    kernel.call(_SECCOMP[machine], _SET_MODE_FILTER, 0, ctypes.byref(program))


@functools.cache
def assemble(machine: str, *, socket_pairs: bool = False) -> bytes:
    """Write the filter, once, as instructions of the kernel's packet filter."""
    refuse, no_such = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_JUMP_EQUAL, _AUDIT_ARCH[machine], 1, 0),
        _step(_RETURN, _KILL_PROCESS),
        _step(_LOAD, _NUMBER),
        _step(_JUMP_AT_LEAST, _X32_BIT, 0, 1),
        _step(_RETURN, _KILL_PROCESS),
        # A namespace of one's own would be a way around everything; glibc falls back to clone without clone3.
        *_when(_CLONE, _unless_bits(0, kernel.ALL_NAMESPACES, refuse)),
        *_when(_CLONE3, [_step(_RETURN, no_such)]),
        *(_when(_SOCKETPAIR, _unless_equal(0, _AF_UNIX, _ALLOW)) if socket_pairs else ()),
        *_when(_IOCTL, [*_unless_equal(1, _TIOCSTI, refuse), *_unless_equal(1, _TIOCLINUX, refuse)]),
        *(
            step
            for number in sorted(ALLOWED[machine].values())
            for step in (_step(_JUMP_EQUAL, number, 0, 1), _step(_RETURN, _ALLOW))
        ),
        _step(_RETURN, refuse),
    ]
    return b"".join(steps)


def _when(number: int, steps: list[bytes]) -> list[bytes]:
    """Do these steps for one call only; the accumulator holds the number before and after."""
    return [_step(_JUMP_EQUAL, number, 0, len(steps) + 1), *steps, _step(_LOAD, _NUMBER)]


def _unless_bits(argument: int, bits: int, answer: int) -> list[bytes]:
    return [_step(_LOAD, _ARGUMENTS + 8 * argument), _step(_JUMP_ANY_BIT, bits, 0, 1), _step(_RETURN, answer)]


def _unless_equal(argument: int, value: int, answer: int) -> list[bytes]:
    return [_step(_LOAD, _ARGUMENTS + 8 * argument), _step(_JUMP_EQUAL, value, 0, 1), _step(_RETURN, answer)]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)

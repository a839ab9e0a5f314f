"""Inside: the first process of a box builds it, starts the program, buries the dead, and says how it ended."""

import contextlib
import json
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from core.workloads.code.sandbox.launcher import box, kernel
from core.workloads.code.sandbox.launcher.confinement import LayerMissing, confine, environment, keep_only
from core.workloads.code.sandbox.launcher.orders import Order
from core.workloads.code.sandbox.layers import Layer

HOST_NAME = "engine"
_NOT_STARTED = 127
_FIRST_TO_GO = "1000"
"""What the kernel adds to a process's badness, so that short of memory it ends the program, not who reports on it."""


@dataclass(frozen=True, slots=True)
class Doors:
    """The descriptors that lead out of the box: the program's own three, and what tells its keeper the rest."""

    stdin: int
    stdout: int
    stderr: int
    report: int
    collected: int


def live(order: Order, doors: Doors, home: str) -> NoReturn:
    """Build the box around this process and run the order in it; reports a layer that is missing, and never returns."""
    try:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        _settle(order)
        _run(order, doors, home)
    except LayerMissing as missing:
        tell(doors.report, {"missing": missing.layer, "reason": missing.reason})
    except BaseException as error:  # noqa: BLE001 - whatever it is, nothing may leave this process but the report
        tell(doors.report, {"missing": "launcher", "reason": f"{type(error).__name__}: {error}"})
    os._exit(_NOT_STARTED)


def _settle(order: Order) -> None:
    if Layer.NAMESPACES in order.without:
        return
    try:
        kernel.set_host_name(HOST_NAME)
    except OSError as error:
        raise LayerMissing(Layer.NAMESPACES, error) from error
    if Layer.ROOT in order.without:
        return
    try:
        box.build(order.folders, order.files, order.limits)
    except OSError as error:
        raise LayerMissing(Layer.ROOT, error) from error


def _run(order: Order, doors: Doors, home: str) -> NoReturn:
    program = os.fork()
    if not program:
        _become(order, doors, home)
    for door in (doors.stdin, doors.stdout, doors.stderr):
        os.close(door)
    ended: dict[str, Any] = _await(program)
    if Layer.NAMESPACES not in order.without:
        with contextlib.suppress(OSError):
            os.kill(-1, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while True:
                os.wait()
    _hand_out(doors.collected, box.collect(order.collect, order.collect_bytes, home))
    tell(doors.report, ended)
    os._exit(0)


def _become(order: Order, doors: Doors, home: str) -> NoReturn:
    """Turn this process into the program, or report why not."""
    try:
        os.setsid()
        with contextlib.suppress(OSError):
            kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # its files in /proc are its own again, as after any execve
            Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)
        os.chdir(home)
        keep_only((doors.stdin, doors.stdout, doors.stderr))
        report = os.dup2(doors.report, 3, inheritable=False)
        _close_others(report)
        for number in range(1, signal.NSIG):
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        try:
            confine(order, home)
            os.execve(order.argv[0], order.argv, environment(order, home))  # noqa: S606 - what all this is for
        except LayerMissing as missing:
            tell(report, {"missing": missing.layer, "reason": missing.reason})
        except OSError as error:
            tell(report, {"missing": "program", "reason": f"{order.argv[0]}: {error.strerror}"})
    finally:
        os._exit(_NOT_STARTED)


def _close_others(last: int) -> None:
    kernel.close_from(last + 1)


def _await(program: int) -> dict[str, Any]:
    """Bury whoever dies until it is the program."""
    while True:
        pid, status, usage = os.wait4(-1, 0)
        if pid == program:
            code = os.waitstatus_to_exitcode(status)
            ended: dict[str, Any] = {"cpu_s": usage.ru_utime + usage.ru_stime, "peak_kib": usage.ru_maxrss}
            return ended | ({"exit_code": code} if code >= 0 else {"signal": -code})


def _hand_out(door: int, found: Mapping[str, bytes]) -> None:
    head = json.dumps({name: len(content) for name, content in found.items()}).encode()
    with os.fdopen(door, "wb") as out, contextlib.suppress(BrokenPipeError):
        out.write(len(head).to_bytes(8, "little") + head + b"".join(found.values()))


def tell(report: int, fact: Mapping[str, Any]) -> None:
    """Report a fact to the keeper."""
    with contextlib.suppress(OSError):
        os.write(report, json.dumps(fact).encode() + b"\n")

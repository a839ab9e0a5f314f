"""Running a program natively: compile it in a box, run it in another, and say which verdict that makes."""

import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.workloads.code.native.toolchains.base import Complaint, Toolchain
from core.workloads.code.sandbox.asking import Sandbox
from core.workloads.code.sandbox.launcher.orders import Ending, Limits, Order
from core.workloads.code.sandbox.layers import Layer

COMPILING = Limits(wall_s=20.0, cpu_s=10.0, processes=32, output_bytes=64 << 10, disk_mib=64, open_files=256)
"""What compiling may use, but for its memory; macro bombs and endless includes end here."""
MOST_COMPLAINTS = 50
_VERDICTS = {
    "output": "output_limit",
    "memory": "memory_limit",
    "wall": "time_limit",
    "cpu": "time_limit",
    "disk": "runtime_error",
    "processes": "runtime_error",
}


class Unavailable(Exception):
    """The toolchain is not on this host."""


@dataclass(frozen=True, slots=True)
class NativeRun:
    """What became of a program."""

    verdict: str
    phase: str
    """`compile` or `run`."""
    limit_hit: str | None = None
    stdout: bytes = b""
    stderr: bytes = b""
    exit_code: int | None = None
    trap: str | None = None
    """The signal or the exception that ended it."""
    complaints: list[Complaint] = field(default_factory=list)
    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_kib: int = 0
    stdout_truncated: bool = False
    stderr_truncated: bool = False
    layers: list[str] = field(default_factory=list)


def run(
    sandbox: Sandbox,
    toolchain: Toolchain,
    source: str,
    stdin: bytes,
    limits: Limits,
    without: frozenset[str] = frozenset(),
) -> NativeRun:
    """Compile and run a program; raises `Unavailable`, or `SandboxUnavailable` when a wall is missing."""
    program = toolchain.find()
    if program is None:
        raise Unavailable(f"no {' or '.join(toolchain.programs)} on this host")
    layers = [layer.value for layer in Layer if layer not in without]
    base = Order((), folders=toolchain.folders_here(), without=without)
    words = _words(toolchain, program, source, limits)
    files: Mapping[str, bytes] = {toolchain.source.format(**words): source.encode()}
    complaints: list[Complaint] = []
    if toolchain.compiling:
        compiled = sandbox.run(_compiling(base, toolchain, words, files))
        complaints = list(dict.fromkeys(toolchain.complaints(_text(compiled.stderr))))[:MOST_COMPLAINTS]
        if compiled.exit_code != 0 or compiled.limit:
            return _refused(compiled, complaints, layers)
        files = compiled.collected
    limits = replace(limits, processes=max(limits.processes, toolchain.processes))
    argv = _argv(toolchain.running, words)
    ending = sandbox.run(replace(base, argv=argv, files=files, stdin=stdin, limits=limits))
    return _judged(toolchain, source, ending, complaints, layers)


def _words(toolchain: Toolchain, program: str, source: str, limits: Limits) -> dict[str, str]:
    """Say what stands for the words in braces of a toolchain's commands."""
    return {
        "program": program,
        "folder": str(Path(program).parent),
        "name": toolchain.naming(source),
        "memory_mib": str(limits.memory_mib),
    }


def _compiling(base: Order, toolchain: Toolchain, words: Mapping[str, str], files: Mapping[str, bytes]) -> Order:
    return replace(
        base,
        argv=_argv(toolchain.compiling, words),
        files=files,
        collect=tuple(toolchain.compiled),
        limits=replace(COMPILING, memory_mib=toolchain.compile_memory_mib),
        socket_pairs=toolchain.compiler_pairs_sockets,
    )


def _argv(template: Sequence[str], words: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(word.format(**words) for word in template)


def _refused(compiled: Ending, complaints: list[Complaint], layers: list[str]) -> NativeRun:
    """Say that a program was not accepted; a compiler that met a limit over it is the program's doing, too."""
    errors = [one for one in complaints if one.severity == "error"]
    if not errors:
        what = f"the compiler met its {compiled.limit} limit" if compiled.limit else "the compiler refused the program"
        complaints = [*complaints, Complaint(what)]
    return NativeRun(
        verdict="compile_error",
        phase="compile",
        limit_hit=compiled.limit,
        stderr=compiled.stderr,
        complaints=complaints,
        cpu_s=compiled.cpu_s,
        wall_s=compiled.wall_s,
        peak_kib=compiled.peak_kib,
        stderr_truncated=compiled.stderr_truncated,
        layers=layers,
    )


def _judged(
    toolchain: Toolchain, source: str, ending: Ending, complaints: list[Complaint], layers: list[str]
) -> NativeRun:
    stderr = _text(ending.stderr)
    trap = None
    verdict = _VERDICTS[ending.limit] if ending.limit else "ok"
    if verdict == "ok" and ending.signal is not None:
        trap = signal.Signals(ending.signal).name if ending.signal < signal.SIGRTMIN else f"signal {ending.signal}"
        # The filter kills only what came in by a way that no compiler takes.
        verdict = "security" if ending.signal == signal.SIGSYS else "runtime_error"
    elif verdict == "ok" and ending.exit_code:
        trap = toolchain.crash(ending.exit_code, stderr)
        verdict = "runtime_error" if trap else "ok"
    rejected = toolchain.rejection(stderr, source) if ending.exit_code and not ending.stdout else []
    if rejected:
        verdict, trap = "compile_error", None
    return NativeRun(
        verdict=verdict,
        phase="compile" if rejected else "run",
        limit_hit=ending.limit,
        stdout=ending.stdout,
        stderr=ending.stderr,
        exit_code=None if rejected else ending.exit_code,
        trap=trap,
        complaints=[*complaints, *rejected],
        cpu_s=ending.cpu_s,
        wall_s=ending.wall_s,
        peak_kib=ending.peak_kib,
        stdout_truncated=ending.stdout_truncated,
        stderr_truncated=ending.stderr_truncated,
        layers=layers,
    )


def _text(content: bytes) -> str:
    return content.decode(errors="replace")

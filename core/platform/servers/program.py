"""A program that can be started: what to execute, as whom, where; and its start and end as a process group."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from core.platform.servers.account import Account, identity


@dataclass(frozen=True, slots=True)
class Program:
    """One command line with its surroundings.

    The working directory is entered before the user is dropped, so it may lie below folders closed to that user.
    """

    name: str
    argv: tuple[str, ...]
    cwd: Path
    environ: Mapping[str, str]
    account: Account | None = None
    stdin: bytes = field(default=b"", repr=False)
    """Configuration that holds secrets travels here, where no process list shows it; less than a pipe's 64 KiB."""
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within_s: float = 10.0


def spawn(program: Program, log: Path, *, pass_fds: Sequence[int] = ()) -> subprocess.Popen[bytes]:
    """Start the program as leader of its own session, both outputs appended to the log."""
    log_descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; the words come from this package and the Procfile
            program.argv,
            cwd=program.cwd,
            env=dict(program.environ),
            stdin=subprocess.PIPE if program.stdin else subprocess.DEVNULL,
            stdout=log_descriptor,
            stderr=log_descriptor,
            start_new_session=True,
            pass_fds=pass_fds,
            **identity(program.account),
        )
    finally:
        os.close(log_descriptor)
    if process.stdin is not None:
        # A program that died at once leaves a broken pipe; its exit is seen where exits are seen.
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(program.stdin)
    return process


def stop(process: subprocess.Popen[bytes], program: Program) -> int:
    """End the program as it wishes to be ended, by force after its time; returns the exit code."""
    with suppress(ProcessLookupError):
        process.send_signal(program.stop_signal)
    try:
        process.wait(program.stop_within_s)
    except subprocess.TimeoutExpired:
        signal_group(process.pid, signal.SIGKILL)
    return process.wait()


def complete(program: Program, log: Path, *, pass_fds: Sequence[int] = (), within_s: float = 120.0) -> int:
    """Let a program that ends by itself do so; returns its exit code, negative when it had to be killed."""
    process = spawn(program, log, pass_fds=pass_fds)
    try:
        return process.wait(within_s)
    except subprocess.TimeoutExpired:
        signal_group(process.pid, signal.SIGKILL)
        return process.wait()


def signal_group(leader: int, number: signal.Signals) -> None:
    """Send a signal to all processes of a group that still exist."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)

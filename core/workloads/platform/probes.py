"""What the platform's own kinds compute."""

import os
import resource
import signal
import time
from pathlib import Path
from typing import Any

from core.errors import Conflict, Transient
from core.jobs.context import JobContext


class ProbeFailed(Transient):
    """The probe failed as it was told to; another attempt may succeed."""

    code = "probe_failed"


class ProbeRefused(Conflict):
    """The probe failed for good, as it was told to."""

    code = "probe_refused"


def echo(params: dict[str, Any], _context: JobContext) -> dict[str, Any]:
    """Return the params."""
    return params


def sleep(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Sleep, reporting progress after each step."""
    seconds, steps = params["seconds"], params["steps"]
    for step in range(1, steps + 1):
        time.sleep(seconds / steps)
        context.progress(step / steps, "sleeping", f"step {step} of {steps}")
    return {"slept_s": seconds, "steps": steps}


def fail(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Fail in the first `times` attempts."""
    if context.attempt <= params["times"]:
        _FAULTS[params["error"]]()
    return {"attempt": context.attempt}


def _fail_transiently() -> None:
    raise ProbeFailed


def _fail_for_good() -> None:
    raise ProbeRefused


def _crash() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _run_out_of_memory() -> None:
    """Ask for more than is left, under a limit that spares the machine."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (in_use + (64 << 20), before[1]))
    try:
        bytearray(1 << 30)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _hang() -> None:
    """Never come back to a place where the interpreter looks at signals."""
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.valid_signals()))
    while True:
        time.sleep(3600)


_FAULTS = {
    "transient": _fail_transiently,
    "permanent": _fail_for_good,
    "crash": _crash,
    "oom": _run_out_of_memory,
    "hang": _hang,
}

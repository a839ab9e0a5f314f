"""What the platform's own kinds compute."""

import hmac
import itertools
import mmap
import os
import signal
import time
from collections import deque
from typing import Any

from core.errors import Conflict, Transient
from core.jobs.context import JobContext

BLOCK_BYTES = 16 << 20
LARGEST_BYTES = 8 << 30
"""Where a probe of memory ends that nobody stops."""


class ProbeFailed(Transient):
    """The probe failed as it was told to; another attempt may succeed."""

    code = "probe_failed"


class ProbeRefused(Conflict):
    """The probe failed for good, as it was told to."""

    code = "probe_refused"


def echo(params: dict[str, Any], _context: JobContext) -> dict[str, Any]:
    """Return the params."""
    return params


def sign(params: dict[str, Any], _context: JobContext) -> dict[str, Any]:
    """Compute the HMAC-SHA256 of a text."""
    return {"signature": hmac.digest(params["key"].encode(), params["text"].encode(), "sha256").hex()}


def sleep(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Sleep, reporting progress after each step."""
    seconds, steps = params["seconds"], params["steps"]
    held = bytearray(params["hold_mib"] << 20)
    held[:: mmap.PAGESIZE] = bytes(len(range(0, len(held), mmap.PAGESIZE)))  # else the pages would not be there
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
    """Allocate until that is refused; the pages are not touched, so that it costs the machine nothing."""
    _held = [bytearray(BLOCK_BYTES) for _ in range(LARGEST_BYTES // BLOCK_BYTES)]


def _leak() -> None:
    """Come to hold ever more in a way that no limit of the process itself sees: as shared memory."""
    held = []
    for _ in range(LARGEST_BYTES // BLOCK_BYTES):
        held.append(mmap.mmap(-1, BLOCK_BYTES))
        held[-1].write(bytes(BLOCK_BYTES))
        time.sleep(0.05)


def _hang() -> None:
    """Never come back to a place where the interpreter looks at signals."""
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.valid_signals()))
    while True:
        time.sleep(3600)


def _spin() -> None:
    """Stay in C code, which never lets the interpreter look at signals or another thread run."""
    deque(itertools.repeat(None), maxlen=0)


_FAULTS = {
    "transient": _fail_transiently,
    "permanent": _fail_for_good,
    "crash": _crash,
    "oom": _run_out_of_memory,
    "leak": _leak,
    "hang": _hang,
    "spin": _spin,
}

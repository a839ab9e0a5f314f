"""The memory of an attempt: how much more this process may allocate, and what it held at most."""

import contextlib
import ctypes
import gc
import os
import resource
from collections.abc import Iterator

# Arrow's own allocator begins by taking a GiB at once, which an attempt's limit refuses; the environment chooses it,
# once for a process: so it is said here, where every worker passes before it loads Arrow.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

_FORGET_PEAK = b"5"
_PAGE_BYTES = resource.getpagesize()


@contextlib.contextmanager
def limited(mib: int) -> Iterator[None]:
    """Let this process allocate so much more than it holds now; beyond that `MemoryError` is raised in it.

    What counts is what is written privately: heaps, anonymous mappings, stacks (RLIMIT_DATA). Address space
    (RLIMIT_AS) would not do: eight threads reserve half a GiB of it for their heaps and a mapped file counts in full,
    though neither takes memory. Shared mappings and other processes escape this limit; the warden sees those.
    """
    before = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = (_allocated_bytes() + (mib << 20), *(one for one in before if one != resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_DATA, (min(allowed), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def release() -> None:
    """Give back what an attempt that ran out of memory left behind, so that the next one finds this process small."""
    gc.collect()
    with contextlib.suppress(AttributeError):  # only glibc has it
        ctypes.CDLL(None).malloc_trim(0)


def forget_peak() -> None:
    """Let the peak be measured from now on; where the kernel refuses, it stays that of the process's whole life."""
    with contextlib.suppress(OSError):
        handle = os.open("/proc/self/clear_refs", os.O_WRONLY)
        try:
            os.write(handle, _FORGET_PEAK)
        finally:
            os.close(handle)


def peak_mib() -> float:
    """Return how much of this process was in memory at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _allocated_bytes() -> int:
    with open("/proc/self/statm", "rb", buffering=0) as told:  # noqa: PTH123 - for each attempt, and a quarter of a Path's cost
        return int(told.read().split()[5]) * _PAGE_BYTES

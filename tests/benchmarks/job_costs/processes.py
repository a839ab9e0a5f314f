"""The processes of a side: started in a group of their own, their processor time and memory summed, ended for sure."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import psutil

PATIENCE_S = 60.0


class NotReady(RuntimeError):
    """A process or a condition did not come about in time."""


@contextlib.contextmanager
def started(
    argv: Sequence[str], *, environ: Mapping[str, str], cwd: Path, log: Path, talks: bool = False
) -> Iterator[subprocess.Popen[str]]:
    """Run a command for as long as the block lasts; with `talks`, its standard input and output are pipes."""
    pipe = subprocess.PIPE if talks else None
    with log.open("ab") as sink:
        process = subprocess.Popen(
            argv,
            env=dict(environ),
            cwd=cwd,
            stdin=pipe or subprocess.DEVNULL,
            stdout=pipe or sink,
            stderr=sink,
            text=True,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def await_that(
    condition: Callable[[], bool], what: str, *, within_s: float = PATIENCE_S, every_s: float = 0.05
) -> None:
    """Wait for something that another process brings about; raises `NotReady`."""
    give_up_at = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > give_up_at:
            raise NotReady(f"{what}: not within {within_s:g} s")
        time.sleep(every_s)


def cpu_s(leaders: Iterable[int]) -> float:
    """Sum user and system time of processes with all their descendants, the ended ones among them."""
    # The third and fourth time of a process are those of the children that it has waited for.
    return sum(sum(process.cpu_times()[:4]) for process in _family(leaders))


def pss_mib(leaders: Iterable[int]) -> float:
    """Sum the proportional set sizes of processes and their descendants."""
    return sum(process.memory_full_info().pss for process in _family(leaders)) / (1 << 20)


def _family(leaders: Iterable[int]) -> list[psutil.Process]:
    heads = [psutil.Process(pid) for pid in leaders]
    return [*heads, *(child for head in heads for child in head.children(recursive=True))]


def _end(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()

"""Families of real processes: who belongs to one, what it holds, and that it ends as a whole."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from uuid import uuid4

import psutil
import pytest

from tasks import families
from tasks.families import LARGEST_AT_REST_MIB, MARGIN, Family
from tests.waiting import eventually

Child = subprocess.Popen[str]
IMPORTS = "import mmap, os, subprocess, sys, threading, time"
HELD_MIB = 96
SHARED = f"held = mmap.mmap(-1, {HELD_MIB} << 20); held.write(bytes([1]) * ({HELD_MIB} << 20))"
SAY = "print('ready', flush=True)"
WAIT = "time.sleep(3600)"
APART = "below = subprocess.Popen(['sleep', '3600'], start_new_session=True, stdout=subprocess.DEVNULL)"


@pytest.fixture
def start() -> Iterator[Callable[..., Child]]:
    """Start a process that does these things."""
    children: list[Child] = []

    def start_child(*steps: str) -> Child:
        code = "\n".join([IMPORTS, *steps])
        children.append(subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True))
        stdout = children[-1].stdout
        assert stdout is not None
        assert stdout.readline() == "ready\n"
        return children[-1]

    yield start_child
    for child in children:
        families.kill(child.pid)
        child.communicate()


def lives(pid: int) -> bool:
    return families.status(pid) not in families.GONE


def test_all_below_a_process_belong_to_it_whoever_of_its_threads_started_them(start: Callable[..., Child]) -> None:
    inner = f"import subprocess, time; subprocess.Popen(['sleep', '3600']); {WAIT}"
    thread = f"threading.Thread(target=lambda: [subprocess.Popen([sys.executable, '-c', {inner!r}]), {WAIT}]).start()"
    child = start(thread, SAY, WAIT)
    found = eventually(lambda: len(family := families.members(child.pid)) == 3 and family)
    assert found[0] == child.pid
    assert psutil.Process(found[2]).ppid() == found[1]


def test_a_process_that_is_gone_has_no_family_and_holds_nothing(start: Callable[..., Child]) -> None:
    child = start(SAY)
    child.wait(60)
    assert families.members(child.pid) == []
    assert (families.resident_mib([child.pid]), families.footprint_mib([child.pid])) == (0, 0)
    families.kill(child.pid)


def test_shared_memory_counts_once_among_those_who_share_it(start: Callable[..., Child]) -> None:
    touch = "sum(held[place] for place in range(0, len(held), 4096))"
    child = start(SHARED, f"os.fork() or ({touch}, {SAY}, {WAIT})", WAIT)
    pids = families.members(child.pid)
    assert len(pids) == 2
    assert families.resident_mib(pids) > 2 * HELD_MIB
    assert HELD_MIB < families.footprint_mib(pids) < 2 * HELD_MIB


def test_a_file_that_is_only_mapped_does_not_count(start: Callable[..., Child]) -> None:
    file = "file = open(sys.executable, 'rb'); held = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)"
    child = start(file, "sum(held[place] for place in range(0, len(held), 4096))", SAY, WAIT)
    assert families.resident_mib([child.pid]) < psutil.Process(child.pid).memory_info().rss / (1 << 20)


@pytest.mark.parametrize(("allowed_mib", "where"), [(HELD_MIB + 16, "inside"), (HELD_MIB - 16, "outside")])
def test_a_family_may_hold_so_much_beside_what_its_child_held_before(
    start: Callable[..., Child], allowed_mib: int, where: str
) -> None:
    """Given a child as it was at first and as it is later, played by two."""
    family = Family(start(SAY, WAIT).pid, round(allowed_mib / MARGIN))
    assert family.excess() is None
    family.pid = start(SHARED, SAY, WAIT).pid
    told = family.excess()
    assert told is None if where == "inside" else told is not None and f"{family.memory_mib} MiB" in told


def test_what_a_child_holds_before_counts_up_to_a_bound(start: Callable[..., Child]) -> None:
    family = Family(start(SHARED, SAY, WAIT).pid, 16)
    assert family.excess() is None
    assert family._allowed_mib is not None
    assert HELD_MIB < family._allowed_mib < LARGEST_AT_REST_MIB + 16 * MARGIN


def test_a_family_is_killed_as_a_whole_in_whatever_session(start: Callable[..., Child]) -> None:
    child = start(APART, SAY, WAIT)
    pids = families.members(child.pid)
    assert len(pids) == 2
    families.kill(child.pid)
    assert child.wait(60) == -signal.SIGKILL
    eventually(lambda: not any(lives(pid) for pid in pids))


def test_a_family_that_keeps_growing_is_killed_as_a_whole(start: Callable[..., Child]) -> None:
    mark = uuid4().hex
    fork = "    if not os.fork(): time.sleep(3600)\n    time.sleep(0.01)"
    breed = f"import os, time  # {mark}\nfor _ in range(3000):\n{fork}"
    child = start(f"subprocess.Popen([sys.executable, '-c', {breed!r}])", SAY, WAIT)
    eventually(lambda: len(families.members(child.pid)) > 5)
    families.kill(child.pid)
    child.wait(60)
    eventually(lambda: not any(lives(pid) for pid in marked(mark)))


def marked(mark: str) -> list[int]:
    processes = psutil.process_iter(["cmdline"])
    return [one.pid for one in processes if mark in " ".join(one.info["cmdline"] or [])]


def test_what_a_dead_child_had_started_is_killed(start: Callable[..., Child]) -> None:
    child = start(APART, SAY, WAIT)
    family = Family(child.pid, 1024)
    family.excess()
    (below,) = families.members(child.pid)[1:]
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    family.excess()
    assert lives(below)
    family.kill_orphans()
    eventually(lambda: not lives(below))


def test_a_process_ends_all_that_it_started_even_at_second_hand() -> None:
    code = """
from core.platform.supervisor.adoption import adopt_orphans
from tasks import families
import os, subprocess, sys, time
adopt_orphans()
assert families.end_children() == 0
subprocess.Popen(["sleep", "3600"], start_new_session=True)
subprocess.run([sys.executable, "-c", "import subprocess; subprocess.Popen(['sleep', '3600'])"])
assert len(families.members(os.getpid())) == 3
assert families.end_children() == 2
assert families.members(os.getpid()) == [os.getpid()]
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)

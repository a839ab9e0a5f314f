"""Whoever is killed, no process, mount, control group or file of a run stays behind."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from core.workloads.code.sandbox.asking import Sandbox
from core.workloads.code.sandbox.launcher import cgroups
from core.workloads.code.sandbox.launcher.orders import Ending, Limits, Order
from tests.waiting import eventually

CHECKOUT = Path(__file__).parents[3]
ASKER = """
import sys
from core.workloads.code.sandbox.asking import Sandbox
from core.workloads.code.sandbox.launcher.orders import Limits, Order
sandbox = Sandbox()
sandbox.run(Order(("/bin/true",)))
print(sandbox._launcher.pid, flush=True)
sandbox.run(Order(("/bin/sh", "-c", "sleep 3141 & setsid sleep 3142 & sleep 3143"), limits=Limits(wall_s=3000)))
"""


@pytest.fixture
def asker(sandbox: Sandbox) -> Iterator[tuple[subprocess.Popen[str], int]]:
    process = subprocess.Popen([sys.executable, "-c", ASKER], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    launcher = int(process.stdout.readline())
    eventually(lambda: len(_sleepers(launcher)) == 3, 30.0)
    yield process, launcher
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("killed", ["asker", "launcher", "both"])
def test_a_kill_leaves_nothing(asker: tuple[subprocess.Popen[str], int], killed: str) -> None:
    process, launcher = asker
    sleepers = _sleepers(launcher)

    if killed in {"launcher", "both"}:
        os.kill(launcher, signal.SIGKILL)
    if killed in {"asker", "both"}:
        process.kill()

    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in sleepers), 30.0)
    process.wait()
    eventually(lambda: not _lives(launcher), 30.0)
    with Sandbox() as next_one:  # a launcher that was killed cannot clean up; the next one does it
        next_one.run(Order(("/bin/true",)))
    eventually(lambda: not _groups(launcher), 30.0)
    assert "penstock-box" not in Path("/proc/self/mountinfo").read_text()
    assert not list(Path("/tmp").glob("penstock-box-*"))


def test_a_launcher_that_was_ended_between_two_runs_is_started_anew() -> None:
    with Sandbox() as own:
        for _ in range(2):
            assert own.run(Order(("/bin/echo", "here"))).stdout == b"here\n"
            assert own._launcher is not None
            os.kill(own._launcher.pid, signal.SIGKILL)
            os.waitpid(own._launcher.pid, 0)


def test_descendants_that_leave_the_group_die_with_the_program(sandbox: Sandbox) -> None:
    sandbox.run(Order(("/bin/sh", "-c", "(setsid sleep 2718.28182845 &) ; true")))

    assert not [pid for pid in _processes() if b"2718.28182845" in _command(pid)]


def test_a_run_that_floods_its_keeper_does_not_stop_the_next(sandbox: Sandbox) -> None:
    for _ in range(3):
        flooded = sandbox.run(Order(("/usr/bin/yes",), stdin=b"x" * (8 << 20), limits=Limits(output_bytes=1000)))
        assert (flooded.limit, len(flooded.stdout), flooded.stdout_truncated) == ("output", 1000, True)
    assert sandbox.run(Order(("/bin/cat",), stdin=b"x" * 100_000)).stdout == b"x" * 100_000


def test_eight_megabytes_that_nobody_reads_are_no_deadlock(sandbox: Sandbox) -> None:
    ending = sandbox.run(Order(("/bin/echo", "done"), stdin=b"x" * (8 << 20)))

    assert (ending.exit_code, ending.stdout) == (0, b"done\n")


def test_twenty_at_once_keep_their_limits_apart(sandbox: Sandbox) -> None:
    endings: dict[int, Ending] = {}

    def run(number: int) -> None:
        # Every other one takes more memory than it may.
        wanted_mib = 200 if number % 2 else 20
        wanted = wanted_mib << 20
        script = f"head -c {wanted} /dev/zero | tail -c {wanted} | wc -c; echo {number}"
        with Sandbox() as own:
            order = Order(("/bin/sh", "-c", script), limits=Limits(memory_mib=64, wall_s=120, cpu_s=60))
            endings[number] = own.run(order)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for number in range(20):
        assert f"{number}\n".encode() in endings[number].stdout
        assert endings[number].peak_kib <= 65 << 10
        assert (endings[number].stdout.split()[0] == b"%d" % (20 << 20)) == (number % 2 == 0), (number, endings[number])


def test_short_of_memory_the_program_ends_before_who_reports_on_it(sandbox: Sandbox) -> None:
    assert sandbox.run(Order(("/bin/cat", "/proc/self/oom_score_adj"))).stdout == b"1000\n"


def test_who_reports_on_a_program_may_run_out_of_its_memory_too(sandbox: Sandbox) -> None:
    write = "head -c 25000000 /dev/zero > /box/large"
    order = Order(("/bin/sh", "-c", write), collect=("large",), collect_bytes=1 << 25, limits=Limits(memory_mib=40))

    assert sandbox.run(order).limit == "memory"
    assert sandbox.run(Order(("/bin/echo", "next"))).stdout == b"next\n"


def _lives(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def _sleepers(launcher: int) -> list[int]:
    return [pid for pid in _processes() if _command(pid).startswith(b"sleep\x00314") and _under(pid, launcher)]


def _under(pid: int, launcher: int) -> bool:
    while pid > 1:
        if pid == launcher:
            return True
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
    return False


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _groups(launcher: int) -> list[Path]:
    return [path for one in cgroups.find() for path in one.folder.glob(f"{cgroups.PREFIX}{launcher}-*")]

"""Memory that is left, by the machine and by control groups of both versions, and what was promised of it."""

import os
from pathlib import Path

import psutil
import pytest

from core.platform.governor.memory import MIB, Memory, read_memory
from core.platform.governor.policy import Level, Terms
from core.platform.governor.promises import Promise, Promises
from core.platform.governor.rationing import Going, Ration
from core.platform.governor.readings import Gauge

V2 = {"memory.max": "{limit}", "memory.current": "{usage}", "memory.stat": "anon 1\ninactive_file {files}\n"}
V1 = {
    "memory.limit_in_bytes": "{limit}",
    "memory.usage_in_bytes": "{usage}",
    "memory.stat": "cache 1\ntotal_inactive_file {files}\n",
}


def lay(root: Path, membership: str, folder: str, files: dict[str, str], limit: object, usage: int, cache: int) -> None:
    (root / "proc/self").mkdir(parents=True, exist_ok=True)
    (root / "proc/self/cgroup").write_text(membership)
    (root / folder).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (root / folder / name).write_text(text.format(limit=limit, usage=usage, files=cache))


@pytest.mark.parametrize(
    ("membership", "folder", "files"),
    [
        ("0::/jobs/one\n", "sys/fs/cgroup/jobs/one", V2),
        ("0::/jobs/one\n", "sys/fs/cgroup/jobs", V2),
        ("7:cpu:/\n4:memory:/jobs\n0::/\n", "sys/fs/cgroup/memory/jobs", V1),
    ],
    ids=["own group", "group around it", "version 1"],
)
def test_the_group_with_the_least_left_decides(
    tmp_path: Path, membership: str, folder: str, files: dict[str, str]
) -> None:
    lay(tmp_path, membership, folder, files, 100 * MIB, 90 * MIB, 30 * MIB)
    assert read_memory(tmp_path) == Memory(100.0, 40.0)


@pytest.mark.parametrize("limit", ["max", 1 << 62])
def test_without_a_limit_the_machine_decides(tmp_path: Path, limit: object) -> None:
    files = V2 if limit == "max" else V1
    member, folder = (
        ("0::/jobs\n", "sys/fs/cgroup/jobs") if limit == "max" else ("4:memory:/jobs\n", "sys/fs/cgroup/memory/jobs")
    )
    lay(tmp_path, member, folder, files, limit, 1, 0)
    assert read_memory(tmp_path).total_mib == pytest.approx(psutil.virtual_memory().total / MIB)


def test_pressure_is_the_share_of_the_time_in_which_somebody_was_stalled(tmp_path: Path) -> None:
    (tmp_path / "proc/pressure").mkdir(parents=True)
    now = 0.0
    gauge = Gauge(tmp_path, lambda: now)

    def told(total_us: int) -> float | None:
        (tmp_path / "proc/pressure/cpu").write_text(
            f"some avg10=0.00 avg60=0.00 avg300=0.00 total={total_us}\nfull x\n"
        )
        return gauge.read().cpu_pressure

    assert told(1_000) == 0.0
    now = 1.0
    assert told(501_000) == pytest.approx(0.5)
    now = 2.0
    assert told(501_000) == pytest.approx(0.3), "one quiet moment does not end it"
    assert gauge.read().memory_pressure is None, "the kernel tells none"


@pytest.fixture
def promises(tmp_path: Path) -> Promises:
    return Promises.of_this_host(tmp_path)


def ration(promises: Promises, left_mib: float, name: str = "one", worst_mib: float = 2000.0) -> Ration:
    return Ration(name, promises, worst_mib, Terms(), read=lambda: Memory(1000.0, left_mib))


def test_no_two_are_promised_the_same_memory(promises: Promises) -> None:
    first, second = ration(promises, 600.0, "first"), ration(promises, 600.0, "second")
    assert first.admits(400.0, [])
    assert not second.admits(400.0, []), "150 are left, 50 of them in reserve"
    assert second.admits(100.0, [])
    first.look(Memory(1000.0, 600.0), [])
    assert second.admits(400.0, [Going("a", 100.0)])


def test_what_a_job_holds_already_is_not_counted_twice(promises: Promises) -> None:
    one = ration(promises, 300.0)
    assert not one.admits(200.0, [Going("a", 400.0)])
    assert one.admits(200.0, [Going("a", 400.0, held_mib=400.0)])


def test_what_a_process_held_before_its_job_is_not_taken_for_the_jobs() -> None:
    going = Going("a", 256.0)
    going.see(100.0, idle_mib=110.0)
    assert going.open_mib == 256.0
    going.see(300.0, idle_mib=110.0)
    assert (going.held_mib, going.open_mib) == (300.0, 56.0)
    late = Going("a", 256.0)
    late.see(300.0, idle_mib=110.0)
    assert late.open_mib == 66.0, "a job that was first seen holding all it needs is known by its process's parent"


def test_where_nothing_runs_one_may_try_however_much_it_needs(promises: Promises) -> None:
    first, second = ration(promises, 10.0, "first"), ration(promises, 10.0, "second")
    assert first.admits(500.0, [])
    assert not second.admits(1.0, [])


def test_the_dead_keep_no_promise(promises: Promises) -> None:
    promises.write("dead", Promise(2**22 + 1, 4000.0, 4000.0, 1))
    assert ration(promises, 600.0).admits(400.0, [])
    assert promises.others("one") == {}
    promises.write("alive", Promise(os.getpid(), 4000.0, 4000.0, 1))
    assert not ration(promises, 600.0).admits(400.0, [])


def test_where_the_worst_has_room_nobody_asks(promises: Promises) -> None:
    def refuse() -> Memory:
        raise AssertionError

    one = Ration("one", promises, 500.0, Terms(), read=refuse)
    one.look(Memory(1000.0, 600.0), [])
    assert one.admits(400.0, [Going("a", 10_000.0)])


def test_three_attempts_that_held_less_are_believed_until_memory_is_short(promises: Promises) -> None:
    one = ration(promises, 600.0)
    for held in (100.0, 90.0, 120.0):
        assert one.need_mib("a", 1024.0) == 1024.0
        one.learn("a", held)
    assert one.need_mib("a", 1024.0) == 180.0
    one.level = Level.TIGHT
    assert one.need_mib("a", 1024.0) == 1024.0

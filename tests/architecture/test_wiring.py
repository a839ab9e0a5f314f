"""What lies apart fits together: kinds and tasks, queues and processes, beat entries, states and their picture."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.catalogue import Catalogue, workload_names
from core.jobs.kind import JobKind
from core.jobs.states import FINAL, IDLE, MOVES, TRANSITIONS, State

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "PENSTOCK_STORAGE_URL": "file:///nowhere",
    "PENSTOCK_SECRET_KEY": "a key for tests, of no worth elsewhere",
}


def say(code: str) -> str:
    """Run code in an interpreter of its own and return what it printed."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout


def consumed() -> Iterator[str]:
    """Yield the queues that the processes of the Procfile consume."""
    for line in (ROOT / "Procfile").read_text().splitlines():
        words = shlex.split(line)
        if "--queues" in words:
            yield from words[words.index("--queues") + 1].split(",")


def test_every_queue_is_consumed(catalogue: Catalogue) -> None:
    assert {kind.queue for kind in catalogue} | {"maintenance"} <= set(consumed())


def test_every_kind_is_bound_once_to_a_computation(catalogue: Catalogue) -> None:
    found = say(
        "from core.catalogue import discover\n"
        "from tasks.binding import load_bindings\n"
        "for one in load_bindings(discover()): print(one.kind.name, callable(one.compute))"
    )
    assert sorted(found.splitlines()) == [f"{name} True" for name in catalogue.kinds]


@pytest.mark.parametrize("process", ["webapp.app", "tasks.worker", "tasks.relay"])
def test_every_process_knows_the_tables_that_foreign_keys_name(process: str) -> None:
    """Else a session fails at its first flush, and not in tests, which import everything."""
    code = f"import {process}; from core.database import Base; print(len(Base.metadata.sorted_tables))"
    assert int(say(code)) > 0


def test_every_workload_has_kinds_and_bindings() -> None:
    folders = {file.parent.name for file in (ROOT / "core/workloads").glob("*/*.py")}
    bindings = {file.stem for file in (ROOT / "tasks/workloads").glob("*.py")} - {"__init__"}
    assert folders == bindings == set(workload_names())


def test_a_kind_is_named_by_its_workload(catalogue: Catalogue) -> None:
    assert {kind.name.partition(".")[0] for kind in catalogue} == set(workload_names())


def test_beat_fires_registered_tasks_into_consumed_queues() -> None:
    found = say(
        "from core.config import read_settings\nfrom tasks.worker import app, equip\n"
        "equip(app, read_settings())\n"
        "for entry in app.conf.beat_schedule.values():\n"
        "    print(entry['task'] in app.tasks, entry['options']['queue'])"
    )
    entries = [line.split() for line in found.splitlines()]
    assert len(entries) >= 2
    assert all(registered == "True" and queue in set(consumed()) for registered, queue in entries)


def test_no_task_of_the_platform_takes_the_name_of_a_kind(catalogue: Catalogue) -> None:
    found = say(
        "from celery import Celery\nfrom tasks import maintenance\n"
        "app = Celery('probe', set_as_current=False)\nmaintenance.register(app)\nprint(*app.tasks)"
    )
    names = set(found.split())
    assert "maintenance.prune" in names
    assert names & {kind.name for kind in catalogue} == set()


@pytest.mark.parametrize(
    "library", ["numpy", "scipy", "matplotlib", "celery", "kombu", "billiard", "boto3", "botocore"]
)
def test_the_web_process_really_loads_none_of(library: str, loaded_by_web: set[str]) -> None:
    assert library not in loaded_by_web


def test_the_web_process_knows_all_kinds(loaded_by_web: set[str]) -> None:
    assert {f"core.workloads.{name}.kinds" for name in workload_names()} <= loaded_by_web


@pytest.fixture(scope="module")
def loaded_by_web() -> set[str]:
    """The modules that a web process has loaded when it is ready."""
    return set(say("import sys; from webapp.app import create_app; create_app(); print(*sys.modules)").split())


def test_the_picture_in_the_readme_is_the_table_of_transitions() -> None:
    (picture,) = re.findall(r"```mermaid\s+stateDiagram-v2\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    arrows = re.findall(r"^\s*(\S+) --> (\w+)", picture, re.MULTILINE)
    drawn = {(source, target) for source, target in arrows if source != "[*]"}
    assert drawn == {(source, target) for source, targets in TRANSITIONS.items() for target in targets}
    assert {target for source, target in arrows if source == "[*]"} == {"queued", "scheduled", "waiting"}


def test_states_hang_together() -> None:
    assert FINAL | IDLE | {State.RUNNING} == set(State)
    assert len({(move.event, move.target) for move in MOVES}) == len(MOVES)
    assert {target for targets in TRANSITIONS.values() for target in targets} | {State.SCHEDULED} == set(State)
    assert all(TRANSITIONS[state] == {State.QUEUED, State.WAITING} for state in FINAL), (
        "only a retry leads out of a final state"
    )


def test_limits_and_retries_make_sense(catalogue: Catalogue) -> None:
    def sound(kind: JobKind) -> bool:
        limits, retry = kind.limits, kind.retry
        bounded = limits.soft_s > 0 and limits.grace_s > 0 and 0 < limits.result_bytes <= 8 << 20
        bounded &= 64 <= limits.memory_mib <= 16 << 10 and 0 <= limits.artifact_bytes <= 2 << 30
        bounded &= 0 <= limits.log_lines <= 100_000
        return bounded and 1 <= retry.max_attempts <= 100 and 0 <= retry.base_s <= retry.cap_s and retry.factor >= 1

    assert [kind.name for kind in catalogue if not sound(kind)] == []

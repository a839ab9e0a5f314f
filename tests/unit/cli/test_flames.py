"""Flame graphs in text: what the sampler wrote is read, and drawn with shares that add up."""

import importlib
from types import ModuleType

import pytest

from webapp.cli._checkout import CHECKOUT

FOLDED = [
    "process 7:python;thread 1;<module> (tasks/worker.py);run (celery/app.py);claim (core/jobs/leases.py) 60",
    "process 8:sh;<module> (tasks/worker.py);run (celery/app.py);claim (core/jobs/leases.py);_run (core/db.py) 39",
    "<module> (tasks/worker.py);run (celery/app.py);rare (core/rare.py) 1",
    "<module> (tasks/worker.py);Condition.wait (threading.py) 500",
]


@pytest.fixture
def flames(monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, ModuleType]:
    """What reads and what draws, as the benchmark finds them."""
    monkeypatch.syspath_prepend(str(CHECKOUT / "tests" / "benchmarks"))
    return importlib.import_module("flames.recording"), importlib.import_module("flames.drawing")


def test_processes_are_added_up_and_who_waits_is_left_out(flames: tuple[ModuleType, ModuleType]) -> None:
    recording, _ = flames
    stacks = recording.read(FOLDED)
    assert sum(stacks.values()) == 100
    assert all(not frame.startswith(("process", "thread")) for stack in stacks for frame in stack)


def test_frames_stand_below_their_callers_with_their_shares(flames: tuple[ModuleType, ModuleType]) -> None:
    """A library's frame that only hands on is left out, and so is what has hardly a share."""
    recording, drawing = flames
    assert list(drawing.drawn(recording.read(FOLDED))) == [
        "100.0 % <module> (tasks/worker.py)",
        " 99.0 %   claim (core/jobs/leases.py)",
        " 39.0 %     _run (core/db.py)",
    ]


def test_functions_are_ranked_by_their_own_time(flames: tuple[ModuleType, ModuleType]) -> None:
    recording, drawing = flames
    assert drawing.by_function(recording.read(FOLDED), most=2) == [
        ("claim (core/jobs/leases.py)", 0.6),
        ("_run (core/db.py)", 0.39),
    ]


def test_nothing_sampled_is_an_empty_graph(flames: tuple[ModuleType, ModuleType]) -> None:
    recording, drawing = flames
    empty = recording.read([])
    assert list(drawing.drawn(empty)) == []
    assert drawing.by_function(empty) == []

"""The life of jobs under any order of events: nothing is lost, done twice, forgotten or somebody else's."""

import dataclasses
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Catalogue
from core.jobs import admission, dependencies, outcomes, rescue, stopping
from core.jobs.execution import Station
from core.jobs.lifecycle import Change
from core.jobs.models import Job
from tests.integration.machine import clients
from tests.integration.machine.workers import Workers
from tests.integration.machine.world import World

Patch = pytest.MonkeyPatch


@pytest.fixture
def play(station: Station, catalogue: Catalogue) -> Callable[..., None]:
    """Play so many random games, the same ones each time."""

    def machine() -> Workers:
        return Workers(World(station, catalogue))

    def play_games(examples: int, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
        chosen = settings(
            max_examples=examples,
            stateful_step_count=60,
            derandomize=True,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(machine, settings=chosen)  # type: ignore[arg-type]  # may be a function, it says

    return play_games


@pytest.mark.parametrize("examples", [18, pytest.param(250, marks=[pytest.mark.deep, pytest.mark.timeout(1_800)])])
def test_whatever_happens_in_whatever_order(play: Callable[..., None], examples: int) -> None:
    play(examples)


def no_fence(patch: Patch) -> None:
    bent = _bent(outcomes._SUCCEED, r"jobs\.fence = (%\(held_fence\)s|\$\d+)(::\w+)?", "TRUE")
    patch.setattr(outcomes, "_SUCCEED", bent)


def no_message_after_rescue(patch: Patch) -> None:
    cancel, fail, again = rescue._AFTER_EXPIRY
    bent = _bent(again, r"(message AS \s*\(INSERT.*?FROM changed)", r"\1 WHERE false")
    patch.setattr(rescue, "_AFTER_EXPIRY", (cancel, fail, bent))


def no_settlement_after_cancel(patch: Patch) -> None:
    bent = _bent(stopping._CANCEL_IDLE, r"(settlement AS \s*\(INSERT.*?FROM changed \s*WHERE )", r"\1 version < 0 AND ")
    patch.setattr(stopping, "_CANCEL_IDLE", bent)


def gates_open_for_all(patch: Patch) -> None:
    patch.setattr(admission, "enter", lambda _session, _job_id: True)


def dependents_that_do_not_wait(patch: Patch) -> None:
    patch.setattr(dependencies, "_READY", select(Job.id))


def cancel_for_anybody(patch: Patch) -> None:
    def cancel(session: Session, _tenant_id: UUID, job_id: UUID) -> None:
        stopping.stop(session, [job_id])

    patch.setitem(clients.ACTIONS, "cancel", cancel)


@pytest.mark.deep
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize(
    "break_it",
    [
        no_fence,
        no_message_after_rescue,
        no_settlement_after_cancel,
        gates_open_for_all,
        dependents_that_do_not_wait,
        cancel_for_anybody,
    ],
)
def test_the_games_find_what_is_broken(
    play: Callable[..., None], monkeypatch: Patch, break_it: Callable[[Patch], None]
) -> None:
    break_it(monkeypatch)
    with pytest.raises(AssertionError):
        play(250, (Phase.generate,))


def _bent(change: Change, pattern: str, replacement: str) -> Change:
    """Return a change whose statement is another."""

    def bend(sql: str) -> str:
        other, count = re.subn(pattern, replacement, sql, flags=re.DOTALL)
        assert count
        return other

    prepared: Any = dataclasses.replace(change.prepared, name="bent", sql=bend(change.prepared.sql))
    return dataclasses.replace(change, sql=bend(change.sql), prepared=prepared)

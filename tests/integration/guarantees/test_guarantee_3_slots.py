"""No double fire: each slot has one key; without it, every Beat's tick is a job."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from core.database import Database
from core.jobs.submission import Submitted, submit
from tasks import replanning

SLOT = datetime(2026, 11, 21, 6, 7, tzinfo=UTC)


def submit_without_key(*args: Any, idempotency: object, **options: Any) -> Submitted:
    assert idempotency is not None
    return submit(*args, **options)


def test_of_two_beats_and_three_ticks_by_hand_at_one_slot_comes_one_job(database: Database, at_once: Any) -> None:
    tick = partial(replanning.submit_replan, database, SLOT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replanning, "submit", submit_without_key)
        assert len(set(at_once(tick, 5))) == 5
    assert len(set(at_once(tick, 5))) == 1

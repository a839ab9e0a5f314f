"""Poison is contained: a job that kills whoever runs it ends; without a count of its attempts it never would."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row

from core.database import Database
from core.jobs import rescue
from core.jobs.leases import Claimed
from core.jobs.lifecycle import Change
from tests.integration.guarantees.conftest import Works
from tests.integration.guarantees.switched_off import ATTEMPTS_LEFT, ATTEMPTS_USED_UP, without

LOOPS = 12


def uncounted(changes: tuple[Change, Change, Change]) -> tuple[Change, Change, Change]:
    cancel, fail, again = changes
    return cancel, without(fail, ATTEMPTS_USED_UP, instead="false"), without(again, ATTEMPTS_LEFT)


@pytest.mark.parametrize("known_dead", [True, False], ids=["child killed", "worker killed"])
def test_a_job_that_kills_every_worker_is_tried_max_attempts_times(
    database: Database,
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    row: Callable[[UUID], Row[Any]],
    works: Works,
    *,
    known_dead: bool,
) -> None:
    def die(job_id: UUID) -> None:
        take(job_id, worker="victim:1")
        works.age()
        with database.transaction() as session:
            if known_dead:
                rescue.rescue_dead(session, job_id, "victim:1")
            else:
                rescue.rescue_expired(session)

    endless, ending = (submit_job("platform.echo", {}, max_attempts=3) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_AFTER_DEATH", "_AFTER_EXPIRY"):
            patch.setattr(rescue, name, uncounted(getattr(rescue, name)))
        for _ in range(LOOPS):
            die(endless)
    assert (row(endless).state, row(endless).attempt) == ("queued", LOOPS)

    for attempt in range(1, 4):
        assert row(ending).state == "queued"
        die(ending)
        assert row(ending).attempt == attempt
    assert (row(ending).state, row(ending).error["code"]) == ("failed", "worker_lost")

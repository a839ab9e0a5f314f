"""A job whose kind was taken away does not stay queued for ever."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, func

from core.catalogue import Catalogue
from core.database import Database
from core.jobs.states import State
from core.jobs.unknown_kinds import GRACE_S, fail_unknown

Put = Callable[..., None]


@pytest.fixture
def look(database: Database, catalogue: Catalogue) -> Callable[[], int]:
    """Look for jobs of unknown kinds."""
    return lambda: fail_unknown(database, catalogue.kinds, every_s=0.0)


@pytest.fixture
def gone(submit_job: Callable[..., UUID], put: Put) -> Callable[..., UUID]:
    """Make a job of a kind that is there no more, queued for so long beyond its grace."""

    def make(beyond_s: float = 1.0, **columns: Any) -> UUID:
        job_id = submit_job("platform.echo", {})
        queued_at = func.now() - timedelta(seconds=GRACE_S + beyond_s)
        put(job_id, **{"kind": "platform.gone", "queued_at": queued_at, **columns})
        return job_id

    return make


def test_it_fails_with_a_code_that_says_so(
    look: Callable[[], int],
    gone: Callable[..., UUID],
    row: Callable[[UUID], Row[Any]],
    history: Callable[[UUID], list[str]],
) -> None:
    job_id = gone()
    assert look() == 1
    now = row(job_id)
    assert (now.state, now.error["code"], now.error["attempt"]) == ("failed", "kind_unknown", 0)
    assert "platform.gone" in now.error["message"]
    assert history(job_id)[-1] == "job.failed"
    assert look() == 0


def test_it_is_given_time_for_a_deployment_under_way(look: Callable[[], int], gone: Callable[..., UUID]) -> None:
    gone(beyond_s=-60.0)
    assert look() == 0


def test_a_known_kind_may_be_queued_for_long(
    look: Callable[[], int], gone: Callable[..., UUID], row: Callable[[UUID], Row[Any]]
) -> None:
    job_id = gone(kind="platform.echo")
    assert look() == 0
    assert row(job_id).state == "queued"


@pytest.mark.parametrize("state", sorted(set(State) - {State.QUEUED}))
def test_only_who_waits_for_a_worker_is_meant(look: Callable[[], int], gone: Callable[..., UUID], state: State) -> None:
    gone(state=state)
    assert look() == 0


def test_looking_is_one_turn_for_many(database: Database, gone: Callable[..., UUID]) -> None:
    assert fail_unknown(database, ["platform.echo"]) == 0
    gone()
    assert fail_unknown(database, ["platform.echo"]) == 0

"""Same params and seed, same result: chance comes from the job, not from whoever happens to run it."""

import itertools
import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row

from core.catalogue import Catalogue
from core.jobs import execution, receipts
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute


def draw(_params: Any, context: JobContext) -> dict[str, Any]:
    """Draw from two random streams."""
    streams = [random.Random(context.stream_key("resample", number)) for number in range(2)]
    return {"drawn": [stream.random() for stream in streams]}


@pytest.mark.parametrize("seeded", [False, True])
def test_results_repeat_and_the_receipt_tells_how(
    station: Station,
    submit_job: Callable[..., UUID],
    catalogue: Catalogue,
    row: Callable[[UUID], Row[Any]],
    monkeypatch: pytest.MonkeyPatch,
    *,
    seeded: bool,
) -> None:
    if not seeded:
        chance = itertools.count(1)
        for module in (execution, receipts):
            monkeypatch.setattr(module, "seed_of", lambda _claimed: next(chance))
    jobs = [submit_job("platform.echo", {"n": 1, **more}) for more in ({}, {}, {"seed": 7}, {"seed": 7}, {"seed": 8})]
    for job_id in jobs:
        execute(station, catalogue.find("platform.echo"), draw, job_id)
    done = [row(job_id) for job_id in jobs]
    first, again, seven, seven_again, eight = (job.result["drawn"] for job in done)
    assert (first == again) is seeded
    assert (seven == seven_again) is seeded
    assert len({*first, *seven, *eight}) == 6
    assert ([job.receipt["seed"] for job in done[2:]] == [7, 7, 8]) is seeded

"""Bulk actions on parents and shards that the same filter finds: each goes along once, whoever is first."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row

from core.jobs import bulk
from core.jobs.bulk import Tally
from core.jobs.queries import JobFilter
from core.jobs.selection import Selection
from tests.integration.shards.computations import summing
from tests.integration.shards.conftest import Family

ReadRow = Callable[[UUID], Row[Any]]
EVERY = Selection(JobFilter())
NONE_SKIPPED = dict.fromkeys(bulk.REASONS, 0)


@pytest.fixture(params=[2, 1_000])
def batch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have parents and their shards in one batch, or in several."""
    monkeypatch.setattr(bulk, "BATCH", request.param)


@pytest.mark.usefixtures("batch")
def test_trees_are_cancelled_and_retried_as_the_dry_run_said(family: Family, row: ReadRow) -> None:
    """Given two parents of three shards, one of which has succeeded and one been split itself."""
    parents = []
    for _ in range(2):
        parent_id, (done, split, _) = family.split(summing(3))
        family.run(done)
        family.run(split, summing(2))
        parents.append(parent_id)
    open_jobs = Tally(2 * 5, NONE_SKIPPED, None)
    tenant_id = family.admin.tenant_id
    for action, state in ((bulk.cancel, "cancelled"), (bulk.retry, "waiting")):
        assert action(family.database, tenant_id, EVERY, dry_run=True) == open_jobs
        assert action(family.database, tenant_id, EVERY, dry_run=False) == open_jobs
        assert {row(parent_id).state for parent_id in parents} == {state}
        assert action(family.database, tenant_id, EVERY, dry_run=False).changed == 0


def test_shards_that_the_filter_does_not_find_go_along_uncounted(family: Family, row: ReadRow) -> None:
    parent_id, shards = family.split(summing(3), tags=["parent"])
    meant = Selection(JobFilter(tag="parent"))
    for action, state in ((bulk.cancel, "cancelled"), (bulk.retry, "queued")):
        assert action(family.database, family.admin.tenant_id, meant, dry_run=False).changed == 1
        assert {row(shard).state for shard in shards} == {state}
    assert row(parent_id).state == "waiting"

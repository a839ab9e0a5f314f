"""The rows of shards: in how many stages a job may be split, and what they are refused for."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.catalogue import Catalogue
from core.jobs.leases import Claimed
from core.jobs.splitting import shard_rows
from core.jobs.stages import MAX_STAGES, ShardsInvalid, Split
from core.jobs.submission import ParamsInvalid

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PARENT = Claimed(
    id=UUID("01890000-0000-7000-8000-000000000001"),
    tenant_id=UUID(int=2),
    kind="platform.pi",
    kind_version=1,
    params={},
    params_hash="",
    attempt=1,
    max_attempts=3,
    timeout_s=1.0,
    fence=1,
    request_id=None,
    submitted_by=UUID(int=3),
    priority=5,
    deadline_at=None,
    stages=0,
    queued_at=NOW,
    started_at=NOW,
)


@pytest.mark.parametrize("stage", [0, MAX_STAGES - 1])
def test_a_job_may_be_split_so_many_times(catalogue: Catalogue, stage: int) -> None:
    (row,) = shard_rows(catalogue.kinds, PARENT, Split(stage, "platform.echo", [{}]), NOW)
    assert (row["shard_stage"], row["shard_index"], row["parent_id"]) == (stage, 0, str(PARENT.id))


def test_a_job_may_not_be_split_more_often(catalogue: Catalogue) -> None:
    with pytest.raises(ShardsInvalid, match=f"{MAX_STAGES} stages are done"):
        shard_rows(catalogue.kinds, PARENT, Split(MAX_STAGES, "platform.echo", [{}]), NOW)


def test_an_unknown_kind_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(ShardsInvalid, match=r"no kind 'no\.such'"):
        shard_rows(catalogue.kinds, PARENT, Split(0, "no.such", [{}]), NOW)


def test_a_wrong_field_is_named_with_its_shard(catalogue: Catalogue) -> None:
    with pytest.raises(ParamsInvalid) as caught:
        shard_rows(catalogue.kinds, PARENT, Split(0, "platform.sleep", [{"seconds": 1}, {"seconds": "x"}]), NOW)
    assert [one.pointer for one in caught.value.errors] == ["/shards/1/params/seconds"]


def test_two_attempts_at_one_split_write_the_same_rows(catalogue: Catalogue) -> None:
    split = Split(0, "platform.echo", [{"n": 0}, {"n": 1}])
    again = replace(PARENT, attempt=2, fence=2)
    assert shard_rows(catalogue.kinds, PARENT, split, NOW) == shard_rows(catalogue.kinds, again, split, NOW)

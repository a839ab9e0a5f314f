"""Splitting: the rows of the jobs that a computation wants as its shards."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.errors import FieldError
from core.ids import child_of
from core.jobs.kind import JobKind
from core.jobs.leases import Claimed
from core.jobs.stages import MAX_STAGES, ShardsInvalid, Split
from core.jobs.submission import JobRequest, Origin, ParamsInvalid, check_params, checked_row
from core.platform.access import Principal, Role


def shard_rows(kinds: Mapping[str, JobKind], parent: Claimed, split: Split, now: datetime) -> list[dict[str, Any]]:
    """Write a row for each shard; raises `ParamsInvalid`, which names the shard, or `ShardsInvalid`.

    Shards have what their parent's submission asked for (tenant, priority, deadline) and the limits of their own kind.
    They take no permission: that a computation is split is its own business, not its submitter's.
    """
    kind = kinds.get(split.kind)
    if kind is None:
        raise ShardsInvalid(f"there is no kind {split.kind!r} to be split into")
    if split.stage >= MAX_STAGES:
        raise ShardsInvalid(f"{split.stage} stages are done, more are not allowed")
    return [_row(kind, parent, split, index, now) for index in range(len(split.params))]


def _row(kind: JobKind, parent: Claimed, split: Split, index: int, now: datetime) -> dict[str, Any]:
    params = split.params[index]
    request = JobRequest(
        kind, params, priority=parent.priority, deadline_at=parent.deadline_at, request_id=parent.request_id
    )
    origin = Origin(
        parent_id=parent.id,
        shard_stage=split.stage,
        shard_index=index,
        followed=True,
        job_id=child_of(parent.id, split.stage, index),
    )
    try:
        check_params(kind, params)
        return checked_row(_submitter(parent), request, now=now, origin=origin)
    except ParamsInvalid as error:
        raise _told_of_shard(kind, index, error) from error


def _submitter(parent: Claimed) -> Principal:
    return Principal(parent.submitted_by or parent.id, parent.tenant_id, Role.SUBMITTER, f"shards of {parent.id}")


def _told_of_shard(kind: JobKind, index: int, error: ParamsInvalid) -> ParamsInvalid:
    errors = [FieldError(f"/shards/{index}{one.pointer}", one.detail) for one in error.errors]
    told = "; ".join(f"{one.pointer}: {one.detail}" for one in errors)
    return ParamsInvalid(f"shard {index} of {kind.name}: {told}", errors=errors)

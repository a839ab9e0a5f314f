"""Reading a recorded stage: whether it is the one that the computation means, and what became of its shards."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from core.database import Database
from core.jobs.models import Job
from core.jobs.outages import outlast
from core.jobs.stages import FAILURES_TOLD, Shard, ShardsChanged, Stage, stage_hash
from core.jobs.states import State

PAGE = 250
"""How many results are held in memory at a time."""
READ_FOR_S = 60.0
"""How long a database that is away is waited for: giving up would burn an attempt."""


def read_stage(database: Database, parent_id: UUID, number: int, kind: str, params_hashes: Sequence[str]) -> Stage:
    """Read a stage, its results only as they are asked for; raises `ShardsChanged` when it was of other shards."""
    mine = (Job.parent_id == parent_id, Job.shard_stage == number)
    (summary,) = _read(database, _SUMMARY.where(*mine))
    if (summary.kind, summary.hash) != (kind, stage_hash(params_hashes)):
        raise ShardsChanged(_what_changed(number, summary, kind, len(params_hashes)))
    failed = _PAGE.where(*mine, Job.state != State.SUCCEEDED).limit(FAILURES_TOLD)
    first_failed = [_shard(row) for row in _read(database, failed)] if summary.failed else []
    return Stage(summary.total, summary.failed, first_failed, _pages(database, _PAGE.where(*mine)))


def _pages(database: Database, of_stage: Select[Any]) -> Iterator[Shard]:
    after = -1
    while True:
        page = _read(database, of_stage.where(Job.shard_index > after).limit(PAGE))
        yield from map(_shard, page)
        if len(page) < PAGE:
            return
        after = page[-1].shard_index


def _read(database: Database, statement: Select[Any]) -> Sequence[Row[Any]]:
    def once() -> Sequence[Row[Any]]:
        with database.statements() as session:
            return session.execute(statement).all()

    return outlast(once, timeout_s=READ_FOR_S)


def _shard(row: Row[Any]) -> Shard:
    if row.state == State.SUCCEEDED:
        return Shard(row.shard_index, row.result, None)
    told = row.error if row.state == State.FAILED and row.error else {}
    code, message = told.get("code", row.state), told.get("message", f"the shard is {row.state}")
    return Shard(row.shard_index, None, {"code": code, "message": message})


def _what_changed(number: int, summary: Row[Any], kind: str, count: int) -> str:
    recorded = f"{summary.total} shards of {summary.kind}"
    return f"stage {number} was recorded with {recorded}, and is now asked for with {count} of {kind} or other params"


_SUMMARY = select(
    func.count().label("total"),
    func.count().filter(Job.state != State.SUCCEEDED).label("failed"),
    func.min(Job.kind).label("kind"),
    func.encode(
        func.sha256(
            func.convert_to(func.string_agg(Job.params_hash, aggregate_order_by(literal(""), Job.shard_index)), "UTF8")
        ),
        "hex",
    ).label("hash"),
)
_PAGE = select(Job.shard_index, Job.state, Job.result, Job.error).order_by(Job.shard_index)

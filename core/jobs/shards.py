"""Shards: a job split into many, and resumed when the last of them is final.

What a parent's shards have come to is read from their rows and never counted along, so that thousands may end at once
without waiting for each other; the last to be settled sees all others ended.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Uuid, any_, bindparam, exists, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session, aliased

from core.jobs import states
from core.jobs.lifecycle import prepare, prepare_remark, transition
from core.jobs.models import Job
from core.jobs.prerequisites import has_unmet
from core.jobs.states import FINAL, Move, State
from core.jobs.stopping import stop_abandoned

PROGRESS_EVERY_S = 1.0
"""How often a parent's progress is told at most: telling it takes a look at all its shards."""
SHARE = 0.95
"""What part of a job's progress its shards are; the rest is its own work on their results."""


def settle_families(session: Session, ended: Sequence[UUID]) -> None:
    """Queue the waiting parents of these jobs that have no open shard left, and tell how far the others are.

    Those of the jobs that are parents themselves leave no open shards behind.
    """
    rows = session.execute(_RELATED.where(Job.id.in_(ended))).all()
    if parents := list({row.parent_id for row in rows if row.parent_id}):
        _resume(session, parents)
        _tell_progress(session, parents)
    if abandoning := [row.id for row in rows if row.stages]:
        stop_abandoned(session, abandoning)


def count_shards(session: Session, parent_id: UUID) -> dict[str, int]:
    """Count a job's shards of all its stages: how many, how many are final, how many of these did not succeed."""
    return dict(session.execute(_COUNT.where(Job.parent_id == parent_id)).mappings().one())


def has_open_shards() -> ColumnElement[bool]:
    """Ask of a row of `jobs` whether one of its shards is not final."""
    shard = aliased(Job)
    return exists().where(shard.parent_id == Job.id, shard.state.not_in([literal(state) for state in sorted(FINAL)]))


def _resume(session: Session, parents: Sequence[UUID]) -> None:
    """Look twice: whoever had to wait for a row's lock may have seen shards of an earlier stage."""
    alike = defaultdict(list)
    for row in session.execute(_READY, {"parents": parents}):
        alike[row.shards].append(row.id)
    for count, ready in alike.items():
        transition(session, _RESUME, data={"shards": count}, parents=ready)


def _tell_progress(session: Session, parents: Sequence[UUID]) -> None:
    # The ends of the ids tell the planner in which partitions their events lie.
    asked = {"parents": parents, "first": min(parents), "last": max(parents), "every_s": PROGRESS_EVERY_S}
    for row in session.execute(_UNTOLD, asked).all():
        progress = _progress(row)
        transition(session, _TELL, data=progress, parent_id=row.id, latest=progress)


def _progress(row: Row[Any]) -> dict[str, Any]:
    fraction = row.done / row.shards
    may_tell = fraction > 0 and row.elapsed_s is not None  # one that is retried has not started yet
    eta_s = round(row.elapsed_s * (1 - fraction) / fraction, 1) if may_tell else None
    message = f"{row.finished} of {row.shards}"
    return {"fraction": round(SHARE * fraction, 4), "step": "shards", "message": message, "eta_s": eta_s}


_SHARD = aliased(Job)
_IS_PARENT = Job.id == any_(bindparam("parents", type_=ARRAY(Uuid)))
_MAY_GO_ON = _IS_PARENT & (Job.stages > 0) & ~has_open_shards()

_COUNT = select(
    func.count().label("total"),
    func.count().filter(Job.state.in_(sorted(FINAL))).label("finished"),
    func.count().filter(Job.state.in_(sorted(FINAL - {State.SUCCEEDED}))).label("failed"),
)
_RELATED = select(Job.id, Job.parent_id, Job.stages).where(Job.parent_id.is_not(None) | (Job.stages > 0))
_READY = (
    select(
        Job.id,
        select(func.count())
        .where(_SHARD.parent_id == Job.id, _SHARD.shard_stage == Job.stages - 1)
        .scalar_subquery()
        .label("shards"),
    )
    .where(_MAY_GO_ON, ~has_unmet(), Job.state == State.WAITING)
    # Parents before those of their shards that were split, too: the order in which a cancel locks them.
    .order_by(Job.parent_id.is_not(None), Job.id)
    .with_for_update()
)
_RESUME = prepare(Move(states.PROMOTE.event, frozenset({State.WAITING}), State.QUEUED), where=_MAY_GO_ON)
# Whom somebody else has locked is left out: he is about to go on or to end.
_UNTOLD = text(
    """
SELECT parent.id, shards, finished, done,
       CAST(extract(epoch FROM clock_timestamp() - parent.started_at) AS float8) AS elapsed_s
FROM jobs AS parent
JOIN job_events AS latest ON latest.job_id = parent.id AND latest.seq = parent.version
  AND latest.job_id BETWEEN :first AND :last
CROSS JOIN LATERAL (
  SELECT count(*) AS shards, count(*) FILTER (WHERE {final}) AS finished,
         sum(CASE WHEN {final} THEN 1 ELSE coalesce(CAST(progress ->> 'fraction' AS float8), 0) END) AS done
  FROM jobs AS shard WHERE shard.parent_id = parent.id AND shard.shard_stage = parent.stages - 1
) AS counted
WHERE parent.id = ANY(:parents) AND parent.state = 'waiting' AND parent.stages > 0 AND shards > 0
  AND latest.at < clock_timestamp() - make_interval(secs => :every_s)
FOR UPDATE OF parent SKIP LOCKED
""".format(  # noqa: S608 - made of the states' names, never of input
        final="shard.state IN ({})".format(", ".join(f"'{state}'" for state in sorted(FINAL)))
    )
)
_TELL = prepare_remark(
    "job.progress",
    of=State.WAITING,
    where=Job.id == bindparam("parent_id"),
    values={"progress": bindparam("latest", type_=JSONB)},
    durable=False,
)

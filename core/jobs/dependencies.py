"""Dependencies: a job that waits for others is queued, or fails, when they are final."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Text, Uuid, any_, bindparam, cast, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, distinct_on
from sqlalchemy.orm import Session, aliased

from core.jobs import artifacts, states
from core.jobs.graph_models import Dependency, WorkflowStep
from core.jobs.kind import JobKind
from core.jobs.lifecycle import prepare, transition
from core.jobs.models import Job
from core.jobs.prerequisites import has_unmet
from core.jobs.resolution import Refused, Resolved, resolve
from core.jobs.shards import has_open_shards
from core.jobs.states import FINAL, Move, State

PAGE = 1_000
"""How many dependents are looked at together: any number may wait for one job, and others wait behind them."""
LEVELS = 100
"""How far down one transaction follows a failure; what lies below is settled for itself."""

End = tuple[UUID, UUID | None]
"""A job that is final, and behind which of its dependents to go on; None to begin with the first."""


def examine_dependents(session: Session, kinds: Mapping[str, JobKind], ends: Sequence[End]) -> Sequence[End]:
    """Queue the waiting dependents of these jobs whose conditions are met, and fail those that can never be.

    Up to `PAGE` of them are looked at; returns where to go on. Their rows stay locked until the caller's transaction
    ends, so that of two who settle at once the second sees what the first has done. A failure goes down at once.
    """
    dependents, left = _page(session, ends)
    ended: Sequence[UUID] = [job_id for job_id, _ in ends]
    for _ in range(LEVELS):
        ended = _examine(session, kinds, ended, dependents)
        if not ended:
            break
        dependents, _unseen = _page(session, [(job_id, None) for job_id in ended])  # each has an end of its own to come
    return left


def _page(session: Session, ends: Sequence[End]) -> tuple[Collection[UUID], Sequence[End]]:
    """Return the next dependents, and for which jobs there are more."""
    jobs, after = [str(job_id) for job_id, _ in ends], [None if last is None else str(last) for _, last in ends]
    rows = session.execute(_DEPENDENTS, {"jobs": jobs, "after": after, "limit": PAGE + 1}).all()
    page = rows[:PAGE]
    left: list[End] = []
    if len(rows) > PAGE:
        place = rows[PAGE].place - 1
        seen = [row.job_id for row in page if row.place == rows[PAGE].place]
        left = [(ends[place][0], seen[-1] if seen else ends[place][1]), *ends[place + 1 :]]
    return {row.job_id for row in page}, left


def _examine(
    session: Session, kinds: Mapping[str, JobKind], ended: Sequence[UUID], dependents: Collection[UUID]
) -> Sequence[UUID]:
    """Let those go on who can, and return those that were failed."""
    waiting = _lock_waiting(session, dependents) if dependents else {}
    if not waiting:
        return ()
    refused: dict[UUID, Refused] = _doomed(session, waiting, ended)
    hopeful = waiting.keys() - refused.keys()
    ready = set(session.scalars(_READY.where(Job.id.in_(hopeful)))) if hopeful else set()
    for page in resolve(session, kinds, ready) if ready else ():
        ready -= page.keys()
        refused |= {job_id: one for job_id, one in page.items() if isinstance(one, Refused)}
        _release(session, {job_id: one for job_id, one in page.items() if isinstance(one, Resolved)})
    _release(session, dict.fromkeys(ready))
    _fail(session, waiting, refused)
    return list(refused)


def _lock_waiting(session: Session, dependents: Collection[UUID]) -> dict[UUID, int]:
    """Lock those that wait; return how many attempts each has made."""
    waiting = (
        select(Job.id, Job.attempt)
        .where(Job.id.in_(dependents), Job.state == State.WAITING)
        .order_by(Job.id)
        .with_for_update(key_share=True)
    )
    return {row.id: row.attempt for row in session.execute(waiting)}


def _doomed(session: Session, waiting: Collection[UUID], ended: Sequence[UUID]) -> dict[UUID, Refused]:
    """Find whose conditions can never be met now, and why: the prerequisite that ended first."""
    found = session.execute(_DOOMED.where(Dependency.job_id.in_(waiting), Dependency.on_job_id.in_(ended)))
    return {row.job_id: Refused("dependency_failed", _told(row)) for row in found}


def _told(row: Row[Any]) -> str:
    named = f"{row.name} ({row.id}, {row.kind})" if row.name else f"{row.id} ({row.kind})"
    return f"the job {named} {row.state}" + (f": {row.code}" if row.code else "")


def _fail(session: Session, attempts: Mapping[UUID, int], refused: Mapping[UUID, Refused]) -> None:
    by_code: dict[str, dict[str, Any]] = {}
    for job_id, why in refused.items():
        error = {"code": why.code, "message": why.message[:10_000], "retryable": False, "attempt": attempts[job_id]}
        by_code.setdefault(why.code, {})[str(job_id)] = {**error, "traceback": None}
    for code, errors in by_code.items():
        transition(session, _FAIL, data={"code": code}, job_ids=[UUID(job_id) for job_id in errors], errors=errors)


def _release(session: Session, resolved: Mapping[UUID, Resolved | None]) -> None:
    """Queue these jobs, or have them wait for their time, with new params where there are some."""
    if not resolved:
        return
    given: dict[str, Any] = {
        "job_ids": list(resolved),
        "new_params": {str(job_id): one.params for job_id, one in resolved.items() if one},
        "new_inputs": {str(job_id): artifacts.inputs_of(one.params) for job_id, one in resolved.items() if one},
        "new_hashes": {str(job_id): one.params_hash for job_id, one in resolved.items() if one},
    }
    transition(session, _QUEUE, **given)
    transition(session, _DELAY, **given)


def _of(documents: str) -> Any:
    """Look the row's own document up in a parameter that holds one for each id."""
    return func.jsonb_extract_path(bindparam(documents, type_=JSONB), cast(Job.id, Text), type_=JSONB)


_DEPENDENTS = text(
    """
SELECT place, edge.job_id
FROM unnest(CAST(:jobs AS uuid[]), CAST(:after AS uuid[])) WITH ORDINALITY AS ended (id, after, place)
CROSS JOIN LATERAL (
  SELECT job_id FROM job_dependencies
  WHERE on_job_id = ended.id AND job_id > coalesce(ended.after, CAST('00000000-0000-0000-0000-000000000000' AS uuid))
  ORDER BY job_id LIMIT :limit
) AS edge
ORDER BY place, edge.job_id LIMIT :limit
"""
)
_PREREQUISITE = aliased(Job)
_STEP = aliased(WorkflowStep)
# A job that waits for its own shards has been through here before, and is resumed by their end.
_READY = select(Job.id).where(~has_unmet(), ~has_open_shards())
_DOOMED = (
    select(
        Dependency.job_id,
        _PREREQUISITE.id,
        _PREREQUISITE.kind,
        _PREREQUISITE.state,
        _PREREQUISITE.error["code"].as_string().label("code"),
        _STEP.name,
    )
    .ext(distinct_on(Dependency.job_id))
    .join(_PREREQUISITE, _PREREQUISITE.id == Dependency.on_job_id)
    .outerjoin(_STEP, _STEP.job_id == _PREREQUISITE.id)
    .where(~Dependency.tolerant, _PREREQUISITE.state.in_(sorted(FINAL - {State.SUCCEEDED})))
    .order_by(Dependency.job_id, _PREREQUISITE.finished_at)
)
_CHOSEN = Job.id == any_(bindparam("job_ids", type_=ARRAY(Uuid)))
_WAITS = frozenset({State.WAITING})
# A list as JSON writes it becomes an array as Postgres reads it.
_INPUTS = cast(func.translate(cast(_of("new_inputs"), Text), '[]"', "{}"), ARRAY(Uuid))
_PARAMS = {
    "inputs": func.coalesce(_INPUTS, Job.inputs),
    "params": func.coalesce(_of("new_params"), Job.params),
    "params_hash": func.coalesce(
        func.jsonb_extract_path_text(bindparam("new_hashes", type_=JSONB), cast(Job.id, Text)), Job.params_hash
    ),
}
_FAIL = prepare(Move(states.FAIL.event, _WAITS, State.FAILED), where=_CHOSEN, values={"error": _of("errors")})
_DELAY = prepare(states.DELAY, where=_CHOSEN & (Job.due_at > func.now()), values=_PARAMS)
_QUEUE = prepare(
    Move(states.PROMOTE.event, _WAITS, State.QUEUED),
    where=_CHOSEN & (Job.due_at.is_(None) | (Job.due_at <= func.now())),
    values=_PARAMS,
)

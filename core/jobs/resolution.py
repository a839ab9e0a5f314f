"""Resolution: what the parents of workflows' steps left behind, put into the steps' params."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from core.canonical import fingerprint
from core.errors import PenstockError
from core.jobs import artifacts, secret_params
from core.jobs.graph_models import Workflow, WorkflowStep
from core.jobs.kind import MISFITS, JobKind
from core.jobs.models import Job
from core.jobs.references import filled, parse_source
from core.jobs.step_params import check_filled
from core.jobs.submission import ParamsInvalid
from core.platform.access import Principal, Role

LARGEST_PARAMS_BYTES = 8 << 20
"""What results may bring into the params of one job; as much as a request may bring."""
PAGE = 8
"""How many steps' values are held at once."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A step's params, complete."""

    params: Mapping[str, Any]
    params_hash: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a step's params cannot be had."""

    code: str
    message: str


Resolution = Resolved | Refused


def resolve(
    session: Session, kinds: Mapping[str, JobKind], job_ids: Collection[UUID]
) -> Iterator[Mapping[UUID, Resolution]]:
    """Yield, page by page, what became of the params of those of these jobs that take some from their parents."""
    fed = session.scalars(
        select(WorkflowStep.job_id)
        .where(WorkflowStep.job_id.in_(job_ids), WorkflowStep.params_from != bindparam("none", {}, type_=JSONB))
        .order_by(WorkflowStep.job_id)
    ).all()
    for start in range(0, len(fed), PAGE):
        yield _resolve_page(session, kinds, fed[start : start + PAGE])


def _resolve_page(session: Session, kinds: Mapping[str, JobKind], job_ids: Sequence[UUID]) -> dict[UUID, Resolution]:
    steps = session.execute(_STEPS.where(WorkflowStep.job_id.in_(job_ids))).all()
    found = _values(session, steps)
    return {step.job_id: _resolve_one(session, kinds.get(step.kind), step, found[step.job_id]) for step in steps}


def _resolve_one(session: Session, kind: JobKind | None, step: Row[Any], found: Mapping[str, Row[Any]]) -> Resolution:
    values: dict[str, Any] = {}
    for target, source in step.params_from.items():
        value = found.get(target)
        if value is None or not value.found:
            return Refused("dependency_failed", f"params{target} cannot be had from {source}: {_why_not(value)}")
        values[target] = value.value
    if kind is None:
        return Refused("kind_unknown", f"there is no kind {step.kind!r} any more")
    try:
        given = secret_params.opened(session, kind, step.tenant_id, step.job_id, step.params)
        params = filled(given, values)
        check_filled(kind, params, step.params_from)
        artifacts.keep_uploads(session, step.tenant_id, params)
        Principal(step.job_id, step.tenant_id, Role(step.role), "workflow").require(kind.permission(params))
        if not secret_params.has_secrets(kind):
            return Resolved(params, fingerprint(params))
        hashed = secret_params.hash_params(session, kind, step.tenant_id, step.submitted_by, params)
        return Resolved(secret_params.keep(session, kind, step.tenant_id, step.job_id, params), hashed)
    except PenstockError as error:
        return Refused(error.code, error.detail)
    except MISFITS as error:  # whatever comes of a tenant's own values must not stop whoever settles for all
        return Refused(ParamsInvalid.code, f"{type(error).__name__}: {error}")


def _why_not(value: Row[Any] | None) -> str:
    if value is None:
        return "the job is gone"
    if value.too_large:
        return f"results bring more than {LARGEST_PARAMS_BYTES >> 20} MiB"
    return "its result has nothing there" if value.state == "succeeded" else f"the job {value.state}"


def _values(session: Session, steps: Sequence[Row[Any]]) -> dict[UUID, dict[str, Row[Any]]]:
    wanted = [
        {
            "job_id": str(step.job_id),
            "workflow_id": str(step.workflow_id),
            "target": target,
            "name": source.name,
            "path": source.path,
        }
        for step in steps
        for target, source in ((target, parse_source(named)) for target, named in step.params_from.items())
    ]
    found: dict[UUID, dict[str, Row[Any]]] = {step.job_id: {} for step in steps}
    for row in session.execute(_VALUES, {"wanted": wanted, "most": LARGEST_PARAMS_BYTES}):
        found[row.job_id][row.target] = row
    return found


_STEPS = (
    select(
        WorkflowStep.job_id,
        WorkflowStep.workflow_id,
        WorkflowStep.params_from,
        Workflow.role,
        Job.tenant_id,
        Job.submitted_by,
        Job.kind,
        Job.params,
    )
    .join(Workflow, Workflow.id == WorkflowStep.workflow_id)
    .join(Job, Job.id == WorkflowStep.job_id)
)
# Where the result has nothing, `artifacts/<name>` is the artifact of that name and `artifact` the only one there is.
_VALUES = text(
    """
WITH wanted AS (
  SELECT * FROM jsonb_to_recordset(:wanted)
    AS one(job_id uuid, workflow_id uuid, target text, name text, path text[])
), had AS (
  SELECT wanted.job_id, wanted.target, parent.state, COALESCE(parent.result #> wanted.path, (
      SELECT jsonb_build_object('artifact', min(artifacts.id::text)) FROM artifacts
      WHERE artifacts.job_id = parent.id AND parent.state = 'succeeded'
        AND (wanted.path = ARRAY['artifact'] OR wanted.path = ARRAY['artifacts', artifacts.name])
      HAVING count(*) = 1
    )) AS value
  FROM wanted JOIN workflow_steps USING (workflow_id, name) JOIN jobs AS parent ON parent.id = workflow_steps.job_id
), sized AS (
  SELECT had.*, COALESCE(sum(octet_length(value::text)) OVER (PARTITION BY job_id), 0) > :most AS too_large FROM had
)
SELECT job_id, target, state, too_large, value IS NOT NULL AND NOT too_large AS found,
  CASE WHEN NOT too_large THEN value END AS value
FROM sized
"""
).bindparams(bindparam("wanted", type_=JSONB))

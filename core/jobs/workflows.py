"""Workflows: graphs of jobs, recorded as a whole, cancelled as a whole, tried again where they did not succeed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Conflict, FieldError, Invalid, Missing
from core.ids import uuid7
from core.jobs import artifacts, graph, insertion, prerequisites, step_params, stopping, submission
from core.jobs.graph_models import Workflow, WorkflowStep
from core.jobs.idempotency import IdempotentRequest, first_under_key
from core.jobs.models import Job
from core.jobs.prerequisites import Edge
from core.jobs.retrying import UniqueKeyHeld
from core.jobs.reviving import revive
from core.jobs.states import FINAL, State
from core.jobs.submission import JobRequest, Origin, UniqueKeyTaken
from core.jobs.timeouts import check_timeout
from core.platform.access import Principal


class WorkflowMissing(Missing):
    """There is no such workflow."""

    code = "workflow_missing"


class WorkflowFinal(Conflict):
    """Every job of the workflow is final."""

    code = "workflow_final"


class NothingToRetry(Conflict):
    """No job of the workflow ended without success."""

    code = "nothing_to_retry"


@dataclass(frozen=True, slots=True)
class Step:
    """One job of a workflow as a client asks for it."""

    request: JobRequest
    after: Sequence[str] = ()
    params_from: Mapping[str, str] = field(default_factory=dict)
    allow_failure: bool = False
    """Whether its failure does not fail those after it, nor theirs it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The workflow that answers a request, and whether it was there before."""

    workflow_id: UUID
    replayed: bool = False


def submit(
    session: Session,
    principal: Principal,
    steps: Mapping[str, Step],
    *,
    clock: Clock,
    idempotency: IdempotentRequest | None = None,
) -> Recorded:
    """Record a workflow with all its jobs, once for each idempotency key.

    Raises `GraphInvalid`, or what a submission raises, with pointers that begin with the job's name.
    """
    workflow_id, now = uuid7(), clock()
    nodes = {name: graph.Node(step.after, step.params_from) for name, step in steps.items()}
    # In this order their ids are made, too: whoever locks jobs by id locks parents before their dependents.
    order = graph.ordered(nodes)
    parents = {name: graph.parents_of(nodes[name]) for name in order}
    followed = {parent for named in parents.values() for parent in named}
    rows = {}
    for name in order:
        origin = Origin(workflow_id=workflow_id, followed=name in followed, waiting=bool(parents[name]))
        rows[name] = _row(session, principal, name, steps[name], now, origin)
    if idempotency is not None:
        first = first_under_key(session, principal.tenant_id, idempotency, workflow_id)
        if first is not None:
            return Recorded(first, replayed=True)
    session.execute(insert(Workflow).values(id=workflow_id, tenant_id=principal.tenant_id, role=principal.role))
    session.execute(insert(WorkflowStep), [_step(workflow_id, name, rows[name], steps[name]) for name in order])
    _insert(session, principal, rows, steps, parents)
    return Recorded(workflow_id)


def cancel(session: Session, tenant_id: UUID, workflow_id: UUID) -> None:
    """Cancel every job of a workflow that is not final; raises `WorkflowFinal` or `WorkflowMissing`."""
    living = [job_id for job_id, state in _locked(session, tenant_id, workflow_id).items() if state not in FINAL]
    if not living:
        raise WorkflowFinal
    stopping.stop(session, living)


def retry(session: Session, tenant_id: UUID, workflow_id: UUID) -> None:
    """Try every job again that ended without success, each after its parents.

    Raises `NothingToRetry`, `UniqueKeyHeld` or `WorkflowMissing`.
    """
    states = _locked(session, tenant_id, workflow_id)
    unsuccessful = [job_id for job_id, state in states.items() if state in FINAL - {State.SUCCEEDED}]
    if not unsuccessful:
        raise NothingToRetry
    rejoining = prerequisites.wait_again(session, tenant_id, unsuccessful)
    try:
        revive(session, unsuccessful, rejoining)
    except IntegrityError as error:
        raise UniqueKeyHeld from error


def _row(
    session: Session, principal: Principal, name: str, step: Step, now: datetime, origin: Origin
) -> dict[str, Any]:
    request = step.request
    try:
        step_params.check_given(request.kind, request.params, step.params_from)
        principal.require(request.kind.permission(request.params))
        check_timeout(principal, request.kind, request.timeout_s)
        artifacts.keep_uploads(session, principal.tenant_id, request.params)
        return submission.checked_row(principal, request, now=now, origin=origin)
    except Invalid as error:
        fields = [FieldError(f"/jobs/{name}{each.pointer}", each.detail) for each in error.errors]
        raise type(error)(f"job {name}: {error.detail}", errors=fields) from error


def _step(workflow_id: UUID, name: str, row: Mapping[str, Any], step: Step) -> dict[str, Any]:
    return {
        "workflow_id": workflow_id,
        "name": name,
        "job_id": UUID(row["id"]),
        "after": list(step.after),
        "params_from": dict(step.params_from),
        "allow_failure": step.allow_failure,
    }


def _insert(
    session: Session,
    principal: Principal,
    rows: Mapping[str, Mapping[str, Any]],
    steps: Mapping[str, Step],
    parents: Mapping[str, Mapping[str, str]],
) -> None:
    if insertion.insert_jobs(session, list(rows.values())) != len(rows):
        raise UniqueKeyTaken
    requests = {name: step.request for name, step in steps.items()}
    wanted = [submission.named_prerequisites(request, f"/jobs/{name}") for name, request in requests.items()]
    prerequisites.follow(session, principal.tenant_id, {place: one for each in wanted for place, one in each.items()})
    within = [
        Edge(UUID(row["id"]), UUID(rows[parent]["id"]), steps[name].allow_failure or steps[parent].allow_failure)
        for name, row in rows.items()
        for parent in parents[name]
    ]
    prerequisites.record(
        session, [*within, *(edge for name, row in rows.items() for edge in submission.edges(row, requests[name]))]
    )


def _locked(session: Session, tenant_id: UUID, workflow_id: UUID) -> dict[UUID, str]:
    """Lock a workflow's jobs and return their states, parents before their dependents; raises `WorkflowMissing`."""
    chosen = (
        select(Job.id, Job.state)
        .where(Job.workflow_id == workflow_id, Job.tenant_id == tenant_id)
        .order_by(Job.id)
        .with_for_update(key_share=True)
    )
    found = {row.id: row.state for row in session.execute(chosen)}
    if not found:
        raise WorkflowMissing(f"there is no workflow {workflow_id}")
    return found

"""Workflows: graphs of jobs, submitted, read, cancelled and tried again as a whole."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.errors import FieldError, Invalid
from core.jobs import quotas, workflow_queries, workflows
from core.jobs.workflows import Step
from core.platform.audit import entries
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.parsing import FieldsInvalid
from webapp.schemas.values import Nothing
from webapp.schemas.workflows import WorkflowDocument, WorkflowList, WorkflowsQuery, WorkflowSubmission
from webapp.submissions import at_item, idempotency, job_request
from webapp.workflows import workflow_document, workflow_summary

blueprint = Blueprint("workflows", __name__, description="Graphs of jobs")

_CURSOR = re.compile(r"[0-9a-f]{32}")
_OF_STEPS = ("after", "params_from", "allow_failure")
_LOCATION = {"Location": "Address of the workflow"}


@operation(
    blueprint,
    "POST /workflows",
    "jobs:submit",
    body=Body(WorkflowSubmission),
    headers={"Idempotency-Key": "Two requests with the same key and body are one workflow"},
    answers={
        202: Answer("Accepted: every job will reach a final state", WorkflowDocument, headers=_LOCATION),
        200: Answer(
            "The workflow was there before, by its idempotency key",
            WorkflowDocument,
            headers={**_LOCATION, "Idempotency-Replayed": "`true`"},
        ),
    },
    problems=(404, 409, 413, 415),
)
def submit_workflow(call: Call) -> Response:
    """Submit a graph of jobs.

    A job is queued once those it comes after have succeeded. One of them ending otherwise fails it as
    `dependency_failed`, unless either allows failure.
    """
    steps = {name: _step(call, name, asked) for name, asked in call.body["jobs"].items()}
    kinds = [step.request.kind for step in steps.values()]
    key = idempotency(request.headers.get("Idempotency-Key"), call.sent, kinds, call.principal)
    with call.database.transaction() as session:
        recorded = workflows.submit(session, call.principal, steps, clock=call.process.clock, idempotency=key)
        if not recorded.replayed:
            call.hold_to_quotas(session, quotas.JOBS)
        document = _document(call, session, recorded.workflow_id)
        headers, status = {"Location": document["links"]["self"]}, 200 if recorded.replayed else 202
        entries.append(session, call.foretell(status, headers["Location"]))
    if recorded.replayed:
        headers["Idempotency-Replayed"] = "true"
    return json_answer(document, status, headers)


@operation(
    blueprint,
    "GET /workflows/<uuid:workflow_id>",
    "jobs:read",
    answers={200: Answer("The workflow", WorkflowDocument)},
    problems=(404,),
)
def read_workflow(call: Call, workflow_id: UUID) -> Response:
    """Read a workflow: its state, its progress, its graph with the state of each job."""
    with call.database.statements() as session:
        return json_answer(_document(call, session, workflow_id))


@operation(
    blueprint,
    "GET /workflows",
    "jobs:read",
    query=WorkflowsQuery,
    answers={200: Answer("One page of workflows", WorkflowList)},
)
def list_workflows(call: Call) -> Response:
    """List workflows, newest first; follow `next_cursor` until it is null."""
    limit, cursor = call.query["limit"], call.query["cursor"]
    if cursor is not None and not _CURSOR.fullmatch(cursor):
        raise FieldsInvalid(errors=[FieldError("/cursor", "Not a cursor of this list.")])
    after = UUID(cursor) if cursor is not None else None
    tenant_id = call.principal.tenant_id
    found = call.read_list(
        lambda session: workflow_queries.list_workflows(session, tenant_id, limit=limit + 1, after=after)
    )
    page = found[:limit]
    return page_answer([workflow_summary(each) for each in page], page[-1].id.hex if len(found) > limit else None)


@operation(
    blueprint,
    "POST /workflows/<uuid:workflow_id>/cancel",
    "jobs:cancel",
    body=Body(Nothing, required=False),
    answers={202: Answer("What nobody works on is cancelled, running jobs were asked to stop", WorkflowDocument)},
    problems=(404, 409, 413, 415),
)
def cancel_workflow(call: Call, workflow_id: UUID) -> Response:
    """Cancel every job of a workflow that is not final.

    A workflow of final jobs answers 409 `workflow_final`.
    """
    return _changed(call, workflow_id, workflows.cancel)


@operation(
    blueprint,
    "POST /workflows/<uuid:workflow_id>/retry",
    "jobs:retry",
    body=Body(Nothing, required=False),
    answers={202: Answer("The jobs are queued, or wait for those they come after", WorkflowDocument)},
    problems=(404, 409, 413, 415),
)
def retry_workflow(call: Call, workflow_id: UUID) -> Response:
    """Retry every job of a workflow that ended without success.

    Each waits for those it comes after, and takes anew what they leave it. 409 `nothing_to_retry` when there is none.
    """
    return _changed(call, workflow_id, workflows.retry)


def _step(call: Call, name: str, asked: dict[str, Any]) -> Step:
    try:
        submission = {option: value for option, value in asked.items() if option not in _OF_STEPS}
        wanted = job_request(call.process.catalogue, submission, request_id=call.request_id)
    except Invalid as error:
        raise at_item(name, error) from error
    return Step(wanted, **{option: asked[option] for option in _OF_STEPS})


def _changed(call: Call, workflow_id: UUID, change: Callable[[Session, UUID, UUID], None]) -> Response:
    with call.database.transaction() as session:
        change(session, call.principal.tenant_id, workflow_id)
        document = _document(call, session, workflow_id)
    return json_answer(document, 202, {"Location": document["links"]["self"]})


def _document(call: Call, session: Session, workflow_id: UUID) -> dict[str, Any]:
    found = workflow_queries.get_workflow(session, call.principal.tenant_id, workflow_id)
    steps = workflow_queries.list_steps(session, workflow_id)
    return workflow_document(found, steps, debug=call.principal.may("jobs:debug"))

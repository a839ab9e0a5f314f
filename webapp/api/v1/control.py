"""Cancelling and retrying jobs."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.jobs import cancellation, retrying
from core.jobs.documents import API, job_document
from core.jobs.states import FINAL
from webapp.controlling import Change, carry_out
from webapp.operations import Answer, Body, Call, json_answer, operation
from webapp.schemas.jobs import JobDocument
from webapp.schemas.values import Nothing

blueprint = Blueprint("control", __name__, description="Cancelling and retrying jobs")


@operation(
    blueprint,
    "POST /jobs/<uuid:job_id>/cancel",
    "jobs:cancel",
    body=Body(Nothing, required=False),
    answers={
        200: Answer("The job is cancelled", JobDocument),
        202: Answer("The job runs; its worker was asked to stop", JobDocument),
    },
    problems=(404, 409, 413, 415),
)
def cancel_job(call: Call, job_id: UUID) -> Response:
    """Cancel a job.

    Asking again is fine; a final job answers 409 `already_final`.
    """
    return _changed(call, job_id, cancellation.cancel)


@operation(
    blueprint,
    "POST /jobs/<uuid:job_id>/retry",
    "jobs:retry",
    body=Body(Nothing, required=False),
    answers={202: Answer("The job is queued for a new attempt", JobDocument)},
    problems=(404, 409, 413, 415),
)
def retry_job(call: Call, job_id: UUID) -> Response:
    """Retry a final job as a new attempt.

    A job that is not final answers 409 `not_final`.
    """
    return _changed(call, job_id, retrying.retry)


def _changed(call: Call, job_id: UUID, change: Change) -> Response:
    row = carry_out(call, job_id, change)
    document = job_document(row._asdict(), debug=call.principal.may("jobs:debug"))
    return json_answer(document, 200 if row.state in FINAL else 202, {"Location": f"{API}/jobs/{job_id}"})

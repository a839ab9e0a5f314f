"""Running a program in one request: a job is submitted and waited for; and which languages can be run here."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.jobs import queries, submission
from core.jobs.documents import job_document
from core.jobs.states import FINAL
from core.jobs.submission import JobRequest
from core.workloads.code import kinds
from core.workloads.code.availability import language_documents
from core.workloads.code.native import reports
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.execution import Execution, ExecutionQuery, LanguageList
from webapp.schemas.jobs import JobDocument

blueprint = Blueprint("execution", __name__, description="Running programs")

_LOCATION = {"Location": "Address of the job"}


@operation(
    blueprint,
    "POST /execute",
    "jobs:submit",
    query=ExecutionQuery,
    body=Body(Execution),
    answers={
        200: Answer("The job, ended: `result` is that of `code.run`", JobDocument, headers=_LOCATION),
        202: Answer(
            "The job, which goes on",
            JobDocument,
            headers={**_LOCATION, "Retry-After": "Seconds until the next poll makes sense"},
        ),
    },
    problems=(404, 413, 415),
)
def execute_program(call: Call) -> Response:
    """Run a program, waiting for it.

    The body is the params of `code.run`; the answer is the job, as `GET /jobs/{id}?wait=10` gives it.
    """
    process = call.process
    asked = JobRequest(kind=kinds.RUN, params=call.sent, request_id=call.request_id)
    job_id: UUID = submission.submit_at_once(call.database, call.principal, asked, clock=process.clock)["id"]
    process.waker.wake()

    def final() -> bool:
        return queries.read_version(call.database, call.principal.tenant_id, job_id)[1] in FINAL

    process.waiting.until(job_id, final, seconds=call.query["wait"])
    return _answer(call, job_id)


@operation(blueprint, "GET /languages", "kinds:read", answers={200: Answer("Every language", LanguageList)})
def list_languages(call: Call) -> Response:
    """List the languages: which can be run on which target, and why not on the others.

    What runs natively is what workers told of their hosts within the last minute and a half.
    """
    with call.process.database.statements() as session:
        told = reports.read(session)
    return page_answer(language_documents(told))


def _answer(call: Call, job_id: UUID) -> Response:
    job = queries.read_job(call.database, call.principal.tenant_id, job_id)
    document = job_document(job, debug=call.principal.may("jobs:debug"))
    headers = {"Location": document["links"]["self"]}
    if job["state"] in FINAL:
        return json_answer(document, 200, headers)
    retry_after_s = call.process.run_times.retry_after_s(call.principal.tenant_id, document["kind"])
    return json_answer(document, 202, {**headers, "Retry-After": str(retry_after_s)})

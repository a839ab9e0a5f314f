"""`POST /jobs`: one job or many, recorded durably before the answer promises anything."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint

from core.errors import Invalid
from core.ids import following, uuid7
from core.jobs import quotas, submission
from core.jobs.documents import job_document
from core.jobs.submission import JobRequest, Origin
from core.platform.audit import entries
from webapp.operations import Answer, Body, Call, json_answer, operation
from webapp.schemas.jobs import (
    BULK_DOCUMENTED,
    SUBMISSION_REFERENCE,
    BulkAnswer,
    BulkSubmission,
    JobDocument,
    Submission,
)
from webapp.submissions import accept, at_item, hold_to_capacity, idempotency, job_request

blueprint = Blueprint("submissions", __name__, description="Submitting jobs")

_LOCATION = {"Location": "Address of the job", "Retry-After": "Seconds until the next poll makes sense"}


@operation(
    blueprint,
    "POST /jobs",
    "jobs:submit",
    body=Body(Submission, documented=SUBMISSION_REFERENCE),
    headers={"Idempotency-Key": "Two requests with the same key and body are one job"},
    answers={
        202: Answer("Accepted: the job will reach a final state", JobDocument, headers=_LOCATION),
        200: Answer(
            "The job was there before: by its idempotency key, or by its unique key (`unique: true`)",
            JobDocument,
            headers={**_LOCATION, "Idempotency-Replayed": "`true` when the idempotency key was used before"},
        ),
    },
    problems=(404, 409, 413, 415),
)
def submit_job(call: Call) -> Response:
    """Submit a job.

    One transaction records the job and its message; the `202` is a promise that it will reach a final state. The body's
    `params` follow the kind's schema.
    """
    asked = job_request(call.process.catalogue, call.body, request_id=call.request_id)
    key = idempotency(request.headers.get("Idempotency-Key"), call.sent, [asked.kind], call.principal)
    accepted = accept(call, asked, key)
    return _answer(call, accepted.job, replayed=accepted.replayed, unique=accepted.unique)


@operation(
    blueprint,
    "POST /jobs/bulk",
    "jobs:submit",
    body=Body(BulkSubmission, documented=BULK_DOCUMENTED),
    headers={"Idempotency-Key": "Two requests with the same key and body are the same jobs"},
    answers={
        202: Answer("All were accepted", BulkAnswer),
        200: Answer(
            "The jobs were there before, by their idempotency key",
            BulkAnswer,
            headers={"Idempotency-Replayed": "`true`"},
        ),
    },
    problems=(404, 409, 413, 415),
)
def submit_jobs(call: Call) -> Response:
    """Submit up to 10,000 jobs at once.

    All are accepted or none. A unique key that is taken refuses the whole request.
    """
    process = call.process
    asked, rows = _checked(call)
    hold_to_capacity(call, [one.kind for one in asked])
    key = idempotency(request.headers.get("Idempotency-Key"), call.sent, [one.kind for one in asked], call.principal)
    with call.database.transaction() as session:
        submitted = submission.insert_all(session, call.principal, rows, asked, idempotency=key, quiet=True)
        if not submitted.replayed:
            call.hold_to_quotas(session, quotas.JOBS)
        entries.append(session, call.foretell(200 if submitted.replayed else 202))
    process.waker.wake()
    answer = {"ids": [str(job_id) for job_id in following(submitted.job_id, len(rows))]}
    if submitted.replayed:
        return json_answer(answer, 200, {"Idempotency-Replayed": "true"})
    return json_answer(answer, 202)


def _checked(call: Call) -> tuple[list[JobRequest], list[dict[str, Any]]]:
    """Check each of many submissions and write it as a job's row, their ids following the first."""
    now, jobs = call.process.clock(), call.body["jobs"]
    asked: list[JobRequest] = []
    rows = []
    for place, job_id in enumerate(following(uuid7(), len(jobs))):
        try:
            asked.append(job_request(call.process.catalogue, jobs[place], request_id=call.request_id))
            rows.append(submission.job_row(call.principal, asked[-1], now=now, origin=Origin(job_id=job_id)))
        except Invalid as error:
            raise at_item(place, error) from error
    return asked, rows


def _answer(call: Call, job: Mapping[str, Any], *, replayed: bool = False, unique: bool = False) -> Response:
    document = job_document(job, debug=call.principal.may("jobs:debug"))
    headers = {
        "Location": document["links"]["self"],
        "Retry-After": str(call.process.run_times.retry_after_s(call.principal.tenant_id, document["kind"])),
    }
    if replayed:
        headers["Idempotency-Replayed"] = "true"
    if unique:
        document["unique"] = True
    return json_answer(document, 200 if replayed or unique else 202, headers)

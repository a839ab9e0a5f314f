"""`POST /jobs`: one job or many, recorded durably before the answer promises anything."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint

from core.errors import Invalid
from core.jobs import artifacts, queries, submission
from core.jobs.submission import JobRequest
from webapp.operations import Answer, Body, Call, json_answer, operation
from webapp.representations import job_document
from webapp.schemas.jobs import (
    BULK_DOCUMENTED,
    SUBMISSION_REFERENCE,
    BulkAnswer,
    BulkSubmission,
    JobDocument,
    Submission,
)
from webapp.submissions import at_item, idempotency, job_request

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
    process, tenant_id = call.process, call.principal.tenant_id
    key = idempotency(request.headers.get("Idempotency-Key"), call.sent)
    asked = job_request(process.catalogue, call.body, request_id=call.request_id)
    named = artifacts.named_in(asked.params)
    if not (key or named or asked.unique_key or asked.concurrency_key or asked.depends_on):
        job = submission.submit_at_once(process.database, call.principal, asked, clock=process.clock)
        process.waker.wake()
        return _answer(call, job)
    with process.database.transaction() as session:
        artifacts.keep_uploads(session, tenant_id, asked.params)
        submitted = submission.submit(session, call.principal, asked, clock=process.clock, idempotency=key, quiet=True)
        row = queries.get_job(session, tenant_id, submitted.job_id)
    process.waker.wake()
    return _answer(call, row._asdict(), replayed=submitted.replayed, unique=submitted.unique)


@operation(
    blueprint,
    "POST /jobs/bulk",
    "jobs:submit",
    body=Body(BulkSubmission, documented=BULK_DOCUMENTED),
    answers={202: Answer("All were accepted", BulkAnswer)},
    problems=(404, 409, 413, 415),
)
def submit_jobs(call: Call) -> Response:
    """Submit up to 10,000 jobs at once.

    All are accepted or none. A unique key that is taken refuses the whole request.
    """
    process, principal = call.process, call.principal
    now = process.clock()
    asked: list[JobRequest] = []
    rows = []
    for place, each in enumerate(call.body["jobs"]):
        try:
            asked.append(job_request(process.catalogue, each, request_id=call.request_id))
            rows.append(submission.job_row(principal, asked[-1], now=now))
        except Invalid as error:
            raise at_item(place, error) from error
    with process.database.transaction() as session:
        for row in rows:
            artifacts.keep_uploads(session, principal.tenant_id, row["params"])
        submission.insert_all(session, principal, rows, asked)
    return json_answer({"ids": [row["id"] for row in rows]}, 202)


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

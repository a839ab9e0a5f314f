"""Reading jobs: one, many, and what came out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint

from core.errors import Missing
from core.jobs import listing, queries
from core.jobs.documents import job_document
from core.jobs.retrying import NotFinal
from core.jobs.shards import count_shards
from core.jobs.states import FINAL, State
from webapp.cursors import after_job, job_cursor
from webapp.operations import Answer, Call, json_answer, operation, page_answer
from webapp.schemas.jobs import JobDocument, JobsQuery, WaitQuery
from webapp.schemas.lists import JobList

blueprint = Blueprint("jobs", __name__, description="Reading jobs")

_OPTIONS = ("sort", "limit", "cursor")


class NoResult(Missing):
    """The job ended without a result."""

    code = "no_result"


@operation(
    blueprint,
    "GET /jobs/<uuid:job_id>",
    "jobs:read",
    query=WaitQuery,
    headers={"If-None-Match": "The `ETag` of an answer you have: 304 while it is still true"},
    answers={
        200: Answer(
            "The job",
            JobDocument,
            headers={"ETag": "Changes with every event of the job", "Retry-After": "When to poll next, until final"},
        ),
        304: Answer("Nothing has changed", headers={"ETag": "The same"}),
    },
    problems=(404,),
)
def read_job(call: Call, job_id: UUID) -> Response:
    """Read a job.

    With `wait` the answer comes as soon as the job is final, or after so many seconds.
    """
    tenant_id = call.principal.tenant_id
    if call.query["wait"]:
        _await_final(call, job_id)
    known = request.headers.get("If-None-Match")
    if known is not None:
        version, state, kind = queries.read_version(call.database, tenant_id, job_id)
        if etag(version) in known or known.strip() == "*":
            return Response(status=304, headers=_polling(call, version, state, kind))
    job = queries.read_job(call.database, tenant_id, job_id)
    headers = _polling(call, job["version"], job["state"], job["kind"])
    document = job_document(job, debug=call.principal.may("jobs:debug"), shards=_shards(call, job))
    return json_answer(document, 200, headers)


@operation(blueprint, "GET /jobs", "jobs:read", query=JobsQuery, answers={200: Answer("One page of jobs", JobList)})
def list_jobs(call: Call) -> Response:
    """List jobs.

    Newest first unless `sort=created_at`; follow `next_cursor` with the same filters until it is null. One request
    looks at some thousand jobs at most: where few of many are asked for, a page may be short, even empty, before the
    end.
    """
    query = call.query
    newest_first = query["sort"] == "-created_at"
    chosen = queries.JobFilter(**{name: value for name, value in query.items() if name not in _OPTIONS})
    page = call.read_list(
        lambda session: listing.list_jobs(
            session,
            call.principal.tenant_id,
            chosen,
            limit=query["limit"],
            after=after_job(query["cursor"], newest_first=newest_first),
            newest_first=newest_first,
        )
    )
    debug = call.principal.may("jobs:debug")
    cursor = None if page.next_after is None else job_cursor(page.next_after, newest_first=newest_first)
    return page_answer([job_document(row._asdict(), debug=debug) for row in page.rows], cursor)


@operation(
    blueprint,
    "GET /jobs/<uuid:job_id>/result",
    "jobs:read",
    answers={200: Answer("The result, as the kind's result schema says", {"type": "object"})},
    problems=(404, 409),
)
def read_result(call: Call, job_id: UUID) -> Response:
    """Read a job's result, however large.

    409 `not_final` while the job is on its way, 404 `no_result` when it ended without one.
    """
    job = queries.read_job(call.database, call.principal.tenant_id, job_id)
    if job["state"] not in FINAL:
        raise NotFinal(f"the job is {job['state']}")
    if job["state"] != State.SUCCEEDED:
        raise NoResult(f"the job is {job['state']}")
    return json_answer(job["result"], headers={"ETag": etag(job["version"])})


def etag(version: int) -> str:
    """Write a job's version as an entity tag."""
    return f'"{version}"'


def _shards(call: Call, job: Mapping[str, Any]) -> dict[str, int] | None:
    if not job["stages"]:
        return None
    with call.database.statements() as session:
        return count_shards(session, job["id"])


def _await_final(call: Call, job_id: UUID) -> None:
    tenant_id = call.principal.tenant_id

    def final() -> bool:
        return queries.read_version(call.database, tenant_id, job_id)[1] in FINAL

    call.process.waiting.until(job_id, final, seconds=call.query["wait"])


def _polling(call: Call, version: int, state: str, kind: str) -> dict[str, str]:
    headers = {"ETag": etag(version)}
    if state not in FINAL:
        headers["Retry-After"] = str(call.process.run_times.retry_after_s(call.principal.tenant_id, kind))
    return headers

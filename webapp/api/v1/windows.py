"""Windows of a domain: listed, downloaded, uploaded, exported; and what is true of them, apart."""

from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint

from core.jobs import artifacts, orphans, queries, submission
from core.jobs.documents import job_document
from core.jobs.domain_access import window_bytes
from core.jobs.submission import JobRequest
from core.platform.domains import windows
from core.platform.domains.facts import find_domain
from webapp.domains import window_document
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.domains import (
    ExportRequest,
    TruthList,
    TruthQuery,
    UploadWindowsQuery,
    WindowDocument,
    WindowList,
    WindowsQuery,
)
from webapp.schemas.jobs import JobDocument

blueprint = Blueprint("windows", __name__, description="Rows of a domain's variables")

ARROW = "application/vnd.apache.arrow.stream"
_BYTES = {"type": "string", "contentMediaType": "application/octet-stream"}
_FILE = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": _BYTES}}}}
_ACCEPTED = {202: Answer("The job that does it", JobDocument, headers={"Location": "Address of the job"})}


@operation(
    blueprint,
    "GET /domains/<domain>/windows",
    "domains:read",
    query=WindowsQuery,
    answers={200: Answer("One page of windows", WindowList)},
    problems=(404,),
)
def list_windows(call: Call, domain: str) -> Response:
    """List a domain's windows by index, time or source."""
    asked, tenant_id = dict(call.query), call.principal.tenant_id
    limit, cursor = asked.pop("limit"), asked.pop("cursor")
    if cursor is not None:
        asked["first"] = max(cursor + 1, asked["first"] or 0)
    with call.database.statements() as session:
        home = find_domain(session, tenant_id, domain).id
        rows = windows.list_windows(session, tenant_id, home, limit=limit + 1, **asked)
    page = [window_document(row) for row in rows[:limit]]
    return page_answer(page, str(page[-1]["index"]) if len(rows) > limit else None)


@operation(
    blueprint,
    "GET /domains/<domain>/windows/<int:index>",
    "domains:read",
    answers={200: Answer("The window, without its rows", WindowDocument)},
    problems=(404,),
)
def read_window(call: Call, domain: str, index: int) -> Response:
    """Read what is known of a window."""
    return json_answer(window_document(_window(call, domain, index)))


@operation(
    blueprint,
    "GET /domains/<domain>/windows/<int:index>/content",
    "domains:read",
    answers={200: Answer("Its rows, as an Arrow stream", _BYTES, (ARROW,), {"ETag": "The same for the same window"})},
    problems=(404,),
)
def download_window(call: Call, domain: str, index: int) -> Response:
    """Download a window's rows as they are kept; `POST …/windows/export` writes other formats."""
    row = _window(call, domain, index)
    response = Response(window_bytes(call.process.storage, row), content_type=ARROW)
    response.headers["Content-Disposition"] = f'attachment; filename="window-{index}.arrow"'
    return response


@operation(
    blueprint,
    "POST /domains/<domain>/windows",
    "domains:write",
    query=UploadWindowsQuery,
    answers=_ACCEPTED,
    problems=(404, 413),
    documentation=_FILE,
)
def upload_windows(call: Call, domain: str) -> Response:
    """Upload a file of rows: CSV, Parquet, Arrow or JSON.

    It is streamed and kept as an artifact; the job reads it and reports, and stores windows only if all is good.
    """
    asked, tenant_id, limit = dict(call.query), call.principal.tenant_id, call.process.settings.max_upload_bytes
    with call.database.statements() as session:
        home = find_domain(session, tenant_id, domain).id
    request.max_content_length = limit + 1  # the storage counts exactly; Werkzeug refuses streams that reach its limit
    stored = call.process.storage.put(cast("BinaryIO", request.stream), limit=limit)
    with call.database.transaction() as session:
        orphans.hold(session, call.process.storage, stored.sha256)
        name, kind = f"upload.{asked['format']}", "application/octet-stream"
        artifact = artifacts.record_upload(session, tenant_id, name=name, content_type=kind, stored=stored)
    drop = [one.strip() for one in (asked.pop("drop") or "").split(",") if one.strip()]
    rows = asked.pop("rows_per_window")
    params = {"file": {"artifact": str(artifact)}, "domain": str(home), "drop": drop, **asked}
    return _submit(call, "windows.import", params if rows is None else {**params, "rows_per_window": rows}, home)


@operation(
    blueprint,
    "POST /domains/<domain>/windows/export",
    "jobs:submit",
    body=Body(ExportRequest),
    answers=_ACCEPTED,
    problems=(404, 413, 415),
)
def export_windows(call: Call, domain: str) -> Response:
    """Write windows as one Arrow, Parquet, CSV or NPY file, which is an artifact of the job."""
    with call.database.statements() as session:
        home = find_domain(session, call.principal.tenant_id, domain).id
    return _submit(call, "windows.export", {"domain": str(home), **call.body}, home)


@operation(
    blueprint,
    "GET /domains/<domain>/truth",
    "truth:read",
    query=TruthQuery,
    answers={200: Answer("What is true of each", TruthList)},
    problems=(404,),
)
def list_truths(call: Call, domain: str) -> Response:
    """Read what is true of generated windows: causes, drift, regimes. For scoring; discovery never sees it."""
    tenant_id, first, last = call.principal.tenant_id, call.query["first"], call.query["last"]
    with call.database.statements() as session:
        home = find_domain(session, tenant_id, domain).id
        truths = windows.read_truths(session, tenant_id, home, first, last)
    return page_answer(list(truths.values()))


def _window(call: Call, domain: str, index: int) -> Any:
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        home = find_domain(session, tenant_id, domain).id
        return windows.get_window(session, tenant_id, home, index)


def _submit(call: Call, kind: str, params: dict[str, Any], domain_id: UUID) -> Response:
    process, tenant_id = call.process, call.principal.tenant_id
    asked = JobRequest(process.catalogue.find(kind), params, tags=[f"domain:{domain_id}"], request_id=call.request_id)
    with call.database.transaction() as session:
        artifacts.keep_uploads(session, tenant_id, params)
        submitted = submission.submit(session, call.principal, asked, clock=process.clock, quiet=True)
        row = queries.get_job(session, tenant_id, submitted.job_id)
    process.waker.wake()
    document = job_document(row._asdict(), debug=call.principal.may("jobs:debug"))
    return json_answer(document, 202, {"Location": document["links"]["self"]})

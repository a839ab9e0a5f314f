"""Artifacts: listing and downloading what jobs left behind, uploading what they are to read."""

import re
from contextlib import ExitStack
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint
from sqlalchemy import Row
from sqlalchemy.orm import Session
from werkzeug.wsgi import FileWrapper

from core.errors import FieldError
from core.jobs import artifacts, orphans, queries, quotas
from core.storage import Stored
from webapp.operations import Answer, Call, json_answer, operation, page_answer
from webapp.parsing import FieldsInvalid
from webapp.representations import artifact_document
from webapp.schemas.lists import ArtifactList, UploadAnswer, UploadQuery

blueprint = Blueprint("artifacts", __name__, description="Bytes that go in and come out")

_MEDIA_TYPE = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,80}(\s*;[\x20-\x7e]{0,80})?", re.ASCII)
_BYTES = {"type": "string", "contentMediaType": "application/octet-stream"}
_UPLOAD_BODY = {
    "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": _BYTES}}},
}


@operation(
    blueprint,
    "GET /jobs/<uuid:job_id>/artifacts",
    "artifacts:read",
    answers={200: Answer("The artifacts, by name", ArtifactList)},
    problems=(404,),
)
def list_artifacts(call: Call, job_id: UUID) -> Response:
    """List a job's artifacts."""
    _require_kind(call, job_id)
    with call.database.statements() as session:
        rows = queries.list_artifacts(session, job_id)
    return page_answer([artifact_document(row) for row in rows])


@operation(
    blueprint,
    "GET /jobs/<uuid:job_id>/artifacts/<name>",
    "artifacts:read",
    headers={"Range": "Which bytes, for example `bytes=0-1023`", "If-None-Match": "304 while the bytes are the same"},
    answers={
        200: Answer("The bytes", _BYTES, ("*/*",), {"ETag": "The SHA-256 of the bytes", "Accept-Ranges": "`bytes`"}),
        206: Answer("Some of the bytes", _BYTES, ("*/*",), {"Content-Range": "Which ones, of how many"}),
        304: Answer("The bytes are the same"),
    },
    problems=(404, 416),
)
def download_artifact(call: Call, job_id: UUID, name: str) -> Response:
    """Download an artifact.

    The entity tag is the SHA-256 of the bytes; ranges are served.
    """
    return served(call, job_id, name)


@operation(
    blueprint,
    "POST /artifacts",
    "artifacts:write",
    query=UploadQuery,
    answers={201: Answer("Stored", UploadAnswer)},
    problems=(413,),
    documentation=_UPLOAD_BODY,
)
def upload_artifact(call: Call) -> Response:
    """Upload bytes for jobs to read.

    The bytes are streamed as they are, under the request's own `Content-Type`. Params name the upload as
    `{"artifact": "<id>"}`; one that no job names expires after a day.
    """
    name = artifacts.check_name(call.query["name"])
    content_type = _content_type()
    stored = receive(call, call.process.settings.max_upload_bytes)
    with call.database.transaction() as session:
        artifact_id = record(call, session, name, content_type, stored)
    answer = {"artifact_id": str(artifact_id), "bytes": stored.size, "sha256": stored.sha256}
    return json_answer({**answer, "content_type": content_type}, 201)


def receive(call: Call, limit: int) -> Stored:
    """Store the request's body as it streams in, at most so many bytes.

    A longer body is refused unread where its length is declared, else as soon as it has passed the limit.
    """
    request.max_content_length = limit + 1  # the storage counts exactly; Werkzeug refuses streams that reach its limit
    return call.process.storage.put(cast("BinaryIO", request.stream), limit=limit)


def record(call: Call, session: Session, name: str, content_type: str, stored: Stored) -> UUID:
    """Record what was received as an upload of the caller's tenant, within its quota; return its id."""
    orphans.hold(session, call.process.storage, stored.sha256)
    artifact_id = artifacts.record_upload(
        session, call.principal.tenant_id, name=name, content_type=content_type, stored=stored
    )
    call.hold_to_quotas(session, quotas.BYTES)
    return artifact_id


def served(call: Call, job_id: UUID, name: str) -> Response:
    """Answer with an artifact, or with the part of it that the request asks for."""
    _require_kind(call, job_id)
    with call.database.statements() as session:
        row = artifacts.get_job_artifact(session, call.principal.tenant_id, job_id, name)
    return bytes_answer(call, row)


def bytes_answer(call: Call, row: Row[Any]) -> Response:
    """Answer with the bytes of an artifact that was found within the caller's tenant."""
    stream = artifacts.open_bytes(call.process.storage, row)
    with ExitStack() as unless_answered:
        unless_answered.enter_context(stream)
        response = _conditional(row, stream)
        unless_answered.pop_all()
    response.call_on_close(stream.close)
    return response


def _require_kind(call: Call, job_id: UUID) -> None:
    """Ask for what submitting the job took, where nobody else may have what it left."""
    _version, _state, name = queries.read_version(call.database, call.principal.tenant_id, job_id)
    kind = call.process.catalogue.kinds.get(name)
    if kind is not None and kind.confidential:
        call.principal.require(kind.permission(kind.example))


def _conditional(row: Row[Any], stream: BinaryIO) -> Response:
    """Answer with the bytes that the request's conditions and range ask for."""
    response = Response(FileWrapper(stream, 1 << 16), content_type=row.content_type, direct_passthrough=True)
    response.content_length = row.size
    response.set_etag(row.sha256)
    response.headers["Content-Disposition"] = f'attachment; filename="{row.name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(_with_a_range_or_none(), accept_ranges=True, complete_length=row.size)
    return response


def _with_a_range_or_none() -> dict[str, Any]:
    """Return the request's environment without a range that is not one range of bytes: RFC 9110 has it ignored."""
    wanted = request.range
    if wanted is not None and wanted.units == "bytes" and len(wanted.ranges) == 1:
        return request.environ
    return {name: value for name, value in request.environ.items() if name != "HTTP_RANGE"}


def _content_type() -> str:
    sent = request.content_type or "application/octet-stream"
    if not _MEDIA_TYPE.fullmatch(sent):
        raise FieldsInvalid(errors=[FieldError("/Content-Type", "Not a media type.")])
    return sent

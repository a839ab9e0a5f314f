"""A job's history: events, as a list or live, and log lines."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint
from sqlalchemy import Row

from core.errors import FieldError
from core.jobs import queries
from core.jobs.documents import event_document
from core.jobs.states import FINAL
from webapp.operations import STREAM, Answer, Call, operation, page_answer
from webapp.parsing import FieldsInvalid
from webapp.representations import log_line_document
from webapp.schemas.lists import EventList, LinesQuery, LogList, LogsQuery
from webapp.streaming import stream_events

blueprint = Blueprint("history", __name__, description="What happened to a job")

_NO_BUFFERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_LARGEST_SEQ = (1 << 31) - 1


@operation(
    blueprint,
    "GET /jobs/<uuid:job_id>/events",
    "jobs:read",
    query=LinesQuery,
    headers={
        "Accept": "`text/event-stream` for a live stream that ends after the final event",
        "Last-Event-ID": "Sequence number behind which the stream resumes",
    },
    answers={
        200: Answer("Events, oldest first", EventList, streams=True),
        204: Answer("The stream has nothing to say any more: the job is final and its last event known"),
    },
    problems=(404,),
)
def list_events(call: Call, job_id: UUID) -> Response:
    """List a job's events, or follow them live.

    With `Accept: text/event-stream` each event comes as it happens, its `id` being the sequence number. A client that
    lost the connection resumes with `Last-Event-ID`; there are only so many streams, beyond them 503 asks to poll.
    """
    wanted = request.accept_mimetypes
    version, state, _ = queries.read_version(call.database, call.principal.tenant_id, job_id)
    if wanted[STREAM] > wanted["application/json"]:
        return _follow(call, job_id, last_event=version if state in FINAL else None)
    after, limit = call.query["cursor"], call.query["limit"]
    with call.database.statements() as session:
        rows = queries.list_events(session, job_id, after_seq=after, limit=limit + 1)
    return page_answer([event_document(row) for row in rows[:limit]], _cursor(rows, limit, "seq"))


@operation(
    blueprint,
    "GET /jobs/<uuid:job_id>/logs",
    "jobs:read",
    query=LogsQuery,
    answers={200: Answer("Log lines, oldest first", LogList)},
    problems=(404,),
)
def list_log_lines(call: Call, job_id: UUID) -> Response:
    """List what the job's attempts logged."""
    limit = call.query["limit"]
    queries.read_version(call.database, call.principal.tenant_id, job_id)
    with call.database.statements() as session:
        rows = queries.list_log_lines(session, job_id, after_id=call.query["cursor"], limit=limit + 1)
    return page_answer([log_line_document(row) for row in rows[:limit]], _cursor(rows, limit, "id"))


def _follow(call: Call, job_id: UUID, *, last_event: int | None) -> Response:
    """Stream the events behind `Last-Event-ID`; a client that knows the last one is told to stop asking."""
    after = _last_event_id()
    if last_event is not None and after >= last_event:
        return Response(status=204)
    release = call.process.waiting.take_stream()
    frames = stream_events(call.database, call.process.waiting, job_id, after_seq=after)
    response = Response(frames, content_type=f"{STREAM}; charset=utf-8", headers=_NO_BUFFERS)
    response.call_on_close(release)  # also when the client left before the first frame
    return response


def _cursor(rows: Sequence[Row[Any]], limit: int, name: str) -> str | None:
    return str(getattr(rows[limit - 1], name)) if len(rows) > limit else None


def _last_event_id() -> int:
    sent = request.headers.get("Last-Event-ID", "0")
    if not sent.isdecimal() or not sent.isascii() or int(sent[:20]) > _LARGEST_SEQ:
        raise FieldsInvalid(errors=[FieldError("/Last-Event-ID", "Not the id of an event.")])
    return int(sent)

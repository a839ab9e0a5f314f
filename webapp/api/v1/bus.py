"""The event bus: its topics, its history, its stream."""

from flask import Response, request
from flask_smorest import Blueprint

from core.catalogue import discover_topics
from core.errors import FieldError
from core.platform.bus import history
from core.platform.bus.documents import event_document
from webapp.bus import stream_bus, topic_document
from webapp.operations import STREAM, Answer, Call, operation, page_answer
from webapp.parsing import FieldsInvalid
from webapp.schemas.bus import LARGEST_SEQ, BusEventList, EventsQuery, StreamQuery, TopicList, topics_in

blueprint = Blueprint("bus", __name__, description="What happens, told by topic")

_NO_BUFFERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@operation(blueprint, "GET /topics", "events:read", answers={200: Answer("All topics", TopicList)})
def list_topics(call: Call) -> Response:
    """List the topics: what their events tell, how many were published and handed on, how many lag."""
    with call.database.statements() as session:
        figures = history.statistics(session, call.principal.tenant_id)
    return page_answer([topic_document(topic, figures.get(name)) for name, topic in discover_topics().items()])


@operation(
    blueprint,
    "GET /events",
    "events:read",
    query=EventsQuery,
    answers={200: Answer("One page of events", BusEventList)},
)
def list_bus_events(call: Call) -> Response:
    """List events of the last 14 days, newest first."""
    query, limit = call.query, call.query["limit"]
    with call.database.statements() as session:
        rows = history.list_events(
            session,
            call.principal.tenant_id,
            limit=limit + 1,
            before=query["cursor"],
            topics=topics_in(query["topics"]),
            subject=query["subject"],
        )
    page = [event_document(row) for row in rows[:limit]]
    return page_answer(page, str(page[-1]["seq"]) if len(rows) > limit else None)


@operation(
    blueprint,
    "GET /events/stream",
    "events:read",
    query=StreamQuery,
    headers={"Last-Event-ID": "Number of the event behind which the stream resumes"},
    answers={200: Answer("Events as they come, `id` being their number", {"type": "string"}, (STREAM,))},
)
def stream_bus_events(call: Call) -> Response:
    """Follow events live, as server-sent events.

    A client that lost the connection resumes with `Last-Event-ID`, and misses none of the last 14 days. There are only
    so many streams; beyond them 503 asks to poll `GET /events`.
    """
    query, process, tenant_id = call.query, call.process, call.principal.tenant_id
    after = _resume_behind(query["after"])
    if after is None:
        with call.database.statements() as session:
            after = history.latest(session, tenant_id)
    release = process.waiting.take_stream()
    frames = stream_bus(
        call.database,
        process.waiting,
        tenant_id,
        after=after,
        topics=topics_in(query["topics"]),
        subject=query["subject"],
    )
    response = Response(frames, content_type=f"{STREAM}; charset=utf-8", headers=_NO_BUFFERS)
    response.call_on_close(release)
    return response


def _resume_behind(asked: int | None) -> int | None:
    sent = request.headers.get("Last-Event-ID")
    if sent is None:
        return asked
    if not sent.isdecimal() or not sent.isascii() or int(sent[:20]) > LARGEST_SEQ:
        raise FieldsInvalid(errors=[FieldError("/Last-Event-ID", "Not the id of an event.")])
    return int(sent)

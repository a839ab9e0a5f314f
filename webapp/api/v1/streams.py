"""Tickets for live streams: the web process knows who asks, the stream process holds the socket."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint

from core.clock import rfc3339
from core.config import Settings
from core.jobs import queries
from core.platform.bus import history
from core.platform.streams.tickets import LIFE
from core.platform.streams.topics import API, DOMAIN, EVENTS, JOB, Topic
from webapp.operations import Answer, Body, Call, json_answer, operation
from webapp.schemas.streams import TicketDocument, TicketRequest

blueprint = Blueprint("streams", __name__, description="Live streams over WebSockets and server-sent events")

POLL_EVERY_S = 2


@operation(
    blueprint,
    "POST /streams/tickets",
    "jobs:read",
    body=Body(TicketRequest),
    answers={201: Answer("The ticket", TicketDocument)},
    problems=(404, 413, 415),
)
def issue_ticket(call: Call) -> Response:
    """Ask for a ticket: it opens one stream of the topics that it names, once, within 30 seconds.

    Each topic takes the permission that reading the same would. A client that lost its stream asks for another ticket
    with the last numbers it knows in `after`, and misses nothing.
    """
    return json_answer(ticket_document(call, call.body["topics"], call.body["after"]), 201)


def ticket_document(call: Call, asked: Sequence[Topic], known: Mapping[str, int]) -> dict[str, Any]:
    """Issue a ticket to whoever may read all that it is asked for, and write where it is good."""
    principal, topics = call.principal, list(dict.fromkeys(asked))
    for topic in topics:
        principal.require(topic.permission)
        if topic.sort == JOB:
            queries.read_version(call.database, principal.tenant_id, UUID(topic.key))
    after, now = _after(call, topics, known), call.process.clock()
    web_url = request.url_root.rstrip("/")
    ticket = call.process.tickets.issue(principal, topics, after, web_url, now=now)
    stream_url = stream_address(call.process.settings)
    places = {name: f"{stream_url}{API}/streams/{path}" for name, path in (("websocket", "ws"), ("sse", "sse"))}
    return {
        "ticket": ticket,
        "expires_at": rfc3339(now + LIFE),
        "after": {topic.name: after.get(topic.name, 0) for topic in topics if topic.sort in {JOB, EVENTS, DOMAIN}},
        "stream_url": stream_url,
        "websocket_url": f"ws{places['websocket'].removeprefix('http')}?ticket={quote(ticket)}",
        "sse_url": f"{places['sse']}?ticket={quote(ticket)}",
        "poll": {topic.name: web_url + topic.polled_at(after.get(topic.name, 0)) for topic in topics},
        "interval_s": POLL_EVERY_S,
    }


def stream_address(settings: Settings) -> str:
    """Return where the stream process listens, as whoever sent the present request can reach it."""
    return settings.stream_url or _beside(request.url_root, settings.stream_port)


def _after(call: Call, topics: Sequence[Topic], known: Mapping[str, int]) -> Mapping[str, int]:
    """Return where each topic begins; who names no number hears of the tenant's events from now on."""
    after = dict(known)
    unnamed = [topic.name for topic in topics if topic.sort in {EVENTS, DOMAIN} and topic.name not in after]
    if unnamed:
        with call.database.statements() as session:
            after |= dict.fromkeys(unnamed, history.latest(session, call.principal.tenant_id))
    return after


def _beside(url: str, port: int) -> str:
    """Return the address of another port of the host that was asked."""
    asked = urlsplit(url)
    host = f"[{asked.hostname}]" if ":" in (asked.hostname or "") else asked.hostname
    return f"{asked.scheme}://{host}:{port}"

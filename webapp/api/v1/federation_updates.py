"""Updates of members to a round of their federation: sent, and listed."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.workloads.federated.operations import closing, federations, rounds
from core.workloads.federated.operations.models import FederationRow
from core.workloads.federated.params import USUAL_BYTES
from webapp.api.v1.artifacts import receive, record
from webapp.federations import update_document
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.federations import NamesQuery, UpdateDocument, UpdateFacts, UpdateList, UpdateRequest

blueprint = Blueprint("federation_updates", __name__, description="Updates that members send")

_BYTES = {"type": "string", "contentMediaType": "application/octet-stream"}
_CONTENT = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": _BYTES}}}}


@operation(
    blueprint,
    "GET /federations/<federation>/rounds/<int:number>/updates",
    "federations:read",
    query=NamesQuery,
    answers={200: Answer("One page of updates", UpdateList)},
    problems=(404,),
)
def list_updates(call: Call, federation: str, number: int) -> Response:
    """List what members have sent, by member."""
    limit = call.query["limit"]
    with call.database.statements() as session:
        row = federations.find(session, call.principal.tenant_id, federation)
        rounds.read_round(session, row, number)
        found = rounds.list_updates(session, row, number, limit=limit + 1, after=call.query["cursor"])
        page = [update_document(one) for one in found[:limit]]
    return page_answer(page, page[-1]["member"] if len(found) > limit else None)


@operation(
    blueprint,
    "PUT /federations/<federation>/rounds/<int:number>/updates/<member>",
    "federations:send",
    body=Body(UpdateRequest),
    answers={200: Answer("The update", UpdateDocument)},
    problems=(404, 409, 413, 415),
)
def send_update(call: Call, federation: str, number: int, member: str) -> Response:
    """Send a member's update, an upload of `POST /artifacts`, in place of the one before.

    The round has to be open, or the last one and failed. What is in the file is looked at when the round is aggregated;
    whatever is wrong leaves it out, with the reason.
    """
    with call.database.transaction() as session:
        row = federations.find(session, call.principal.tenant_id, federation, lock=True)
        document = _send(call, session, row, number, member, call.body)
    call.process.waker.wake()
    return json_answer(document)


@operation(
    blueprint,
    "PUT /federations/<federation>/rounds/<int:number>/updates/<member>/content",
    "federations:send",
    query=UpdateFacts,
    answers={200: Answer("The update", UpdateDocument)},
    problems=(404, 409, 413),
    documentation=_CONTENT,
)
def send_content(call: Call, federation: str, number: int, member: str) -> Response:
    """Send a member's update itself, as npz, safetensors or Arrow, in place of the one before.

    A body longer than the federation's `max_bytes` is refused: unread where its length is declared, else as soon as it
    has passed them.
    """
    with call.database.statements() as session:
        row = federations.find(session, call.principal.tenant_id, federation)
        rounds.check_sender(session, row, number, member)
        limit = row.bounds.get("max_bytes", USUAL_BYTES)
    stored = receive(call, limit)
    with call.database.transaction() as session:
        row = federations.find(session, call.principal.tenant_id, federation, lock=True)
        artifact_id = record(call, session, "update", "application/octet-stream", stored)
        document = _send(call, session, row, number, member, {**call.query, "artifact": artifact_id})
    call.process.waker.wake()
    return json_answer(document)


def _send(
    call: Call, session: Session, row: FederationRow, number: int, member: str, asked: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep an update, and close the round if nobody more is awaited."""
    document = update_document(rounds.send(session, row, number, member, asked))
    closing.close_if_enough(session, row, number, clock=call.process.clock)
    return document

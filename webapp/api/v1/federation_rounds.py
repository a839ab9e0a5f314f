"""Rounds of a federation: opened, aggregated, read."""

from datetime import timedelta
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.workloads.federated.operations import closing, federations, rounds
from core.workloads.federated.operations.models import FederationRow, RoundRow
from webapp.federations import round_document
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.federations import NumbersQuery, RoundDocument, RoundList, RoundOpening

blueprint = Blueprint("federation_rounds", __name__, description="Rounds of federations")


@operation(
    blueprint,
    "GET /federations/<federation>/rounds",
    "federations:read",
    query=NumbersQuery,
    answers={200: Answer("One page of rounds", RoundList)},
    problems=(404,),
)
def list_rounds(call: Call, federation: str) -> Response:
    """List rounds, newest first."""
    limit = call.query["limit"]
    with call.database.transaction() as session:
        row = settled(call, session, federation)
        found = rounds.list_rounds(session, row, limit=limit + 1, before=call.query["cursor"])
        page = [_told(session, row, one) for one in found[:limit]]
    return page_answer(page, str(page[-1]["number"]) if len(found) > limit else None)


@operation(
    blueprint,
    "POST /federations/<federation>/rounds",
    "federations:write",
    body=Body(RoundOpening, required=False),
    answers={201: Answer("The round", RoundDocument, headers={"Location": "Its address"})},
    problems=(404, 409, 413, 415),
)
def open_round(call: Call, federation: str) -> Response:
    """Open the next round, which members may send updates to from now on.

    With `deadline_s` or `enough` it closes and is aggregated by itself.
    """
    within_s, enough = call.body["deadline_s"], call.body["enough"]
    closes_at = None if within_s is None else call.process.clock() + timedelta(seconds=within_s)
    with call.database.transaction() as session:
        row = settled(call, session, federation)
        made = rounds.open_round(session, row, closes_at=closes_at, enough=enough)
        closing.close_if_enough(session, row, made.number, clock=call.process.clock)
        document = round_document(made, 0)
    call.process.waker.wake()
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /federations/<federation>/rounds/<int:number>",
    "federations:read",
    answers={200: Answer("The round", RoundDocument)},
    problems=(404,),
)
def read_round(call: Call, federation: str, number: int) -> Response:
    """Read a round; once it is published, with each client's part and who is suspected."""
    with call.database.transaction() as session:
        row = settled(call, session, federation)
        return json_answer(_told(session, row, rounds.read_round(session, row, number)))


@operation(
    blueprint,
    "POST /federations/<federation>/rounds/<int:number>/aggregate",
    "federations:write",
    answers={202: Answer("The round; its link `job` tells how far it is", RoundDocument)},
    problems=(404, 409),
)
def aggregate_round(call: Call, federation: str, number: int) -> Response:
    """Close a round and have its updates made one model, which is published when it succeeds; a failed one anew."""
    with call.database.transaction() as session:
        row = settled(call, session, federation)
        found = rounds.aggregate(session, call.principal, row, number, clock=call.process.clock)
        document = _told(session, row, found)
    call.process.waker.wake()
    return json_answer(document, 202, {"Location": document["links"]["self"]})


def settled(call: Call, session: Session, federation: str) -> FederationRow:
    """Find a federation, and take over first what jobs have left for it."""
    row = federations.find(session, call.principal.tenant_id, federation, lock=True)
    rounds.settle(session, row)
    closing.close_due(session, row, clock=call.process.clock)
    return row


def _told(session: Session, row: FederationRow, found: RoundRow) -> dict[str, Any]:
    return round_document(found, rounds.count_updates(session, row, found.number))

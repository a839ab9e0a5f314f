"""Topology of a federation: who mixes with whom in rounds that need no server."""

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.workloads.federated.operations import connections, federations
from core.workloads.federated.operations.models import FederationRow
from webapp.federations import connection_document, topology_document
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.federation_topology import (
    ConnectionsQuery,
    FederationConnection,
    FederationConnectionList,
    TopologyDocument,
    TopologyRequest,
)
from webapp.schemas.federations import read_name

blueprint = Blueprint("federation_topology", __name__, description="Who mixes with whom, without a server")


@operation(
    blueprint,
    "GET /federations/<federation>/topology",
    "federations:read",
    answers={200: Answer("The topology", TopologyDocument)},
    problems=(404,),
)
def read_topology(call: Call, federation: str) -> Response:
    """Tell how a federation's connections were laid, and which members they do not reach."""
    with call.database.statements() as session:
        return json_answer(_told(session, _find(call, session, federation)))


@operation(
    blueprint,
    "PUT /federations/<federation>/topology",
    "federations:write",
    body=Body(TopologyRequest),
    answers={200: Answer("The topology", TopologyDocument)},
    problems=(404, 413, 415),
)
def lay_topology(call: Call, federation: str) -> Response:
    """Lay connections among the members that there are now, in the place of those before.

    Rounds that are aggregated from then on follow them: members' updates are mixed along connections until all agree.
    """
    with call.database.transaction() as session:
        row = _find(call, session, federation, lock=True)
        connections.lay(session, row, call.body)
        return json_answer(_told(session, row))


@operation(
    blueprint,
    "DELETE /federations/<federation>/topology",
    "federations:write",
    answers={204: Answer("Rounds go over the server")},
    problems=(404,),
)
def clear_topology(call: Call, federation: str) -> Response:
    """Forget the topology with its connections: rounds go over the server again."""
    with call.database.transaction() as session:
        connections.clear(session, _find(call, session, federation, lock=True))
    return Response(status=204)


@operation(
    blueprint,
    "GET /federations/<federation>/connections",
    "federations:read",
    query=ConnectionsQuery,
    answers={200: Answer("One page of connections", FederationConnectionList)},
    problems=(404,),
)
def list_federation_connections(call: Call, federation: str) -> Response:
    """List connections by the names of both."""
    limit, cursor = call.query["limit"], call.query["cursor"]
    after = None if cursor is None else tuple(cursor.split("/"))
    with call.database.statements() as session:
        row = _find(call, session, federation)
        found = connections.list_connections(session, row, limit=limit + 1, after=after)
        page = [connection_document(one) for one in found[:limit]]
    return page_answer(page, f"{page[-1]['one']}/{page[-1]['other']}" if len(found) > limit else None)


@operation(
    blueprint,
    "PUT /federations/<federation>/connections/<one>/<other>",
    "federations:write",
    answers={200: Answer("The connection", FederationConnection)},
    problems=(404, 409),
)
def connect_members(call: Call, federation: str, one: str, other: str) -> Response:
    """Connect two members, in whichever order; again does no harm."""
    names = read_name(one, "/one"), read_name(other, "/other")
    with call.database.transaction() as session:
        row = _find(call, session, federation, lock=True)
        return json_answer(connection_document(connections.connect(session, row, *names)))


@operation(
    blueprint,
    "DELETE /federations/<federation>/connections/<one>/<other>",
    "federations:write",
    answers={204: Answer("They are not connected any more")},
    problems=(404,),
)
def disconnect_members(call: Call, federation: str, one: str, other: str) -> Response:
    """End a connection."""
    with call.database.transaction() as session:
        connections.disconnect(session, _find(call, session, federation, lock=True), one, other)
    return Response(status=204)


def _find(call: Call, session: Session, federation: str, *, lock: bool = False) -> FederationRow:
    return federations.find(session, call.principal.tenant_id, federation, lock=lock)


def _told(session: Session, row: FederationRow) -> dict[str, object]:
    return topology_document(row, connections.parts(session, row), connections.count(session, row))

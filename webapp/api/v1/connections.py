"""Connections: a tenant's access to advertising platforms and CRMs."""

from flask import Response
from flask_smorest import Blueprint

from core.ids import uuid7
from core.workloads.customers.operations import connections, disconnecting
from webapp.connections import connection_document
from webapp.once import HEADER, REPLAYED, made_before
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.connections import (
    ConnectionChange,
    ConnectionDocument,
    ConnectionList,
    ConnectionRemoval,
    ConnectionRequest,
)

blueprint = Blueprint("connections", __name__, description="Access to advertising platforms and CRMs")


@operation(blueprint, "GET /connections", "customers:read", answers={200: Answer("All connections", ConnectionList)})
def list_connections(call: Call) -> Response:
    """List connections by name."""
    with call.database.statements() as session:
        found = connections.list_connections(session, call.principal.tenant_id)
        return page_answer([connection_document(row) for row in found])


@operation(
    blueprint,
    "POST /connections",
    "customers:write",
    body=Body(ConnectionRequest),
    headers=HEADER,
    answers={
        201: Answer("The connection", ConnectionDocument, headers={"Location": "Its address"}),
        200: Answer("It was there before, by its key", ConnectionDocument, headers={"Idempotency-Replayed": "`true`"}),
    },
    problems=(409, 413, 415),
)
def create_connection(call: Call) -> Response:
    """Connect to a platform; `simulated_ads` and `simulated_crm` need no account."""
    with call.database.transaction() as session:
        made, tenant_id = uuid7(), call.principal.tenant_id
        first = made_before(call, session, made, secret=True)
        if first is not None:
            return json_answer(connection_document(connections.find(session, tenant_id, str(first))), 200, REPLAYED)
        document = connection_document(connections.create(session, tenant_id, {**call.body, "id": made}))
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /connections/<connection>",
    "customers:read",
    answers={200: Answer("The connection", ConnectionDocument)},
    problems=(404,),
)
def read_connection(call: Call, connection: str) -> Response:
    """Read a connection, by its id or its name."""
    with call.database.statements() as session:
        return json_answer(connection_document(connections.find(session, call.principal.tenant_id, connection)))


@operation(
    blueprint,
    "PUT /connections/<connection>/settings",
    "customers:write",
    body=Body(ConnectionChange),
    answers={200: Answer("The connection", ConnectionDocument)},
    problems=(404, 413, 415),
)
def change_connection(call: Call, connection: str) -> Response:
    """Give a connection other settings."""
    with call.database.transaction() as session:
        row = connections.change(session, call.principal.tenant_id, connection, call.body["settings"])
        return json_answer(connection_document(row))


@operation(
    blueprint,
    "DELETE /connections/<connection>",
    "customers:write",
    query=ConnectionRemoval,
    answers={204: Answer("It is gone")},
    problems=(404, 409),
)
def remove_connection(call: Call, connection: str) -> Response:
    """Forget a connection, unless something hangs on it; a simulated platform goes with all that it holds."""
    with call.database.transaction() as session:
        disconnecting.disconnect(session, call.principal.tenant_id, connection, force=call.query["force"])
    return Response(status=204)

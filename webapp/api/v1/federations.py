"""Federations: who learns together, by which strategy; their members and the versions of their models."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from core.errors import field_errors
from core.jobs import artifacts
from core.workloads.federated.operations import federations, ledger, rounds
from core.workloads.federated.operations.models import FederationRow
from core.workloads.federated.writing import written
from webapp.api.v1.artifacts import bytes_answer
from webapp.federations import BOUNDS, federation_document, member_document, model_document
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.parsing import FieldsInvalid
from webapp.schemas.federation_privacy import check_privacy
from webapp.schemas.federation_topology import check_topology
from webapp.schemas.federations import (
    FederationChange,
    FederationDocument,
    FederationList,
    FederationMember,
    FederationMemberList,
    FederationMemberRequest,
    FederationRequest,
    FederationsQuery,
    JoinedAnswer,
    MembersRequest,
    ModelDocument,
    ModelList,
    ModelRequest,
    NamesQuery,
    NumbersQuery,
    check_strategy,
    read_name,
)

blueprint = Blueprint("federations", __name__, description="Who learns together without sharing data")

_BYTES = {"type": "string", "contentMediaType": "application/octet-stream"}
_DEFAULTS: dict[str, Any] = {
    "description": "",
    "strategy": "fedavg",
    "settings": {},
    "form": "weights",
    "quorum": 1,
    "privacy": None,
}


@operation(
    blueprint,
    "GET /federations",
    "federations:read",
    query=FederationsQuery,
    answers={200: Answer("One page of federations", FederationList)},
)
def list_federations(call: Call) -> Response:
    """List federations, newest first."""
    limit = call.query["limit"]
    with call.database.statements() as session:
        found = federations.list_federations(
            session, call.principal.tenant_id, limit=limit + 1, after=call.query["cursor"]
        )
        page = [federation_document(row) for row in found[:limit]]
    return page_answer(page, page[-1]["id"] if len(found) > limit else None)


@operation(
    blueprint,
    "POST /federations",
    "federations:write",
    body=Body(FederationRequest),
    answers={201: Answer("The federation", FederationDocument, headers={"Location": "Its address"})},
    problems=(409, 413, 415),
)
def create_federation(call: Call) -> Response:
    """Make a federation; with a mean of members' whole models unless a strategy is named."""
    asked = dict(call.body)
    members = asked.pop("members")
    fields = _columns({**_DEFAULTS, **asked}, {}, None)
    with call.database.transaction() as session:
        row = federations.create(session, call.principal.tenant_id, fields)
        if members:
            federations.join(session, row, members)
        document = federation_document(row)
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /federations/<federation>",
    "federations:read",
    answers={200: Answer("The federation", FederationDocument)},
    problems=(404,),
)
def read_federation(call: Call, federation: str) -> Response:
    """Read a federation, by its id or its name."""
    with call.database.statements() as session:
        return json_answer(federation_document(_find(call, session, federation)))


@operation(
    blueprint,
    "PATCH /federations/<federation>",
    "federations:write",
    body=Body(FederationChange),
    answers={200: Answer("The federation as it is now", FederationDocument)},
    problems=(404, 409, 413, 415),
)
def change_federation(call: Call, federation: str) -> Response:
    """Change some fields; they hold for rounds that are aggregated from then on.

    Privacy cannot be ended that rounds were released under.
    """
    with call.database.transaction() as session:
        row = _find(call, session, federation, lock=True)
        before = {name: getattr(row, name) for name in ("strategy", "settings")}
        if "strategy" in call.body and call.body["strategy"] != row.strategy:
            before["settings"] = {}
        before["privacy"] = row.privacy
        changes = _columns({**before, **call.body}, row.bounds, row.topology)
        ledger.refuse_ending(session, row, changes["privacy"])
        row = federations.change(session, call.principal.tenant_id, str(row.id), changes)
        return json_answer(federation_document(row))


@operation(
    blueprint,
    "DELETE /federations/<federation>",
    "federations:write",
    answers={204: Answer("It is gone")},
    problems=(404,),
)
def remove_federation(call: Call, federation: str) -> Response:
    """Forget a federation with its rounds, updates and models."""
    with call.database.transaction() as session:
        federations.remove(session, call.principal.tenant_id, federation)
    return Response(status=204)


@operation(
    blueprint,
    "GET /federations/<federation>/members",
    "federations:read",
    query=NamesQuery,
    answers={200: Answer("One page of members", FederationMemberList)},
    problems=(404,),
)
def list_federation_members(call: Call, federation: str) -> Response:
    """List members by name."""
    limit = call.query["limit"]
    with call.database.statements() as session:
        row = _find(call, session, federation)
        found = federations.list_members(session, row, limit=limit + 1, after=call.query["cursor"])
        page = [member_document(one) for one in found[:limit]]
    return page_answer(page, page[-1]["name"] if len(found) > limit else None)


@operation(
    blueprint,
    "POST /federations/<federation>/members",
    "federations:write",
    body=Body(MembersRequest),
    answers={200: Answer("How many are new", JoinedAnswer)},
    problems=(404, 409, 413, 415),
)
def join_federation(call: Call, federation: str) -> Response:
    """Make some names members: only members' updates are taken."""
    with call.database.transaction() as session:
        row = _find(call, session, federation, lock=True)
        return json_answer({"joined": federations.join(session, row, call.body["names"])})


@operation(
    blueprint,
    "PUT /federations/<federation>/members/<member>",
    "federations:write",
    body=Body(FederationMemberRequest),
    answers={200: Answer("The member", FederationMember)},
    problems=(404, 409, 413, 415),
)
def place_member(call: Call, federation: str, member: str) -> Response:
    """Make a name a member, and say what it learns from where it trains here."""
    name = read_name(member)
    with call.database.transaction() as session:
        row = _find(call, session, federation, lock=True)
        data = None if call.body["data"] is None else written(call.body["data"])
        return json_answer(member_document(federations.place(session, row, name, data)))


@operation(
    blueprint,
    "DELETE /federations/<federation>/members/<member>",
    "federations:write",
    answers={204: Answer("No member any more")},
    problems=(404,),
)
def leave_federation(call: Call, federation: str, member: str) -> Response:
    """End a membership; what was sent stays."""
    with call.database.transaction() as session:
        federations.leave(session, _find(call, session, federation), member)
    return Response(status=204)


@operation(
    blueprint,
    "GET /federations/<federation>/models",
    "federations:read",
    query=NumbersQuery,
    answers={200: Answer("One page of versions", ModelList)},
    problems=(404,),
)
def list_models(call: Call, federation: str) -> Response:
    """List versions of the model, newest first."""
    limit = call.query["limit"]
    with call.database.transaction() as session:
        row = _find(call, session, federation, lock=True)
        rounds.settle(session, row)
        found = federations.list_models(session, row, limit=limit + 1, before=call.query["cursor"])
        page = [model_document(one) for one in found[:limit]]
    return page_answer(page, str(page[-1]["version"]) if len(found) > limit else None)


@operation(
    blueprint,
    "POST /federations/<federation>/models",
    "federations:write",
    body=Body(ModelRequest),
    answers={201: Answer("The version", ModelDocument, headers={"Location": "Its address"})},
    problems=(404, 409, 413, 415),
)
def publish_model(call: Call, federation: str) -> Response:
    """Publish an uploaded model as the next version, to begin with or to go back; not while a round is unsettled."""
    with call.database.transaction() as session:
        row = _find(call, session, federation, lock=True)
        rounds.settle(session, row)
        rounds.refuse_unsettled(session, row)
        document = model_document(federations.publish_model(session, row, call.body["artifact"]))
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /federations/<federation>/models/<int:version>",
    "federations:read",
    answers={200: Answer("The version", ModelDocument)},
    problems=(404,),
)
def read_model(call: Call, federation: str, version: int) -> Response:
    """Read what is known of a version."""
    with call.database.statements() as session:
        return json_answer(model_document(federations.read_model(session, _find(call, session, federation), version)))


@operation(
    blueprint,
    "GET /federations/<federation>/models/<int:version>/content",
    "federations:read",
    answers={200: Answer("The file", _BYTES, content_types=("application/octet-stream",))},
    problems=(404, 416),
)
def download_model(call: Call, federation: str, version: int) -> Response:
    """Download a version: the npz that a round made, or the file that was uploaded."""
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        model = federations.read_model(session, _find(call, session, federation), version)
        row = artifacts.get_artifact(session, tenant_id, model.artifact_id)
    return bytes_answer(call, row)


def _find(call: Call, session: Session, federation: str, *, lock: bool = False) -> FederationRow:
    return federations.find(session, call.principal.tenant_id, federation, lock=lock)


def _columns(asked: dict[str, Any], bounds: dict[str, Any], topology: dict[str, Any] | None) -> dict[str, Any]:
    """Return the columns of fields as they were asked for; raises `FieldsInvalid` where they do not go together."""
    changed = {**bounds, **{name: asked[name] for name in BOUNDS if name in asked}}
    try:
        check_strategy(asked["strategy"], asked["settings"])
        check_privacy(asked["strategy"], changed, asked["privacy"])
        check_topology(asked["strategy"], asked["privacy"], topology)
    except ValidationError as error:
        raise FieldsInvalid(errors=list(field_errors(error.messages))) from error
    columns = {name: value for name, value in asked.items() if name not in BOUNDS}
    if columns.get("training") is not None:
        columns["training"] = written(columns["training"])
    return {**columns, "bounds": {name: value for name, value in changed.items() if value is not None}}

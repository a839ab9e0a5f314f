"""Erasure on request, with evidence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy import Row

from core.clock import rfc3339
from core.errors import FieldError
from core.platform.erasure import erasing
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.parsing import FieldsInvalid
from webapp.schemas.erasures import ErasureDocument, ErasureList, ErasureRequest

blueprint = Blueprint("erasures", __name__, description="Erasing on request, with evidence")


@operation(
    blueprint,
    "POST /erasures",
    "tenant:erase",
    body=Body(ErasureRequest),
    answers={
        201: Answer("It is erased", ErasureDocument, headers={"Location": "Its evidence"}),
        202: Answer("Its keys are destroyed, and rows are being deleted", ErasureDocument),
    },
    problems=(413, 415),
)
def erase(call: Call) -> Response:
    """Erase what is about a person, or all that the tenant has.

    First the keys are destroyed: what they sealed is unreadable from then on, in backups, too. Then rows go. The audit
    trail stays, as it names people by their ids alone.
    """
    principal = call.principal
    whole = call.body.get("whole_tenant")
    if whole is not None and whole != str(principal.tenant_id):
        raise FieldsInvalid(errors=[FieldError("/whole_tenant", "Not the id of the tenant that asks.")])
    with call.database.transaction() as session:
        if whole is not None:
            document = _document(erasing.erase_tenant(session, principal))
        else:
            document = _document(erasing.erase_person(session, principal, call.body["subject"]))
    headers = {"Location": f"/api/v1/erasures/{document['id']}"}
    return json_answer(document, 202 if whole is not None else 201, headers)


@operation(blueprint, "GET /erasures", "tenant:erase", answers={200: Answer("All erasures, newest first", ErasureList)})
def list_erasures(call: Call) -> Response:
    """List the evidence of all erasures."""
    with call.database.statements() as session:
        return page_answer([_document(row) for row in erasing.list_erasures(session, call.principal.tenant_id)])


@operation(
    blueprint,
    "GET /erasures/<uuid:erasure_id>",
    "tenant:erase",
    answers={200: Answer("The evidence", ErasureDocument)},
    problems=(404,),
)
def read_erasure(call: Call, erasure_id: UUID) -> Response:
    """Read the evidence of an erasure."""
    with call.database.statements() as session:
        return json_answer(_document(erasing.get_erasure(session, call.principal.tenant_id, erasure_id)))


def _document(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "subject": _id(row.subject),
        "requested_by": _id(row.requested_by),
        "requested_at": rfc3339(row.requested_at),
        "keys_destroyed": row.keys_destroyed,
        "finished_at": _instant(row.finished_at),
        "counts": row.counts,
    }


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _instant(value: datetime | None) -> str | None:
    return None if value is None else rfc3339(value)

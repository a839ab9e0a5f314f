"""Privacy of a federation: what is spent and left, and the ledger of it."""

from flask import Response
from flask_smorest import Blueprint

from core.workloads.federated.operations import federations, ledger
from webapp.federations import entry_document
from webapp.operations import Answer, Call, json_answer, operation, page_answer
from webapp.schemas.federation_privacy import LedgerList, SpendingDocument
from webapp.schemas.federations import NumbersQuery

blueprint = Blueprint("federation_privacy", __name__, description="Privacy budgets of federations")


@operation(
    blueprint,
    "GET /federations/<federation>/privacy",
    "federations:read",
    answers={200: Answer("What is spent and left", SpendingDocument)},
    problems=(404,),
)
def read_privacy(call: Call, federation: str) -> Response:
    """Tell what all rounds so far have spent of a federation's privacy budget, and what is left."""
    nothing = {"terms": None, "rounds": 0, "spent": 0.0, "left": None, "clip": None}
    with call.database.statements() as session:
        row = federations.find(session, call.principal.tenant_id, federation)
        if row.privacy is None:
            return json_answer(nothing)
        found = ledger.spending(session, row, row.privacy)
    told = {"rounds": found.rounds, "spent": found.epsilon, "left": found.left, "clip": found.clip}
    return json_answer({"terms": row.privacy, **told})


@operation(
    blueprint,
    "GET /federations/<federation>/privacy/ledger",
    "federations:read",
    query=NumbersQuery,
    answers={200: Answer("One page of entries", LedgerList)},
    problems=(404,),
)
def list_ledger(call: Call, federation: str) -> Response:
    """List what each round was admitted for, newest first; an attempt that failed is not given back."""
    limit = call.query["limit"]
    with call.database.statements() as session:
        row = federations.find(session, call.principal.tenant_id, federation)
        found = ledger.list_entries(session, row, limit=limit + 1, before=call.query["cursor"])
        page = [entry_document(one) for one in found[:limit]]
    return page_answer(page, str(page[-1]["entry"]) if len(found) > limit else None)

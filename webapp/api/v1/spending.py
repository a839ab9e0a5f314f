"""What assistance cost."""

from flask import Response
from flask_smorest import Blueprint

from webapp.operations import Answer, Call, json_answer, operation
from webapp.schemas.spending import AssistanceSpendingDocument, AssistanceSpendingQuery
from webapp.spending import spending_document

blueprint = Blueprint("assistance", __name__, description="What assistance cost")


@operation(
    blueprint,
    "GET /assistance/spending",
    "jobs:read",
    query=AssistanceSpendingQuery,
    answers={200: Answer("What was spent, by day and by whom", AssistanceSpendingDocument)},
)
def read_spending(call: Call) -> Response:
    """Read what your tenant's assistance jobs cost.

    It is read from the jobs' results: sums are exact, and reach as far back as jobs are kept.
    """
    with call.database.statements() as session:
        return json_answer(spending_document(session, call.principal.tenant_id, days=call.query["days"]))

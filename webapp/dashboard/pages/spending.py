"""What assistance cost."""

from flask import Blueprint, Response

from webapp.dashboard.frame import page, rendered
from webapp.operations import Call
from webapp.schemas.spending import AssistanceSpendingQuery
from webapp.spending import spending_document

blueprint = Blueprint("spending", __name__)


@page(blueprint, "GET /resilience/spending", "jobs:read", query=AssistanceSpendingQuery)
def show_spending(call: Call) -> Response:
    """Show what the tenant's assistance cost, by day and by whom."""
    with call.database.statements() as session:
        told = spending_document(session, call.principal.tenant_id, days=call.query["days"])
    return rendered("spending.html", spending=told)

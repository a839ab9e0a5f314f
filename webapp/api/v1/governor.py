"""The governor: what workers hold back while their hosts are short of something."""

from flask import Response
from flask_smorest import Blueprint

from webapp.governing import governor_document
from webapp.operations import Answer, Call, json_answer, operation
from webapp.schemas.governor import GovernorDocument, GovernorQuery

blueprint = Blueprint("governor", __name__, description="What workers hold back under pressure")


@operation(
    blueprint,
    "GET /governor",
    "health:read",
    query=GovernorQuery,
    answers={200: Answer("Readings, forecasts, and what was done", GovernorDocument)},
)
def read_governor(call: Call) -> Response:
    """Read what every worker's governor sees and foresees, what holds now, and the latest changes with their reasons.

    Workers that said nothing for fifteen seconds are left out.
    """
    with call.platform.statements() as session:
        return json_answer(governor_document(session, call.process.settings, actions=call.query["actions"]))

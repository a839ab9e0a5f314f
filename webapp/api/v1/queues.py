"""Queues, to be read."""

from dataclasses import asdict

from flask import Response
from flask_smorest import Blueprint

from core.jobs import queues
from webapp.operations import Answer, Call, operation, page_answer
from webapp.schemas.platform import QueueList

blueprint = Blueprint("queues", __name__, description="How busy the platform is")


@operation(blueprint, "GET /queues", "jobs:read", answers={200: Answer("Every queue", QueueList)})
def list_queues(call: Call) -> Response:
    """List the queues.

    The figures are the platform's, over all tenants: they tell how long a job may wait.
    """
    with call.process.database.statements() as session:
        figures = queues.read_queues(session)
    return page_answer([asdict(queue) for queue in figures])

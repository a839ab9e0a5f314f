"""Queues: how busy they are, and whether anything of them is started."""

from collections.abc import Sequence

from flask import Response
from flask_smorest import Blueprint

from core.jobs import pausing, queues
from core.jobs.queues import QueueFigures, queue_document
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.platform import QueueDocument, QueueList
from webapp.schemas.values import Nothing

blueprint = Blueprint("queues", __name__, description="How busy the platform is")


@operation(blueprint, "GET /queues", "jobs:read", answers={200: Answer("Every queue", QueueList)})
def list_queues(call: Call) -> Response:
    """List the queues.

    The figures are the platform's, over all tenants: they tell how long a job may wait.
    """
    with call.platform.statements() as session:
        figures = queues.read_queues(session)
    return page_answer([queue_document(queue) for queue in figures])


@operation(
    blueprint,
    "POST /queues/<name>/pause",
    "queues:write",
    body=Body(Nothing, required=False),
    answers={200: Answer("Nothing of the queue is started", QueueDocument)},
    problems=(404, 413, 415),
)
def pause_queue(call: Call, name: str) -> Response:
    """Pause a queue.

    Jobs that run go on; whatever else is in the queue or comes into it waits until it is resumed. Asking again is fine.
    """
    with call.platform.transaction() as session:
        pausing.pause(session, name, by=call.principal.id)
        return _one(name, queues.read_queues(session))


@operation(
    blueprint,
    "POST /queues/<name>/resume",
    "queues:write",
    body=Body(Nothing, required=False),
    answers={200: Answer("The queue goes on", QueueDocument)},
    problems=(404, 413, 415),
)
def resume_queue(call: Call, name: str) -> Response:
    """Resume a queue.

    Resuming one that was not paused is fine.
    """
    with call.platform.transaction() as session:
        pausing.resume(session, name)
        return _one(name, queues.read_queues(session))


def _one(name: str, figures: Sequence[QueueFigures]) -> Response:
    return json_answer(next(queue_document(queue) for queue in figures if queue.name == name))

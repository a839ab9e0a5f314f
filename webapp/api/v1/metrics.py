"""Metrics for Prometheus."""

from importlib.metadata import version

from flask import Response
from flask_smorest import Blueprint
from prometheus_client import CONTENT_TYPE_LATEST

from webapp.operations import Answer, Call, operation

blueprint = Blueprint("metrics", __name__, description="Figures for Prometheus")


@operation(
    blueprint,
    "GET /metrics",
    "metrics:read",
    answers={200: Answer("Prometheus' text format", {"type": "string"}, ("text/plain",))},
)
def read_metrics(call: Call) -> Response:
    """Scrape the metrics."""
    with call.platform.statements() as session:
        text = call.process.metrics.exposition(session, version=version("penstock"))
    return Response(text, content_type=CONTENT_TYPE_LATEST)

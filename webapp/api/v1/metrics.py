"""Metrics for Prometheus."""

from importlib.metadata import version

from flask import Response
from flask_smorest import Blueprint
from prometheus_client import CONTENT_TYPE_LATEST
from redis import RedisError

from core import redis
from core.platform.streams import figures
from webapp.health import REDIS_WITHIN_S
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
    breakers = call.process.breakers.standings()
    streams = read_streams(call.process.settings.redis_url)
    with call.platform.statements() as session:
        told = streams, breakers, call.process.cache
        text = call.process.metrics.exposition(session, *told, version=version("penstock"))
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def read_streams(url: str) -> dict[str, dict[str, int]]:
    """Return what the stream processes left in Redis; nothing while it is away."""
    try:
        with redis.connect(url, timeout_s=REDIS_WITHIN_S) as client:
            return figures.read(client)
    except RedisError:
        return {}

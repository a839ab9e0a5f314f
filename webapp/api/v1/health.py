"""Health: alive, ready, and the full report."""

from dataclasses import asdict
from importlib.metadata import version

from flask import Response
from flask_smorest import Blueprint

from core.platform import starting
from webapp.health import activity_document, probe_database, probe_redis
from webapp.operations import Answer, Call, json_answer, operation
from webapp.schemas.platform import HealthDocument, LiveDocument, ReadyDocument

blueprint = Blueprint("health", __name__, description="Whether the platform works")


@operation(blueprint, "GET /health/live", None, answers={200: Answer("The process answers", LiveDocument)})
def read_liveness(_call: Call) -> Response:
    """Tell that the process answers."""
    return json_answer({"status": "alive"})


@operation(
    blueprint,
    "GET /health/ready",
    None,
    answers={200: Answer("Jobs are accepted; `degraded` while Redis is away", ReadyDocument)},
    problems=(503,),
)
def read_readiness(call: Call) -> Response:
    """Tell whether jobs are accepted.

    That takes the database alone, at the schema that this version expects; else the problem's code says what is wrong:
    `starting`, `database_unavailable`, `database_refuses`, `schema_missing`, `schema_behind` or `schema_newer`.
    """
    call.process.warming.check()
    starting.examine(call.platform)
    redis = probe_redis(call.process.settings.redis_url)
    status = "ready" if redis.status == "up" else "degraded"
    return json_answer({"status": status, "database": "up", "redis": redis.status})


@operation(blueprint, "GET /health", "health:read", answers={200: Answer("The full report", HealthDocument)})
def read_health(call: Call) -> Response:
    """Read the full report: components, versions, outbox, reconciler, workers at work."""
    with call.platform.statements() as session:
        revision = starting.check_schema(session)
        database = probe_database(session)
        activity = activity_document(session)
    redis = probe_redis(call.process.settings.redis_url)
    return json_answer(
        {
            "status": "ready" if redis.status == "up" else "degraded",
            "version": version("penstock"),
            "components": {"database": asdict(database), "redis": asdict(redis)},
            "schema_revision": revision,
            **activity,
        }
    )

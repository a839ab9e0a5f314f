"""Retention, to be read."""

from dataclasses import asdict

from flask import Response
from flask_smorest import Blueprint

from core.clock import rfc3339
from core.jobs import retention
from webapp.operations import Answer, Call, json_answer, operation
from webapp.schemas.retention import RetentionDocument

blueprint = Blueprint("retention", __name__, description="How long jobs are kept")


@operation(blueprint, "GET /retention", "retention:read", answers={200: Answer("The rule", RetentionDocument)})
def read_retention(call: Call) -> Response:
    """Read how long final jobs are kept.

    Those that are gone are counted, by kind and by how they ended.
    """
    days = call.process.settings.retention_days
    with call.database.statements() as session:
        found = retention.read_retention(session, call.principal.tenant_id, default_days=days)
    oldest = None if found.oldest_end_at is None else rfc3339(found.oldest_end_at)
    return json_answer({**asdict(found), "oldest_end_at": oldest})

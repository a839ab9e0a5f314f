"""Retention: how long jobs and records are kept."""

from dataclasses import asdict

from flask import Response
from flask_smorest import Blueprint

from core.clock import rfc3339
from core.jobs import retention
from core.platform.erasure import retention as rules
from webapp.operations import Answer, Body, Call, json_answer, operation
from webapp.schemas.erasures import RetentionSetting
from webapp.schemas.retention import RetentionDocument

blueprint = Blueprint("retention", __name__, description="How long jobs and records are kept")


@operation(blueprint, "GET /retention", "retention:read", answers={200: Answer("The rule", RetentionDocument)})
def read_retention(call: Call) -> Response:
    """Read how long final jobs and other records are kept.

    Those that are gone are counted, by kind and by how they ended.
    """
    return _read(call)


@operation(
    blueprint,
    "PUT /retention/<name>",
    "retention:write",
    body=Body(RetentionSetting),
    answers={200: Answer("The rules as they are now", RetentionDocument)},
    problems=(404, 413, 415),
)
def set_retention(call: Call, name: str) -> Response:
    """Set how many days a sort of record (`audit`, `alerts`, `notifications`, `deliveries`) is kept."""
    with call.database.transaction() as session:
        rules.set_rule(session, call.principal.tenant_id, name, call.body["days"])
    return _read(call)


@operation(
    blueprint,
    "DELETE /retention/<name>",
    "retention:write",
    answers={204: Answer("The platform's own rule holds")},
    problems=(404,),
)
def reset_retention(call: Call, name: str) -> Response:
    """Have a sort of record kept as long as the platform's own rule says."""
    with call.database.transaction() as session:
        rules.set_rule(session, call.principal.tenant_id, name, None)
    return Response(status=204)


def _read(call: Call) -> Response:
    days, tenant_id = call.process.settings.retention_days, call.principal.tenant_id
    with call.database.statements() as session:
        found = retention.read_retention(session, tenant_id, default_days=days)
        records = [asdict(rule) for rule in rules.read_rules(session, tenant_id)]
    oldest = None if found.oldest_end_at is None else rfc3339(found.oldest_end_at)
    return json_answer({**asdict(found), "oldest_end_at": oldest, "records": records})

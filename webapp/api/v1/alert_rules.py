"""Alert rules: which figures are watched each minute, and when they are wrong."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.jobs.alert_documents import alert_rule_document
from core.platform.alerts import rules
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.alert_rules import AlertRuleChange, AlertRuleDocument, AlertRuleList, AlertRuleRequest

blueprint = Blueprint("alert_rules", __name__, description="Figures that are watched each minute")

_RULE = "/alert-rules/<uuid:rule_id>"


@operation(
    blueprint, "GET /alert-rules", "alerts:read", answers={200: Answer("All rules, newest first", AlertRuleList)}
)
def list_alert_rules(call: Call) -> Response:
    """List what is watched, with the figures of the last round."""
    with call.database.statements() as session:
        return page_answer([alert_rule_document(row) for row in rules.list_rules(session, call.principal.tenant_id)])


@operation(
    blueprint,
    "POST /alert-rules",
    "alerts:write",
    body=Body(AlertRuleRequest),
    answers={201: Answer("The rule", AlertRuleDocument, headers={"Location": "Its address"})},
    problems=(409, 413, 415),
)
def create_alert_rule(call: Call) -> Response:
    """Have a figure of the tenant's jobs watched each minute.

    It fires when it was beyond the threshold for `for_s`, and clears when it comes back to `clear_threshold`.
    """
    with call.database.transaction() as session:
        document = alert_rule_document(rules.create(session, call.principal.tenant_id, call.body))
    return json_answer(document, 201, {"Location": f"/api/v1/alert-rules/{document['id']}"})


@operation(
    blueprint, f"GET {_RULE}", "alerts:read", answers={200: Answer("The rule", AlertRuleDocument)}, problems=(404,)
)
def read_alert_rule(call: Call, rule_id: UUID) -> Response:
    """Read a rule and what it says now."""
    with call.database.statements() as session:
        return json_answer(alert_rule_document(rules.get_rule(session, call.principal.tenant_id, rule_id)))


@operation(
    blueprint,
    f"PATCH {_RULE}",
    "alerts:write",
    body=Body(AlertRuleChange),
    answers={200: Answer("The rule as it is now", AlertRuleDocument)},
    problems=(404, 409, 413, 415),
)
def change_alert_rule(call: Call, rule_id: UUID) -> Response:
    """Change some fields of a rule, which begins anew by that.

    Of the platform's own rules the figure they watch cannot be changed.
    """
    with call.database.transaction() as session:
        return json_answer(alert_rule_document(rules.change(session, call.principal.tenant_id, rule_id, call.body)))


@operation(blueprint, f"DELETE {_RULE}", "alerts:write", answers={204: Answer("It is gone")}, problems=(404, 409))
def delete_alert_rule(call: Call, rule_id: UUID) -> Response:
    """Delete a rule; what it fired is resolved. The platform's own can only be turned off."""
    with call.database.transaction() as session:
        rules.remove(session, call.principal.tenant_id, rule_id)
    return Response(status=204)

"""Accounts, their signals, where trust stands, and what the gate decides."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.clock import database_now, rfc3339
from core.workloads.customers.operations import signals, trusting
from core.workloads.customers.trust.health import VERSION
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.trust import (
    AdAccountChange,
    AdAccountDocument,
    AdAccountList,
    AdAccountRequest,
    DecisionDocument,
    DecisionList,
    DecisionRequest,
    DecisionsQuery,
    KillRequest,
    ReplayAnswer,
    SignalDocument,
    SignalList,
    SignalRequest,
    SignalsQuery,
    TrustDocument,
)
from webapp.trust import account_document, decision_document, signal_document, trust_document

blueprint = Blueprint("trust", __name__, description="Whether signals can be trusted, and what may be done by itself")


@operation(blueprint, "GET /ad-accounts", "customers:read", answers={200: Answer("All accounts", AdAccountList)})
def list_ad_accounts(call: Call) -> Response:
    """List advertising accounts by name."""
    with call.database.statements() as session:
        found = signals.list_accounts(session, call.principal.tenant_id)
        return page_answer([account_document(row) for row in found])


@operation(
    blueprint,
    "POST /ad-accounts",
    "customers:write",
    body=Body(AdAccountRequest),
    answers={201: Answer("The account", AdAccountDocument, headers={"Location": "Its address"})},
    problems=(404, 409, 413, 415),
)
def create_ad_account(call: Call) -> Response:
    """Make an account; from now on trust is no better than what this account shows."""
    with call.database.transaction() as session:
        document = account_document(signals.create(session, call.principal.tenant_id, call.body))
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /ad-accounts/<account>",
    "customers:read",
    answers={200: Answer("The account", AdAccountDocument)},
    problems=(404,),
)
def read_ad_account(call: Call, account: str) -> Response:
    """Read an account, by its id or its name."""
    with call.database.statements() as session:
        return json_answer(account_document(signals.find(session, call.principal.tenant_id, account)))


@operation(
    blueprint,
    "PATCH /ad-accounts/<account>",
    "customers:write",
    body=Body(AdAccountChange),
    answers={200: Answer("The account", AdAccountDocument)},
    problems=(404, 409, 413, 415),
)
def change_ad_account(call: Call, account: str) -> Response:
    """Link an account to another connection or source, or to none; what was measured stays."""
    with call.database.transaction() as session:
        return json_answer(account_document(signals.change(session, call.principal.tenant_id, account, call.body)))


@operation(
    blueprint,
    "DELETE /ad-accounts/<account>",
    "customers:write",
    answers={204: Answer("It is gone")},
    problems=(404,),
)
def remove_ad_account(call: Call, account: str) -> Response:
    """Forget an account with its signals."""
    with call.database.transaction() as session:
        signals.remove(session, call.principal.tenant_id, account)
    return Response(status=204)


@operation(
    blueprint,
    "GET /signals",
    "customers:read",
    query=SignalsQuery,
    answers={200: Answer("One page of windows", SignalList)},
    problems=(404,),
)
def list_signals(call: Call) -> Response:
    """List what was measured of an account, newest first."""
    limit = call.query["limit"]
    asked = {"limit": limit + 1, "before": call.query["cursor"]}
    with call.database.statements() as session:
        found = signals.list_signals(session, call.principal.tenant_id, call.query["account"], **asked)
    page = [signal_document(row) for row in found[:limit]]
    return page_answer(page, rfc3339(found[limit - 1].window_end) if len(found) > limit else None)


@operation(
    blueprint,
    "POST /signals",
    "customers:ingest",
    body=Body(SignalRequest),
    answers={200: Answer("The window", SignalDocument)},
    problems=(404, 413, 415),
)
def tell_signal(call: Call) -> Response:
    """Tell what was measured of an account in a window."""
    told = call.body
    with call.database.transaction() as session:
        row = signals.tell(session, call.principal.tenant_id, told["account"], told["window_end"], told["evidence"])
        return json_answer(signal_document(row))


@operation(blueprint, "GET /trust", "customers:read", answers={200: Answer("Where trust stands", TrustDocument)})
def read_trust(call: Call) -> Response:
    """Judge the newest window, and tell where trust stands: each account's health with what it is made of."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        standing, healths = trusting.evaluate(session, tenant_id, database_now(session))
        killed = trusting.standing_row(session, tenant_id).killed
        return json_answer(trust_document(standing, healths, killed=killed))


@operation(
    blueprint,
    "PUT /trust/kill-switch",
    "customers:write",
    body=Body(KillRequest),
    answers={200: Answer("Where trust stands", TrustDocument)},
    problems=(413, 415),
)
def turn_kill_switch(call: Call) -> Response:
    """Turn the kill switch: while it is on, everything but stopping is blocked."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        trusting.kill(session, tenant_id, **call.body, by=call.principal.label)
        standing, healths = trusting.evaluate(session, tenant_id, database_now(session))
        return json_answer(trust_document(standing, healths, killed=call.body["killed"]))


@operation(
    blueprint,
    "GET /gate-decisions",
    "customers:read",
    query=DecisionsQuery,
    answers={200: Answer("One page of decisions", DecisionList)},
)
def list_gate_decisions(call: Call) -> Response:
    """List decisions, newest first."""
    limit = call.query["limit"]
    asked = {"limit": limit + 1, "after": call.query["cursor"], "verdict": call.query["verdict"]}
    with call.database.statements() as session:
        found = trusting.list_decisions(session, call.principal.tenant_id, **asked)
    page = [decision_document(row) for row in found[:limit]]
    return page_answer(page, page[-1]["id"] if len(found) > limit else None)


@operation(
    blueprint,
    "POST /gate-decisions",
    "customers:write",
    body=Body(DecisionRequest),
    answers={201: Answer("The decision", DecisionDocument, headers={"Location": "Its address"})},
    problems=(413, 415),
)
def ask_gate(call: Call) -> Response:
    """Ask whether an action may be done by itself; the decision is kept with all that it hung on."""
    with call.database.transaction() as session:
        row = trusting.decide(session, call.principal.tenant_id, call.body["action"], database_now(session))
        document = decision_document(row, whole=True)
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /gate-decisions/<uuid:decision_id>",
    "customers:read",
    answers={200: Answer("The decision", DecisionDocument)},
    problems=(404,),
)
def read_gate_decision(call: Call, decision_id: UUID) -> Response:
    """Read a decision with its inputs."""
    with call.database.statements() as session:
        row = trusting.find_decision(session, call.principal.tenant_id, decision_id)
        return json_answer(decision_document(row, whole=True))


@operation(
    blueprint,
    "GET /gate-decisions/<uuid:decision_id>/replay",
    "customers:read",
    answers={200: Answer("What today's rules say", ReplayAnswer)},
    problems=(404,),
)
def replay_gate_decision(call: Call, decision_id: UUID) -> Response:
    """Decide again from what was known then, by today's rules."""
    with call.database.statements() as session:
        row, again = trusting.replay(session, call.principal.tenant_id, decision_id)
    told = {"verdict": again.verdict, "score": again.score, "rule_version": VERSION, "reasons": list(again.reasons)}
    return json_answer({"same": (row.verdict, row.score) == (again.verdict, again.score), **told})

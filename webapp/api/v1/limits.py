"""Concurrency limits: how many jobs of a kind or tenant may run at once."""

from collections.abc import Callable
from dataclasses import asdict

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.errors import Missing
from core.jobs import concurrency
from core.jobs.gates import kind_gate, tenant_gate
from core.platform.tenants import find_tenant
from webapp.api.v1.kinds import find_kind
from webapp.operations import Answer, Body, Call, operation, page_answer
from webapp.schemas.limits import LimitList, LimitSetting

blueprint = Blueprint("limits", __name__, description="How many jobs may run at once")

_SET = {200: Answer("Every limit, as it is now", LimitList)}
_SETTING = Body(LimitSetting)


class LimitMissing(Missing):
    """No operator set such a limit."""

    code = "limit_missing"


@operation(blueprint, "GET /limits", "limits:read", answers={200: Answer("Every limit", LimitList)})
def list_limits(call: Call) -> Response:
    """List the limits of kinds and tenants.

    Jobs with a `concurrency_key` are limited beside that, as their submissions say.
    """
    with call.platform.statements() as session:
        return _all(session)


@operation(
    blueprint, "PUT /limits/kinds/<name>", "limits:write", body=_SETTING, answers=_SET, problems=(404, 409, 413, 415)
)
def limit_kind(call: Call, name: str) -> Response:
    """Set how many jobs of a kind may run at once.

    It holds from now on for all its jobs, whenever they were submitted, and instead of what the kind declares.
    """
    find_kind(call.process.catalogue, name)
    return _changed(call, lambda session: _set(session, kind_gate(name), call))


@operation(
    blueprint, "PUT /limits/tenants/<name>", "limits:write", body=_SETTING, answers=_SET, problems=(404, 409, 413, 415)
)
def limit_tenant(call: Call, name: str) -> Response:
    """Set how many jobs of a tenant, named by slug or id, may run at once.

    It holds from now on for all its jobs, whenever they were submitted.
    """
    return _changed(call, lambda session: _set(session, tenant_gate(find_tenant(session, name)), call))


@operation(blueprint, "DELETE /limits/kinds/<name>", "limits:write", answers=_SET, problems=(404,))
def lift_kind_limit(call: Call, name: str) -> Response:
    """Take an operator's limit of a kind away.

    What the kind declares holds again.
    """
    declared = find_kind(call.process.catalogue, name).limits.concurrency
    return _changed(call, lambda session: _lift(session, kind_gate(name), declared))


@operation(blueprint, "DELETE /limits/tenants/<name>", "limits:write", answers=_SET, problems=(404,))
def lift_tenant_limit(call: Call, name: str) -> Response:
    """Take the limit of a tenant, named by slug or id, away."""
    return _changed(call, lambda session: _lift(session, tenant_gate(find_tenant(session, name)), None))


def _changed(call: Call, change: Callable[[Session], None]) -> Response:
    with call.platform.transaction() as session:
        change(session)
        return _all(session)


def _set(session: Session, gate: str, call: Call) -> None:
    concurrency.set_limit(session, gate, call.body["max_running"])


def _lift(session: Session, gate: str, declared: int | None) -> None:
    if not concurrency.lift_limit(session, gate, declared):
        raise LimitMissing


def _all(session: Session) -> Response:
    return page_answer([asdict(limit) for limit in concurrency.list_limits(session)])

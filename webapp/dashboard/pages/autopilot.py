"""Automation for people: why signals are trusted or not, the queue of actions, campaigns on their way."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from core.clock import database_now
from core.errors import PenstockError
from core.workloads.customers.operations import actions, applying, campaigns, signals, trusting
from core.workloads.customers.operations.autopilot_models import ActionRow
from core.workloads.customers.operations.campaign_models import CampaignRow
from webapp.autopilot import action_document, autopilot_document
from webapp.campaigns import campaign_document
from webapp.dashboard.frame import led_on, page, rendered
from webapp.operations import Call
from webapp.problems import status_of
from webapp.schemas.actions import ActionsQuery
from webapp.schemas.campaigns import CampaignsQuery
from webapp.trust import trust_document

blueprint = Blueprint("autopilot", __name__)


@page(blueprint, "GET /autopilot", "customers:read", query=ActionsQuery)
def show_autopilot(call: Call) -> Response:
    """Show what may be done by itself and why, and the queue of actions."""
    return _autopilot(call, call.query)


@page(blueprint, "POST /autopilot/actions/<uuid:action_id>/approve", "customers:write")
def approve_action(call: Call, action_id: UUID) -> Response:
    """Approve an action that somebody else proposed."""
    return _turn(call, lambda session, now: actions.approve(session, call.principal, action_id, now))


@page(blueprint, "POST /autopilot/actions/<uuid:action_id>/reject", "customers:write")
def reject_action(call: Call, action_id: UUID) -> Response:
    """Reject an action that was not begun."""
    return _turn(call, lambda session, now: actions.reject(session, call.principal, action_id, None, now))


@page(blueprint, "POST /autopilot/actions/<uuid:action_id>/rollback", "customers:write")
def roll_back_action(call: Call, action_id: UUID) -> Response:
    """Have put back what there was before an action."""
    return _turn(call, lambda session, now: actions.take_back(session, call.principal, action_id, now))


@page(blueprint, "POST /autopilot/stop", "customers:write")
def stop_all(call: Call) -> Response:
    """Pause all campaigns everywhere, and turn the kill switch."""
    asked = {"action": "emergency_stop", "why": "stopped in the dashboard"}
    return _turn(call, lambda session, now: actions.propose(session, call.principal, asked, now))


@page(blueprint, "GET /autopilot/campaigns", "customers:read", query=CampaignsQuery)
def list_campaigns(call: Call) -> Response:
    """Show campaigns, newest first."""
    return _campaigns(call, call.query)


@page(blueprint, "POST /autopilot/campaigns/<uuid:campaign_id>/approve", "customers:write")
def approve_campaign(call: Call, campaign_id: UUID) -> Response:
    """Approve a campaign that somebody else wrote."""
    clock = call.process.clock
    return _judge(call, lambda session: campaigns.approve(session, call.principal, campaign_id, clock=clock))


@page(blueprint, "POST /autopilot/campaigns/<uuid:campaign_id>/reject", "customers:write")
def reject_campaign(call: Call, campaign_id: UUID) -> Response:
    """Reject a campaign that somebody else wrote."""
    return _judge(
        call, lambda session: campaigns.reject(session, call.principal, campaign_id, None, database_now(session))
    )


@page(blueprint, "POST /autopilot/campaigns/<uuid:campaign_id>/activate", "customers:write")
def activate_campaign(call: Call, campaign_id: UUID) -> Response:
    """Propose that a published campaign runs: for the gate and a second person."""
    return _turn(call, lambda session, now: campaigns.activate(session, call.principal, campaign_id, now))


_FIRST: dict[str, Any] = {"limit": 50, "cursor": None, "state": None}


def _turn(call: Call, turn: Callable[..., ActionRow]) -> Response:
    try:
        with call.database.transaction() as session:
            row = turn(session, database_now(session))
            if row.state in {"approved", "rolling_back"}:
                applying.submit_applying(session, row.tenant_id, row.id, clock=call.process.clock)
    except PenstockError as error:
        return _autopilot(call, _FIRST, error)
    call.process.waker.wake()
    return led_on("autopilot.show_autopilot", "changed")


def _judge(call: Call, judge: Callable[[Session], CampaignRow]) -> Response:
    try:
        with call.database.transaction() as session:
            judge(session)
    except PenstockError as error:
        return _campaigns(call, _FIRST, error)
    call.process.waker.wake()
    return led_on("autopilot.list_campaigns", "changed")


def _autopilot(call: Call, query: Any, error: PenstockError | None = None) -> Response:
    tenant_id, limit = call.principal.tenant_id, query["limit"]
    asked = {"limit": limit + 1, "after": query["cursor"], "state": query["state"]}
    with call.database.transaction() as session:
        standing, healths = trusting.evaluate(session, tenant_id, database_now(session))
        killed = trusting.standing_row(session, tenant_id).killed
        held = autopilot_document(actions.autopilot_row(session, tenant_id), standing, killed=killed)
        through = signals.connection_names(session, tenant_id)
        found = actions.list_actions(session, tenant_id, **asked)
        listed = [action_document(row) for row in found[:limit]]
    return rendered(
        "autopilot/queue.html",
        status=200 if error is None else status_of(type(error)),
        autopilot=held,
        trust=trust_document(standing, healths, killed=killed),
        through=through,
        actions=listed,
        state=query["state"],
        next_cursor=listed[-1]["id"] if len(found) > limit else None,
        error=error,
    )


def _campaigns(call: Call, query: Any, error: PenstockError | None = None) -> Response:
    limit = query["limit"]
    asked = {"limit": limit + 1, "after": query["cursor"], "state": query["state"]}
    with call.database.statements() as session:
        found = campaigns.list_campaigns(session, call.principal.tenant_id, **asked)
    listed = [campaign_document(row) for row in found[:limit]]
    return rendered(
        "autopilot/campaigns.html",
        status=200 if error is None else status_of(type(error)),
        campaigns=listed,
        state=query["state"],
        next_cursor=listed[-1]["id"] if len(found) > limit else None,
        error=error,
    )

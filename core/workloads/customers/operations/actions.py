"""The queue of actions: proposed, gated, approved or rejected by people, taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.errors import Denied, Missing
from core.ids import uuid7
from core.platform.access import Principal
from core.platform.alerts.raising import raise_alert, resolve_alert
from core.platform.bus.publishing import publish
from core.platform.bus.topic import News
from core.platform.keys import ApiKey
from core.workloads.customers.autopilot import limits, states
from core.workloads.customers.autopilot.effects import EFFECTS, UNDONE_BY, check_wanted
from core.workloads.customers.autopilot.limits import Bounds
from core.workloads.customers.operations import connections, trusting
from core.workloads.customers.operations.autopilot_models import ActionRow, AutopilotRow
from core.workloads.customers.operations.newest import newest
from core.workloads.customers.operations.trust_models import DecisionRow
from core.workloads.customers.topics import ACTION_CHANGED
from core.workloads.customers.trust.gate import ACTIONS

OPEN_FOR = timedelta(hours=24)
"""After so long whatever was not applied expires; what holds must not hold for ever."""
MOST_OPEN = 1_000
_UNSTEERED = ("always",)


class ActionMissing(Missing):
    """There is no such action."""

    code = "action_missing"


class FourEyes(Denied):
    """What is risky takes two persons: whoever proposed it cannot approve it."""

    code = "four_eyes"


def autopilot_row(session: Session, tenant_id: UUID, *, lock: bool = False) -> AutopilotRow:
    """Return what the autopilot is held to."""
    session.execute(insert(AutopilotRow).values(tenant_id=tenant_id).on_conflict_do_nothing())
    query = select(AutopilotRow).where(AutopilotRow.tenant_id == tenant_id)
    return session.scalars(query.with_for_update() if lock else query).one()


def bounds_of(row: AutopilotRow) -> Bounds:
    """Return how far and how often it may go."""
    return Bounds(row.max_step, row.min_hours, row.max_per_day)


def propose(session: Session, principal: Principal, asked: Mapping[str, Any], now: datetime) -> ActionRow:
    """Put an action into the queue and ask the gate; raises `ActionUnfit` and the errors of `limits`.

    `asked`: `action`, `connection` (by reference, None for all that only stops), `target`, `daily_budget`,
    `from_daily_budget`, `why`; `id`, if that is settled.
    """
    tenant_id, action = principal.tenant_id, asked["action"]
    check_wanted(action, asked.get("target"), asked.get("daily_budget"))
    reference = asked.get("connection")
    if reference is None and asked.get("target") is not None:
        raise connections.ConnectionMissing("a target takes its connection")
    connection = None if reference is None else connections.find_of_sort(session, tenant_id, reference, "ads")
    wanted = {} if asked.get("daily_budget") is None else {"daily_budget": asked["daily_budget"]}
    row = ActionRow(
        id=asked.get("id") or uuid7(),
        tenant_id=tenant_id,
        action=action,
        risk=ACTIONS[action],
        connection_id=None if connection is None else connection.id,
        target=asked.get("target"),
        wanted=wanted,
        why=asked.get("why"),
        reasons=[],
        decision_ids=[],
        history=[{"state": "proposed", "at": rfc3339(now)}],
        state="proposed",
        made_by=person_of(session, principal),
        expires_at=now + OPEN_FOR,
    )
    check_limits(session, row, now, before=asked.get("from_daily_budget"))
    session.add(row)
    session.flush()
    if action == "emergency_stop":
        trusting.kill(session, tenant_id, killed=True, reason=asked.get("why") or "emergency stop", by=principal.label)
    gate(session, row, now)
    session.flush()
    session.refresh(row)
    return row


def gate(session: Session, row: ActionRow, now: datetime) -> bool:
    """Ask the gate about an action that waits; tell whether it lets it through.

    What passes goes on to a person where it is risky, and else is approved; what is held stays where it is.
    """
    said = decide(session, row, row.action, now)
    if said.verdict == "block":
        move(session, row, "blocked", now, said.reasons)
        return False
    if said.verdict == "hold":
        row.reasons = list(said.reasons)
        return False
    if row.state == "proposed":
        move(session, row, "gated", now)
        if row.risk != "high":
            move(session, row, "approved", now)
    return True


def decide(session: Session, row: ActionRow, action: str, now: datetime) -> DecisionRow:
    """Have the gate decide, and keep with the action what it said."""
    said = trusting.decide(session, row.tenant_id, action, now)
    row.decision_ids = [*row.decision_ids, said.id][-20:]
    return said


def approve(session: Session, principal: Principal, action_id: UUID, now: datetime) -> ActionRow:
    """Approve an action that the gate has let through; raises `FourEyes`, `ActionStateWrong`."""
    row = find(session, principal.tenant_id, action_id, lock=True)
    states.check(row.state, "approved")
    if row.state != "gated":
        raise states.ActionStateWrong(f"an action that is {row.state} is not there to be approved")
    if row.made_by == person_of(session, principal):
        raise FourEyes
    row.decided_by = principal.label
    if gate(session, row, now):
        move(session, row, "approved", now)
    return row


def reject(session: Session, principal: Principal, action_id: UUID, why: str | None, now: datetime) -> ActionRow:
    """Reject an action that was not begun."""
    row = find(session, principal.tenant_id, action_id, lock=True)
    row.decided_by = principal.label
    move(session, row, "rejected", now, [why] if why else [])
    return row


def take_back(session: Session, principal: Principal, action_id: UUID, now: datetime) -> ActionRow:
    """Have an action's effect undone; the gate is asked about what that is, and risky undoing takes two persons."""
    row = find(session, principal.tenant_id, action_id, lock=True)
    states.check(row.state, "rolling_back")
    inverse = UNDONE_BY[row.action]
    if row.before is None:
        raise states.ActionStateWrong("nothing was done that could be undone")
    if ACTIONS[inverse] == "high" and row.made_by == person_of(session, principal):
        raise FourEyes
    said = decide(session, row, inverse, now)
    if said.verdict != "pass":
        raise states.ActionStateWrong(f"the gate says {said.verdict} to {inverse}: {'; '.join(said.reasons)}")
    row.decided_by, row.tries = principal.label, 0
    move(session, row, "rolling_back", now)
    return row


def move(session: Session, row: ActionRow, state: str, now: datetime, reasons: Sequence[str] = ()) -> None:
    """Bring an action into another state, and tell: the only way that a state changes."""
    states.check(row.state, state)
    row.state, row.changed_at, row.reasons = state, now, list(reasons)
    row.history = [*row.history, {"state": state, "at": rfc3339(now), **({"why": list(reasons)} if reasons else {})}]
    session.flush()
    told = {"action": row.action, "risk": row.risk, "state": state, "reasons": list(reasons)}
    publish(session, row.tenant_id, [News(ACTION_CHANGED, str(row.id), told)])
    if state == "failed":
        text = f"{row.action} failed: {'; '.join(reasons)}"
        raise_alert(session, row.tenant_id, trusting.SOURCE, f"action/{row.id}", "warning", text)
    elif state == "rolled_back":
        resolve_alert(session, row.tenant_id, trusting.SOURCE, f"action/{row.id}", text="It was put back.")


def check_limits(session: Session, row: ActionRow, now: datetime, *, before: float | None) -> None:
    """Raise where an action goes further or comes sooner than may be; `before` is the present budget, if known."""
    if row.risk in _UNSTEERED:
        return
    bounds = bounds_of(autopilot_row(session, row.tenant_id))
    day_ago = now - timedelta(hours=24)
    recent = select(ActionRow.applied_at).where(ActionRow.tenant_id == row.tenant_id, ActionRow.applied_at > day_ago)
    steered = recent.where(ActionRow.risk.not_in(_UNSTEERED), ActionRow.id != row.id)
    limits.check_count(bounds, [at for at in session.scalars(steered) if at is not None], now)
    if EFFECTS[row.action] != "budget":
        return
    budgets = [action for action, effect in EFFECTS.items() if effect == "budget"]
    same = (ActionRow.connection_id == row.connection_id, ActionRow.target == row.target, ActionRow.id != row.id)
    last = select(ActionRow.applied_at).where(*same, ActionRow.action.in_(budgets), ActionRow.applied_at.is_not(None))
    limits.check_cadence(bounds, session.scalar(last.order_by(ActionRow.applied_at.desc()).limit(1)), now)
    if before is not None:
        limits.check_step(bounds, row.action, before, float(row.wanted["daily_budget"]))


def find(session: Session, tenant_id: UUID, action_id: UUID, *, lock: bool = False) -> ActionRow:
    """Return an action; raises `ActionMissing`."""
    query = select(ActionRow).where(ActionRow.tenant_id == tenant_id, ActionRow.id == action_id)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise ActionMissing(f"there is no action {action_id}")
    return row


def list_actions(
    session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None, state: str | None = None
) -> Sequence[ActionRow]:
    """Return actions, newest first, beginning behind one."""
    return session.scalars(newest(ActionRow, tenant_id, limit=limit, after=after, state=state)).all()


def person_of(session: Session, principal: Principal) -> UUID:
    """Return who stands behind a principal: whoever made the key, so that nobody is two persons by making keys."""
    if principal.session_id is not None:
        return principal.id
    made_by = session.scalar(select(ApiKey.created_by).where(ApiKey.id == principal.id))
    while made_by is not None:
        above = session.scalar(select(ApiKey.created_by).where(ApiKey.id == made_by))
        if above is None:
            return made_by
        made_by = above
    return principal.id

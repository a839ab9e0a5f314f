"""Campaigns: drafted, changed, submitted, judged by somebody else, handed to be published, proposed to run."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock, rfc3339
from core.errors import Missing
from core.ids import uuid7
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.platform.alerts.raising import raise_alert, resolve_alert
from core.platform.bus.publishing import publish
from core.platform.bus.topic import News
from core.workloads.customers import kinds
from core.workloads.customers.campaigns import states
from core.workloads.customers.campaigns.saga import Publication
from core.workloads.customers.operations import actions, connections, trusting
from core.workloads.customers.operations.actions import FourEyes
from core.workloads.customers.operations.autopilot_models import ActionRow
from core.workloads.customers.operations.campaign_models import CampaignRow
from core.workloads.customers.operations.newest import newest
from core.workloads.customers.topics import CAMPAIGN_CHANGED

CHANGEABLE = ("name", "daily_budget", "fields")
ABANDONED_AFTER = timedelta(minutes=10)


class CampaignMissing(Missing):
    """There is no such campaign."""

    code = "campaign_missing"


def create(session: Session, principal: Principal, asked: Mapping[str, Any], now: datetime) -> CampaignRow:
    """Draft a campaign: `name`, `connection`, `daily_budget`, `fields` by level; `id`, if that is settled."""
    connection = connections.find_of_sort(session, principal.tenant_id, asked["connection"], "ads")
    row = CampaignRow(
        id=asked.get("id") or uuid7(),
        tenant_id=principal.tenant_id,
        connection_id=connection.id,
        state="draft",
        version=0,
        history=[{"state": "draft", "at": rfc3339(now)}],
        made_by=actions.person_of(session, principal),
        **{name: asked[name] for name in CHANGEABLE},
    )
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def change(
    session: Session, principal: Principal, campaign_id: UUID, asked: Mapping[str, Any], now: datetime
) -> CampaignRow:
    """Change what was not published: it is a draft again, of whoever changed it."""
    row = find(session, principal.tenant_id, campaign_id, lock=True)
    if row.state != "draft":
        move(session, row, "draft", now)
    for name, value in asked.items():
        setattr(row, name, value)
    row.made_by, row.decided_by = actions.person_of(session, principal), None
    session.flush()
    return row


def submit_draft(session: Session, principal: Principal, campaign_id: UUID, now: datetime) -> CampaignRow:
    """Hand a draft to whoever is to approve it; what was submitted has a number of its own."""
    row = find(session, principal.tenant_id, campaign_id, lock=True)
    states.check(row.state, "submitted")
    row.version += 1
    move(session, row, "submitted", now)
    return row


def approve(session: Session, principal: Principal, campaign_id: UUID, *, clock: Clock) -> CampaignRow:
    """Approve what was submitted, and have it published; raises `FourEyes` for its author."""
    row = _judged(session, principal, campaign_id, "approved")
    move(session, row, "approved", clock())
    _hand_over(session, row, clock)
    return row


def resume(session: Session, tenant_id: UUID, *, clock: Clock) -> int:
    """Have campaigns published whose job is gone, and count them; a job that lives stands for itself."""
    left = CampaignRow.state.in_(("approved", "publishing")), CampaignRow.changed_at < clock() - ABANDONED_AFTER
    rows = session.scalars(select(CampaignRow).where(CampaignRow.tenant_id == tenant_id, *left)).all()
    for row in rows:
        _hand_over(session, row, clock)
    return len(rows)


def reject(session: Session, principal: Principal, campaign_id: UUID, why: str | None, now: datetime) -> CampaignRow:
    """Reject what was submitted."""
    row = _judged(session, principal, campaign_id, "rejected")
    move(session, row, "rejected", now, [why] if why else [])
    return row


def activate(session: Session, principal: Principal, campaign_id: UUID, now: datetime) -> ActionRow:
    """Propose that a published campaign runs: an action of high risk, for the gate and a second person."""
    row = find(session, principal.tenant_id, campaign_id)
    if row.state != "published":
        raise states.CampaignStateWrong(f"a campaign that is {row.state} does not run")
    asked = {
        "action": "launch_new_campaigns",
        "connection": str(row.connection_id),
        "target": row.external["campaign"],
        "why": f"campaign {row.name}",
    }
    return actions.propose(session, principal, asked, now)


def publication_of(row: CampaignRow) -> Publication:
    """Return what is to be created on the platform, by the reference of this submission."""
    levels = {name: dict(row.fields.get(name, {})) for name in ("campaign", "ad_set", "ad")}
    levels["campaign"] |= {"name": row.name, "daily_budget": row.daily_budget}
    return Publication(f"penstock-{row.id}-v{row.version}", levels)


def move(session: Session, row: CampaignRow, state: str, now: datetime, reasons: Sequence[str] = ()) -> None:
    """Bring a campaign into another state, and tell: the only way that a state changes."""
    states.check(row.state, state)
    row.state, row.changed_at, row.reasons = state, now, list(reasons)
    step = {"state": state, "at": rfc3339(now), "version": row.version}
    row.history = [*row.history, {**step, **({"why": list(reasons)} if reasons else {})}][-100:]
    session.flush()
    told = {"name": row.name, "state": state, "version": row.version, "reasons": list(reasons)}
    publish(session, row.tenant_id, [News(CAMPAIGN_CHANGED, str(row.id), told)])
    if state == "failed":
        text = f"The campaign {row.name} was not published: {'; '.join(reasons)}"
        raise_alert(session, row.tenant_id, trusting.SOURCE, f"campaign/{row.id}", "warning", text)
    elif state == "published":
        resolve_alert(session, row.tenant_id, trusting.SOURCE, f"campaign/{row.id}", text="It is published now.")


def find(session: Session, tenant_id: UUID, campaign_id: UUID, *, lock: bool = False) -> CampaignRow:
    """Return a campaign; raises `CampaignMissing`."""
    query = select(CampaignRow).where(CampaignRow.tenant_id == tenant_id, CampaignRow.id == campaign_id)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise CampaignMissing(f"there is no campaign {campaign_id}")
    return row


def list_campaigns(
    session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None, state: str | None = None
) -> Sequence[CampaignRow]:
    """Return campaigns, newest first, beginning behind one."""
    return session.scalars(newest(CampaignRow, tenant_id, limit=limit, after=after, state=state)).all()


def _judged(session: Session, principal: Principal, campaign_id: UUID, state: str) -> CampaignRow:
    """Return a campaign that somebody who is not its author judges, locked."""
    row = find(session, principal.tenant_id, campaign_id, lock=True)
    states.check(row.state, state)
    if row.made_by == actions.person_of(session, principal):
        raise FourEyes("whoever wrote it cannot judge it")
    row.decided_by = principal.label
    return row


def _hand_over(session: Session, row: CampaignRow, clock: Clock) -> None:
    autopilot = Principal(uuid7(), row.tenant_id, Role.OPERATOR, "autopilot")
    request = JobRequest(
        kinds.PUBLISH_CAMPAIGN,
        {"campaign": str(row.id)},
        unique_key=f"campaign:{row.id}:{row.version}",
        tags=["campaign", f"campaign:{row.id}"],
    )
    submit(session, autopilot, request, clock=clock)

"""This file is about standing and deciding: windows are judged once, each decision is kept with all that it hung on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Missing
from core.ids import uuid7
from core.platform.alerts.raising import raise_alert, resolve_alert
from core.platform.bus.publishing import publish
from core.platform.bus.topic import News
from core.workloads.customers.operations import signals
from core.workloads.customers.operations.autopilot_models import AutopilotRow
from core.workloads.customers.operations.newest import newest
from core.workloads.customers.operations.trust_models import DecisionRow, StandingRow
from core.workloads.customers.topics import MODE_CHANGED
from core.workloads.customers.trust import gate
from core.workloads.customers.trust.gate import MODES, Decision, Standing
from core.workloads.customers.trust.health import VERSION, Health, account_health, overall

SOURCE = "customers"
STALE_AFTER = timedelta(hours=26)
"""A window that ended longer ago says nothing of now: a day, and two hours to tell of it."""
HELD_FOR = timedelta(hours=24)
"""After so long a decision has to be asked for anew."""


class DecisionMissing(Missing):
    """There is no such decision."""

    code = "gate_decision_missing"


def standing_row(session: Session, tenant_id: UUID, *, lock: bool = False) -> StandingRow:
    """Return where trust stands; with nobody's word yet, at hold."""
    session.execute(insert(StandingRow).values(tenant_id=tenant_id).on_conflict_do_nothing())
    query = select(StandingRow).where(StandingRow.tenant_id == tenant_id)
    return session.scalars(query.with_for_update() if lock else query).one()


def evaluate(session: Session, tenant_id: UUID, now: datetime) -> tuple[Standing, list[Health]]:
    """Judge the newest window unless it was judged, and return standing and healths; silence is judged as such."""
    row = standing_row(session, tenant_id, lock=True)
    window_end = _present(session, tenant_id, now)
    healths = [account_health(one) for one in signals.gather(session, tenant_id, window_end)]
    before = Standing(row.level, tuple(row.recent))
    if window_end is not None and window_end == row.window_end:
        return Standing(min(row.level, gate.level_of(overall(healths))), before.recent), healths
    after = gate.step(before, overall(healths))
    row.level, row.recent, row.window_end = after.level, list(after.recent), window_end
    session.flush()
    if after.mode != before.mode:
        _tell(session, tenant_id, before, after, healths)
    return after, healths


def decide(session: Session, tenant_id: UUID, action: str, now: datetime) -> DecisionRow:
    """Decide on an action, and keep the decision with its inputs."""
    standing, healths = evaluate(session, tenant_id, now)
    row = standing_row(session, tenant_id)
    accounts = signals.gather(session, tenant_id, _present(session, tenant_id, now))
    ceiling = session.scalar(select(AutopilotRow.ceiling).where(AutopilotRow.tenant_id == tenant_id)) or MODES[-1]
    said = gate.decide(action, standing, healths, killed=row.killed, ceiling=ceiling)
    made = DecisionRow(
        id=uuid7(),
        tenant_id=tenant_id,
        action=action,
        risk=said.risk,
        verdict=said.verdict,
        score=said.score,
        level=said.level,
        reasons=list(said.reasons),
        rule_version=VERSION,
        inputs=gate.inputs_of(standing, accounts, killed=row.killed, ceiling=ceiling),
        expires_at=now + HELD_FOR,
    )
    session.add(made)
    session.flush()
    session.refresh(made)
    return made


def replay(session: Session, tenant_id: UUID, decision_id: UUID) -> tuple[DecisionRow, Decision]:
    """Decide again from what was kept; return both."""
    row = find_decision(session, tenant_id, decision_id)
    return row, gate.replay(row.action, row.inputs)


def find_decision(session: Session, tenant_id: UUID, decision_id: UUID) -> DecisionRow:
    """Return a decision; raises `DecisionMissing`."""
    row = session.get(DecisionRow, decision_id)
    if row is None or row.tenant_id != tenant_id:
        raise DecisionMissing(f"there is no decision {decision_id}")
    return row


def list_decisions(
    session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None, verdict: str | None = None
) -> Sequence[DecisionRow]:
    """Return decisions, newest first, beginning behind one."""
    return session.scalars(newest(DecisionRow, tenant_id, limit=limit, after=after, verdict=verdict)).all()


def kill(session: Session, tenant_id: UUID, *, killed: bool, reason: str, by: str) -> StandingRow:
    """Turn the kill switch: while it is on, everything but stopping is blocked."""
    row = standing_row(session, tenant_id, lock=True)
    row.killed, row.reason, row.decided_by = killed, reason, by
    session.flush()
    if killed:
        raise_alert(session, tenant_id, SOURCE, "kill-switch", "critical", f"The kill switch is on: {reason}")
    else:
        resolve_alert(session, tenant_id, SOURCE, "kill-switch", text=reason, by=by)
    return row


def _present(session: Session, tenant_id: UUID, now: datetime) -> datetime | None:
    """Return the newest window, None where it is too old to speak of now."""
    latest = signals.latest_window(session, tenant_id)
    return latest if latest is not None and now - latest <= STALE_AFTER else None


def _tell(session: Session, tenant_id: UUID, before: Standing, after: Standing, healths: Sequence[Health]) -> None:
    reasons = [reason for one in healths for reason in one.reasons][:20]
    told = {"before": before.mode, "mode": after.mode, "score": overall(healths).low, "reasons": reasons}
    publish(session, tenant_id, [News(MODE_CHANGED, str(tenant_id), told)])
    if after.level < before.level:
        text = f"Automation is {after.mode.replace('_', ' ')}: {'; '.join(reasons) or 'no evidence'}"
        severity = "critical" if after.level == 0 else "warning"
        raise_alert(session, tenant_id, SOURCE, "trust", severity, text, {"mode": after.mode})
    else:
        resolve_alert(session, tenant_id, SOURCE, "trust", text=f"Automation is {after.mode.replace('_', ' ')} again.")

"""Applying actions: claimed one by one, done on the platform outside of any transaction, read back, undone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from core.clock import database_now
from core.errors import Conflict, PenstockError, Transient
from core.workloads.customers.autopilot.effects import EFFECTS, STATUSES, is_done, snapshot
from core.workloads.customers.autopilot.states import WAITING
from core.workloads.customers.connectors import CONNECTORS
from core.workloads.customers.connectors.base import AdObject, AdPlatform, Connection, OutcomeUnknown, Transact
from core.workloads.customers.operations import actions, connections, trusting
from core.workloads.customers.operations.autopilot_models import ActionRow
from core.workloads.customers.operations.lines import Line, line_to

MOST_TRIES = 5
ABANDONED_AFTER = timedelta(minutes=10)
"""What a job began and did not end for so long another one goes on with."""


class AutopilotStopped(Conflict):
    """The kill switch is on."""

    code = "autopilot_stopped"


class TargetMissing(Conflict):
    """The platform does not have what the action is about."""

    code = "action_target_missing"


@dataclass(frozen=True, slots=True)
class Claim:
    """An action that is ours to do."""

    id: UUID
    tenant_id: UUID
    action: str
    state: str
    target: str | None
    wanted: Mapping[str, Any]
    before: Mapping[str, Any] | None
    platforms: Sequence[Connection]
    stops: bool
    """Whether it only ever stops things, so that no switch stops it."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Who applies: the job, and how it gets at rows and platforms."""

    job_id: UUID
    transact: Transact
    checkpoint: Callable[[], None]
    line: Callable[[Connection, Callable[[], None]], Line] = line_to


def due(session: Session, tenant_id: UUID, job_id: UUID, only: UUID | None = None) -> Sequence[UUID]:
    """Return the actions to work on, stopping ones first: approved, or begun by this job or one that is gone."""
    abandoned = database_now(session) - ABANDONED_AFTER
    left = or_(ActionRow.on_job_id == job_id, ActionRow.changed_at < abandoned)
    begun = or_(
        and_(ActionRow.state.in_(("applying", "applied")), ActionRow.on_job_id.is_not(None), left),
        and_(ActionRow.state == "rolling_back", or_(ActionRow.on_job_id.is_(None), left)),
    )
    query = select(ActionRow.id).where(ActionRow.tenant_id == tenant_id, or_(ActionRow.state == "approved", begun))
    if only is not None:
        query = query.where(ActionRow.id == only)
    return session.scalars(query.order_by(ActionRow.risk != "always", ActionRow.id)).all()


def expire(session: Session, tenant_id: UUID) -> int:
    """Let what has waited too long expire, and ask the gate again about what it held; count what expired."""
    now, expired = database_now(session), 0
    waiting = select(ActionRow).where(ActionRow.tenant_id == tenant_id, ActionRow.state.in_(WAITING))
    for row in session.scalars(
        waiting.order_by(ActionRow.id).limit(actions.MOST_OPEN).with_for_update(skip_locked=True)
    ):
        if row.expires_at <= now:
            actions.move(session, row, "expired", now, ["nobody got to it in time"])
            expired += 1
        elif row.state == "proposed":
            actions.gate(session, row, now)
    return expired


def apply(worker: Worker, tenant_id: UUID, action_id: UUID) -> str:
    """Bring one action as far as it goes and return its state; raises what is transient, to be tried again."""
    claim = _read(worker, tenant_id, action_id)
    if claim.state == "applied":
        return _guarded(worker, claim, lambda: _verify(worker, claim))
    if claim.state == "rolling_back":
        return _guarded(worker, claim, lambda: _undo(worker, claim))
    if claim.state == "approved":
        try:
            before = _look(worker, claim)
        except TargetMissing as error:
            return _end(worker, claim, "failed", [error.detail])
        state, claim = _begin(worker, claim, before)
        if state != "applying":
            return state
    return _guarded(worker, claim, lambda: _do(worker, claim))


def _read(worker: Worker, tenant_id: UUID, action_id: UUID) -> Claim:
    with worker.transact() as session:
        return _claim_of(session, actions.find(session, tenant_id, action_id))


def _claim_of(session: Session, row: ActionRow) -> Claim:
    if row.connection_id is not None:
        found = [connections.find(session, row.tenant_id, str(row.connection_id))]
    else:
        known = connections.list_connections(session, row.tenant_id)
        found = [one for one in known if CONNECTORS[one.connector].sort == "ads"]
    platforms = [connections.opened(session, one) for one in found]
    told = (row.target, row.wanted, row.before, platforms)
    return Claim(row.id, row.tenant_id, row.action, row.state, *told, stops=row.risk == "always")


def _begin(worker: Worker, claim: Claim, before: Mapping[str, Any]) -> tuple[str, Claim]:
    """Take an approved action, if gate and limits still allow it; the gate's word is asked for at this moment."""
    with worker.transact() as session:
        row, now = actions.find(session, claim.tenant_id, claim.id, lock=True), database_now(session)
        if row.state != "approved":
            return row.state, claim
        if not actions.gate(session, row, now):
            return row.state, claim
        try:
            actions.check_limits(session, row, now, before=before.get("daily_budget") or 0.0)
        except PenstockError as error:
            actions.move(session, row, "failed", now, [error.detail])
            return row.state, claim
        row.on_job_id, row.tries = worker.job_id, 0
        row.before = row.before or dict(before)  # what was stopped on its way may have been done
        actions.move(session, row, "applying", now)
        return row.state, _claim_of(session, row)


def _guarded(worker: Worker, claim: Claim, deed: Callable[[], str]) -> str:
    """Do it; count the tries, put back what was stopped, fail what is refused."""
    with worker.transact() as session:
        row = actions.find(session, claim.tenant_id, claim.id, lock=True)
        row.on_job_id, row.tries = worker.job_id, row.tries + 1
        tries = row.tries
    try:
        return deed()
    except AutopilotStopped as error:
        return "rolling_back" if claim.state == "rolling_back" else _end(worker, claim, "approved", [error.detail])
    except Transient as error:
        if tries < MOST_TRIES:
            raise
        return _end(worker, claim, "failed", [f"after {tries} tries: {error.detail}"])
    except PenstockError as error:
        return _end(worker, claim, "failed", [error.detail])


def _do(worker: Worker, claim: Claim) -> str:
    for connection in claim.platforms:
        line, platform = _reach(worker, claim, connection)
        if EFFECTS[claim.action] == "pause_all":
            for one in line.ask(platform.active_campaigns):
                _set(line, platform, one.id, {"status": "paused"})
        else:
            assert claim.target is not None
            _set(line, platform, claim.target, _aim(claim))
    _end(worker, claim, "applied")
    return _verify(worker, claim)


def _verify(worker: Worker, claim: Claim) -> str:
    """Read back from the platform whether it shows what was to be done."""
    shown = True
    for connection in claim.platforms:
        line, platform = _reach(worker, claim, connection, reading=True)
        if claim.target is None:
            shown = shown and not line.ask(platform.active_campaigns)
        else:
            shown = is_done(claim.action, claim.wanted, _found(line, platform, claim.target))
    if shown:
        return _end(worker, claim, "verified")
    return _end(worker, claim, "failed", ["the platform does not show what was done"])


def _undo(worker: Worker, claim: Claim) -> str:
    """Put back what there was before."""
    assert claim.before is not None
    for connection in claim.platforms:
        line, platform = _reach(worker, claim, connection)
        if claim.target is None:
            for target in claim.before["active"].get(str(connection.id), []):
                _set(line, platform, target, {"status": "active"})
        else:
            _set(line, platform, claim.target, claim.before)
    return _end(worker, claim, "rolled_back")


def _look(worker: Worker, claim: Claim) -> dict[str, Any]:
    """Write down what there is before anything is done; raises `TargetMissing`."""
    active: dict[str, list[str]] = {}
    for connection in claim.platforms:
        line, platform = _reach(worker, claim, connection, reading=True)
        if claim.target is not None:
            found = _found(line, platform, claim.target)
            if found is None:
                raise TargetMissing(f"there is no {claim.target}")
            return snapshot(found)
        active[str(connection.id)] = [one.id for one in line.ask(platform.active_campaigns)]
    return {"active": active}


def _set(line: Line, platform: AdPlatform, target: str, wanted: Mapping[str, Any]) -> None:
    """Set what differs, until the platform shows it: all of it may be said again, so a lost answer costs one look."""
    for _ in range(MOST_TRIES):
        try:
            if wanted.get("daily_budget") is not None:
                line.ask(lambda: platform.set_budget(target, wanted["daily_budget"]))
            if "status" in wanted:
                line.ask(lambda: (platform.activate if wanted["status"] == "active" else platform.pause)(target))
        except OutcomeUnknown:
            continue
        return
    raise OutcomeUnknown(f"the platform did not answer {MOST_TRIES} times")


def _aim(claim: Claim) -> Mapping[str, Any]:
    effect = EFFECTS[claim.action]
    return claim.wanted if effect == "budget" else {"status": STATUSES[effect]}


def _found(line: Line, platform: AdPlatform, target: str) -> AdObject | None:
    return line.ask(lambda: platform.read(target))


def _reach(worker: Worker, claim: Claim, connection: Connection, *, reading: bool = False) -> tuple[Line, AdPlatform]:
    """Reach a platform by a line that looks at the kill switch before each call that changes something."""

    def checkpoint() -> None:
        worker.checkpoint()
        if claim.stops or reading:
            return
        with worker.transact() as session:
            if trusting.standing_row(session, claim.tenant_id).killed:
                raise AutopilotStopped

    return worker.line(connection, checkpoint), connections.reach_ads(connection, worker.transact)


def _end(worker: Worker, claim: Claim, state: str, reasons: Sequence[str] = ()) -> str:
    with worker.transact() as session:
        row, now = actions.find(session, claim.tenant_id, claim.id, lock=True), database_now(session)
        actions.move(session, row, state, now, reasons)
        if state == "applied":
            row.applied_at = now
        if state != "applied":
            row.on_job_id = None
        return row.state

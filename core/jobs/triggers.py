"""Triggers as their owners see them: made, read, changed, taken away."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, Missing
from core.ids import uuid7
from core.jobs.kind import JobKind
from core.jobs.trigger_models import Trigger, TriggerRun
from core.platform.access import Principal

FindKind = Callable[[str], JobKind]

MOST = 100
"""How many triggers a tenant may have: each event is matched against all of its topic."""
_TABLE = Trigger.__table__
_WHAT = frozenset({"kind", "params", "params_from"})


class TriggerMissing(Missing):
    """There is no such trigger."""

    code = "trigger_missing"


class TriggersTooMany(Conflict):
    """The tenant has as many triggers as it may."""

    code = "triggers_too_many"


def create(session: Session, principal: Principal, find_kind: FindKind, asked: Mapping[str, Any]) -> Row[Any]:
    """Make a trigger of checked fields, whose jobs will be submitted with the role that the caller has now.

    Raises `KindUnknown`, `PermissionMissing` or `TriggersTooMany`. Its params are checked when it fires: only an event
    completes them.
    """
    principal.require(find_kind(asked["kind"]).permission(asked.get("params", {})))
    count = session.execute(select(func.count()).where(Trigger.tenant_id == principal.tenant_id)).scalar_one()
    if count >= MOST:
        raise TriggersTooMany(f"{MOST} triggers are allowed")
    trigger = Trigger(id=uuid7(), tenant_id=principal.tenant_id, created_by=principal.id, role=principal.role, **asked)
    session.add(trigger)
    session.flush()
    return get_trigger(session, principal.tenant_id, trigger.id)


def get_trigger(session: Session, tenant_id: UUID, trigger_id: UUID) -> Row[Any]:
    """Return one trigger's row; raises `TriggerMissing`."""
    query = select(_TABLE).where(_TABLE.c.id == trigger_id, _TABLE.c.tenant_id == tenant_id)
    return _found(session.execute(query).one_or_none(), trigger_id)


def list_triggers(session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None) -> Sequence[Row[Any]]:
    """Return up to `limit` triggers, newest first, beginning behind the trigger `after`."""
    query = select(_TABLE).where(_TABLE.c.tenant_id == tenant_id).order_by(_TABLE.c.id.desc()).limit(limit)
    return session.execute(query if after is None else query.where(_TABLE.c.id < after)).all()


def list_trigger_runs(
    session: Session, tenant_id: UUID, trigger_id: UUID, *, limit: int, before: int | None = None
) -> Sequence[Row[Any]]:
    """Return what became of up to `limit` events at a trigger, newest first; raises `TriggerMissing`."""
    get_trigger(session, tenant_id, trigger_id)
    table = TriggerRun.__table__
    query = select(table).where(table.c.trigger_id == trigger_id).order_by(table.c.seq.desc()).limit(limit)
    return session.execute(query if before is None else query.where(table.c.seq < before)).all()


def change(
    session: Session, principal: Principal, find_kind: FindKind, trigger_id: UUID, changes: Mapping[str, Any]
) -> Row[Any]:
    """Change some fields; whoever changes what is submitted lends it the own role; raises what `create` does."""
    before = get_trigger(session, principal.tenant_id, trigger_id)
    values = dict(changes)
    if values.get("active"):
        values["paused_reason"] = None
    if values.keys() & _WHAT:
        kind = find_kind(values.get("kind", before.kind))
        principal.require(kind.permission(values.get("params", before.params)))
        values |= {"created_by": principal.id, "role": principal.role}
    if not values:
        return before
    mine = update(Trigger).where(Trigger.id == trigger_id, Trigger.tenant_id == principal.tenant_id)
    return _found(session.execute(mine.values(values).returning(*_TABLE.c)).one_or_none(), trigger_id)


def remove(session: Session, tenant_id: UUID, trigger_id: UUID) -> None:
    """Take a trigger away with the history of what it fired; its jobs stay; raises `TriggerMissing`."""
    gone = delete(Trigger).where(Trigger.id == trigger_id, Trigger.tenant_id == tenant_id).returning(*_TABLE.c)
    _found(session.execute(gone).one_or_none(), trigger_id)


def _found(row: Row[Any] | None, trigger_id: UUID) -> Row[Any]:
    if row is None:
        raise TriggerMissing(f"there is no trigger {trigger_id}")
    return row

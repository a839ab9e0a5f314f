"""The only place where a job changes its state: one statement moves the rows and writes their events.

A change is prepared once (which move, which rows, what else is set) and executed many times. Whoever finds no row
moved has lost a race and does nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, JSON, ColumnElement, Row, Select, bindparam, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.jobs.models import Job, JobEvent, OutboxMessage, Settlement
from core.jobs.states import FINAL, Move, State

_JSON = JSONB(none_as_null=True)
_CARRIED = ("job_id", "kind", "queue", "priority", "tenant_id", "gates")
_TOLD = (Job.id, Job.version, Job.attempt, Job.kind, Job.queue, Job.priority, Job.tenant_id, Job.gates, Job.followed)


@dataclass(frozen=True, slots=True)
class Change:
    """A prepared change: one statement, compiled for good, that updates rows and writes one event for each."""

    event: str
    sql: str
    constants: Mapping[str, Any]
    documents: frozenset[str]
    """Which parameters are JSON."""


def prepare(
    move: Move,
    *,
    where: ColumnElement[bool],
    values: Mapping[str, Any] | None = None,
    returning: Sequence[InstrumentedAttribute[Any]] = (),
    durable: bool = True,
) -> Change:
    """Build a change of state: it moves the rows that `where` and the move's sources allow.

    Parameters are `bindparam`s inside `where` and `values`. A move to `queued` also writes the outbox message, so that
    a job is never queued without one; an end that others wait for is written down as one to be settled. What may be
    forgotten and redone need not be `durable`: its commit does not wait for the disk.
    """
    changed = _updated(
        where & Job.state.in_([literal(source) for source in sorted(move.sources)]),
        {"state": move.target, **_stamps(move.target), **(values or {})},
        returning,
    )
    statement = _noted(changed, move.event, durable=durable)
    row = changed.c
    if move.target is State.QUEUED:
        message = insert(OutboxMessage).from_select(_CARRIED, select(row.id, *(row[name] for name in _CARRIED[1:])))
        statement = statement.add_cte(message.cte("message"))
    elif move.target in FINAL:
        settlement = insert(Settlement).from_select(["job_id"], select(row.id).where(row.followed))
        statement = statement.add_cte(settlement.cte("settlement"))
    return _compiled(move.event, statement)


def prepare_remark(
    event: str,
    *,
    where: ColumnElement[bool],
    values: Mapping[str, Any],
    returning: Sequence[InstrumentedAttribute[Any]] = (),
    durable: bool = True,
) -> Change:
    """Build a change that leaves the state of a running job as it is and only tells something of it."""
    changed = _updated(where & (Job.state == State.RUNNING), values, returning)
    return _compiled(event, _noted(changed, event, durable=durable))


def transition(
    session: Session, change: Change, *, data: Mapping[str, Any] | None = None, **params: Any
) -> Sequence[Row[Any]]:
    """Carry out a prepared change, `data` going into the events, and return the rows; none when the race was lost."""
    # As plain SQL: looking up a statement this large in SQLAlchemy's cache costs more each time than sending it.
    given = _adapted({"event_data": dict(data or {}), **params}, change.documents)
    return session.connection().exec_driver_sql(change.sql, {**change.constants, **given}).all()


def _compiled(event: str, statement: Select[Any]) -> Change:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it without annotations
    compiled = statement.compile(dialect=dialect)
    documents = frozenset(name for name, bind in compiled.binds.items() if isinstance(bind.type, JSON))
    constants = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
    return Change(event, str(compiled), _adapted(constants, documents), documents)


def _adapted(params: Mapping[str, Any], documents: frozenset[str]) -> dict[str, Any]:
    """Write JSON out; the driver knows every other type."""
    return {
        name: json.dumps(value) if name in documents and value is not None else value for name, value in params.items()
    }


def _updated(
    where: ColumnElement[bool], values: Mapping[str, Any], returning: Sequence[InstrumentedAttribute[Any]]
) -> CTE:
    return (
        update(Job)
        .where(where)
        .values({"version": Job.version + 1, **values})
        .returning(*_TOLD, *returning)
        .cte("changed")
    )


def _noted(changed: CTE, event: str, *, durable: bool) -> Select[Any]:
    row = changed.c
    noted = insert(JobEvent).from_select(
        ["job_id", "seq", "type", "attempt", "data"],
        select(row.id, row.version, literal(event), row.attempt, bindparam("event_data", type_=_JSON)),
    )
    told = [] if durable else [func.set_config("synchronous_commit", "off", True).label("commit")]
    return select(changed, *told).add_cte(noted.cte("noted"))


def _stamps(target: State) -> dict[str, Any]:
    idle: dict[str, Any] = {"lease_expires_at": None, "worker": None}
    match target:
        case State.QUEUED:
            return {**idle, "queued_at": func.now(), "due_at": None}
        case State.RUNNING:
            return {"started_at": func.now(), "progress": None}
        case State.SCHEDULED | State.WAITING | State.RETRYABLE:
            return idle
        case _:
            return {"lease_expires_at": None, "due_at": None, "finished_at": func.now()}

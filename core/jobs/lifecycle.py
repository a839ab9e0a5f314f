"""The only place where a job changes its state: one statement moves the rows and writes their events.

A change is prepared once (which move, which rows, what else is set) and executed many times. Whoever finds no row
moved has lost a race and does nothing.
"""

import hashlib
import json
from collections import namedtuple
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg2.extensions import adapt
from sqlalchemy import (
    CTE,
    JSON,
    ColumnElement,
    Select,
    Text,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType

from core.database import Database, Prepared
from core.jobs.admission_models import ConcurrencyLimit
from core.jobs.callbacks import is_listened_to
from core.jobs.gates import is_limited
from core.jobs.models import Job, JobEvent, OutboxMessage, Settlement
from core.jobs.outbox import CHANNEL
from core.jobs.states import FINAL, Move, State

_JSON = JSONB(none_as_null=True)
_CARRIED = ("job_id", "kind", "queue", "priority", "tenant_id", "gates")
_HOLDING_PLACES = {State.QUEUED, State.RUNNING}
_TOLD = (
    *(Job.id, Job.version, Job.attempt, Job.kind, Job.queue, Job.priority, Job.tenant_id, Job.gates),
    *(Job.followed, Job.stages),
)


@dataclass(frozen=True, slots=True)
class Change:
    """A prepared change: one statement, compiled for good, that updates rows and writes one event for each."""

    event: str
    sql: str
    prepared: Prepared
    """The same, for connections that plan it once."""
    params: Sequence[str]
    documents: frozenset[str]
    """Which parameters are JSON."""
    row: Any
    """What a changed row is returned as."""


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
    a job is never queued without one; an end that concerns others is written down as one to be settled; relays hear of
    places that become free under a concurrency limit. What may be forgotten and redone need not be `durable`: its
    commit does not wait for the disk.
    """
    changed = _updated(
        where & Job.state.in_([literal(source) for source in sorted(move.sources)]),
        {"state": move.target, **_stamps(move.target), **(values or {})},
        returning,
    )
    statement = _noted(changed, move.event, durable=durable)
    row = changed.c
    if move.target is not State.RUNNING and move.sources & _HOLDING_PLACES:
        statement = statement.add_columns(_announced(row))
    if move.target is State.QUEUED:
        message = insert(OutboxMessage).from_select(_CARRIED, select(row.id, *(row[name] for name in _CARRIED[1:])))
        statement = statement.add_cte(message.cte("message"))
    elif move.target in FINAL:
        concerns = row.followed | (row.stages > 0) | is_listened_to(row, move.event)
        ends = select(row.id, row.version).where(concerns)
        settlement = insert(Settlement).from_select(["job_id", "version"], ends)
        statement = statement.add_cte(settlement.cte("settlement"))
    return _compiled(move.event, statement)


def prepare_remark(
    event: str,
    *,
    where: ColumnElement[bool],
    values: Mapping[str, Any],
    of: State = State.RUNNING,
    returning: Sequence[InstrumentedAttribute[Any]] = (),
    durable: bool = True,
) -> Change:
    """Build a change that leaves jobs in the one state that they are in and only tells something of them."""
    changed = _updated(where & (Job.state == of), values, returning)
    return _compiled(event, _noted(changed, event, durable=durable))


def transition(
    where: Session | Database, change: Change, *, data: Mapping[str, Any] | None = None, **params: Any
) -> Sequence[Any]:
    """Carry out a prepared change, `data` going into the events, and return the rows; none when the race was lost.

    Given the database itself, the change is a transaction of its own, the fastest way: the connection has it planned
    already, which saves a third of its cost.
    """
    given = {"event_data": data or {}, **params}
    given |= {name: json.dumps(given[name]) for name in change.documents if given[name] is not None}
    if isinstance(where, Database):
        return [change.row(*row) for row in where.run(change.prepared, *(given[name] for name in change.params))]
    # As plain SQL: looking up a statement this large in SQLAlchemy's cache costs more each time than sending it.
    return where.connection().exec_driver_sql(change.sql, given).all()


def _compiled(event: str, statement: Select[Any]) -> Change:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it without annotations
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    template, params = str(compiled), [name for name, bind in compiled.binds.items() if bind.required]
    constants = {name: _literal(value) for name, value in compiled.params.items() if name not in params}
    numbered = template % {**constants, **{name: f"${number}" for number, name in enumerate(params, 1)}}
    name = f"penstock_{hashlib.sha256(numbered.encode()).hexdigest()[:24]}"
    named = template.replace("%%", "%%%%") % {**constants, **{name: f"%({name})s" for name in params}}
    return Change(
        event,
        named,
        Prepared(name, [_type(compiled, name) for name in params], numbered),
        params,
        frozenset(name for name in params if isinstance(compiled.binds[name].type, JSON)),
        namedtuple("Changed", statement.selected_columns.keys()),  # noqa: PYI024 - its fields are known only here
    )


def _literal(value: Any) -> str:
    """Write a constant out: the planner is to see it, above all the states in partial indexes."""
    quoted: bytes = adapt(json.dumps(value) if isinstance(value, dict) else value).getquoted()
    return quoted.decode()


def _type(compiled: SQLCompiler, name: str) -> str:
    sql_type = compiled.binds[name].type
    return "unknown" if isinstance(sql_type, NullType) else str(sql_type.compile(compiled.dialect))


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


def _announced(row: Any) -> ColumnElement[Any]:
    news = func.pg_notify(CHANNEL, ConcurrencyLimit.__tablename__)
    return case((is_limited(row), cast(news, Text))).label("announced")


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

"""Listing jobs page by page: what a page costs grows neither with the history nor with what is asked of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, any_, case, func, literal, not_, select, text, union_all
from sqlalchemy.orm import Session

from core.jobs import queries
from core.jobs.models import Job
from core.jobs.queries import FEW_FOUND, LARGEST_LISTED_BYTES, JobFilter
from core.jobs.states import State

MOST_LOOKED_AT = 5_000
"""How many jobs one page looks at; who asks for what few of them are goes on behind them with the next page."""
LARGEST_LIST = 200
_TABLE = Job.__table__
_LARGE = frozenset({"params", "result"})
_BRIEF = (
    *("id", "kind", "state", "queue", "tags", "attempt", "max_attempts", "progress", "created_at", "queued_at"),
    *("due_at", "started_at", "finished_at", "cancel_requested_at", "unique_key", "schedule_id", "parent_id"),
)
_OWNERS = ("parent_id", "workflow_id", "schedule_id")
_KINDS = text(
    """
WITH RECURSIVE known (kind) AS (
  (SELECT kind FROM jobs WHERE tenant_id = :tenant_id ORDER BY kind LIMIT 1)
  UNION ALL
  SELECT (SELECT jobs.kind FROM jobs WHERE tenant_id = :tenant_id AND jobs.kind > known.kind ORDER BY jobs.kind LIMIT 1)
  FROM known WHERE known.kind IS NOT NULL
)
SELECT kind FROM known WHERE kind IS NOT NULL
"""
)

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class JobPage:
    """Some jobs, and the job behind which the next page begins; it may have fewer than asked for, or none, before."""

    rows: Sequence[Row[Any]]
    next_after: UUID | None


@dataclass(frozen=True, slots=True)
class _Ways:
    """Along which indexes the jobs are found, each in order of ids, none by two of them."""

    ways: Sequence[Conditions]
    served: frozenset[str]
    """What of the filter that settles."""


def list_jobs(
    session: Session,
    tenant_id: UUID,
    chosen: JobFilter,
    *,
    limit: int,
    after: UUID | None = None,
    newest_first: bool = True,
    brief: bool = False,
    among: Collection[str] | None = None,
) -> JobPage:
    """Return the next jobs in order of creation, up to `limit`, beginning behind the job `after`.

    Ids are ordered by time, so that one index serves order and cursor. Params and results that take more than
    `LARGEST_LISTED_BYTES` are left out: a page must not outgrow memory. A `brief` list has none, nor whatever else is
    large. `among` names the only states that are listed.
    """
    behind = _behind(tenant_id, chosen, after, newest_first=newest_first)
    found = _choose(session, tenant_id, chosen, behind, among, newest_first=newest_first)
    if not found.ways:
        return JobPage([], None)
    asked = chosen.asked | ({"state"} if among is not None else frozenset())
    settled = asked <= found.served
    most = limit + 1 if settled else max(min(limit, LARGEST_LIST) + 1, MOST_LOOKED_AT // len(found.ways))
    walks = [_walk(select(_TABLE), (*behind, *way), newest_first=newest_first).limit(most) for way in found.ways]
    looked = union_all(*(select(walk.subquery()) for walk in walks)).subquery() if walks[1:] else walks[0].subquery()
    query = select(*_columns(looked.c, brief=brief)).where(*queries.conditions(chosen, of=looked.c))
    if among is not None:
        query = query.where(looked.c.state.in_(sorted(among)))
    rows = session.execute(_ordered(query, looked.c.id, newest_first=newest_first).limit(limit + 1)).all()
    if len(rows) > limit or settled:
        return JobPage(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)
    ends = [_end(session, (*behind, *way), most, newest_first=newest_first) for way in found.ways]
    return _cut(rows, ends, newest_first=newest_first)


def _cut(rows: Sequence[Row[Any]], ends: Sequence[UUID | None], *, newest_first: bool) -> JobPage:
    """Keep what lies before the first place where a way was left; what the others found behind it comes later."""
    left = [end for end in ends if end is not None]
    if not left:
        return JobPage(rows, None)
    first = max(left) if newest_first else min(left)
    return JobPage([row for row in rows if (row.id >= first if newest_first else row.id <= first)], first)


def _behind(tenant_id: UUID, chosen: JobFilter, after: UUID | None, *, newest_first: bool) -> Conditions:
    """Write what holds for every way: whose jobs, behind which one, made when."""
    bounds: list[ColumnElement[bool]] = [_TABLE.c.tenant_id == tenant_id]
    if after is not None:
        bounds.append(_TABLE.c.id < after if newest_first else _TABLE.c.id > after)
    return (*bounds, *queries.ids_between(chosen, _TABLE.c))


def _choose(
    session: Session,
    tenant_id: UUID,
    chosen: JobFilter,
    behind: Conditions,
    among: Collection[str] | None,
    *,
    newest_first: bool,
) -> _Ways:
    """Choose the ways that few jobs lie along."""
    if (tagged := queries.find_tagged(session, tenant_id, chosen.tag)) is not None:
        return _Ways([[_is_among(tagged)]], frozenset({"tag"}))
    if chosen.q and (ways := _search(session, tenant_id, chosen.q)) is not None:
        return _Ways(ways, frozenset({"q"}))
    offered = _offered(chosen, among)
    for name, along in offered.items():
        alone = len(offered) == 1
        if alone or all(_few_along(session, (*behind, *way), newest_first=newest_first) for way in along):
            return _Ways(along, frozenset({name}))
    first = next(iter(offered), None)
    return _Ways([[]], frozenset()) if first is None else _Ways(offered[first], frozenset({first}))


def _few_along(session: Session, way: Conditions, *, newest_first: bool) -> bool:
    return _end(session, way, MOST_LOOKED_AT, newest_first=newest_first) is None


def _offered(chosen: JobFilter, among: Collection[str] | None) -> Mapping[str, Sequence[Conditions]]:
    """Return the ways that a filter offers: successes and the default queue, which are most of all jobs, have none."""
    offered: dict[str, Sequence[Conditions]] = {
        owner: [[_TABLE.c[owner] == whose]] for owner in _OWNERS if (whose := getattr(chosen, owner)) is not None
    }
    states = {chosen.state} if chosen.state is not None else set(among or ())
    if among is not None:
        states &= set(among)
    if states and State.SUCCEEDED not in states:
        offered["state"] = [[_TABLE.c.state == state] for state in sorted(states)]
    if chosen.kind is not None:
        offered["kind"] = [[_TABLE.c.kind == chosen.kind]]
    if chosen.queue not in (None, "default"):
        offered["queue"] = [[_TABLE.c.queue == chosen.queue]]
    return offered


def _search(session: Session, tenant_id: UUID, words: str) -> list[Conditions] | None:
    """Return the ways along which words are found; None where a tag or the beginning of keys is all too common."""
    tagged = queries.find_tagged(session, tenant_id, words)
    keyed = _keyed(session, tenant_id, words)
    if tagged is None or len(keyed) > FEW_FOUND:
        return None
    kinds = [kind for kind in session.scalars(_KINDS, {"tenant_id": tenant_id}) if words.lower() in kind.lower()]
    ways: list[Conditions] = [[_TABLE.c.kind == kind] for kind in kinds]
    others: list[ColumnElement[bool]] = [_TABLE.c.kind.not_in(kinds)] if kinds else []
    if (named := queries.id_begins(words, _TABLE.c)) is not None:
        ways.append([*others, named])
        others.append(not_(named))
    return [*ways, [*others, _is_among({*tagged, *keyed})]] if tagged or keyed else ways


def _keyed(session: Session, tenant_id: UUID, words: str) -> Sequence[UUID]:
    begins = queries.key_begins(words, _TABLE.c)
    return session.scalars(
        select(_TABLE.c.id).where(_TABLE.c.tenant_id == tenant_id, begins).limit(FEW_FOUND + 1)
    ).all()


def _end(session: Session, way: Conditions, most: int, *, newest_first: bool) -> UUID | None:
    """Return the job with which a way is left, having looked at so many; None where there are not so many."""
    last = _walk(select(_TABLE.c.id), way, newest_first=newest_first).offset(most - 1).limit(1)
    end: UUID | None = session.scalar(last)
    return end


def _walk(query: Select[Any], way: Conditions, *, newest_first: bool) -> Select[Any]:
    return _ordered(query.where(*way), _TABLE.c.id, newest_first=newest_first)


def _ordered(query: Select[Any], column: ColumnElement[UUID], *, newest_first: bool) -> Select[Any]:
    return query.order_by(column.desc() if newest_first else column)


def _is_among(ids: Any) -> ColumnElement[bool]:
    return _TABLE.c.id == any_(literal(list(ids), queries.IDS))


def _columns(of: Any, *, brief: bool) -> list[ColumnElement[Any]]:
    if brief:
        return [of[name] for name in _BRIEF]
    return [
        case((func.pg_column_size(column) <= LARGEST_LISTED_BYTES, column)).label(column.name)
        if column.name in _LARGE
        else column
        for column in of
    ]

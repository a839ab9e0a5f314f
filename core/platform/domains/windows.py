"""Windows as rows: reserved, stored, read, and forgotten beyond what their domain keeps."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, Missing
from core.platform.domains.models import Domain, Window, WindowReservation, WindowTruth

INLINE_BYTES = 64 << 10
"""A window up to this size is kept in its row; larger ones are parts of stored bytes."""
LONGEST_SPAN = 100_000
"""How many windows may be asked for at once."""
_TABLE = Window.__table__


class WindowMissing(Missing):
    """There is no such window, or no longer."""

    code = "window_missing"


class WindowTaken(Conflict):
    """Another window has this index already."""

    code = "window_taken"


class SpanInvalid(Invalid):
    """The windows asked for are not a span that can be read."""

    code = "span_invalid"


@dataclass(frozen=True, slots=True)
class NewWindow:
    """A window that is to be stored."""

    index: int
    source: str
    rows: int
    started_at: datetime
    size: int
    content: bytes | None = None
    sha256: str | None = None
    begins_at: int = 0
    continues: bool = False
    receipt: Mapping[str, Any] = field(default_factory=dict)
    summary: Mapping[str, Any] = field(default_factory=dict)
    truth: Mapping[str, Any] | None = None


def reserve(session: Session, tenant_id: UUID, wanted: Mapping[UUID, int]) -> dict[UUID, int]:
    """Reserve so many indices in each of a tenant's domains, and return the first of each; unknown ones are left out.

    Domains are locked in the order of their ids, so that two who reserve in many do not wait for each other.
    """
    mine = select(Domain.id).where(Domain.id.in_(wanted), Domain.tenant_id == tenant_id).order_by(Domain.id)
    there = session.scalars(mine.with_for_update()).all()
    counts = {"domains": there, "counts": [wanted[domain_id] for domain_id in there]}
    return {row.id: row.first for row in session.execute(_RESERVE, counts)}


def reserve_for_job(session: Session, tenant_id: UUID, job_id: UUID, domain_id: UUID, count: int) -> int:
    """Reserve indices for a job, the same at each of its attempts; return the first one."""
    key = (WindowReservation.job_id == job_id) & (WindowReservation.domain_id == domain_id)
    before = session.scalar(select(WindowReservation.first).where(key))
    if before is not None:
        return int(before)
    first = reserve(session, tenant_id, {domain_id: count}).get(domain_id)
    if first is None:
        raise WindowMissing(f"there is no domain {domain_id}")
    row = {"job_id": job_id, "domain_id": domain_id, "tenant_id": tenant_id, "first": first, "reserved": count}
    session.execute(insert(WindowReservation).values(row))
    return first


def store(session: Session, tenant_id: UUID, made: Sequence[tuple[UUID, NewWindow]]) -> list[tuple[UUID, NewWindow]]:
    """Store windows, each with its domain, and return those that are new; rings forget what is too old.

    One that is there already with the same bytes is left alone; with others it raises `WindowTaken`. Everything goes in
    a few statements however many domains there are, since one job may make the windows of many.
    """
    if not made:
        return []
    rows = [_row(tenant_id, domain_id, window) for domain_id, window in made]
    # As many rows for one statement: values within it would be compiled anew each time, which costs more than they do.
    written = insert(Window).on_conflict_do_nothing().returning(Window.domain_id, Window.number)
    new = {(row.domain_id, row.number) for row in session.execute(written, rows)}
    fresh = [(domain_id, window) for domain_id, window in made if (domain_id, window.index) in new]
    _refuse_others(session, [(home, window) for home, window in made if (home, window.index) not in new])
    truths = [
        {"domain_id": domain_id, "number": window.index, "tenant_id": tenant_id, "truth": window.truth}
        for domain_id, window in fresh
        if window.truth is not None
    ]
    if truths:
        session.execute(insert(WindowTruth), truths)
    _keep_standings(session, tenant_id, fresh)
    return fresh


def list_windows(
    session: Session,
    tenant_id: UUID,
    domain_id: UUID,
    *,
    limit: int,
    first: int | None = None,
    last: int | None = None,
    started_after: datetime | None = None,
    started_before: datetime | None = None,
    source: str | None = None,
) -> Sequence[Row[Any]]:
    """Return up to `limit` windows in order of their indices, without their contents."""
    columns = [column for column in _TABLE.c if column.name != "content"]
    query = select(*columns).where(_TABLE.c.domain_id == domain_id, _TABLE.c.tenant_id == tenant_id)
    if first is not None:
        query = query.where(_TABLE.c.number >= first)
    if last is not None:
        query = query.where(_TABLE.c.number <= last)
    if started_after is not None:
        query = query.where(_TABLE.c.started_at >= started_after)
    if started_before is not None:
        query = query.where(_TABLE.c.started_at < started_before)
    if source is not None:
        query = query.where(_TABLE.c.source == source)
    return session.execute(query.order_by(_TABLE.c.number).limit(limit)).all()


def list_latest(session: Session, tenant_id: UUID, domain_id: UUID, *, limit: int = 100) -> list[Row[Any]]:
    """Return the latest windows, oldest first, without their contents."""
    columns = [column for column in _TABLE.c if column.name != "content"]
    query = select(*columns).where(_TABLE.c.domain_id == domain_id, _TABLE.c.tenant_id == tenant_id)
    return list(session.execute(query.order_by(_TABLE.c.number.desc()).limit(limit)).all())[::-1]


def count(session: Session, tenant_id: UUID, domain_id: UUID) -> Any:
    """Return how many windows there are (`kept`) and how many were stored during the last ten minutes (`lately`)."""
    lately = func.count().filter(_TABLE.c.stored_at > func.now() - text("interval '10 minutes'"))
    figures = select(func.count().label("kept"), lately.label("lately"))
    counted = session.execute(figures.where(_TABLE.c.domain_id == domain_id, _TABLE.c.tenant_id == tenant_id))
    row: Any = counted.one()
    return row


def list_indices(session: Session, tenant_id: UUID, domain_id: UUID, first: int, last: int) -> list[int]:
    """Return the indices of the windows that there are from one to another, both included."""
    span = _TABLE.c.number.between(first, last)
    query = select(_TABLE.c.number).where(_TABLE.c.domain_id == domain_id, _TABLE.c.tenant_id == tenant_id, span)
    return list(session.scalars(query.order_by(_TABLE.c.number).limit(LONGEST_SPAN)))


def get_window(session: Session, tenant_id: UUID, domain_id: UUID, index: int) -> Row[Any]:
    """Return one window with its content; raises `WindowMissing`."""
    query = select(_TABLE).where(
        _TABLE.c.domain_id == domain_id, _TABLE.c.tenant_id == tenant_id, _TABLE.c.number == index
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise WindowMissing(f"the domain has no window {index}")
    return row


def read_span(session: Session, tenant_id: UUID, domain_id: UUID, first: int, last: int) -> Iterator[Row[Any]]:
    """Yield the windows from one index to another, both included, with their contents; gaps are left out."""
    if not 0 <= last - first < LONGEST_SPAN:
        raise SpanInvalid(f"ask for windows first to last, at most {LONGEST_SPAN} of them")
    query = select(_TABLE).where(
        _TABLE.c.domain_id == domain_id, _TABLE.c.tenant_id == tenant_id, _TABLE.c.number.between(first, last)
    )
    yield from session.execute(query.order_by(_TABLE.c.number).execution_options(yield_per=64))


def read_truths(session: Session, tenant_id: UUID, domain_id: UUID, first: int, last: int) -> dict[int, dict[str, Any]]:
    """Return what is true of the windows from one index to another, both included, by index."""
    table = WindowTruth.__table__
    query = select(table.c.number, table.c.truth).where(
        table.c.domain_id == domain_id, table.c.tenant_id == tenant_id, table.c.number.between(first, last)
    )
    return {row.number: row.truth for row in session.execute(query.order_by(table.c.number))}


def forget(session: Session, tenant_id: UUID, domain_id: UUID, *, keep: int) -> int:
    """Forget all but the newest `keep` windows of a domain; return how many went."""
    mine = (Window.domain_id == domain_id) & (Window.tenant_id == tenant_id)
    kept = select(Window.number).where(mine).order_by(Window.number.desc()).limit(keep)
    oldest = session.scalar(select(func.min(kept.subquery().c.number)))
    gone = delete(Window).where(mine, *(() if oldest is None else (Window.number < oldest,)))
    count = len(session.scalars(gone.returning(Window.number)).all())
    truths = delete(WindowTruth).where(WindowTruth.domain_id == domain_id, WindowTruth.tenant_id == tenant_id)
    session.execute(truths if oldest is None else truths.where(WindowTruth.number < oldest))
    return count


def _row(tenant_id: UUID, domain_id: UUID, window: NewWindow) -> dict[str, Any]:
    row = {name: getattr(window, name) for name in NewWindow.__slots__ if name not in {"truth", "index"}}
    return {**row, "domain_id": domain_id, "tenant_id": tenant_id, "number": window.index}


def _refuse_others(session: Session, windows: Iterable[tuple[UUID, NewWindow]]) -> None:
    for domain_id, window in windows:
        query = select(Window.content, Window.sha256, Window.begins_at, Window.size)
        there = session.execute(query.where(Window.domain_id == domain_id, Window.number == window.index)).one_or_none()
        if there is not None and tuple(there) != (window.content, window.sha256, window.begins_at, window.size):
            raise WindowTaken(f"the domain has another window {window.index}")


_RESERVE = text(
    """
UPDATE domains SET next_index = next_index + wanted.count
FROM unnest(CAST(:domains AS uuid[]), CAST(:counts AS bigint[])) AS wanted (id, count) WHERE domains.id = wanted.id
RETURNING domains.id, next_index - wanted.count AS first
"""
)
_COUNT = text(
    """
INSERT INTO domain_standings (domain_id, tenant_id, counts)
SELECT domain_id, :tenant_id, jsonb_build_object(source, count)
FROM unnest(CAST(:domains AS uuid[]), CAST(:sources AS text[]), CAST(:counts AS bigint[]))
  AS fresh (domain_id, source, count)
ORDER BY domain_id
ON CONFLICT (domain_id) DO UPDATE SET counts = domain_standings.counts || (
  SELECT jsonb_object_agg(key, value::bigint + coalesce((domain_standings.counts ->> key)::bigint, 0))
  FROM jsonb_each_text(excluded.counts))
"""
)
_TURN_RINGS = text(
    """
WITH newest AS (
  SELECT domain_id, max(number) + 1 AS next
  FROM unnest(CAST(:domains AS uuid[]), CAST(:numbers AS bigint[])) AS fresh (domain_id, number) GROUP BY domain_id
), moved AS (
  UPDATE domains SET next_index = next FROM newest WHERE id = domain_id AND next_index < next
), kept AS (
  SELECT id, greatest(next_index, next) - retention_windows AS oldest FROM domains JOIN newest ON domain_id = id
), no_truths AS (
  DELETE FROM window_truths USING kept WHERE domain_id = kept.id AND number < oldest
)
DELETE FROM windows USING kept WHERE domain_id = kept.id AND number < oldest
"""
)


def _keep_standings(session: Session, tenant_id: UUID, fresh: Sequence[tuple[UUID, NewWindow]]) -> None:
    """Count what is new by source; have later windows come behind those stored without a reservation; turn rings."""
    for source in sorted({window.source for _, window in fresh}):
        counts = Counter(domain_id for domain_id, window in fresh if window.source == source)
        ids = sorted(counts)
        given = {"domains": list(map(str, ids)), "sources": [source] * len(ids), "counts": [counts[id_] for id_ in ids]}
        session.execute(_COUNT, {"tenant_id": tenant_id, **given})
    if fresh:
        numbers = {"domains": [str(home) for home, _ in fresh], "numbers": [window.index for _, window in fresh]}
        session.execute(_TURN_RINGS, numbers)

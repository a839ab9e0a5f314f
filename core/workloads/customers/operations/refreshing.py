"""This file is about refreshing segments: who is chosen now joins, who is not any more leaves, both with the time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from core.canonical import fingerprint
from core.clock import Monotonic
from core.platform.bus.publishing import publish
from core.platform.bus.topic import News
from core.workloads.customers.operations import segments
from core.workloads.customers.operations.choosing import Choice, choose
from core.workloads.customers.operations.room import give_room
from core.workloads.customers.operations.segment_models import MembershipRow, RefreshRow, SegmentRow
from core.workloads.customers.segments.reading import read_definition
from core.workloads.customers.segments.tree import Clause, segments_named
from core.workloads.customers.topics import MEMBERS_CHANGED

HISTORY_KEPT = timedelta(days=400)
"""For how long it is known who has left."""
REFRESHES_KEPT = 1_000
"""Of each segment, the newest."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh found."""

    name: str
    size: int
    joined: int
    left: int


def refresh(session: Session, tenant_id: UUID, reference: str, now: datetime, *, monotonic: Monotonic) -> Refreshed:
    """Bring the members of a segment up to date, in one statement; raises `SegmentMissing`.

    The segment is locked, so that two refreshes take turns. Members of segments that it names are those of their own
    last refresh.
    """
    began = monotonic()
    row = segments.find(session, tenant_id, reference, lock=True)
    if row.refreshed_at is not None and now <= row.refreshed_at:
        now = row.refreshed_at + timedelta(microseconds=1)  # so that nobody leaves before having joined
    give_room(session)
    choice = _choice(session, tenant_id, read_definition(row.definition), now)
    size, joined, left = session.execute(_turnover(row, choice, now)).one()
    row.size, row.refreshed_at = size, now
    session.add(
        RefreshRow(
            segment_id=row.id,
            at=now,
            tenant_id=tenant_id,
            size=size,
            came=joined,
            went=left,
            duration_s=monotonic() - began,
            fingerprint=fingerprint(row.definition),
        )
    )
    session.flush()
    _forget_old(session, row, now)
    if joined or left:
        told = {"name": row.name, "size": size, "joined": joined, "left": left}
        publish(session, tenant_id, [News(MEMBERS_CHANGED, str(row.id), told)])
    return Refreshed(row.name, size, joined, left)


def explain(session: Session, tenant_id: UUID, tree: Clause, now: datetime) -> dict[str, Any]:
    """Count the profiles, and those whom each clause of a definition chooses, by the clause's place."""
    give_room(session)
    choice = _choice(session, tenant_id, tree, now)
    profiles, *counts = session.execute(choice.counts()).one()
    return {"profiles": profiles, "clauses": dict(zip(choice.conditions, counts, strict=True))}


def due(session: Session, tenant_id: UUID, now: datetime) -> Sequence[str]:
    """Return the names of segments whose time has come, each after those that it is made of."""
    found = session.scalars(select(SegmentRow.name).where(SegmentRow.tenant_id == tenant_id, is_due(now))).all()
    return segments.in_order(session, tenant_id, found)


def is_due(now: datetime) -> Any:
    """Return the condition that a segment's time has come."""
    period = func.make_interval(0, 0, 0, 0, 0, 0, SegmentRow.refresh_every_s)
    passed = SegmentRow.refreshed_at + period <= now
    return SegmentRow.refresh_every_s.is_not(None) & or_(SegmentRow.refreshed_at.is_(None), passed)


def _choice(session: Session, tenant_id: UUID, tree: Clause, now: datetime) -> Choice:
    return choose(tree, tenant_id, segments.ids_of(session, tenant_id, segments_named(tree)), now)


def _turnover(row: SegmentRow, choice: Choice, now: datetime) -> Any:
    """Return the statement that has people join and leave, and counts members, joined and left."""
    chosen = choice.people().cte("chosen")
    present = (MembershipRow.segment_id == row.id, MembershipRow.left_at.is_(None))
    gone = (
        update(MembershipRow)
        .where(*present, ~exists().where(chosen.c.id == MembershipRow.profile_id))
        .values(left_at=now)
        .returning(MembershipRow.profile_id)
        .cte("gone")
    )
    fresh = select(literal(row.id), chosen.c.id, literal(row.tenant_id), literal(now)).where(
        ~exists().where(*present, MembershipRow.profile_id == chosen.c.id)
    )
    come = (
        insert(MembershipRow)
        .from_select(["segment_id", "profile_id", "tenant_id", "joined_at"], fresh)
        .returning(MembershipRow.profile_id)
        .cte("come")
    )
    return select(*(select(func.count()).select_from(one).scalar_subquery() for one in (chosen, come, gone)))


def _forget_old(session: Session, row: SegmentRow, now: datetime) -> None:
    mine = MembershipRow.segment_id == row.id
    session.execute(delete(MembershipRow).where(mine, MembershipRow.left_at < now - HISTORY_KEPT))
    newest = select(RefreshRow.at).where(RefreshRow.segment_id == row.id).order_by(RefreshRow.at.desc())
    oldest = session.scalar(newest.offset(REFRESHES_KEPT - 1).limit(1))
    if oldest is not None:
        session.execute(delete(RefreshRow).where(RefreshRow.segment_id == row.id, RefreshRow.at < oldest))

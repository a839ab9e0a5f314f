"""This file is about planning a sync: who should be in an audience, less whom the platform has acknowledged.

Identifiers never change their value, so those that the platform has are known by number and need not be opened.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, Text, any_, delete, func, insert, literal, select, text, type_coerce, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.platform.sealing.values import open_many
from core.workloads.customers.connectors.base import ROWS_AT_ONCE
from core.workloads.customers.operations import audiences
from core.workloads.customers.operations.audience_models import (
    AcknowledgedRow,
    AudienceRow,
    ChunkRow,
    PlanRow,
)
from core.workloads.customers.operations.choosing import granted
from core.workloads.customers.operations.figures import portions
from core.workloads.customers.operations.models import IdentifierRow
from core.workloads.customers.operations.room import give_room
from core.workloads.customers.operations.segment_models import MembershipRow
from core.workloads.customers.vendors import VENDORS

MOST_REMOVED = 0.3
"""Share of the acknowledged members; who plans to remove more has to be confirmed."""
PLANS_KEPT = 200
"""Of each audience, the newest."""
_READ_AT_ONCE = 20_000
_OPEN = ("planned", "applying")


@dataclass(slots=True)
class _Found:
    """What stands between what should be and what is."""

    adds: dict[str, int]
    """By key, the identifier it was made of."""
    removes: dict[str, int]
    moved: dict[str, int]
    """Keys that stay, though the identifier they were made of goes: another one has the same."""
    unusable: int


def plan(session: Session, tenant_id: UUID, reference: str, now: datetime) -> PlanRow:
    """Plan how an audience becomes what it should be; a plan that waits gives way, one that is applied goes on first.

    Raises `AudienceMissing`, `PlanBusy`.
    """
    row = audiences.find(session, tenant_id, reference, lock=True)
    give_room(session)
    _supersede(session, row)
    found = _difference(session, row)
    acknowledged = audiences.count_acknowledged(session, row)
    members = session.scalar(select(func.count()).select_from(_members(row).subquery())) or 0
    agreed = session.scalar(select(func.count()).select_from(_agreed(row).subquery())) or 0
    counts = {
        "members": members,
        "without_consent": members - agreed,
        "unusable": found.unusable,
        "acknowledged": acknowledged,
        "add": len(found.adds),
        "remove": len(found.removes),
        "unchanged": acknowledged - len(found.removes),
    }
    made = PlanRow(
        id=uuid7(),
        audience_id=row.id,
        tenant_id=tenant_id,
        state="planned",
        counts=counts,
        needs_confirmation=len(found.removes) > MOST_REMOVED * acknowledged,
    )
    session.add(made)
    row.planned_at = now
    session.flush()
    number = _keep(session, made, "remove", found.removes, 0)
    _keep(session, made, "add", found.adds, number)
    _move(session, row, found.moved)
    _forget_old(session, row)
    audiences.tell_held(session, row, made)
    return made


def wanted(row: AudienceRow) -> Select[Any]:
    """Return the SELECT of the identifiers of members whose consent holds."""
    agreed = _agreed(row).subquery()
    return (
        select(IdentifierRow.id)
        .join(agreed, agreed.c.person == IdentifierRow.profile_id)
        .where(
            IdentifierRow.tenant_id == row.tenant_id,
            IdentifierRow.type == row.field,
            IdentifierRow.blocked.is_(False),
        )
    )


def keys_of(session: Session, row: AudienceRow, identifiers: Sequence[int]) -> Iterator[list[tuple[int, str | None]]]:
    """Yield portions of identifiers, each with its key; None where the vendor would match nobody by it."""
    vendor = VENDORS[row.vendor]
    for part in portions(identifiers, _READ_AT_ONCE):
        query = select(IdentifierRow.id, func.coalesce(type_coerce(IdentifierRow.sealed, Text), "")).where(
            IdentifierRow.id == any_(literal(part, ARRAY(BigInteger)))
        )
        found = [(number, sealed) for number, sealed in session.execute(query.order_by(IdentifierRow.id))]
        opened = open_many(session, row.tenant_id, "customer_identifiers", "sealed", found)
        yield [
            (number, None if value is None else vendor.key(row.field, value))
            for (number, _), value in zip(found, opened, strict=True)
        ]


def _members(row: AudienceRow) -> Select[Any]:
    present = (MembershipRow.segment_id == row.segment_id, MembershipRow.left_at.is_(None))
    return select(MembershipRow.profile_id.label("person")).where(*present)


def _agreed(row: AudienceRow) -> Select[Any]:
    members = _members(row).subquery()
    agreed = granted(row.tenant_id, row.purpose, row.channel).subquery()
    return select(members.c.person).join(agreed, agreed.c.person == members.c.person)


def _difference(session: Session, row: AudienceRow) -> _Found:
    """Compare by the identifiers' numbers first, so that only new ones are opened; then by their keys."""
    mine = AcknowledgedRow.audience_id == row.id
    told = wanted(row).subquery()
    gone = select(AcknowledgedRow.key, AcknowledgedRow.identifier_id).where(
        mine, ~select(told.c.id).where(told.c.id == AcknowledgedRow.identifier_id).exists()
    )
    removes = {one.key: one.identifier_id for one in session.execute(gone)}
    known = select(AcknowledgedRow.identifier_id).where(mine, AcknowledgedRow.identifier_id == IdentifierRow.id)
    fresh = session.scalars(wanted(row).where(~known.exists()).order_by(IdentifierRow.id)).all()
    found = _Found({}, removes, {}, 0)
    for part in keys_of(session, row, fresh):
        keys = literal([key for _, key in part if key is not None], ARRAY(Text))
        there = select(AcknowledgedRow.key).where(mine, AcknowledgedRow.key == any_(keys))
        present = set(session.scalars(there))
        for identifier, key in part:
            if key is None:
                found.unusable += 1
            elif key in removes:
                found.moved[key] = identifier
                del removes[key]
            elif key not in present:
                found.adds.setdefault(key, identifier)
    return found


def _keep(session: Session, made: PlanRow, operation: str, keys: dict[str, int], first: int) -> int:
    """Divide rows among requests, in the order of their keys; return the number after the last."""
    number = first
    for part in portions(sorted(keys.items()), ROWS_AT_ONCE):
        chunk = {"plan_id": made.id, "number": number, "tenant_id": made.tenant_id}
        session.execute(insert(ChunkRow).values(**chunk, operation=operation, state="waiting", rows=len(part)))
        given = {"keys": [key for key, _ in part], "ids": [one for _, one in part]}
        session.execute(_ROWS, {**chunk, **given})
        number += 1
    return number


def _move(session: Session, row: AudienceRow, moved: dict[str, int]) -> None:
    for key, identifier in moved.items():
        mine = (AcknowledgedRow.audience_id == row.id, AcknowledgedRow.key == key)
        session.execute(update(AcknowledgedRow).where(*mine).values(identifier_id=identifier))


def _supersede(session: Session, row: AudienceRow) -> None:
    waiting = select(PlanRow).where(PlanRow.audience_id == row.id, PlanRow.state.in_(_OPEN)).with_for_update()
    for one in session.scalars(waiting):
        if one.state == "applying":
            raise audiences.PlanBusy(f"plan {one.id} is applied just now, or was left halfway: apply it first")
        one.state = "superseded"
        session.execute(delete(ChunkRow).where(ChunkRow.plan_id == one.id))
    session.flush()


def _forget_old(session: Session, row: AudienceRow) -> None:
    newest = select(PlanRow.id).where(PlanRow.audience_id == row.id).order_by(PlanRow.id.desc())
    oldest = session.scalar(newest.offset(PLANS_KEPT - 1).limit(1))
    if oldest is not None:
        session.execute(delete(PlanRow).where(PlanRow.audience_id == row.id, PlanRow.id < oldest))


_ROWS = text(
    """
INSERT INTO customer_audience_rows (plan_id, number, key, tenant_id, identifier_id)
SELECT :plan_id, :number, told.key, :tenant_id, told.id
FROM unnest(CAST(:keys AS text[]), CAST(:ids AS bigint[])) AS told (key, id)
"""
)

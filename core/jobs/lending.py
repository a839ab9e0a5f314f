"""Lending: whoever makes a schedule or trigger lends it a role, and takes along what it loses of it afterwards.

What acts in somebody's name may do what that role might when it was lent, and no more than its lender may at present:
a member who was demoted lends less, one who was disabled nothing, a key no more than its scopes. Where the lender is
gone, or its key is honoured no more, the schedule is its tenant's alone and keeps the role that was lent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Denied
from core.jobs.schedule_models import Schedule
from core.jobs.trigger_models import Trigger
from core.platform.access import Principal, Role
from core.platform.accounts.models import Member
from core.platform.keys import ApiKey

_RANKS = {role: rank for rank, role in enumerate(Role)}


class LenderDisabled(Denied):
    """The account is disabled of whoever lends the role: somebody else has to change what is submitted."""

    code = "lender_disabled"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a lender may do at present."""

    role: Role
    scopes: frozenset[str] | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Lenders:
    """How those stand who lent their roles to some schedules or triggers, by id; who is gone is not among them."""

    standings: Mapping[UUID, Standing]

    def principal_of(self, borrower: Schedule | Trigger) -> Principal:
        """Return who submits the jobs of a schedule or trigger; raises `LenderDisabled`."""
        lent = borrowed(borrower)
        standing = self.standings.get(lent.id)
        if standing is None:
            return lent
        if standing.disabled:
            raise LenderDisabled
        return replace(lent, role=min(lent.role, standing.role, key=_RANKS.__getitem__), scopes=standing.scopes)


def borrowed(borrower: Schedule | Trigger) -> Principal:
    """Return who submits the jobs of a schedule or trigger, with the role as it was lent."""
    lender_id = borrower.created_by or borrower.id
    name = borrower.name or type(borrower).__name__.lower()
    return Principal(lender_id, borrower.tenant_id, Role(borrower.role), name)


def find_lenders(session: Session, borrowers: Iterable[Schedule | Trigger]) -> Lenders:
    """Look up how the lenders of some schedules or triggers stand at present."""
    ids = {borrower.created_by for borrower in borrowers if borrower.created_by is not None}
    if not ids:
        return Lenders({})
    members = session.execute(select(Member.id, Member.role, Member.disabled_at).where(Member.id.in_(ids)))
    standings = {row.id: Standing(Role(row.role), disabled=row.disabled_at is not None) for row in members}
    keys = session.execute(select(ApiKey.id, ApiKey.role, ApiKey.scopes).where(ApiKey.id.in_(ids)))
    for row in keys:
        standings[row.id] = Standing(Role(row.role), None if row.scopes is None else frozenset(row.scopes))
    return Lenders(standings)

"""Accounts and what was measured of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Conflict, Missing
from core.ids import uuid7
from core.naming import referred_to
from core.workloads.customers.connection_models import ConnectionRow
from core.workloads.customers.operations import connections, sources
from core.workloads.customers.operations.trust_models import AccountRow, SignalRow
from core.workloads.customers.trust.evidence import HISTORY, Account, Evidence

MOST = 200
"""How many accounts a tenant may have."""
KEPT_WINDOWS = 1_000
"""Of an account, the newest."""


class AccountMissing(Missing):
    """There is no such account."""

    code = "ad_account_missing"


class AccountNameTaken(Conflict):
    """Another account of the tenant has this name."""

    code = "ad_account_name_taken"


class AccountsTooMany(Conflict):
    """The tenant has as many accounts as may be."""

    code = "ad_accounts_too_many"


def create(session: Session, tenant_id: UUID, asked: Mapping[str, Any]) -> AccountRow:
    """Make an account of checked fields; from now on it has to show that it is healthy.

    `connection` and `source` may be left out.
    """
    if (session.scalar(select(func.count()).where(AccountRow.tenant_id == tenant_id)) or 0) >= MOST:
        raise AccountsTooMany(f"{MOST} accounts are allowed")
    plain = {name: asked[name] for name in ("name", "vendor", "currency")}
    row = {"id": uuid7(), "tenant_id": tenant_id, **plain, **_links(session, tenant_id, asked)}
    made = session.scalar(insert(AccountRow).values(row).on_conflict_do_nothing().returning(AccountRow.id))
    if made is None:
        raise AccountNameTaken(f"there is an account {asked['name']!r}")
    return session.get_one(AccountRow, made)


def change(session: Session, tenant_id: UUID, reference: str, asked: Mapping[str, Any]) -> AccountRow:
    """Give an account another `connection` or `source`, or none; what is left out stays."""
    row = find(session, tenant_id, reference)
    for name, value in _links(session, tenant_id, asked).items():
        setattr(row, name, value)
    session.flush()
    return row


def find(session: Session, tenant_id: UUID, reference: str) -> AccountRow:
    """Return an account by id or name; raises `AccountMissing`."""
    row = session.scalar(referred_to(AccountRow, tenant_id, reference))
    if row is None:
        raise AccountMissing(f"there is no account {reference!r}")
    return row


def list_accounts(session: Session, tenant_id: UUID) -> Sequence[AccountRow]:
    """Return all accounts by name."""
    return session.scalars(select(AccountRow).where(AccountRow.tenant_id == tenant_id).order_by(AccountRow.name)).all()


def connection_names(session: Session, tenant_id: UUID) -> dict[str, str]:
    """Return through what each connected account's platform is asked, by the accounts' names."""
    joined = select(AccountRow.name, ConnectionRow.name).join(
        ConnectionRow, ConnectionRow.id == AccountRow.connection_id
    )
    return {row[0]: row[1] for row in session.execute(joined.where(AccountRow.tenant_id == tenant_id))}


def remove(session: Session, tenant_id: UUID, reference: str) -> None:
    """Forget an account with what was measured of it."""
    row = find(session, tenant_id, reference)
    session.execute(delete(AccountRow).where(AccountRow.id == row.id))


def tell(
    session: Session, tenant_id: UUID, reference: str, window_end: datetime, evidence: Mapping[str, Any]
) -> SignalRow:
    """Keep what was measured in a window, in place of what was told of it before; the oldest windows go."""
    account = find(session, tenant_id, reference)
    row = {"account_id": account.id, "window_end": window_end, "tenant_id": tenant_id, "evidence": dict(evidence)}
    made = insert(SignalRow).values(row)
    newer = {"evidence": made.excluded.evidence, "received_at": func.now()}
    session.execute(made.on_conflict_do_update(index_elements=["account_id", "window_end"], set_=newer))
    mine = select(SignalRow.window_end).where(SignalRow.account_id == account.id)
    oldest = session.scalar(mine.order_by(SignalRow.window_end.desc()).offset(KEPT_WINDOWS).limit(1))
    if oldest is not None:
        session.execute(delete(SignalRow).where(SignalRow.account_id == account.id, SignalRow.window_end <= oldest))
    return session.get_one(SignalRow, (account.id, window_end), populate_existing=True)


def list_signals(
    session: Session, tenant_id: UUID, reference: str, *, limit: int, before: datetime | None = None
) -> Sequence[SignalRow]:
    """Return an account's windows, newest first."""
    account = find(session, tenant_id, reference)
    query = select(SignalRow).where(SignalRow.account_id == account.id)
    if before is not None:
        query = query.where(SignalRow.window_end < before)
    return session.scalars(query.order_by(SignalRow.window_end.desc()).limit(limit)).all()


def latest_window(session: Session, tenant_id: UUID) -> datetime | None:
    """Return the end of the newest window that any account told of."""
    return session.scalar(select(func.max(SignalRow.window_end)).where(SignalRow.tenant_id == tenant_id))


def gather(session: Session, tenant_id: UUID, window_end: datetime | None) -> list[Account]:
    """Collect what the health of each account is computed from; an account silent in this window has none."""
    gathered = []
    for row in list_accounts(session, tenant_id):
        query = select(SignalRow).where(SignalRow.account_id == row.id)
        if window_end is not None:
            query = query.where(SignalRow.window_end <= window_end)
        found = session.scalars(query.order_by(SignalRow.window_end.desc()).limit(HISTORY + 1)).all()
        present = [one for one in found if one.window_end == window_end]
        history = [Evidence(**one.evidence) for one in found if one.window_end != window_end]
        window = Evidence(**present[0].evidence) if present else None
        gathered.append(Account(row.name, row.currency, window, history[:HISTORY]))
    return gathered


def _links(session: Session, tenant_id: UUID, asked: Mapping[str, Any]) -> dict[str, UUID | None]:
    """Return the ids of what an account is linked to by names or ids; None where it is to be linked to nothing."""
    found: dict[str, UUID | None] = {f"{name}_id": None for name in ("connection", "source") if name in asked}
    if asked.get("connection") is not None:
        found["connection_id"] = connections.find_of_sort(session, tenant_id, asked["connection"], "ads").id
    if asked.get("source") is not None:
        found["source_id"] = sources.find(session, tenant_id, asked["source"]).id
    return found

"""Connections to platforms: made, found, opened; what it takes to get in is sealed and never shown."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, Missing, field_errors
from core.ids import uuid7
from core.naming import referred_to
from core.platform.sealing.values import Place, open_sealed, seal
from core.workloads.customers.connection_models import ConnectionRow
from core.workloads.customers.connectors import CONNECTORS
from core.workloads.customers.connectors.base import AdPlatform, Connection, Crm

MOST = 100
"""How many connections a tenant may have."""


class ConnectionMissing(Missing):
    """There is no such connection."""

    code = "connection_missing"


class ConnectionNameTaken(Conflict):
    """Another connection of the tenant has this name."""

    code = "connection_name_taken"


class ConnectionsTooMany(Conflict):
    """The tenant has as many connections as may be."""

    code = "connections_too_many"


class ConnectionUnfit(Conflict):
    """The connection leads to a platform of another sort."""

    code = "connection_unfit"


class ConnectionSettingsInvalid(Invalid):
    """The settings do not fit the connector."""

    code = "connection_settings_invalid"


def create(session: Session, tenant_id: UUID, asked: Mapping[str, Any]) -> ConnectionRow:
    """Make a connection: `name`, `connector`, `settings`, `secret`; `id`, if that is settled."""
    if (session.scalar(select(func.count()).where(ConnectionRow.tenant_id == tenant_id)) or 0) >= MOST:
        raise ConnectionsTooMany(f"{MOST} connections are allowed")
    ids = {"id": asked.get("id") or uuid7(), "tenant_id": tenant_id}
    row = {**ids, **{name: asked[name] for name in ("name", "connector")}}
    row["settings"] = _checked(asked["connector"], asked.get("settings") or {})
    if asked.get("secret") is not None:
        row["secret"] = seal(session, _place(tenant_id, row["id"]), asked["secret"])
    made = session.scalar(insert(ConnectionRow).values(row).on_conflict_do_nothing().returning(ConnectionRow.id))
    if made is None:
        raise ConnectionNameTaken(f"there is a connection {asked['name']!r}")
    return session.get_one(ConnectionRow, made)


def change(session: Session, tenant_id: UUID, reference: str, settings: Mapping[str, Any]) -> ConnectionRow:
    """Give a connection other settings."""
    row = find(session, tenant_id, reference)
    row.settings = _checked(row.connector, settings)
    session.flush()
    return row


def find(session: Session, tenant_id: UUID, reference: str, *, lock: bool = False) -> ConnectionRow:
    """Return a connection by id or name; raises `ConnectionMissing`."""
    row = session.scalar(referred_to(ConnectionRow, tenant_id, reference, lock=lock))
    if row is None:
        raise ConnectionMissing(f"there is no connection {reference!r}")
    return row


def find_of_sort(session: Session, tenant_id: UUID, reference: str, sort: str) -> ConnectionRow:
    """Return a connection that leads to `ads` or a `crm`; raises `ConnectionUnfit` where it does not."""
    row = find(session, tenant_id, reference)
    if CONNECTORS[row.connector].sort != sort:
        raise ConnectionUnfit(f"{row.name!r} leads to no {sort}")
    return row


def list_connections(session: Session, tenant_id: UUID) -> Sequence[ConnectionRow]:
    """Return all connections by name."""
    query = select(ConnectionRow).where(ConnectionRow.tenant_id == tenant_id)
    return session.scalars(query.order_by(ConnectionRow.name)).all()


def opened(session: Session, row: ConnectionRow) -> Connection:
    """Return a connection with its secret open, for whoever speaks to the platform."""
    secret = None if row.secret is None else open_sealed(session, _place(row.tenant_id, row.id), row.secret)
    return Connection(row.id, row.tenant_id, row.name, row.connector, row.settings, secret)


def reach_ads(connection: Connection, transact: Callable[[], AbstractContextManager[Session]]) -> AdPlatform:
    """Reach the advertising platform behind a connection."""
    ads = CONNECTORS[connection.connector].ads
    if ads is None:
        raise ConnectionUnfit(f"{connection.name!r} leads to no ads")
    return ads(connection, transact)


def reach_crm(connection: Connection, transact: Callable[[], AbstractContextManager[Session]]) -> Crm:
    """Reach the CRM behind a connection."""
    crm = CONNECTORS[connection.connector].crm
    if crm is None:
        raise ConnectionUnfit(f"{connection.name!r} leads to no crm")
    return crm(connection, transact)


def _checked(connector: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    try:
        CONNECTORS[connector].settings().load(settings)
    except ValidationError as error:
        flaws = list(field_errors(error.messages, "/settings"))
        raise ConnectionSettingsInvalid(f"settings do not fit {connector}", errors=flaws) from None
    return dict(settings)


def _place(tenant_id: UUID, row_id: UUID) -> Place:
    return Place(tenant_id, "customer_connections", "secret", str(row_id))

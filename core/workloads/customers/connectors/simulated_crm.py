"""A simulated CRM: contacts with fields, told of by the time of their last change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from core.clock import database_now
from core.workloads.customers.connectors.base import (
    CRM_ROWS_AT_ONCE,
    Connection,
    Connector,
    Crm,
    CrmRow,
    PlatformRefused,
    Transact,
    Upsert,
)
from core.workloads.customers.connectors.simulation.faults import FaultSettings
from core.workloads.customers.connectors.simulation.host import Host
from core.workloads.customers.connectors.simulation.models import SimulatedObjectRow


@dataclass(frozen=True, slots=True)
class SimulatedCrm:
    """A CRM whose state is rows of the tenant."""

    host: Host

    def changes(self, since: datetime | None, after: str | None, limit: int) -> Sequence[CrmRow]:
        """Return contacts by the time of their last change and their id, beginning at a time behind one of them."""
        kept = SimulatedObjectRow
        query = select(kept).where(kept.connection_id == self.host.connection.id, kept.sort == "contact")
        if since is not None:
            behind = kept.changed_at >= since
            if after is not None:
                behind = or_(kept.changed_at > since, and_(kept.changed_at == since, kept.id > after))
            query = query.where(behind)
        with self.host.call("changes") as session:
            return [_contact(row) for row in session.scalars(query.order_by(kept.changed_at, kept.id).limit(limit))]

    def upsert(self, rows: Sequence[Upsert]) -> Mapping[int, str]:
        """Write contacts; each row is taken or refused by itself."""
        if len(rows) > CRM_ROWS_AT_ONCE:
            raise PlatformRefused(f"a request carries at most {CRM_ROWS_AT_ONCE} rows")
        refused: dict[int, str] = {}
        with self.host.call("upsert") as session:
            now = database_now(session)
            for place, one in enumerate(rows):
                if "@" not in one.key or self.host.faults.refuses("upsert", one.key):
                    refused[place] = "this contact cannot be written"
                    continue
                found = self.host.find(session, one.key, "contact")
                row = found[0] if found else self.host.make(session, "contact", one.key, {"fields": {}})
                row.body = {"fields": {**row.body["fields"], **one.fields}}
                row.changed_at = now
        return refused

    def delete(self, contact_id: str) -> None:
        """Take a contact away with its address; it is told of as deleted."""
        with self.host.call("delete") as session:
            row = self.host.get(session, contact_id, lock=True)
            if row is not None and row.sort == "contact":
                row.body, row.reference = {"fields": {}, "deleted": True}, f"gone/{contact_id}"
                row.changed_at = database_now(session)


def open_crm(connection: Connection, transact: Transact) -> Crm:
    """Reach a connection's CRM."""
    return SimulatedCrm(Host(connection, transact))


def _contact(row: SimulatedObjectRow) -> CrmRow:
    deleted = row.body.get("deleted", False)
    return CrmRow(row.id, row.reference, row.body["fields"], row.changed_at, deleted=deleted)


CONNECTOR = Connector("simulated_crm", FaultSettings, "A CRM that ships with Penstock, for trying.", crm=open_crm)

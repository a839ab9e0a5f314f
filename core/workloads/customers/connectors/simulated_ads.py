"""A simulated advertising platform: everything runs without an account, and it counts what comes twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, text
from sqlalchemy.orm import Session

from core.clock import database_now, rfc3339
from core.workloads.customers.connectors.base import (
    LEVELS,
    ROWS_AT_ONCE,
    AccountReport,
    AdObject,
    AdPlatform,
    Connection,
    Connector,
    Level,
    Members,
    PlatformRefused,
    Receipt,
    Report,
    Transact,
)
from core.workloads.customers.connectors.simulation.faults import FaultSettings, chance
from core.workloads.customers.connectors.simulation.host import Host
from core.workloads.customers.connectors.simulation.market import report_of
from core.workloads.customers.connectors.simulation.models import SimulatedMemberRow, SimulatedObjectRow

COST_OF_1000, CLICK_SHARE, CONVERSION_SHARE, ORDER = 8.0, 0.02, 0.05, 60.0
"""What a thousand impressions cost, what becomes of them, and what an order is worth; each day varies by a fifth."""
_SENT = text(
    """
    INSERT INTO customer_simulated_members AS kept (connection_id, audience, key, tenant_id, present, repeats)
    SELECT :connection, :audience, key, :tenant, :present, count(*) - 1 + CAST(NOT :present AS integer)
    FROM unnest(CAST(:rows AS text[])) AS key GROUP BY key ORDER BY key
    ON CONFLICT (connection_id, audience, key) DO UPDATE SET
      repeats = kept.repeats + CASE WHEN kept.present = excluded.present THEN 1 ELSE 0 END
        + excluded.repeats - CAST(NOT :present AS integer),
      present = excluded.present
    """
)
"""Removing what never was there changes nothing either."""


@dataclass(frozen=True, slots=True)
class SimulatedAds:
    """An advertising platform whose state is rows of the tenant."""

    host: Host

    def create_audience(self, reference: str, name: str) -> str:
        """Make an empty audience."""
        with self.host.call("create_audience") as session:
            return self.host.make(session, "audience", reference, {"name": name}).id

    def find_audiences(self, reference: str) -> Sequence[str]:
        """Return the ids of the audiences that bear a reference."""
        with self.host.call("find_audiences") as session:
            return [row.id for row in self.host.find(session, reference, "audience")]

    def delete_audience(self, audience: str) -> None:
        """Take an audience away, with its members and batches."""
        with self.host.call("delete_audience") as session:
            self._delete(session, audience)
            mine = SimulatedMemberRow.connection_id == self.host.connection.id
            session.execute(delete(SimulatedMemberRow).where(mine, SimulatedMemberRow.audience == audience))

    def add_members(self, audience: str, batch: str, rows: Sequence[str]) -> Receipt:
        """Add members."""
        return self._send("add_members", audience, batch, rows)

    def remove_members(self, audience: str, batch: str, rows: Sequence[str]) -> Receipt:
        """Remove members."""
        return self._send("remove_members", audience, batch, rows)

    def find_batch(self, audience: str, batch: str) -> Receipt | None:
        """Return what was taken of a batch."""
        with self.host.call("find_batch") as session:
            found = [row for row in self.host.find(session, batch, "batch") if row.parent == audience]
            return _receipt(found[0]) if found else None

    def count_members(self, audience: str) -> Members:
        """Tell how large an audience is."""
        with self.host.call("count_members") as session:
            self.host.get_one(session, audience)
            present = func.count().filter(SimulatedMemberRow.present)
            query = select(present, func.coalesce(func.sum(SimulatedMemberRow.repeats), 0))
            mine = SimulatedMemberRow.connection_id == self.host.connection.id
            count, repeated = session.execute(query.where(mine, SimulatedMemberRow.audience == audience)).one()
            return Members(count, int(repeated))

    def create(self, level: Level, reference: str, fields: Mapping[str, Any], parent: str | None = None) -> str:
        """Make something that does not run."""
        with self.host.call(f"create_{level}") as session:
            above = LEVELS.index(level) - 1
            if (parent is None) != (above < 0) or (
                parent is not None and self.host.get_one(session, parent).sort != LEVELS[above]
            ):
                raise PlatformRefused(f"a {level} has no such parent: {parent}")
            body = {"fields": dict(fields), "status": "paused", "daily_budget": fields.get("daily_budget")}
            return self.host.make(session, level, reference, body, parent).id

    def find(self, reference: str) -> Sequence[AdObject]:
        """Return what bears a reference."""
        with self.host.call("find") as session:
            return [_object(row) for row in self.host.find(session, reference, *LEVELS)]

    def read(self, object_id: str) -> AdObject | None:
        """Return something by its id."""
        with self.host.call("read") as session:
            row = self.host.get(session, object_id)
            return None if row is None or row.sort not in LEVELS else _object(row)

    def active_campaigns(self) -> Sequence[AdObject]:
        """Return the campaigns that run."""
        with self.host.call("active_campaigns") as session:
            mine = (SimulatedObjectRow.connection_id == self.host.connection.id, SimulatedObjectRow.sort == "campaign")
            running = SimulatedObjectRow.body["status"].astext == "active"
            query = select(SimulatedObjectRow).where(*mine, running).order_by(SimulatedObjectRow.number)
            return [_object(row) for row in session.scalars(query)]

    def activate(self, object_id: str) -> None:
        """Let something run."""
        self._change("activate", object_id, {"status": "active"}, "active_at")

    def pause(self, object_id: str) -> None:
        """Let something run no more."""
        self._change("pause", object_id, {"status": "paused"}, "paused_at")

    def set_budget(self, object_id: str, daily_budget: float) -> None:
        """Set what may be spent a day."""
        if daily_budget < 0:
            raise PlatformRefused("a budget is not negative")
        self._change("set_budget", object_id, {"daily_budget": daily_budget})

    def delete(self, object_id: str) -> None:
        """Take something away with its parts."""
        with self.host.call("delete") as session:
            self._delete(session, object_id)

    def report(self, object_id: str, day: date) -> Report:
        """Tell what became of a campaign on a day, the same whenever it is asked for."""
        with self.host.call("report") as session:
            body = self.host.get_one(session, object_id).body
        if not _ran(body, day):
            return Report(0, 0, 0, 0.0, 0.0)
        vary = [0.8 + 0.4 * chance(self.host.faults.seed, object_id, str(day), part) for part in range(4)]
        spend = round(float(body.get("daily_budget") or 0.0) * min(1.0, vary[0]), 2)
        impressions = int(spend / COST_OF_1000 * 1000)
        clicks = int(impressions * CLICK_SHARE * vary[1])
        conversions = int(clicks * CONVERSION_SHARE * vary[2])
        return Report(impressions, clicks, conversions, spend, round(conversions * ORDER * vary[3], 2))

    def account_report(self, since: datetime, until: datetime) -> AccountReport:
        """Tell what became of the account, the same whenever it is asked for."""
        with self.host.call("account_report"):
            return report_of(self.host.faults.market, self.host.faults.seed, since, until)

    def _send(self, operation: str, audience: str, batch: str, rows: Sequence[str]) -> Receipt:
        if len(rows) > ROWS_AT_ONCE:
            raise PlatformRefused(f"a request carries at most {ROWS_AT_ONCE} rows")
        with self.host.call(operation) as session:
            self.host.get_one(session, audience)
            refused = {place: "try again" for place, row in enumerate(rows) if self.host.faults.refuses(batch, row)}
            taken = [row for place, row in enumerate(rows) if place not in refused]
            connection = self.host.connection
            ids = {"connection": connection.id, "tenant": connection.tenant_id, "audience": audience}
            session.execute(_SENT, {**ids, "present": operation == "add_members", "rows": taken})
            body = {"received": len(taken), "refused": {str(place): why for place, why in refused.items()}}
            return _receipt(self.host.make(session, "batch", batch, body, audience))

    def _change(self, operation: str, object_id: str, changes: Mapping[str, Any], stamp: str | None = None) -> None:
        with self.host.call(operation) as session:
            row, now = self.host.get_one(session, object_id), database_now(session)
            row.body = {**row.body, **changes, **({} if stamp is None else {stamp: rfc3339(now)})}
            row.changed_at = now

    def _delete(self, session: Session, object_id: str) -> None:
        """Take away something, its parts, and theirs."""
        going = [object_id]
        mine = SimulatedObjectRow.connection_id == self.host.connection.id
        while going:
            below = select(SimulatedObjectRow.id).where(mine, SimulatedObjectRow.parent.in_(going))
            parts = list(session.scalars(below))
            those = or_(SimulatedObjectRow.id.in_(going))
            session.execute(delete(SimulatedObjectRow).where(mine, those))
            going = parts


def open_ads(connection: Connection, transact: Transact) -> AdPlatform:
    """Reach a connection's platform."""
    return SimulatedAds(Host(connection, transact))


def _ran(body: Mapping[str, Any], day: date) -> bool:
    """Tell whether something ran on a day, for all that its last start and stop tell."""
    began, ended = (body.get(name) for name in ("active_at", "paused_at"))
    if began is None or datetime.fromisoformat(began).date() > day:
        return False
    return body["status"] == "active" or (ended is not None and datetime.fromisoformat(ended).date() >= day)


def _receipt(row: SimulatedObjectRow) -> Receipt:
    refused = {int(place): why for place, why in row.body["refused"].items()}
    return Receipt(row.reference, row.body["received"], refused)


def _object(row: SimulatedObjectRow) -> AdObject:
    told = (row.body["status"], row.parent, row.body["daily_budget"], row.body["fields"])
    return AdObject(row.id, row.sort, row.reference, *told)


CONNECTOR = Connector(
    "simulated_ads", FaultSettings, "An advertising platform that ships with Penstock, for trying.", ads=open_ads
)

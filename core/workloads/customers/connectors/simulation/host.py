"""This file is about one call of a simulated platform: counted, held to the rate limit, and as unlucky as declared."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.clock import database_now
from core.workloads.customers.connectors.base import (
    Connection,
    OutcomeUnknown,
    PlatformAway,
    PlatformBusy,
    PlatformRefused,
    Transact,
)
from core.workloads.customers.connectors.simulation.faults import Faults, read_faults
from core.workloads.customers.connectors.simulation.models import SimulatedObjectRow, SimulationRow

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Host:
    """The machine behind a connection: all processes see the same one, and what it has done outlives them."""

    connection: Connection
    transact: Transact
    pause: Callable[[float], None] = time.sleep
    faults: Faults = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "faults", read_faults(self.connection.settings))

    @contextmanager
    def call(self, operation: str) -> Iterator[Session]:
        """Do one call's work in a transaction of its own; raises what the caller of a platform would see.

        With the fate `unanswered` the work lands, and whoever asked for it learns of a time-out.
        """
        fate = self._admit(operation)
        if self.faults.latency_ms:
            self.pause(self.faults.latency_ms / 1000)
        if fate == "away":
            raise PlatformAway(f"{self.connection.name} is away")
        if fate == "lost":
            raise OutcomeUnknown(f"{self.connection.name} did not answer")
        if fate == "refused":
            raise PlatformRefused(f"{self.connection.name} refuses to {operation}")
        with self.transact() as session:
            yield session
        if fate == "unanswered":
            raise OutcomeUnknown(f"{self.connection.name} did not answer")

    def make(
        self, session: Session, sort: str, reference: str, body: Mapping[str, Any], parent: str | None = None
    ) -> SimulatedObjectRow:
        """Keep something new under an id of its own."""
        row = self._counts(session)
        row.made += 1
        made = SimulatedObjectRow(
            connection_id=self.connection.id,
            id=f"{sort}-{row.made}",
            tenant_id=self.connection.tenant_id,
            sort=sort,
            reference=reference,
            parent=parent,
            body=dict(body),
            number=row.made,
        )
        session.add(made)
        session.flush()
        return made

    def get(self, session: Session, object_id: str, *, lock: bool = False) -> SimulatedObjectRow | None:
        """Return something by its id."""
        return session.get(SimulatedObjectRow, (self.connection.id, object_id), with_for_update=lock or None)

    def get_one(self, session: Session, object_id: str) -> SimulatedObjectRow:
        """Return something by its id, locked; raises `PlatformRefused` where it is not there."""
        row = self.get(session, object_id, lock=True)
        if row is None:
            raise PlatformRefused(f"there is no {object_id}")
        return row

    def find(self, session: Session, reference: str, *sorts: str) -> list[SimulatedObjectRow]:
        """Return what bears a reference, the oldest first."""
        mine = (SimulatedObjectRow.connection_id == self.connection.id, SimulatedObjectRow.reference == reference)
        query = select(SimulatedObjectRow).where(*mine, SimulatedObjectRow.sort.in_(sorts))
        return list(session.scalars(query.order_by(SimulatedObjectRow.number)))

    def _admit(self, operation: str) -> str:
        """Count a call and return its fate; raises `PlatformBusy`."""
        with self.transact() as session:
            row, now = self._counts(session), database_now(session)
            if now - row.minute_began_at >= _MINUTE:
                row.minute_began_at, row.minute_calls = now, 0
            if row.minute_calls >= self.faults.calls_per_minute:
                wait_s = (row.minute_began_at + _MINUTE - now).total_seconds()
                raise PlatformBusy(f"{self.connection.name} has had enough", retry_after_s=max(wait_s, 0.001))
            nth = row.operations.get(operation, 0) + 1
            row.calls += 1
            row.minute_calls += 1
            row.operations = {**row.operations, operation: nth}
            return self.faults.fate(operation, nth, row.calls)

    def _counts(self, session: Session) -> SimulationRow:
        """Return the counts, locked."""
        ids = {"connection_id": self.connection.id, "tenant_id": self.connection.tenant_id}
        session.execute(insert(SimulationRow).values(ids).on_conflict_do_nothing())
        mine = SimulationRow.connection_id == self.connection.id
        return session.scalars(select(SimulationRow).where(mine).with_for_update()).one()

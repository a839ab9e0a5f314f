"""The world of the state machine: a database, two tenants, workers, a broker that loses messages, a clock to move."""

import uuid
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text

from core.catalogue import Catalogue
from core.clock import monotonic, utc_now
from core.database import Database
from core.jobs.execution import Station
from core.jobs.leases import Claimed
from core.jobs.recording import DatabaseRecorder
from core.platform.access import Principal, Role
from core.platform.tenants import ensure_tenant
from tests.integration.machine.snapshot import Snapshot, read_snapshot

LEASE_S = 1_000.0
"""So long that no machine is slow enough to let one run out by itself."""

_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
_TIMES = {
    "jobs": "created_at run_at due_at queued_at started_at finished_at deadline_at "
    "lease_expires_at cancel_requested_at",
    "job_events": "at",
    "idempotency_keys": "created_at",
    "chores": "last_run_at",
}


@dataclass(frozen=True)
class Hand:
    """A worker's attempt at a job, which may be stale by now."""

    worker: str
    claimed: Claimed


@dataclass
class World:
    """What is outside the database, as a model of what should be in it."""

    station: Station
    catalogue: Catalogue
    tenants: tuple[Principal, Principal] = field(init=False)
    now_s: float = 0.0
    broker: list[UUID] = field(default_factory=list)
    taken: dict[UUID, int] = field(default_factory=dict)
    """The version that each job had when its latest message was carried away."""
    hands: list[Hand] = field(default_factory=list)
    """All attempts that were ever begun."""
    holders: dict[UUID, str] = field(default_factory=dict)
    """Who should hold each running job."""
    leases: dict[UUID, float] = field(default_factory=dict)
    """Until when."""

    def __post_init__(self) -> None:
        """Begin with nothing but two tenants."""
        with self.database.transaction() as session:
            names = ", ".join(session.scalars(_TABLES))
            # Tables that are only ever added to refuse to be emptied, but for a superuser who insists.
            session.execute(text("SET LOCAL session_replication_role = replica"))
            session.execute(text(f"TRUNCATE {names}"))
            self.tenants = (_somebody(ensure_tenant(session, "one")), _somebody(ensure_tenant(session, "two")))

    @property
    def database(self) -> Database:
        """Where all is recorded."""
        return self.station.database

    def read(self) -> Snapshot:
        """Read all rows."""
        return read_snapshot(self.database)

    def hold(self, worker: str, claimed: Claimed) -> None:
        """Note that a worker holds a job now."""
        self.hands.append(Hand(worker, claimed))
        self.holders[claimed.id] = worker
        self.leases[claimed.id] = self.now_s + LEASE_S

    def holds(self, hand: Hand) -> bool:
        """Tell whether an attempt should still be its job's."""
        return self.holders.get(hand.claimed.id) == hand.worker

    def let_go(self, job_id: UUID) -> None:
        """Note that nobody holds a job any more."""
        self.holders.pop(job_id, None)

    def lose_expired(self) -> int:
        """Note that those lost their jobs whose leases ran out; return how many."""
        lost = [job_id for job_id in self.holders if self.leases[job_id] < self.now_s]
        for job_id in lost:
            self.let_go(job_id)
        return len(lost)

    def pass_time(self, seconds: float) -> None:
        """Let so much time have passed since all that was ever recorded."""
        self.now_s += seconds
        with self.database.transaction() as session:
            for table, columns in _TIMES.items():
                earlier = ", ".join(f"{name} = {name} - make_interval(secs => :seconds)" for name in columns.split())
                session.execute(text(f"UPDATE {table} SET {earlier}"), {"seconds": seconds})

    def recorder(self, claimed: Claimed) -> DatabaseRecorder:
        """Make what an attempt reports through."""
        station = self.station
        return DatabaseRecorder(
            station.database,
            station.storage,
            claimed,
            utc_now,
            monotonic,
            told_to_stop=lambda: None,
            announce=lambda _version, _state: None,
        )


def _somebody(tenant_id: UUID) -> Principal:
    return Principal(uuid.uuid4(), tenant_id, Role.ADMIN, "somebody")

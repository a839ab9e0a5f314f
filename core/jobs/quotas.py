"""Quotas: how much of the platform a tenant may take, counted when it asks for more, not kept in counters."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, Float, ForeignKey, Integer, TextClause, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base
from core.errors import Transient
from core.ids import floor_at


class Quota(Base):
    """What a tenant may take; null where nothing bounds it."""

    __tablename__ = "tenant_quotas"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    jobs_per_day: Mapped[int | None] = mapped_column(BigInteger)
    queued_jobs: Mapped[int | None] = mapped_column(BigInteger)
    stored_bytes: Mapped[int | None] = mapped_column(BigInteger)
    cpu_s_per_day: Mapped[float | None] = mapped_column(Float)
    requests_per_minute: Mapped[int | None] = mapped_column(Integer)


class QuotaExceeded(Transient):
    """The tenant has used up what it may take for now."""

    code = "quota_exceeded"


@dataclass(frozen=True, slots=True)
class Use:
    """One quota: what is used, null where that is not counted here, and what may be, null where nothing bounds it."""

    used: float | None
    limit: float | None


@dataclass(frozen=True, slots=True)
class Pace:
    """Where it is written down what a schedule or trigger has submitted."""

    table: str
    column: str
    whose: UUID

    @property
    def count(self) -> TextClause:
        """Write the query that counts the jobs of the last minute."""
        return text(
            f"SELECT count(*) FROM {self.table} WHERE {self.column} = :whose AND job_id IS NOT NULL "  # noqa: S608 - names of a table of ours
            "AND recorded_at > now() - interval '1 minute'"
        )


JOBS = frozenset({"jobs_per_day", "queued_jobs", "stored_bytes", "cpu_s_per_day"})
"""What submitting jobs is held to: they will store and compute."""
BYTES = frozenset({"stored_bytes"})
NAMES = ("jobs_per_day", "queued_jobs", "stored_bytes", "cpu_s_per_day", "requests_per_minute")
_IN_JOBS = frozenset({"jobs_per_day", "queued_jobs"})
_OF_TODAY = frozenset({"jobs_per_day", "cpu_s_per_day"})
MOST_COUNTED = 20_000
"""How many jobs are counted where no quota asks for more: as many as are read within a moment."""
_ALL = 2.0**62
SOON_S = 30.0
"""When to come back where no midnight helps: jobs start and artifacts go all the time."""


def read_quotas(session: Session, tenant_id: UUID) -> dict[str, float]:
    """Return the quotas that a tenant has, by name."""
    row = session.execute(
        select(*(Quota.__table__.c[name] for name in NAMES)).where(Quota.tenant_id == tenant_id)
    ).first()
    return {} if row is None else {name: value for name, value in row._asdict().items() if value is not None}


def find_bounded(session: Session, tenant_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of many tenants that have any quota: one look for all of them."""
    return frozenset(session.scalars(select(Quota.tenant_id).where(Quota.tenant_id.in_(tenant_ids))))


def set_quotas(session: Session, tenant_id: UUID, quotas: Mapping[str, float | None]) -> None:
    """Put a tenant's quotas in place of those before; what is null or not named is not bounded."""
    session.execute(delete(Quota).where(Quota.tenant_id == tenant_id))
    session.execute(insert(Quota).values(tenant_id=tenant_id, **quotas))


def read_use(session: Session, tenant_id: UUID, *, now: datetime) -> dict[str, Use]:
    """Count what a tenant uses of everything that is counted in the database, and name all that may be bounded.

    Where no quota asks for more, `MOST_COUNTED` jobs are looked at.
    """
    limits = read_quotas(session, tenant_id)
    used = {name: _count(session, name, tenant_id, now, most=_as_far_as(name, limits)) for name in _COUNTS}
    return {name: Use(used.get(name), limits.get(name)) for name in NAMES}


def hold_to(session: Session, tenant_id: UUID, names: Collection[str], *, now: datetime, more: int = 0) -> None:
    """Raise `QuotaExceeded` where what is recorded, by this transaction too, is more than its tenant may have.

    `more` is how many jobs are about to be. Who has quotas asks one after the other, so that two cannot both take the
    last place; who has none pays a look.
    """
    limits = {name: limit for name, limit in read_quotas(session, tenant_id).items() if name in names} if names else {}
    if limits:
        session.execute(_IN_TURN, {"tenant_id": str(tenant_id)})
    for name, limit in limits.items():
        used = _count(session, name, tenant_id, now, most=limit if name in _IN_JOBS else _ALL)
        used += more if name in _IN_JOBS else 0
        if used > limit or (name == "cpu_s_per_day" and used == limit):
            left_s = _until_midnight_s(now) if name in _OF_TODAY else SOON_S
            raise QuotaExceeded(f"{name} is {limit:g}, and this would make it {used:g}", retry_after_s=left_s)


def hold_to_pace(session: Session, tenant_id: UUID, pace: Pace, *, more: int = 1) -> None:
    """Raise `QuotaExceeded` where one schedule or trigger would submit more jobs a minute than a person may."""
    limit = read_quotas(session, tenant_id).get("requests_per_minute")
    if limit is None:
        return
    used = int(session.execute(pace.count, {"whose": pace.whose}).scalar_one()) + more
    if used > limit:
        detail = f"requests_per_minute is {limit:g}, and this would make it {used}"
        raise QuotaExceeded(detail, retry_after_s=SOON_S)


_IN_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('quota:' || :tenant_id, 0))")


def _as_far_as(name: str, limits: Mapping[str, float]) -> float:
    if name not in limits:
        return MOST_COUNTED
    return max(limits[name], MOST_COUNTED) if name in _IN_JOBS else _ALL


def _count(session: Session, name: str, tenant_id: UUID, now: datetime, *, most: float) -> float:
    """Count over so many jobs and the first beyond."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    given = {"tenant_id": tenant_id, "midnight": midnight, "first": floor_at(midnight), "most": int(most) + 1}
    return float(session.execute(text(_COUNTS[name]), given).scalar_one())


def _until_midnight_s(now: datetime) -> float:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today + timedelta(days=1) - now).total_seconds()


# Ids are in the order of creation; a shard's bears its parent's time and is no request of its own.
_COUNTS = {
    "jobs_per_day": """
        SELECT count(*) FROM (SELECT FROM jobs
          WHERE tenant_id = :tenant_id AND id >= :first AND parent_id IS NULL LIMIT :most) AS counted""",
    "queued_jobs": """
        SELECT count(*) FROM (SELECT FROM jobs
          WHERE tenant_id = :tenant_id AND state <> 'succeeded'
            AND state IN ('queued', 'scheduled', 'waiting', 'retryable') AND parent_id IS NULL
          LIMIT :most) AS counted""",
    "stored_bytes": "SELECT coalesce(sum(size), 0) FROM artifacts WHERE tenant_id = :tenant_id",
    "cpu_s_per_day": """
        SELECT coalesce(sum((usage ->> 'cpu_s')::float8), 0) FROM (SELECT usage FROM jobs
          WHERE tenant_id = :tenant_id AND finished_at >= :midnight
          ORDER BY finished_at DESC LIMIT :most) AS counted""",
}

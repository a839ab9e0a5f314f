"""Vitals: counts of what the platform's processes see, by minute, so that one of them can judge all together."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Text, func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base

REQUESTS, FAILED_REQUESTS, WITHIN = "http.requests", "http.failed", "http.within/"
"""Requests answered, those with 5xx, and those answered within so many seconds (cumulative)."""
CACHE = "cache."
"""Answers of the web's cache by tier (`hot`, `warm`, `stale`), and what it missed (`miss`)."""
LOST_ATTEMPTS = "workers.lost_attempts"
KEPT_FOR_H = 24


class VitalCount(Base):
    """How often something was seen within one minute, by all processes together."""

    __tablename__ = "vital_counts"

    minute: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


def add(session: Session, counts: Mapping[str, int]) -> None:
    """Count what was seen in the present minute."""
    minute = func.date_trunc("minute", func.now())
    # In one order, so that two processes which count the same never wait for each other crosswise.
    rows = [{"minute": minute, "name": name, "count": count} for name, count in sorted(counts.items()) if count]
    if rows:
        counted = insert(VitalCount).values(rows)
        together = {"count": VitalCount.count + counted.excluded.count}
        session.execute(counted.on_conflict_do_update(index_elements=["minute", "name"], set_=together))


def totals(session: Session, *, minutes: int) -> dict[str, int]:
    """Return what was seen in the last so many minutes, the present one included."""
    return {name: int(count) for name, count in session.execute(_TOTALS, {"minutes": minutes})}


def forget_old(session: Session) -> int:
    """Delete what is older than anybody asks for; return how many counts went."""
    return len(session.execute(_FORGET, {"hours": KEPT_FOR_H}).all())


_TOTALS = text(
    """
SELECT name, sum(count) FROM vital_counts
WHERE minute > date_trunc('minute', now()) - make_interval(mins => :minutes) GROUP BY name
"""
)
_FORGET = text("DELETE FROM vital_counts WHERE minute < now() - make_interval(hours => :hours) RETURNING 1")

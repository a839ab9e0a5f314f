"""What workers tell of the toolchains on their hosts: a row for each, believed for as long as its worker renews it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import DateTime, Text, func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base
from core.workloads.code.native.survey import Availability

RENEWED_EVERY_S = 30.0
BELIEVED_FOR_S = 3 * RENEWED_EVERY_S
"""A worker that renewed nothing for so long is taken to be gone."""
_KEPT_FOR_H = 24


class ToolchainReport(Base):
    """What one worker said of one language's toolchain."""

    __tablename__ = "toolchain_reports"

    worker: Mapped[str] = mapped_column(Text, primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    available: Mapped[bool] = mapped_column()
    version: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


def record(session: Session, worker: str, found: Sequence[Availability]) -> None:
    """Write down what a worker found in place of what it said before; forget workers long gone."""
    session.execute(_FORGET, {"worker": worker, "hours": _KEPT_FOR_H})
    rows = [
        {
            "worker": worker,
            "language": one.language,
            "title": one.title,
            "available": one.available,
            "version": one.version,
            "reason": one.reason,
        }
        for one in found
    ]
    session.execute(insert(ToolchainReport).values(rows))


def renew(session: Session, worker: str) -> None:
    """Say that what the worker told still holds."""
    session.execute(_RENEW, {"worker": worker})


def read(session: Session) -> Mapping[str, Availability]:
    """Return for each language what a worker that lives has told, one that has the toolchain before one that has not.

    A language of which no living worker told anything is left out.
    """
    found: dict[str, Availability] = {}
    for row in session.execute(_READ, {"believed_for_s": BELIEVED_FOR_S}):
        found.setdefault(row.language, Availability(row.language, row.title, row.available, row.version, row.reason))
    return found


_FORGET = text(
    """
DELETE FROM toolchain_reports
WHERE worker = :worker OR reported_at < now() - make_interval(hours => :hours)
"""
)
_RENEW = text("UPDATE toolchain_reports SET reported_at = now() WHERE worker = :worker")
_READ = text(
    """
SELECT language, title, available, version, reason FROM toolchain_reports
WHERE reported_at > now() - make_interval(secs => :believed_for_s)
ORDER BY language, available DESC, worker
"""
)

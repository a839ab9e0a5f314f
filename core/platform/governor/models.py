"""The tables of the governor: what each worker says of itself and its host, and what was done about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, Integer, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class GovernorReport(Base):
    """What one worker said last."""

    __tablename__ = "governor_reports"

    worker: Mapped[str] = mapped_column(Text, primary_key=True)
    host: Mapped[str] = mapped_column(Text)
    queues: Mapped[list[str]] = mapped_column(ARRAY(Text))
    mode: Mapped[str] = mapped_column(Text)
    """`on`, or `dry_run`: then nothing was done of all that it says."""
    level: Mapped[str] = mapped_column(Text)
    cpu_busy: Mapped[bool] = mapped_column()
    slots: Mapped[int] = mapped_column(Integer)
    full_slots: Mapped[int] = mapped_column(Integer)
    low_slots: Mapped[int] = mapped_column(Integer)
    held: Mapped[int] = mapped_column(Integer)
    """How many jobs wait in the worker for memory or for a place."""
    readings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    acted: Mapped[int] = mapped_column(BigInteger)
    """How many changes it made since it began."""
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class GovernorAction(Base):
    """One change that a worker made, or would have made."""

    __tablename__ = "governor_actions"
    __table_args__ = (Index("ix_governor_actions_at", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    worker: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    dry_run: Mapped[bool] = mapped_column()

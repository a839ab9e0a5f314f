"""The tables of admission: which queues are paused, how many jobs may run at once under which name."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Integer, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class QueuePause(Base):
    """A queue from which nothing is started for now."""

    __tablename__ = "queue_pauses"

    queue: Mapped[str] = mapped_column(Text, primary_key=True)
    paused_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    paused_by: Mapped[UUID | None] = mapped_column()


class ConcurrencyLimit(Base):
    """How many jobs may run at once under one name.

    Names are `kind:<name>`, `tenant:<id>`, `key:<tenant>:<key>` and `low:<queue>`.
    """

    __tablename__ = "concurrency_limits"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    max_running: Mapped[int] = mapped_column(Integer)
    declared: Mapped[bool] = mapped_column(server_default="false")
    """Whether it is only what the kind declares, which a newer version may change."""


class Admission(Base):
    """A place that a job on its way to a worker holds at its gates, until it is claimed."""

    __tablename__ = "job_admissions"

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    gates: Mapped[list[str]] = mapped_column(ARRAY(Text))

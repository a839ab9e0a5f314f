"""The tables of a course, each row a tenant's own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Float, ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.platform.sealing.columns import SealedText
from core.platform.sealing.values import Sealed

_INSTANT = DateTime(timezone=True)
STATUSES = ("grading", "graded", "failed")


class ClassRow(Base):
    """Students who are taught together, and by whom."""

    __tablename__ = "course_classes"
    __table_args__ = (Index("uq_course_classes_tenant_name", "tenant_id", "name", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    name: Mapped[str] = mapped_column(Text)
    made_by: Mapped[UUID] = mapped_column()
    """The teacher."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class StudentRow(Base):
    """Who belongs to a class."""

    __tablename__ = "course_students"

    class_id: Mapped[UUID] = mapped_column(ForeignKey("course_classes.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    """A member's id, or a key's."""
    tenant_id: Mapped[UUID] = mapped_column()
    alias: Mapped[Sealed] = mapped_column(SealedText)
    """What the teacher calls the student."""
    joined_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class SubmissionRow(Base):
    """A program that was handed in, and what came of it."""

    __tablename__ = "course_submissions"
    __table_args__ = (
        CheckConstraint("status IN ('grading', 'graded', 'failed')", name="status_known"),
        Index("ix_course_submissions_member", "tenant_id", "member_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    member_id: Mapped[UUID] = mapped_column()
    """The author: a member's id, or a key's."""
    exercise: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    job_id: Mapped[UUID] = mapped_column()
    status: Mapped[str] = mapped_column(Text, server_default="grading")
    source: Mapped[Sealed] = mapped_column(SealedText)
    answer_key: Mapped[Sealed | None] = mapped_column(SealedText)
    """What the job's answer is opened with; null once it was."""
    answer: Mapped[Sealed | None] = mapped_column(SealedText)
    """What the job told case by case, as JSON."""
    verdict: Mapped[str | None] = mapped_column(Text)
    points: Mapped[float] = mapped_column(Float, server_default="0")
    points_possible: Mapped[float] = mapped_column(Float)
    failed_cases: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    """Names, for counting over a class."""
    fingerprints: Mapped[list[int]] = mapped_column(JSONB)
    reason: Mapped[str | None] = mapped_column(Text)
    """Why the job failed."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    settled_at: Mapped[datetime | None] = mapped_column(_INSTANT)

    @property
    def solved(self) -> bool:
        """Whether every case was passed."""
        return self.verdict == "accepted"

"""The tables of workflows: the graph itself, its steps, and which job waits for which."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class Workflow(Base):
    """One graph of jobs, submitted together."""

    __tablename__ = "workflows"
    __table_args__ = (Index("ix_workflows_tenant_newest", "tenant_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    role: Mapped[str] = mapped_column(Text)
    """Role of whoever submitted it: what parents put into params may need no more than that allows."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class WorkflowStep(Base):
    """One job of a workflow under the name it has there."""

    __tablename__ = "workflow_steps"
    __table_args__ = (Index("uq_workflow_steps_job", "job_id", unique=True),)

    workflow_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    job_id: Mapped[UUID] = mapped_column()
    after: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    params_from: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    """Pointer into the params to where its value comes from, as it was submitted: `a#/artifact`."""
    allow_failure: Mapped[bool] = mapped_column(server_default="false")


class Dependency(Base):
    """One job waits for the end of another."""

    __tablename__ = "job_dependencies"
    __table_args__ = (Index("ix_job_dependencies_on", "on_job_id", "job_id"),)

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    on_job_id: Mapped[UUID] = mapped_column(primary_key=True)
    tolerant: Mapped[bool] = mapped_column(server_default="false")
    """Whether any end will do; else it has to succeed."""

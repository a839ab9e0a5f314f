"""The tables of jobs: the job itself, its events, log lines, artifacts and outgoing messages.

The busy tables carry no foreign keys: each would cost a look-up and a row lock on every insert. `lifecycle` is the
only writer of events, and `pruning` deletes a job's rows together.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.jobs.states import FINAL, State
from core.platform.tenants import Tenant

NOT_FINAL = "state NOT IN ({})".format(", ".join(f"'{state}'" for state in sorted(FINAL)))
_INSTANT = DateTime(timezone=True)


class Job(Base):
    """One request for one computation, and what became of it."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in State)), name="state_known"),
        CheckConstraint("priority BETWEEN 0 AND 9", name="priority_range"),
        Index("ix_jobs_tenant_newest", "tenant_id", "id"),
        Index("ix_jobs_tenant_kind", "tenant_id", "kind", "id"),
        Index("ix_jobs_tenant_state", "tenant_id", "state", "id", postgresql_where=text("state <> 'succeeded'")),
        Index("ix_jobs_tenant_queue", "tenant_id", "queue", "id", postgresql_where=text("queue <> 'default'")),
        Index(
            "ix_jobs_tenant_key",
            "tenant_id",
            "unique_key",
            postgresql_ops={"unique_key": "text_pattern_ops"},
            postgresql_where=text("unique_key IS NOT NULL"),
        ),
        Index("ix_jobs_tags", "tags", postgresql_using="gin", postgresql_where=text("tags <> '{}'")),
        Index("ix_jobs_running", "lease_expires_at", postgresql_where=text("state = 'running'")),
        Index("ix_jobs_due", "priority", "due_at", postgresql_where=text("state IN ('scheduled', 'retryable')")),
        Index("ix_jobs_queued", "queue", "queued_at", postgresql_where=text("state = 'queued'")),
        Index("ix_jobs_deadline", "deadline_at", postgresql_where=text(f"deadline_at IS NOT NULL AND {NOT_FINAL}")),
        Index(
            "uq_jobs_tenant_unique_key",
            "tenant_id",
            "unique_key",
            unique=True,
            postgresql_where=text(f"unique_key IS NOT NULL AND {NOT_FINAL}"),
        ),
        Index("ix_jobs_finished_at", "finished_at", postgresql_using="brin"),
        Index("ix_jobs_ended", "tenant_id", "finished_at", postgresql_where=text("finished_at IS NOT NULL")),
        Index("ix_jobs_inputs", "inputs", postgresql_using="gin", postgresql_where=text("inputs <> '{}'")),
        Index(
            "ix_jobs_parent", "parent_id", "shard_stage", "shard_index", postgresql_where=text("parent_id IS NOT NULL")
        ),
        Index("ix_jobs_open_shards", "parent_id", postgresql_where=text(f"parent_id IS NOT NULL AND {NOT_FINAL}")),
        Index("ix_jobs_workflow", "workflow_id", "id", postgresql_where=text("workflow_id IS NOT NULL")),
        Index("ix_jobs_schedule", "schedule_id", "id", postgresql_where=text("schedule_id IS NOT NULL")),
        Index(
            "ix_jobs_open_scheduled", "schedule_id", postgresql_where=text(f"schedule_id IS NOT NULL AND {NOT_FINAL}")
        ),
        Index(
            "ix_jobs_gates", "gates", postgresql_using="gin", postgresql_where=text(f"gates <> '{{}}' AND {NOT_FINAL}")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    kind: Mapped[str] = mapped_column(Text)
    kind_version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    """Sequence number of the latest event; also the ETag."""
    queue: Mapped[str] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(SmallInteger, server_default="5")
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    params_hash: Mapped[str] = mapped_column(Text)
    inputs: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """The artifacts that the params name: they stay for as long as the job does."""
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    unique_key: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(Text)
    submitted_by: Mapped[UUID | None] = mapped_column()
    schedule_id: Mapped[UUID | None] = mapped_column()
    workflow_id: Mapped[UUID | None] = mapped_column()
    parent_id: Mapped[UUID | None] = mapped_column()
    """The job that this one is a shard of."""
    shard_stage: Mapped[int | None] = mapped_column(SmallInteger)
    """Which of its parent's splits it belongs to, from 0."""
    shard_index: Mapped[int | None] = mapped_column(Integer)
    """Its place among the shards of that split."""
    stages: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """How many times it was split into shards itself."""
    followed: Mapped[bool] = mapped_column(server_default="false")
    """Whether somebody waits for its end: a parent, a dependent of a workflow, or whoever is called back."""
    callback_url: Mapped[str | None] = mapped_column(Text)
    """Where its end is told."""
    gates: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Names of the concurrency limits of its own; those of its kind and tenant hold for it in any case."""

    attempt: Mapped[int] = mapped_column(Integer, server_default="0")
    max_attempts: Mapped[int] = mapped_column(Integer)
    timeout_s: Mapped[float] = mapped_column(Float)
    fence: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The fencing token: grows by one with each claim; a write that names an older one is refused."""
    worker: Mapped[str | None] = mapped_column(Text)
    lease_expires_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    cancel_requested_at: Mapped[datetime | None] = mapped_column(_INSTANT)

    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    run_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    due_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    """When a scheduled or retryable job is to be queued."""
    queued_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    started_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    finished_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    deadline_at: Mapped[datetime | None] = mapped_column(_INSTANT)

    progress: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    usage: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class JobEvent(Base):
    """One change of one job, numbered without gaps, written in the transaction of the change.

    Partitioned by the time that the job's id bears (`core.jobs.partitions`): all events of a job lie in one partition.
    """

    __tablename__ = "job_events"
    __table_args__ = ({"postgresql_partition_by": "RANGE (job_id)"},)

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    type: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.clock_timestamp())
    attempt: Mapped[int] = mapped_column(Integer)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class JobLogLine(Base):
    """One line that a computation logged."""

    __tablename__ = "job_log_lines"
    __table_args__ = (Index("ix_job_log_lines_job", "job_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    job_id: Mapped[UUID] = mapped_column()
    attempt: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(_INSTANT)
    level: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class JobSnapshot(Base):
    """What the rest of a running computation hangs on, for an attempt that has to go on from there."""

    __tablename__ = "job_snapshots"

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    kind_version: Mapped[int] = mapped_column(Integer)
    params_hash: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.clock_timestamp())


class Artifact(Base):
    """Bytes that a job left behind or that a client uploaded; the bytes themselves are in the storage."""

    __tablename__ = "artifacts"
    __table_args__ = (
        Index("uq_artifacts_job_name", "job_id", "name", unique=True, postgresql_where=text("job_id IS NOT NULL")),
        Index("ix_artifacts_sha256", "sha256"),
        Index("ix_artifacts_tenant", "tenant_id"),
        Index("ix_artifacts_expiry", "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id))
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    expires_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class DroppedBytes(Base):
    """Bytes that no artifact named and that were, or will now be deleted; whoever has just stored them looks here."""

    __tablename__ = "dropped_bytes"

    sha256: Mapped[str] = mapped_column(Text, primary_key=True)
    dropped_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class OutboxMessage(Base):
    """A message that is to be carried to the broker: written with the job, gone once it was sent."""

    __tablename__ = "job_outbox"
    __table_args__ = (
        Index(
            "ix_job_outbox_fair",
            "queue",
            "tenant_id",
            text("priority DESC"),
            "id",
            postgresql_where=text("held_by IS NULL"),
        ),
        Index(
            "ix_job_outbox_held",
            "held_by",
            "queue",
            "tenant_id",
            text("priority DESC"),
            "id",
            postgresql_where=text("held_by IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    job_id: Mapped[UUID] = mapped_column()
    kind: Mapped[str] = mapped_column(Text)
    queue: Mapped[str] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(SmallInteger)
    tenant_id: Mapped[UUID] = mapped_column()
    gates: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    held_by: Mapped[str | None] = mapped_column(Text)
    """The gate that had no room when a relay looked last; then it waits for that gate, out of the way of others."""


class Settlement(Base):
    """A job that became final and is followed: whoever waits for it is to be looked at; then the row goes."""

    __tablename__ = "job_settlements"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    job_id: Mapped[UUID] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, server_default="0")
    """Which of its events the end was."""
    after: Mapped[UUID | None] = mapped_column()
    """Up to which of its dependents they have been looked at; null where nobody has begun."""


class IdempotencyKey(Base):
    """A client's promise that two requests are one."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_age", "created_at"),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(Text)
    job_id: Mapped[UUID] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class Chore(Base):
    """When a periodic chore last ran, so that any number of tickers run it once."""

    __tablename__ = "chores"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    last_run_at: Mapped[datetime] = mapped_column(_INSTANT)


class PrunedCount(Base):
    """What pruning took away: how many jobs of which kind and end, by day of creation."""

    __tablename__ = "pruned_counts"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    state: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[datetime] = mapped_column(_INSTANT, primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)

"""Workflows, shards, schedules, queue pauses and concurrency limits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Settlements wake the relay as messages do; it hears which of them it was. Who asks for quiet wakes it after the
# commit: transactions with a NOTIFY commit one after the other, each waiting for the disk alone.
ANNOUNCE = """
CREATE OR REPLACE FUNCTION announce_outbox() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF current_setting('penstock.quiet', true) IS DISTINCT FROM 'on' AND EXISTS (SELECT FROM fresh)
  THEN PERFORM pg_notify('penstock_outbox', TG_TABLE_NAME); END IF;
  RETURN NULL;
END $$
"""
ANNOUNCED_BEFORE = """
CREATE OR REPLACE FUNCTION announce_outbox() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF EXISTS (SELECT FROM fresh) THEN NOTIFY penstock_outbox; END IF;
  RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER announce_settlement AFTER INSERT ON job_settlements REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION announce_outbox()
"""
DUE = "state IN ('scheduled', 'retryable')"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "concurrency_limits",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("max_running", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_concurrency_limits")),
    )
    op.create_table(
        "dropped_bytes",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_dropped_bytes")),
    )
    op.add_column("tenants", sa.Column("retention_days", sa.Integer(), nullable=True))
    op.create_check_constraint(op.f("ck_tenants_retention_positive"), "tenants", "retention_days >= 1")
    op.create_table(
        "job_dependencies",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("on_job_id", sa.Uuid(), nullable=False),
        sa.Column("tolerant", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("job_id", "on_job_id", name=op.f("pk_job_dependencies")),
    )
    op.create_index("ix_job_dependencies_on", "job_dependencies", ["on_job_id", "job_id"], unique=False)
    op.create_table(
        "job_settlements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_settlements")),
    )
    op.create_table(
        "queue_pauses",
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("paused_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("queue", name=op.f("pk_queue_pauses")),
    )
    op.create_table(
        "workflow_steps",
        sa.Column("workflow_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("after", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("params_from", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("allow_failure", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("workflow_id", "name", name=op.f("pk_workflow_steps")),
    )
    op.create_index("uq_workflow_steps_job", "workflow_steps", ["job_id"], unique=True)
    op.create_table(
        "schedules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("priority", sa.SmallInteger(), server_default="5", nullable=False),
        sa.Column("timeout_s", sa.Float(), nullable=True),
        sa.Column("max_attempts", sa.Integer(), nullable=True),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("cron", sa.Text(), nullable=True),
        sa.Column("every_s", sa.Float(), nullable=True),
        sa.Column("timezone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("jitter_s", sa.Float(), server_default="0", nullable=False),
        sa.Column("missed", sa.Text(), server_default="once", nullable=False),
        sa.Column("overlap", sa.Text(), server_default="allow", nullable=False),
        sa.Column("paused", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("paused_reason", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_fire_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_schedules_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
    )
    op.create_index(
        "ix_schedules_due",
        "schedules",
        ["next_fire_at"],
        unique=False,
        postgresql_where=sa.text("NOT paused AND next_fire_at IS NOT NULL"),
    )
    op.create_index("ix_schedules_tenant_newest", "schedules", ["tenant_id", "id"], unique=False)
    op.create_table(
        "workflows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_workflows_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflows")),
    )
    op.create_index("ix_workflows_tenant_newest", "workflows", ["tenant_id", "id"], unique=False)
    op.create_table(
        "schedule_runs",
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("fire_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_schedule_runs_schedule_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("schedule_id", "fire_at", name=op.f("pk_schedule_runs")),
    )
    op.add_column("job_outbox", sa.Column("tenant_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE job_outbox SET tenant_id = jobs.tenant_id FROM jobs WHERE jobs.id = job_outbox.job_id")
    op.execute("DELETE FROM job_outbox WHERE tenant_id IS NULL")
    op.alter_column("job_outbox", "tenant_id", nullable=False)
    op.add_column("job_outbox", sa.Column("gates", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.drop_index(op.f("ix_job_outbox_order"), table_name="job_outbox")
    op.create_index(
        "ix_job_outbox_fair",
        "job_outbox",
        ["queue", "tenant_id", sa.literal_column("priority DESC"), "id"],
        unique=False,
    )
    op.add_column("jobs", sa.Column("shard_stage", sa.SmallInteger(), nullable=True))
    op.add_column("jobs", sa.Column("shard_index", sa.Integer(), nullable=True))
    op.add_column("jobs", sa.Column("stages", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("jobs", sa.Column("followed", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("jobs", sa.Column("inputs", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False))
    op.add_column("jobs", sa.Column("gates", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.drop_index(op.f("ix_jobs_parent_id"), table_name="jobs", postgresql_where="(parent_id IS NOT NULL)")
    op.drop_index("ix_jobs_due", table_name="jobs")
    op.create_index("ix_jobs_due", "jobs", ["priority", "due_at"], unique=False, postgresql_where=sa.text(DUE))
    op.create_index(
        "ix_jobs_gates",
        "jobs",
        ["gates"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("gates <> '{}' AND state NOT IN ('cancelled', 'expired', 'failed', 'succeeded')"),
    )
    op.create_index(
        "ix_jobs_ended",
        "jobs",
        ["tenant_id", "finished_at"],
        unique=False,
        postgresql_where=sa.text("finished_at IS NOT NULL"),
    )
    op.create_index(
        "ix_jobs_inputs",
        "jobs",
        ["inputs"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("inputs <> '{}'"),
    )
    op.create_index(
        "ix_jobs_open_shards",
        "jobs",
        ["parent_id"],
        unique=False,
        postgresql_where=sa.text(
            "parent_id IS NOT NULL AND state NOT IN ('cancelled', 'expired', 'failed', 'succeeded')"
        ),
    )
    op.create_index(
        "ix_jobs_open_scheduled",
        "jobs",
        ["schedule_id"],
        unique=False,
        postgresql_where=sa.text(
            "schedule_id IS NOT NULL AND state NOT IN ('cancelled', 'expired', 'failed', 'succeeded')"
        ),
    )
    op.create_index(
        "ix_jobs_parent",
        "jobs",
        ["parent_id", "shard_stage", "shard_index"],
        unique=False,
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_index(
        "ix_jobs_schedule",
        "jobs",
        ["schedule_id", "id"],
        unique=False,
        postgresql_where=sa.text("schedule_id IS NOT NULL"),
    )
    op.create_index(
        "ix_jobs_workflow",
        "jobs",
        ["workflow_id", "id"],
        unique=False,
        postgresql_where=sa.text("workflow_id IS NOT NULL"),
    )
    op.execute(ANNOUNCE)
    op.execute(TRIGGER)


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_jobs_workflow", table_name="jobs", postgresql_where=sa.text("workflow_id IS NOT NULL"))
    op.drop_index("ix_jobs_schedule", table_name="jobs", postgresql_where=sa.text("schedule_id IS NOT NULL"))
    op.drop_index("ix_jobs_parent", table_name="jobs", postgresql_where=sa.text("parent_id IS NOT NULL"))
    op.drop_index(
        "ix_jobs_open_scheduled",
        table_name="jobs",
        postgresql_where=sa.text(
            "schedule_id IS NOT NULL AND state NOT IN ('cancelled', 'expired', 'failed', 'succeeded')"
        ),
    )
    op.drop_index(
        "ix_jobs_open_shards",
        table_name="jobs",
        postgresql_where=sa.text(
            "parent_id IS NOT NULL AND state NOT IN ('cancelled', 'expired', 'failed', 'succeeded')"
        ),
    )
    op.drop_index(
        "ix_jobs_gates",
        table_name="jobs",
        postgresql_using="gin",
        postgresql_where=sa.text("gates <> '{}' AND state NOT IN ('cancelled', 'expired', 'failed', 'succeeded')"),
    )
    op.drop_index("ix_jobs_due", table_name="jobs")
    op.create_index("ix_jobs_due", "jobs", ["due_at"], unique=False, postgresql_where=sa.text(DUE))
    op.create_index(
        op.f("ix_jobs_parent_id"), "jobs", ["parent_id"], unique=False, postgresql_where="(parent_id IS NOT NULL)"
    )
    op.drop_index("ix_jobs_inputs", table_name="jobs", postgresql_where=sa.text("inputs <> '{}'"))
    op.drop_index("ix_jobs_ended", table_name="jobs", postgresql_where=sa.text("finished_at IS NOT NULL"))
    op.drop_column("jobs", "gates")
    op.drop_column("jobs", "inputs")
    op.drop_column("jobs", "followed")
    op.drop_column("jobs", "stages")
    op.drop_column("jobs", "shard_index")
    op.drop_column("jobs", "shard_stage")
    op.drop_index("ix_job_outbox_fair", table_name="job_outbox")
    op.create_index(op.f("ix_job_outbox_order"), "job_outbox", [sa.literal_column("priority DESC"), "id"], unique=False)
    op.drop_column("job_outbox", "gates")
    op.drop_column("job_outbox", "tenant_id")
    op.drop_table("schedule_runs")
    op.drop_index("ix_workflows_tenant_newest", table_name="workflows")
    op.drop_table("workflows")
    op.drop_index("ix_schedules_tenant_newest", table_name="schedules")
    op.drop_index(
        "ix_schedules_due", table_name="schedules", postgresql_where=sa.text("NOT paused AND next_fire_at IS NOT NULL")
    )
    op.drop_table("schedules")
    op.drop_index("uq_workflow_steps_job", table_name="workflow_steps")
    op.drop_table("workflow_steps")
    op.drop_table("queue_pauses")
    op.drop_table("job_settlements")
    op.execute(ANNOUNCED_BEFORE)
    op.drop_index("ix_job_dependencies_on", table_name="job_dependencies")
    op.drop_table("job_dependencies")
    op.drop_constraint(op.f("ck_tenants_retention_positive"), "tenants")
    op.drop_column("tenants", "retention_days")
    op.drop_table("dropped_bytes")
    op.drop_table("concurrency_limits")

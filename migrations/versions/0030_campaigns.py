"""Campaigns on their way to a platform."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_NOW = sa.text("now()")
_STATES = "'draft', 'submitted', 'approved', 'publishing', 'rejected', 'failed', 'published'"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "customer_campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("daily_budget", sa.Float(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("external", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("history", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("on_job_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_customer_campaigns_state_known")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_customer_campaigns_tenant_id")),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["customer_connections.id"],
            name=op.f("fk_customer_campaigns_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_campaigns")),
    )
    op.create_index("ix_customer_campaigns_newest", "customer_campaigns", ["tenant_id", "id"])
    protect_by_tenant("customer_campaigns")


def downgrade() -> None:
    """Take back."""
    op.drop_table("customer_campaigns")

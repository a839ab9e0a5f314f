"""The autopilot: what it is held to, and its queue of actions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLES = ("customer_autopilots", "customer_actions")
_NOW = sa.text("now()")
_STATES = (
    *("proposed", "gated", "approved", "applying", "applied", "verified", "failed", "rolling_back"),
    *("blocked", "rejected", "expired", "rolled_back"),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "customer_autopilots",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("ceiling", sa.Text(), server_default="normal", nullable=False),
        sa.Column("max_step", sa.Float(), server_default="0.2", nullable=False),
        sa.Column("min_hours", sa.Float(), server_default="24", nullable=False),
        sa.Column("max_per_day", sa.Integer(), server_default="50", nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_customer_autopilots_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_customer_autopilots")),
    )
    _actions()
    for table in TABLES:
        protect_by_tenant(table)


def _actions() -> None:
    op.create_table(
        "customer_actions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("wanted", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("decision_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("history", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("on_job_id", sa.Uuid(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            f"state IN ({', '.join(repr(one) for one in _STATES)})", name=op.f("ck_customer_actions_state_known")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_customer_actions_tenant_id")),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["customer_connections.id"],
            name=op.f("fk_customer_actions_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_actions")),
    )
    op.create_index("ix_customer_actions_newest", "customer_actions", ["tenant_id", "id"])
    op.create_index("ix_customer_actions_target", "customer_actions", ["connection_id", "target", "applied_at"])
    op.create_index(
        "ix_customer_actions_open",
        "customer_actions",
        ["tenant_id", "state"],
        postgresql_where=sa.text("state IN ('proposed', 'gated', 'approved', 'applying', 'rolling_back')"),
    )


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)

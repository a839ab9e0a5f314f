"""Alert rules, and the counts that some of them watch."""

import sqlalchemy as sa
from alembic import op

from core.protection import protect_by_tenant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "alert_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("built_in", sa.Text(), nullable=True),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("above", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("clear_threshold", sa.Float(), nullable=False),
        sa.Column("for_s", sa.Float(), server_default="0", nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("state", sa.Text(), server_default="ok", nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state IN ('ok', 'pending', 'firing')", name=op.f("ck_alert_rules_state_known")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_alert_rules_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rules")),
    )
    op.create_index("ix_alert_rules_tenant_newest", "alert_rules", ["tenant_id", "id"])
    op.create_index(
        "uq_alert_rules_built_in",
        "alert_rules",
        ["built_in"],
        unique=True,
        postgresql_where=sa.text("built_in IS NOT NULL"),
    )
    protect_by_tenant("alert_rules")
    op.create_table(
        "vital_counts",
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "name", name=op.f("pk_vital_counts")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("vital_counts")
    op.drop_table("alert_rules")

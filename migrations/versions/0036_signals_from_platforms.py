"""Accounts that are connected to their platforms, and counts by the hour of what cannot be counted afterwards."""

import sqlalchemy as sa
from alembic import op

from core.protection import protect_by_tenant

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

ACCOUNTS = "customer_accounts"
LINKS = {"connection_id": "customer_connections", "source_id": "customer_sources"}
HOURS = {
    "customer_source_hours": ("source_id", "customer_sources", ("duplicates", "rejected")),
    "customer_account_hours": ("account_id", ACCOUNTS, ("calls", "failures")),
}


def upgrade() -> None:
    """Apply."""
    for column, table in LINKS.items():
        op.add_column(ACCOUNTS, sa.Column(column, sa.Uuid(), nullable=True))
        name = op.f(f"fk_{ACCOUNTS}_{column}")
        op.create_foreign_key(name, ACCOUNTS, table, [column], ["id"], ondelete="SET NULL")
    op.add_column(ACCOUNTS, sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    for table, (owner, owners, counts) in HOURS.items():
        op.create_table(
            table,
            sa.Column(owner, sa.Uuid(), nullable=False),
            sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
            sa.Column("tenant_id", sa.Uuid(), nullable=False),
            *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in counts),
            sa.ForeignKeyConstraint([owner], [f"{owners}.id"], name=op.f(f"fk_{table}_{owner}"), ondelete="CASCADE"),
            sa.PrimaryKeyConstraint(owner, "hour", name=op.f(f"pk_{table}")),
        )
        protect_by_tenant(table)
    op.create_index("ix_customer_events_source", "customer_events", ["source_id", "at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_customer_events_source", "customer_events")
    for table in HOURS:
        op.drop_table(table)
    for column in ("asked_at", *LINKS):
        op.drop_column(ACCOUNTS, column)

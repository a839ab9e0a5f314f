"""Audiences: what goes where, what platforms have acknowledged, plans with their chunks and rows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLES = (
    *("customer_audiences", "customer_acknowledged", "customer_audience_plans", "customer_audience_chunks"),
    "customer_audience_rows",
)
_NOW = sa.text("now()")


def _instant(name: str, *, default: bool = False, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=_NOW if default else None)


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=default)


def _of(table: str, column: str, parent: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"), **options)


def upgrade() -> None:
    """Apply."""
    _audiences()
    _plans()
    _rows()
    for table in TABLES:
        protect_by_tenant(table)


def _audiences() -> None:
    table = "customer_audiences"
    op.create_table(
        table,
        *(_id(name) for name in ("id", "tenant_id", "segment_id")),
        _id("connection_id", nullable=True),
        *(_text(name) for name in ("name", "vendor", "field", "purpose", "channel")),
        sa.Column("sync_every_s", sa.Integer(), nullable=True),
        _text("platform_id", nullable=True),
        _instant("planned_at", nullable=True),
        _instant("created_at", default=True),
        _of(table, "tenant_id", "tenants"),
        _of(table, "segment_id", "customer_segments"),
        _of(table, "connection_id", "customer_connections", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("uq_customer_audiences_tenant_name", table, ["tenant_id", "name"], unique=True)
    table = "customer_acknowledged"
    op.create_table(
        table,
        _id("audience_id"),
        _text("key"),
        _id("tenant_id"),
        sa.Column("identifier_id", sa.BigInteger(), nullable=False),
        _instant("at"),
        _of(table, "audience_id", "customer_audiences", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("audience_id", "key", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_customer_acknowledged_identifier", table, ["audience_id", "identifier_id"])


def _plans() -> None:
    table = "customer_audience_plans"
    op.create_table(
        table,
        *(_id(name) for name in ("id", "audience_id", "tenant_id")),
        _text("state", default="planned"),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.Column("needs_confirmation", sa.Boolean(), nullable=False),
        _id("job_id", nullable=True),
        _instant("created_at", default=True),
        _instant("applied_at", nullable=True),
        _of(table, "audience_id", "customer_audiences", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_customer_audience_plans_newest", table, ["audience_id", "id"])


def _rows() -> None:
    table = "customer_audience_chunks"
    op.create_table(
        table,
        _id("plan_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _id("tenant_id"),
        _text("operation"),
        _text("state", default="waiting"),
        sa.Column("rows", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in ("suppressed", "refused")),
        _instant("acknowledged_at", nullable=True),
        _of(table, "plan_id", "customer_audience_plans", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f(f"pk_{table}")),
    )
    table = "customer_audience_rows"
    op.create_table(
        table,
        _id("plan_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("key"),
        _id("tenant_id"),
        sa.Column("identifier_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id", "number"],
            ["customer_audience_chunks.plan_id", "customer_audience_chunks.number"],
            name=op.f(f"fk_{table}_plan_id_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("plan_id", "number", "key", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_customer_audience_rows_identifier", table, ["tenant_id", "identifier_id"])


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)

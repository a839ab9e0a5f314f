"""Segments: definitions, memberships, refreshes, scores."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLES = ("customer_segments", "customer_memberships", "customer_refreshes", "customer_scores")
_NOW = sa.text("now()")


def _instant(name: str, *, default: bool = False, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=_NOW if default else None)


def _of(table: str, column: str, parent: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"), **options)


def upgrade() -> None:
    """Apply."""
    _segments()
    _members()
    for table in TABLES:
        protect_by_tenant(table)


def _segments() -> None:
    table = "customer_segments"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        sa.Column("refresh_every_s", sa.Integer(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        _instant("refreshed_at", nullable=True),
        _instant("created_at", default=True),
        _of(table, "tenant_id", "tenants"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("uq_customer_segments_tenant_name", table, ["tenant_id", "name"], unique=True)
    table = "customer_refreshes"
    op.create_table(
        table,
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        _instant("at"),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("size", "came", "went")),
        sa.Column("duration_s", sa.Float(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        _of(table, "segment_id", "customer_segments", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("segment_id", "at", name=op.f(f"pk_{table}")),
    )


def _members() -> None:
    table = "customer_memberships"
    op.create_table(
        table,
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.BigInteger(), nullable=False),
        _instant("joined_at"),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        _instant("left_at", nullable=True),
        _of(table, "segment_id", "customer_segments", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("segment_id", "profile_id", "joined_at", name=op.f(f"pk_{table}")),
    )
    present = {"unique": True, "postgresql_where": sa.text("left_at IS NULL")}
    op.create_index("uq_customer_memberships_present", table, ["segment_id", "profile_id"], **present)
    left = sa.text("left_at IS NOT NULL")
    op.create_index("ix_customer_memberships_left", table, ["segment_id", "left_at"], postgresql_where=left)
    op.create_index("ix_customer_memberships_profile", table, ["tenant_id", "profile_id"])
    table = "customer_scores"
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("recency", "frequency", "monetary")),
        sa.Column("label", sa.Text(), nullable=False),
        _instant("scored_at"),
        sa.PrimaryKeyConstraint("tenant_id", "profile_id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("customer_scores")
    op.drop_table("customer_memberships")
    op.drop_table("customer_refreshes")
    op.drop_table("customer_segments")

"""Federations: members, rounds, updates and models."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = ("federations", "federation_members", "federation_rounds", "federation_updates", "federation_models")
_NOW = sa.text("now()")


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    default = None if nullable else _NOW
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def _part(table: str, *columns: sa.Column[object], key: str) -> None:
    """Make a table of a federation's parts."""
    op.create_table(
        table,
        sa.Column("federation_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federations.id"], name=op.f(f"fk_{table}_federation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("federation_id", *key.split(), name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "federations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("settings", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("form", sa.Text(), server_default="weights", nullable=False),
        sa.Column("quorum", sa.Integer(), server_default="1", nullable=False),
        sa.Column("bounds", postgresql.JSONB(), server_default="{}", nullable=False),
        _instant("created_at"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_federations_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_federations")),
    )
    op.create_index("uq_federations_tenant_name", "federations", ["tenant_id", "name"], unique=True)
    _part("federation_members", sa.Column("name", sa.Text(), nullable=False), _instant("joined_at"), key="name")
    _rounds()
    for table in TABLES:
        protect_by_tenant(table)


def _rounds() -> None:
    _part(
        "federation_rounds",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("began_with", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("outcome", postgresql.JSONB(), nullable=True),
        _instant("opened_at"),
        _instant("settled_at", nullable=True),
        key="number",
    )
    op.create_check_constraint(
        op.f("ck_federation_rounds_status_known"),
        "federation_rounds",
        "status IN ('open', 'aggregating', 'published', 'failed')",
    )
    op.create_index(
        "uq_federation_rounds_unsettled",
        "federation_rounds",
        ["federation_id"],
        unique=True,
        postgresql_where="status IN ('open', 'aggregating')",
    )
    _part(
        "federation_updates",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("artifact_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("loss", sa.Float(), nullable=True),
        sa.Column("began_with", sa.Integer(), nullable=True),
        _instant("sent_at"),
        key="number member",
    )
    _part(
        "federation_models",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("artifact_id", sa.Uuid(), nullable=False),
        sa.Column("moments_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        _instant("created_at"),
        key="version",
    )


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)

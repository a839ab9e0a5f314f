"""Connections to platforms, and the state of simulated ones."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = (
    "customer_connections",
    "customer_simulations",
    "customer_simulated_objects",
    "customer_simulated_members",
)
_NOW = sa.text("now()")


def upgrade() -> None:
    """Apply."""
    _connections()
    _simulations()
    for table in TABLES:
        protect_by_tenant(table)


def _connections() -> None:
    op.create_table(
        "customer_connections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("settings", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_customer_connections_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_connections")),
    )
    op.create_index("uq_customer_connections_tenant_name", "customer_connections", ["tenant_id", "name"], unique=True)


def _parent(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_connection_id")
    return sa.ForeignKeyConstraint(["connection_id"], ["customer_connections.id"], name=name, ondelete="CASCADE")


def _simulations() -> None:
    op.create_table(
        "customer_simulations",
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("calls", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("operations", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("made", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("minute_began_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("minute_calls", sa.Integer(), server_default="0", nullable=False),
        _parent("customer_simulations"),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_customer_simulations")),
    )
    op.create_table(
        "customer_simulated_objects",
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("body", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column(
            "changed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        _parent("customer_simulated_objects"),
        sa.PrimaryKeyConstraint("connection_id", "id", name=op.f("pk_customer_simulated_objects")),
    )
    for name, columns in (
        ("reference", ["connection_id", "sort", "reference"]),
        ("changed", ["connection_id", "sort", "changed_at", "id"]),
    ):
        op.create_index(f"ix_customer_simulated_objects_{name}", "customer_simulated_objects", columns)
    op.create_table(
        "customer_simulated_members",
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("repeats", sa.Integer(), server_default="0", nullable=False),
        _parent("customer_simulated_members"),
        sa.PrimaryKeyConstraint("connection_id", "audience", "key", name=op.f("pk_customer_simulated_members")),
    )


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)

"""Topology of federations, and connections among their members."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLE = "federation_connections"
_MEMBERS = ["federation_members.federation_id", "federation_members.name"]


def upgrade() -> None:
    """Apply."""
    op.add_column("federations", sa.Column("topology", postgresql.JSONB(), nullable=True))
    op.create_table(
        TABLE,
        sa.Column("federation_id", sa.Uuid(), nullable=False),
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        *(
            sa.ForeignKeyConstraint(
                ["federation_id", end], _MEMBERS, name=op.f(f"fk_{TABLE}_federation_id_{end}"), ondelete="CASCADE"
            )
            for end in ("one", "other")
        ),
        sa.CheckConstraint('one COLLATE "C" < other COLLATE "C"', name=op.f(f"ck_{TABLE}_in_order")),
        sa.PrimaryKeyConstraint("federation_id", "one", "other", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(f"ix_{TABLE}_other", TABLE, ["federation_id", "other"])
    protect_by_tenant(TABLE)


def downgrade() -> None:
    """Take back."""
    op.drop_table(TABLE)
    op.drop_column("federations", "topology")

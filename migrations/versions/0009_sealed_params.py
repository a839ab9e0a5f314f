"""Secrets of params, sealed beside them."""

import sqlalchemy as sa
from alembic import op

from core.protection import protect_by_tenant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sealed_params",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("pointer", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "pointer", name=op.f("pk_sealed_params")),
    )
    protect_by_tenant("sealed_params")


def downgrade() -> None:
    """Take back: params keep their placeholders."""
    op.drop_table("sealed_params")

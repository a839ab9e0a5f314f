"""Privacy of federations: terms, and a ledger of what rounds spent."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_LEDGER = "federation_spending"


def upgrade() -> None:
    """Apply."""
    op.add_column("federations", sa.Column("privacy", postgresql.JSONB(), nullable=True))
    op.create_table(
        _LEDGER,
        sa.Column("federation_id", sa.Uuid(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("clip", "noise_multiplier", "sampling")),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("epsilon", "delta")),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federations.id"], name=op.f("fk_federation_spending_federation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("federation_id", "entry", name=op.f("pk_federation_spending")),
    )
    protect_by_tenant(_LEDGER)


def downgrade() -> None:
    """Take back."""
    op.drop_table(_LEDGER)
    op.drop_column("federations", "privacy")

"""What workloads learn of domains."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "domain_memories",
        sa.Column("domain_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content", postgresql.BYTEA(), nullable=False),
        sa.Column("told", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("updated_at", instant, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["domain_id"], ["domains.id"], name=op.f("fk_domain_memories_domain_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("domain_id", "name", name=op.f("pk_domain_memories")),
    )
    # Sums of products hardly compress: trying to costs more time than the few bytes are worth.
    op.execute("ALTER TABLE domain_memories ALTER COLUMN content SET STORAGE EXTERNAL")
    protect_by_tenant("domain_memories")


def downgrade() -> None:
    """Take back."""
    op.drop_table("domain_memories")

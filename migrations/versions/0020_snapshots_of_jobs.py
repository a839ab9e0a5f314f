"""What long computations keep, so that another attempt goes on from there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "job_snapshots",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("kind_version", sa.Integer(), nullable=False),
        sa.Column("params_hash", sa.Text(), nullable=False),
        sa.Column("content", postgresql.BYTEA(), nullable=False),
        sa.Column("kept_at", instant, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_snapshots")),
    )
    # States of ensembles hardly compress: trying to costs more time than the few bytes are worth.
    op.execute("ALTER TABLE job_snapshots ALTER COLUMN content SET STORAGE EXTERNAL")
    protect_by_tenant("job_snapshots")


def downgrade() -> None:
    """Take back."""
    op.drop_table("job_snapshots")

"""Places of jobs at concurrency limits, and messages that are held until there is one."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GATES = """
CREATE FUNCTION gates_of(gates text[], kind text, tenant_id uuid) RETURNS text[] LANGUAGE sql IMMUTABLE AS
$$ SELECT gates || ARRAY['kind:' || kind, 'tenant:' || tenant_id::text] $$
"""
# Who runs is found by the index on running jobs: there are never more of them than workers' slots.
PLACES = """
CREATE VIEW gate_places AS
SELECT gate, count(*) AS taken FROM (
  SELECT unnest(gates_of(gates, kind, tenant_id)) AS gate FROM jobs WHERE state = 'running'
  UNION ALL
  SELECT unnest(admission.gates) FROM job_admissions AS admission JOIN jobs ON id = job_id WHERE state = 'queued'
) AS place GROUP BY gate
"""
FAIR: list[str | sa.ColumnElement[Any]] = ["queue", "tenant_id", sa.literal_column("priority DESC"), "id"]


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "job_admissions",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("gates", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_admissions")),
    )
    op.add_column("concurrency_limits", sa.Column("declared", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("job_outbox", sa.Column("held_by", sa.Text(), nullable=True))
    op.drop_index("ix_job_outbox_fair", table_name="job_outbox")
    in_line, held = sa.text("held_by IS NULL"), sa.text("held_by IS NOT NULL")
    op.create_index("ix_job_outbox_fair", "job_outbox", FAIR, unique=False, postgresql_where=in_line)
    op.create_index("ix_job_outbox_held", "job_outbox", ["held_by", *FAIR], unique=False, postgresql_where=held)
    op.execute(GATES)
    op.execute(PLACES)


def downgrade() -> None:
    """Take back."""
    op.execute("DROP VIEW gate_places")
    op.execute("DROP FUNCTION gates_of")
    op.drop_index("ix_job_outbox_held", table_name="job_outbox")
    op.drop_index("ix_job_outbox_fair", table_name="job_outbox")
    op.create_index("ix_job_outbox_fair", "job_outbox", FAIR, unique=False)
    op.drop_column("job_outbox", "held_by")
    op.drop_column("concurrency_limits", "declared")
    op.drop_table("job_admissions")

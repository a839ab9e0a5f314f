"""What governors say and did; gates for jobs of low priority."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_NOW = sa.text("now()")
GATES = """
CREATE FUNCTION gates_of(gates text[], kind text, tenant_id uuid, queue text, priority smallint)
RETURNS text[] LANGUAGE sql IMMUTABLE AS
$$ SELECT gates || ARRAY['kind:' || kind, 'tenant:' || tenant_id::text]
  || CASE WHEN priority < 5 THEN ARRAY['low:' || queue] ELSE '{}'::text[] END $$
"""
FORMER_GATES = """
CREATE FUNCTION gates_of(gates text[], kind text, tenant_id uuid) RETURNS text[] LANGUAGE sql IMMUTABLE AS
$$ SELECT gates || ARRAY['kind:' || kind, 'tenant:' || tenant_id::text] $$
"""
PLACES = """
CREATE VIEW gate_places WITH (security_invoker = true) AS
SELECT gate, count(*) AS taken FROM (
  SELECT unnest(gates_of({of})) AS gate FROM jobs WHERE state = 'running'
  UNION ALL
  SELECT unnest(admission.gates) FROM job_admissions AS admission JOIN jobs ON id = job_id WHERE state = 'queued'
) AS place GROUP BY gate
"""
FORMER_OF, OF = "gates, kind, tenant_id", "gates, kind, tenant_id, queue, priority"


def upgrade() -> None:
    """Apply."""
    _tables()
    op.execute("DROP VIEW gate_places")
    op.execute("DROP FUNCTION gates_of(text[], text, uuid)")
    op.execute(GATES)
    op.execute(PLACES.format(of=OF))


def _tables() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "governor_reports",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("worker", "host", "mode", "level")),
        sa.Column("queues", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("cpu_busy", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("slots", "full_slots", "low_slots", "held")),
        sa.Column("readings", postgresql.JSONB(), nullable=False),
        sa.Column("acted", sa.BigInteger(), nullable=False),
        sa.Column("at", instant, server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_governor_reports")),
    )
    op.create_table(
        "governor_actions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", instant, server_default=_NOW, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("worker", "what", "before", "after", "reason")),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governor_actions")),
    )
    op.create_index("ix_governor_actions_at", "governor_actions", ["at"])


def downgrade() -> None:
    """Take back."""
    op.execute("DELETE FROM concurrency_limits WHERE name LIKE 'low:%'")
    op.execute("DROP VIEW gate_places")
    op.execute("DROP FUNCTION gates_of(text[], text, uuid, text, smallint)")
    op.execute(FORMER_GATES)
    op.execute(PLACES.format(of=FORMER_OF))
    op.drop_table("governor_actions")
    op.drop_table("governor_reports")

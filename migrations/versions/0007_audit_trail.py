"""The audit trail, which only grows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

GUARD = """
CREATE FUNCTION guard_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    -- Chaining: once, and nothing else changes with it.
    IF OLD.seq IS NULL AND NEW.seq IS NOT NULL AND NEW.hash IS NOT NULL
      AND to_jsonb(NEW) - 'seq' - 'hash' = to_jsonb(OLD) - 'seq' - 'hash' THEN
      RETURN NEW;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    -- Retention: only behind where the chain was signed to begin.
    IF OLD.seq <= (SELECT base_seq FROM audit_heads WHERE tenant_id = OLD.tenant_id) THEN
      RETURN OLD;
    END IF;
  ELSIF NEW.seq IS NULL AND NEW.hash IS NULL THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the audit trail is only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$
"""
TRIGGERS = (
    """
    CREATE TRIGGER guard_audit BEFORE INSERT OR UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION guard_audit()
    """,
    """
    CREATE TRIGGER guard_audit_whole BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncation()
    """,
)
WHOLE = """
CREATE FUNCTION refuse_truncation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("client", sa.Text(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("data", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    for name, columns, unique, where in (
        ("uq_audit_entries_chain", ["tenant_id", "seq"], True, "seq IS NOT NULL"),
        ("ix_audit_entries_unchained", ["tenant_id", "id"], False, "seq IS NULL"),
        ("ix_audit_entries_tenant_newest", ["tenant_id", "id"], False, None),
        ("ix_audit_entries_actor", ["tenant_id", "actor_id", "id"], False, "actor_id IS NOT NULL"),
        ("ix_audit_entries_request", ["tenant_id", "request_id"], False, None),
    ):
        options = {} if where is None else {"postgresql_where": sa.text(where)}
        op.create_index(name, "audit_entries", columns, unique=unique, **options)
    op.create_table(
        "audit_heads",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("base_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("base_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("hash", sa.Text(), server_default="", nullable=False),
        sa.Column("signature", sa.Text(), server_default="", nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_audit_heads")),
    )
    for statement in (GUARD, WHOLE, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """Take back: the trail goes with its tables."""
    op.drop_table("audit_entries")
    op.drop_table("audit_heads")
    op.execute("DROP FUNCTION guard_audit")
    op.execute("DROP FUNCTION refuse_truncation")

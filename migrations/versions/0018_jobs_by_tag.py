"""Jobs found by a tag along the index, which row-level security keeps from those it holds."""

from alembic import op

from core.policies import TENANT

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Written to one tenant's rows, so that it may be above the policies: what the caller may see, and no more.
TAGGED = f"""
CREATE FUNCTION jobs_tagged(whose uuid, wanted text, most int) RETURNS uuid[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN whose = {TENANT} THEN ARRAY(
    SELECT id FROM jobs WHERE tenant_id = whose AND tags @> ARRAY[wanted] AND tags <> '{{}}' LIMIT most
  ) END
$$
"""  # noqa: S608 - made of the constant above


def upgrade() -> None:
    """Apply."""
    op.execute(TAGGED)
    op.execute("REVOKE ALL ON FUNCTION jobs_tagged FROM PUBLIC")


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION jobs_tagged")

"""Lists that cost the same behind any number of jobs: by queue, by the beginning of unique keys, by common tags."""

import sqlalchemy as sa
from alembic import op

from core.policies import TENANT

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# The statistics know the common tags: those are not looked up, and whoever is told null walks along the tenant's jobs.
# Where they are behind, `gin_fuzzy_search_limit` has the index stop short of a million bearers.
TAGGED = f"""
CREATE OR REPLACE FUNCTION jobs_tagged(whose uuid, wanted text, most int) RETURNS uuid[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp SET gin_fuzzy_search_limit = 20000 AS $$
  SELECT CASE WHEN whose = {TENANT} AND NOT EXISTS (
    SELECT FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (tag, share)
    WHERE schemaname = 'public' AND tablename = 'jobs' AND attname = 'tags' AND tag = wanted
      AND share * (SELECT reltuples FROM pg_class WHERE oid = 'public.jobs'::regclass) > 5 * most
  ) THEN (
    WITH bearers AS MATERIALIZED (
      SELECT id, tenant_id FROM jobs WHERE tags @> ARRAY[wanted] AND tags <> '{{}}' LIMIT 5 * most
    )
    SELECT CASE WHEN count(*) < 5 * most THEN coalesce(array_agg(id) FILTER (WHERE tenant_id = whose), '{{}}') END
    FROM bearers
  ) END
$$
"""  # noqa: S608 - made of the constant above
BEFORE = f"""
CREATE OR REPLACE FUNCTION jobs_tagged(whose uuid, wanted text, most int) RETURNS uuid[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN whose = {TENANT} THEN ARRAY(
    SELECT id FROM jobs WHERE tenant_id = whose AND tags @> ARRAY[wanted] AND tags <> '{{}}' LIMIT most
  ) END
$$
"""  # noqa: S608 - made of the constant above


def upgrade() -> None:
    """Apply."""
    elsewhere, keyed = sa.text("queue <> 'default'"), sa.text("unique_key IS NOT NULL")
    op.create_index("ix_jobs_tenant_queue", "jobs", ["tenant_id", "queue", "id"], postgresql_where=elsewhere)
    bytewise = {"unique_key": "text_pattern_ops"}
    op.create_index(
        "ix_jobs_tenant_key", "jobs", ["tenant_id", "unique_key"], postgresql_ops=bytewise, postgresql_where=keyed
    )
    op.execute(TAGGED)


def downgrade() -> None:
    """Take back."""
    op.execute(BEFORE)
    op.drop_index("ix_jobs_tenant_key", table_name="jobs")
    op.drop_index("ix_jobs_tenant_queue", table_name="jobs")

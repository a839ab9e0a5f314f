"""Links from identifiers to the sightings they are part of, in the place of an index that tenants cannot use."""

import sqlalchemy as sa
from alembic import op

from core.protection import protect_by_tenant

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLE = "customer_sighting_links"
_FILL = """
INSERT INTO customer_sighting_links (tenant_id, identifier_id, sighting_id)
SELECT DISTINCT seen.tenant_id, part.id, seen.id
FROM customer_sightings AS seen CROSS JOIN LATERAL unnest(seen.identifiers) AS part (id)
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("identifier_id", sa.BigInteger(), nullable=False),
        sa.Column("sighting_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "identifier_id", "sighting_id", name=op.f(f"pk_{TABLE}")),
    )
    op.execute(_FILL)
    op.create_index("ix_customer_sighting_links_sighting", TABLE, ["sighting_id"])
    protect_by_tenant(TABLE)
    op.drop_index("ix_customer_sightings_identifiers", "customer_sightings")


def downgrade() -> None:
    """Take back."""
    table = "customer_sightings"
    op.create_index("ix_customer_sightings_identifiers", table, ["identifiers"], postgresql_using="gin")
    op.drop_table(TABLE)

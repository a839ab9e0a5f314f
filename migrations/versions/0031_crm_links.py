"""Links to CRMs, and their contacts as they were last told of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_NOW = sa.text("now()")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "customer_crm_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ownership", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("overlap_s", sa.Float(), server_default="300", nullable=False),
        sa.Column("every_s", sa.Float(), nullable=True),
        sa.Column("cursor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_customer_crm_links_tenant_id")),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["customer_connections.id"],
            name=op.f("fk_customer_crm_links_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_crm_links")),
    )
    op.create_index("uq_customer_crm_links_tenant_name", "customer_crm_links", ["tenant_id", "name"], unique=True)
    op.create_table(
        "customer_crm_contacts",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("crm_id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("identifier_id", sa.BigInteger(), nullable=False),
        sa.Column("their_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("our_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["customer_crm_links.id"], name=op.f("fk_customer_crm_contacts_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("link_id", "crm_id", name=op.f("pk_customer_crm_contacts")),
    )
    op.create_index("ix_customer_crm_contacts_identifier", "customer_crm_contacts", ["tenant_id", "identifier_id"])
    for table in ("customer_crm_links", "customer_crm_contacts"):
        protect_by_tenant(table)


def downgrade() -> None:
    """Take back."""
    op.drop_table("customer_crm_contacts")
    op.drop_table("customer_crm_links")

"""Pumping stations in operation: documents, measurements, prices, orders and plans."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("pumping_plants", "pumping_states", "pumping_prices", "pumping_overrides", "pumping_plans")
_NOW = sa.text("now()")


def _instant(name: str, *, nullable: bool = False, default: sa.TextClause | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def _tenant() -> sa.Column[object]:
    return sa.Column("tenant_id", sa.Uuid(), nullable=False)


def _of_tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id"))


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "pumping_plants",
        _tenant(),
        sa.Column("plant", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=True),
        sa.Column("settings", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("active", sa.Boolean(), nullable=True),
        _instant("clock_wall_at", nullable=True),
        _instant("clock_plant_at", nullable=True),
        sa.Column("clock_rate", sa.Float(), server_default="1", nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        _instant("created_at", default=_NOW),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _of_tenant("pumping_plants"),
        sa.PrimaryKeyConstraint("tenant_id", "plant", name=op.f("pk_pumping_plants")),
    )
    _measured()
    _decided()
    for table in TABLES:
        protect_by_tenant(table)


def _measured() -> None:
    op.create_table(
        "pumping_states",
        _tenant(),
        sa.Column("plant", sa.Text(), nullable=False),
        _instant("at"),
        sa.Column("level_m", sa.Float(), nullable=False),
        sa.Column("inflow_m3_per_h", sa.Float(), nullable=True),
        sa.Column("outflow_m3_per_h", sa.Float(), nullable=True),
        sa.Column("power_kw", sa.Float(), nullable=True),
        sa.Column("pumps", postgresql.JSONB(), server_default="{}", nullable=False),
        _instant("received_at", default=_NOW),
        _of_tenant("pumping_states"),
        sa.PrimaryKeyConstraint("tenant_id", "plant", "at", name=op.f("pk_pumping_states")),
    )
    op.create_table(
        "pumping_prices",
        _tenant(),
        sa.Column("plant", sa.Text(), nullable=False),
        _instant("at"),
        sa.Column("eur_per_mwh", sa.Float(), nullable=False),
        _of_tenant("pumping_prices"),
        sa.PrimaryKeyConstraint("tenant_id", "plant", "at", name=op.f("pk_pumping_prices")),
    )


def _decided() -> None:
    op.create_table(
        "pumping_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        _tenant(),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("plant", "pump", "action", "why", "who")],
        sa.Column("made_by", sa.Uuid(), nullable=False),
        _instant("starts_at"),
        _instant("until"),
        _instant("created_at", default=_NOW),
        _instant("ended_at", nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        _of_tenant("pumping_overrides"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pumping_overrides")),
    )
    op.create_index("ix_pumping_overrides_of_plant", "pumping_overrides", ["tenant_id", "plant", "id"])
    op.create_table(
        "pumping_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        _tenant(),
        sa.Column("plant", sa.Text(), nullable=False),
        _instant("slot"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        _instant("created_at", default=_NOW),
        _instant("settled_at", nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        _instant("decided_at", nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        _of_tenant("pumping_plans"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pumping_plans")),
    )
    op.create_index("ix_pumping_plans_newest", "pumping_plans", ["tenant_id", "plant", "id"])
    op.create_index("ix_pumping_plans_open", "pumping_plans", ["id"], postgresql_where=sa.text("status = 'planning'"))
    op.create_index("uq_pumping_plans_slot", "pumping_plans", ["tenant_id", "plant", "slot", "revision"], unique=True)


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)

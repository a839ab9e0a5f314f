"""Trust in signals: accounts, evidence, standings, decisions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = ("customer_accounts", "customer_signals", "customer_standings", "customer_decisions")
_NOW = sa.text("now()")


def _instant(name: str, *, default: bool = False, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=_NOW if default else None)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id"))


def upgrade() -> None:
    """Apply."""
    _signals()
    _standings()
    for table in TABLES:
        protect_by_tenant(table)


def _signals() -> None:
    op.create_table(
        "customer_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        *(_text(name) for name in ("name", "vendor", "currency")),
        _instant("created_at", default=True),
        _tenant("customer_accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_accounts")),
    )
    op.create_index("uq_customer_accounts_tenant_name", "customer_accounts", ["tenant_id", "name"], unique=True)
    op.create_table(
        "customer_signals",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        _instant("window_end"),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), server_default="{}", nullable=False),
        _instant("received_at", default=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["customer_accounts.id"], name=op.f("fk_customer_signals_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "window_end", name=op.f("pk_customer_signals")),
    )


def _standings() -> None:
    op.create_table(
        "customer_standings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), server_default="1", nullable=False),
        sa.Column("recent", postgresql.ARRAY(sa.Float()), server_default="{}", nullable=False),
        _instant("window_end", nullable=True),
        sa.Column("killed", sa.Boolean(), server_default="false", nullable=False),
        *(_text(name, nullable=True) for name in ("reason", "decided_by")),
        _tenant("customer_standings"),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_customer_standings")),
    )
    op.create_table(
        "customer_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        *(_text(name) for name in ("action", "risk", "verdict")),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("inputs", postgresql.JSONB(), nullable=False),
        _instant("created_at", default=True),
        _instant("expires_at"),
        _tenant("customer_decisions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_decisions")),
    )
    op.create_index("ix_customer_decisions_newest", "customer_decisions", ["tenant_id", "id"])


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)

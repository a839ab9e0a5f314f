"""Accounts, login sessions, what keys and tenants are allowed, quotas."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TABLES = ("refresh_tokens", "login_sessions", "recovery_codes", "members", "tenant_quotas")


def upgrade() -> None:
    """Apply."""
    _extend_tenants_and_keys()
    _create_members()
    _create_sessions()
    _create_quotas()
    for table in TABLES:
        protect_by_tenant(table)


def downgrade() -> None:
    """Take back: accounts and quotas are gone, keys lose their scopes."""
    for table in (*TABLES, "login_failures"):
        op.drop_table(table)
    op.drop_index("ix_artifacts_tenant", table_name="artifacts")
    op.drop_index("ix_api_keys_tenant_newest", table_name="api_keys")
    for column in ("last_used_at", "created_by", "prefix", "scopes"):
        op.drop_column("api_keys", column)
    for column in ("suspended_at", "totp_required", "home", "title"):
        op.drop_column("tenants", column)


def _extend_tenants_and_keys() -> None:
    op.add_column("tenants", sa.Column("title", sa.Text(), nullable=True))
    op.add_column("tenants", sa.Column("home", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("tenants", sa.Column("totp_required", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("tenants", sa.Column("suspended_at", INSTANT, nullable=True))
    op.execute("UPDATE tenants SET home = true WHERE slug = 'local'")
    op.add_column("api_keys", sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=True))
    op.add_column("api_keys", sa.Column("prefix", sa.Text(), server_default="", nullable=False))
    op.add_column("api_keys", sa.Column("created_by", sa.Uuid(), nullable=True))
    op.add_column("api_keys", sa.Column("last_used_at", INSTANT, nullable=True))
    op.create_index("ix_api_keys_tenant_newest", "api_keys", ["tenant_id", "id"], unique=False)
    op.create_index("ix_artifacts_tenant", "artifacts", ["tenant_id"], unique=False)


def _create_members() -> None:
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_index", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_until", INSTANT, nullable=True),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_since", INSTANT, nullable=True),
        sa.Column("totp_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("logged_in_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_members_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("email_index", name=op.f("uq_members_email_index")),
    )
    op.create_index("ix_members_tenant_newest", "members", ["tenant_id", "id"], unique=False)
    op.create_table(
        "recovery_codes",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        _belongs_to("members", "member_id", "recovery_codes"),
        sa.PrimaryKeyConstraint("member_id", "hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "login_failures",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", INSTANT, nullable=False),
        sa.Column("locked_until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_login_failures")),
    )


def _create_sessions() -> None:
    op.create_table(
        "login_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        _belongs_to("members", "member_id", "login_sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
    )
    op.create_index("ix_login_sessions_member", "login_sessions", ["member_id"], unique=False)
    op.create_table(
        "refresh_tokens",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        _belongs_to("login_sessions", "session_id", "refresh_tokens"),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_refresh_tokens")),
    )
    op.create_index("ix_refresh_tokens_session", "refresh_tokens", ["session_id"], unique=False)


def _create_quotas() -> None:
    op.create_table(
        "tenant_quotas",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("jobs_per_day", sa.BigInteger(), nullable=True),
        sa.Column("queued_jobs", sa.BigInteger(), nullable=True),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=True),
        sa.Column("cpu_s_per_day", sa.Float(), nullable=True),
        sa.Column("requests_per_minute", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_tenant_quotas_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_tenant_quotas")),
    )


def _belongs_to(whole: str, column: str, part: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{whole}.id"], name=op.f(f"fk_{part}_{column}"), ondelete="CASCADE")

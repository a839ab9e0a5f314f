"""Customers: sources, identifiers, sightings, traits, events, profiles, merges, separations, consents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.protection import protect_by_tenant

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = (
    *("customer_sources", "customer_identifiers", "customer_sightings", "customer_traits", "customer_events"),
    *("customer_profiles", "customer_merges", "customer_separations", "customer_consents"),
)
_NOW = sa.text("now()")


def _instant(name: str, *, default: bool = False, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=_NOW if default else None)


def _text(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=default)


def _number(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable, server_default=default)


def _counted() -> sa.Column[object]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _flag(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean(), server_default=default, nullable=False)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), server_default=None if nullable else "{}", nullable=nullable)


def _table(table: str, *columns: sa.Column[object], key: str = "id", owned: bool = False) -> None:
    of = [sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id"))] if owned else []
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        *columns,
        *of,
        sa.PrimaryKeyConstraint(*key.split(), name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    """Apply."""
    _sources()
    _identity()
    _events()
    _ledgers()
    for table in TABLES:
        protect_by_tenant(table)


def _sources() -> None:
    _table(
        "customer_sources",
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("name"),
        _text("sort"),
        _text("region", nullable=True),
        *(_number(name, default="0") for name in ("accepted", "duplicates", "rejected")),
        _instant("last_event_at", nullable=True),
        _instant("created_at", default=True),
        owned=True,
    )
    op.create_index("uq_customer_sources_tenant_name", "customer_sources", ["tenant_id", "name"], unique=True)


def _identity() -> None:
    _table(
        "customer_identifiers",
        _counted(),
        _text("type"),
        _text("value_index"),
        _text("sealed", nullable=True),
        _number("profile_id", nullable=True),
        _flag("blocked", "false"),
        _instant("created_at", default=True),
    )
    table = "customer_identifiers"
    op.create_index("uq_customer_identifiers_value", table, ["tenant_id", "type", "value_index"], unique=True)
    op.create_index("ix_customer_identifiers_profile", table, ["tenant_id", "profile_id"])
    _table(
        "customer_sightings",
        _counted(),
        _text("mark"),
        sa.Column("identifiers", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        _instant("first_at"),
        _number("profile_id", nullable=True),
        _flag("dirty", "true"),
    )
    table = "customer_sightings"
    op.create_index("uq_customer_sightings_mark", table, ["tenant_id", "mark"], unique=True)
    op.create_index("ix_customer_sightings_profile", table, ["tenant_id", "profile_id"])
    op.create_index("ix_customer_sightings_identifiers", table, ["identifiers"], postgresql_using="gin")
    op.create_index("ix_customer_sightings_dirty", table, ["tenant_id", "id"], postgresql_where="dirty")


def _events() -> None:
    _table(
        "customer_traits",
        _number("sighting_id"),
        _text("name"),
        _json("value", nullable=True),
        _text("sealed", nullable=True),
        _instant("at"),
        key="sighting_id name",
    )
    _table(
        "customer_events",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        *(_text(name) for name in ("message_id", "type", "name")),
        _instant("at"),
        _number("sighting_id"),
        sa.Column("revenue", sa.Float(), nullable=True),
        _json("properties"),
        _instant("received_at", default=True),
        key="source_id message_id",
    )
    op.create_index("ix_customer_events_sighting", "customer_events", ["tenant_id", "sighting_id", "at"])
    op.create_index("ix_customer_events_name", "customer_events", ["tenant_id", "name", "at"])
    _table(
        "customer_profiles",
        _number("id"),
        _json("traits"),
        _text("lifecycle", default="anonymous"),
        _instant("first_seen"),
        _instant("last_seen"),
        *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in ("events", "purchases")),
        sa.Column("revenue", sa.Float(), server_default="0", nullable=False),
        key="tenant_id id",
    )


def _ledgers() -> None:
    _table(
        "customer_merges",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(_number(name) for name in ("sighting_id", "survivor", "absorbed")),
        _text("outcome"),
        _text("decided_by", nullable=True),
        _instant("created_at", default=True),
        owned=True,
    )
    once = ["tenant_id", "sighting_id", "survivor", "absorbed"]
    op.create_index("uq_customer_merges_once", "customer_merges", once, unique=True)
    op.create_index("ix_customer_merges_newest", "customer_merges", ["tenant_id", "id"])
    _table(
        "customer_separations",
        _number("one"),
        _number("other"),
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        _instant("created_at", default=True),
        key="tenant_id one other",
    )
    _table(
        "customer_consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        _number("identifier_id"),
        *(_text(name) for name in ("purpose", "channel", "jurisdiction")),
        _flag("granted"),
        _instant("at"),
        _json("proof"),
        _instant("created_at", default=True),
        owned=True,
    )
    said = ["tenant_id", "identifier_id", "purpose", "channel", "at"]
    op.create_index("ix_customer_consents_identifier", "customer_consents", said)


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)

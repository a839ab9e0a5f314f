"""The event bus, triggers, domains and their windows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from core.protection import protect_by_parent, protect_by_tenant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ANNOUNCE = """
CREATE TRIGGER announce_news AFTER INSERT ON bus_events REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION announce_outbox()
"""
OWN = (
    *("bus_events", "bus_counts", "triggers", "domains", "windows", "window_truths", "window_reservations"),
    "domain_standings",
)
"""Tables whose rows name their tenant."""
NUMBERED = sa.text("seq IS NOT NULL")


def _column(name: str, kind: object, default: str | None = None, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind, server_default=None if default is None else sa.text(default), nullable=null)  # type: ignore[arg-type]  # any type of column


def upgrade() -> None:
    """Apply."""
    instant, text, uuid, number, flag = sa.DateTime(timezone=True), sa.Text(), sa.Uuid(), sa.BigInteger(), sa.Boolean()
    op.execute("CREATE SEQUENCE bus_event_seq")
    op.create_table(
        "bus_events",
        _column("id", uuid),
        _column("tenant_id", uuid),
        _column("topic", text),
        _column("subject", text),
        _column("data", JSONB()),
        _column("at", instant, "clock_timestamp()"),
        _column("job_id", uuid, null=True),
        _column("chain", ARRAY(sa.Uuid()), "'{}'"),
        _column("seq", number, null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bus_events")),
    )
    op.create_index("ix_bus_events_new", "bus_events", ["id"], postgresql_where=sa.text("seq IS NULL"))
    op.create_index("uq_bus_events_seq", "bus_events", ["seq"], unique=True, postgresql_where=NUMBERED)
    for suffix, columns in (("tenant", []), ("topic", ["topic"]), ("subject", ["subject"])):
        names = ["tenant_id", *columns, "seq"]
        op.create_index(f"ix_bus_events_{suffix}", "bus_events", names, postgresql_where=NUMBERED)
    op.execute(ANNOUNCE)
    op.create_table(
        "bus_counts",
        _column("tenant_id", uuid),
        _column("topic", text),
        _column("published", number, "0"),
        _column("delivered", number, "0"),
        _column("last_at", instant, "now()"),
        sa.PrimaryKeyConstraint("tenant_id", "topic", name=op.f("pk_bus_counts")),
    )
    op.create_table(
        "triggers",
        _column("id", uuid),
        _column("tenant_id", uuid),
        _column("name", text, null=True),
        _column("created_by", uuid, null=True),
        _column("role", text),
        _column("created_at", instant, "now()"),
        _column("topic", text),
        _column("filter", JSONB(), "'{}'"),
        _column("kind", text),
        _column("params", JSONB(), "'{}'"),
        _column("params_from", JSONB(), "'{}'"),
        _column("priority", sa.SmallInteger(), "5"),
        _column("tags", ARRAY(sa.Text()), "'{}'"),
        _column("max_depth", sa.Integer(), "5"),
        _column("max_per_minute", sa.Integer(), "120"),
        _column("active", flag, "true"),
        _column("paused_reason", text, null=True),
        _column("fired", number, "0"),
        _column("suppressed", number, "0"),
        _column("last_fired_at", instant, null=True),
        _column("minute_began_at", instant, null=True),
        _column("in_minute", sa.Integer(), "0"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_triggers_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triggers")),
    )
    op.create_index("ix_triggers_tenant_newest", "triggers", ["tenant_id", "id"])
    op.create_index("ix_triggers_topic", "triggers", ["tenant_id", "topic"], postgresql_where=sa.text("active"))
    op.create_table(
        "trigger_runs",
        _column("trigger_id", uuid),
        _column("event_id", uuid),
        _column("seq", number),
        _column("outcome", text),
        _column("job_id", uuid, null=True),
        _column("chain", ARRAY(sa.Uuid()), "'{}'"),
        _column("detail", text, null=True),
        _column("recorded_at", instant, "now()"),
        sa.ForeignKeyConstraint(
            ["trigger_id"], ["triggers.id"], name=op.f("fk_trigger_runs_trigger_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("trigger_id", "event_id", name=op.f("pk_trigger_runs")),
    )
    op.create_index("ix_trigger_runs_job", "trigger_runs", ["job_id"], postgresql_where=sa.text("job_id IS NOT NULL"))
    op.create_index("ix_trigger_runs_newest", "trigger_runs", ["trigger_id", "seq"])
    op.create_table(
        "domains",
        _column("id", uuid),
        _column("tenant_id", uuid),
        _column("name", text),
        _column("description", text, "''"),
        _column("variables", ARRAY(sa.Text())),
        _column("generator", JSONB(), null=True),
        _column("window_size", sa.Integer()),
        _column("interval_s", sa.Float(), null=True),
        _column("offset_s", sa.Float(), "0"),
        _column("status", text, "'active'"),
        _column("seed", number),
        _column("retention_windows", sa.Integer(), "1000"),
        _column("schedule_id", uuid, null=True),
        _column("next_index", number, "0"),
        _column("created_at", instant, "now()"),
        _column("updated_at", instant, "now()"),
        sa.CheckConstraint("status IN ('active', 'paused', 'stopped')", name=op.f("ck_domains_status_known")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_domains_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domains")),
    )
    op.create_index("uq_domains_tenant_name", "domains", ["tenant_id", "name"], unique=True)
    op.create_index("ix_domains_tenant_newest", "domains", ["tenant_id", "id"])
    _create_windows()
    for table in OWN:
        protect_by_tenant(table)
    protect_by_parent("trigger_runs", "triggers", column="trigger_id")


def _create_windows() -> None:
    instant, text, uuid, number = sa.DateTime(timezone=True), sa.Text(), sa.Uuid(), sa.BigInteger()
    op.create_table(
        "windows",
        _column("domain_id", uuid),
        _column("number", number),
        _column("tenant_id", uuid),
        _column("source", text),
        _column("rows", sa.Integer()),
        _column("continues", sa.Boolean(), "false"),
        _column("started_at", instant),
        _column("stored_at", instant, "clock_timestamp()"),
        _column("size", sa.Integer()),
        _column("content", postgresql.BYTEA(), null=True),
        _column("sha256", text, null=True),
        _column("begins_at", number, "0"),
        _column("receipt", JSONB(), "'{}'"),
        _column("summary", JSONB(), "'{}'"),
        *_of_a_domain("windows", "number"),
    )
    # Floats hardly compress: trying to costs more time than the few bytes are worth.
    op.execute("ALTER TABLE windows ALTER COLUMN content SET STORAGE EXTERNAL")
    op.create_index("ix_windows_started", "windows", ["domain_id", "started_at"])
    op.create_index("ix_windows_bytes", "windows", ["sha256"], postgresql_where=sa.text("sha256 IS NOT NULL"))
    truth = [_column("number", number), _column("tenant_id", uuid), _column("truth", JSONB())]
    op.create_table("window_truths", _column("domain_id", uuid), *truth, *_of_a_domain("window_truths", "number"))
    reserved = [_column("tenant_id", uuid), _column("first", number), _column("reserved", number)]
    key = [_column("job_id", uuid), _column("domain_id", uuid)]
    constraints = _of_a_domain("window_reservations", "job_id")
    op.create_table("window_reservations", *key, *reserved, *constraints)
    standing = [_column(name, JSONB(), "'{}'") for name in ("counts", "drift")]
    ids = [_column("domain_id", uuid), _column("tenant_id", uuid)]
    op.create_table("domain_standings", *ids, *standing, *_of_a_domain("domain_standings"))


def _of_a_domain(table: str, *key: str) -> list[sa.Constraint]:
    name = op.f(f"fk_{table}_domain_id")
    return [
        sa.ForeignKeyConstraint(["domain_id"], ["domains.id"], name=name, ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("domain_id", *key, name=op.f(f"pk_{table}")),
    ]


def downgrade() -> None:
    """Take back."""
    for table in ("domain_standings", "window_reservations", "window_truths", "windows", "domains"):
        op.drop_table(table)
    for table in ("trigger_runs", "triggers", "bus_counts", "bus_events"):
        op.drop_table(table)
    op.execute("DROP SEQUENCE bus_event_seq")

"""Row-level security of every tenant's rows."""

from alembic import op

from core.protection import protect_by_parent, protect_by_tenant, unprotect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WHOLE = {
    "tenants": "id",
    **dict.fromkeys(("api_keys", "jobs", "artifacts", "job_outbox", "idempotency_keys", "pruned_counts"), "tenant_id"),
    **dict.fromkeys(("workflows", "schedules", "webhooks", "webhook_deliveries", "data_keys"), "tenant_id"),
    **dict.fromkeys(("alerts", "alert_events", "audit_entries", "audit_heads"), "tenant_id"),
}
"""Tables by the column that names the tenant."""
PARTS = {
    **dict.fromkeys(("job_events", "job_log_lines", "job_settlements"), ("jobs", "job_id")),
    **dict.fromkeys(("job_dependencies", "job_admissions"), ("jobs", "job_id")),
    "workflow_steps": ("workflows", "workflow_id"),
    "schedule_runs": ("schedules", "schedule_id"),
}
"""Tables by the table whose parts they hold, and the column that names the whole."""


def upgrade() -> None:
    """Apply."""
    for table, column in WHOLE.items():
        protect_by_tenant(table, column=column)
    for table, (parent, column) in PARTS.items():
        protect_by_parent(table, parent, column=column)
    op.execute("ALTER VIEW gate_places SET (security_invoker = true)")


def downgrade() -> None:
    """Take back."""
    op.execute("ALTER VIEW gate_places RESET (security_invoker)")
    for table in (*PARTS, *WHOLE):
        unprotect(table)

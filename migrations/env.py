"""Where Alembic meets the platform: the models' metadata, and one migrator at a time."""

from alembic import context
from sqlalchemy import Connection, create_engine, text

import core.jobs.admission_models
import core.jobs.graph_models
import core.jobs.models
import core.jobs.quotas
import core.jobs.schedule_models
import core.jobs.secret_models
import core.platform.accounts.models
import core.platform.alerts.models
import core.platform.alerts.rule_models
import core.platform.audit.models
import core.platform.erasure.models
import core.platform.keys
import core.platform.notifications.models
import core.platform.sealing.models
import core.platform.tenants
import core.platform.vitals
import core.platform.webhooks.models
import core.workloads.code.native.reports
import core.workloads.code.operations.models
import core.workloads.federated.operations.models
import core.workloads.pumping.operations.models  # noqa: F401 - imported for the tables it declares
from core.database import Base, spell_out_driver
from core.migration import is_declared
from core.protection import ensure_role

MIGRATOR = 0x70656E73
"""Key of the advisory lock: of two platforms that start on one database, one migrates and one waits."""


def migrate(connection: Connection) -> None:
    """Run the migrations on a connection, alone, and see to the rights of those who may see one tenant's rows."""
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATOR})
    connection.execute(text("SELECT set_config('penstock.scope', 'platform', false)"))
    connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            include_name=is_declared,
        )
        with context.begin_transaction():
            context.run_migrations()
        ensure_role(connection)
        connection.commit()
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATOR})
        connection.commit()


engine = create_engine(spell_out_driver(context.config.attributes["database_url"]))
with engine.connect() as connection:
    migrate(connection)
engine.dispose()

"""Migrations go up, down and up again, and end at what the models say."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

import core.jobs.admission_models
import core.jobs.graph_models
import core.jobs.models
import core.jobs.quotas
import core.jobs.schedule_models
import core.jobs.secret_models
import core.jobs.trigger_models
import core.platform.accounts.models
import core.platform.alerts.models
import core.platform.alerts.rule_models
import core.platform.audit.models
import core.platform.bus.models
import core.platform.domains.models
import core.platform.erasure.models
import core.platform.governor.models
import core.platform.keys
import core.platform.notifications.models
import core.platform.sealing.models
import core.platform.vitals
import core.platform.webhooks.models
import core.workloads.code.native.reports
import core.workloads.code.operations.models
import core.workloads.customers.connectors.simulation.models
import core.workloads.customers.operations.audience_models
import core.workloads.customers.operations.autopilot_models
import core.workloads.customers.operations.campaign_models
import core.workloads.customers.operations.crm_models
import core.workloads.customers.operations.models
import core.workloads.customers.operations.segment_models
import core.workloads.customers.operations.trust_models
import core.workloads.federated.operations.models
import core.workloads.pumping.operations.models  # noqa: F401 - for the tables it declares
from core import migration
from core.database import Base
from tests.migrations.conftest import upgrade_in_process


def test_up_down_up_ends_at_the_models(empty_url: str) -> None:
    engine = create_engine(empty_url)
    migration.upgrade(empty_url)
    migration.downgrade(empty_url, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    with engine.connect() as connection:
        left = connection.scalars(text("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"))
        assert left.all() == []
    migration.upgrade(empty_url)
    with engine.connect() as connection:
        opts = {"compare_server_default": True, "include_name": migration.is_declared}
        differences = compare_metadata(MigrationContext.configure(connection, opts=opts), Base.metadata)
    engine.dispose()
    assert differences == []


def test_revisions_are_numbered_in_one_line() -> None:
    scripts = ScriptDirectory(str(migration.FOLDER))
    revisions = [script.revision for script in reversed(list(scripts.walk_revisions()))]
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    files = sorted(path.name for path in (Path(migration.FOLDER) / "versions").glob("*.py"))
    assert all(re.match(r"\d{4}_[a-z0-9_]+\.py$", name) for name in files)


def test_two_migrators_at_once_do_no_harm(empty_url: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(upgrade_in_process, empty_url) for _ in range(2)]:
            assert future.result() == 0

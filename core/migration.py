"""Bringing a database to the schema that this code expects."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

FOLDER = Path(__file__).parent.parent / "migrations"


def alembic_config(database_url: str) -> Config:
    """Configure Alembic for one database."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["database_url"] = database_url
    return config


def upgrade(database_url: str, revision: str = "head") -> None:
    """Apply the migrations up to a revision."""
    command.upgrade(alembic_config(database_url), revision)


def downgrade(database_url: str, revision: str) -> None:
    """Take migrations back down to a revision (`base` for all)."""
    command.downgrade(alembic_config(database_url), revision)


def head_revision() -> str:
    """Return the revision that this code expects."""
    return ScriptDirectory(str(FOLDER)).get_current_head() or "base"


def current_revision(session: Session) -> str | None:
    """Return the revision that a database is at; None when it was never migrated."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def is_declared(name: str | None, sort: str, _within: Mapping[str, Any]) -> bool:
    """Tell whether what is found in a database is to be compared with the models, which know nothing of partitions."""
    return sort != "table" or name is None or not name.startswith("job_events_")

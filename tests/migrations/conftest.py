"""An empty database for each test of migrations."""

import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from core.database import spell_out_driver
from core.platform.servers.embedded import Urls


@pytest.fixture
def empty_url(servers: Urls) -> Iterator[str]:
    name = f"empty_{uuid.uuid4().hex[:8]}"
    engine = create_engine(spell_out_driver(servers.database), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield engine.url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


def upgrade_in_process(url: str) -> int:
    code = f"from core import migration; migration.upgrade({url!r})"
    return subprocess.run([sys.executable, "-c", code], check=False).returncode

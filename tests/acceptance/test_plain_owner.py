"""A platform whose login is no superuser: it owns its tables, and row-level security holds it, too."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from penstock_client import Client, NotFound
from sqlalchemy import create_engine, text

from core.catalogue import Catalogue
from core.database import spell_out_driver
from core.tenancy import ROLE
from tests.platforms import Platform, running_platform
from tests.waiting import eventually
from webapp.cli._checkout import CHECKOUT, own_environ


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.deep)], ids=["held itself", "steps down"])
def database(request: pytest.FixtureRequest, as_owner: Callable[..., str]) -> tuple[str, bool]:
    """The database of a plain login, and whether it may step down from its tables' owner."""
    return as_owner(lent=request.param), request.param


@pytest.fixture
def owned(database: tuple[str, bool], tmp_path: Path) -> Iterator[Platform]:
    with running_platform(tmp_path / "data", DATABASE_URL=database[0]) as platform:
        yield platform


@pytest.fixture
def penstock(owned: Platform) -> Callable[..., Any]:
    """Run a command of the platform and read what it tells."""

    def run(*words: str) -> Any:
        command = [sys.executable, "-m", "webapp.cli", *words, "--data-dir", str(owned.data_dir), "--json"]
        environ = {**os.environ, **own_environ()}
        ended = subprocess.run(
            command, cwd=CHECKOUT, env=environ, capture_output=True, text=True, timeout=120, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout or "null")

    return run


def test_everything_works_and_tenants_stay_apart(
    database: tuple[str, bool], owned: Platform, penstock: Callable[..., Any], catalogue: Catalogue
) -> None:
    url, steps_down = database
    client = owned.client
    assert client.submit("platform.echo", {"n": 1}).result(timeout=60) == {"n": 1}
    signed = client.submit("platform.sign", {"text": "hello", "key": "a key that nobody sees"}).result(timeout=60)
    split = catalogue.find("platform.pi")
    assert client.submit(split.name, split.example).result(timeout=120)
    assert len(signed["signature"]) == 64

    slug = f"acme-{uuid.uuid4().hex[:8]}"
    penstock("tenants", "add", slug)
    made = penstock("keys", "add", "ci", "--role", "admin", "--tenant", slug)
    with Client(owned.url, made["key"]) as theirs:
        mine = client.submit("platform.echo", {"n": 2})
        mine.result(timeout=60)
        with pytest.raises(NotFound):
            theirs.job(mine.id).result(timeout=5)
        assert list(theirs.jobs()) == []
        other = theirs.submit("platform.export")
        assert other.result(timeout=60)["rows"]["jobs"] >= 1
        assert other.id not in {job.id for job in client.jobs()}
    eventually(lambda: penstock("audit", "verify")["checked"] >= 3)
    penstock("secrets", "rotate", "--wait", "90")
    assert _without_words(url) == (0, 0)
    assert _is_lent(url) == steps_down


def _without_words(url: str) -> tuple[int, int]:
    """Count the jobs and tenants that the login sees which says neither tenant nor platform."""
    engine = create_engine(spell_out_driver(url))
    with engine.connect() as connection:
        jobs, tenants = (connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("jobs", "tenants"))
    engine.dispose()
    return int(jobs or 0), int(tenants or 0)


def _is_lent(url: str) -> bool:
    engine = create_engine(spell_out_driver(url))
    with engine.connect() as connection:
        rights = connection.execute(text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user"))
        assert tuple(rights.one()) == (False, False)
        lent = connection.scalar(
            text("SELECT count(*) FROM pg_roles WHERE rolname = :role AND pg_has_role(oid, 'MEMBER')"), {"role": ROLE}
        )
    engine.dispose()
    return bool(lent)

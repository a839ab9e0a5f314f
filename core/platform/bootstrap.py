"""The first start of an installation: schema, tenant, first account, and on its own machine a local admin key."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from core import migration
from core.clock import utc_now
from core.crypto import Keyring, derived_master_key, read_master_keys
from core.database import connect
from core.platform import first_login, starting
from core.platform.access import Role
from core.platform.accounts.members import any_members, invite
from core.platform.accounts.passwords import Passwords
from core.platform.keys import make_key, remember_key
from core.platform.tenants import LOCAL_TENANT, ensure_tenant, find_tenant


def prepare(environ: Mapping[str, str], data_dir: Path) -> str:
    """Migrate the database that `DATABASE_URL` names and return the local admin key, the same at every start."""
    key = _remembered_key(data_dir / "admin-key.json")
    password = install(environ, local_key=key)
    if password is not None:
        first_login.leave(data_dir, password)
    return key


def install(environ: Mapping[str, str], *, local_key: str | None = None) -> str | None:
    """Migrate the database that `DATABASE_URL` names, and return the first account's password if it was made just now.

    A key that is given opens everything as the installation's own from now on. Raises one of `starting.FAULTS`.
    """
    url = environ["DATABASE_URL"]
    starting.await_database(url, bearable=(starting.SchemaMissing, starting.SchemaBehind))
    migration.upgrade(environ.get("DATABASE_DIRECT_URL") or url)
    secret_key = environ["PENSTOCK_SECRET_KEY"]
    master_keys = read_master_keys(environ.get("PENSTOCK_MASTER_KEYS", "")) or (derived_master_key(secret_key),)
    database = connect(url, pool_size=1, keyring=Keyring(master_keys))
    with database.transaction() as session:
        tenant_id = ensure_tenant(session, LOCAL_TENANT, home=True)
        if local_key is not None:
            remember_key(session, local_key, tenant_id=tenant_id, name="local admin", role=Role.ADMIN)
        password = None if any_members(session, tenant_id) else _first_account(session, tenant_id, secret_key)
    with database.within(tenant_id).transaction() as session:
        find_tenant(session, LOCAL_TENANT)  # a database that cannot keep tenants apart is not served
    database.engine.dispose()
    return password


def _first_account(session: Session, tenant_id: UUID, secret_key: str) -> str:
    made = invite(session, Passwords(), secret_key, tenant_id, first_login.EMAIL, Role.ADMIN, now=utc_now())
    return made.password


def _remembered_key(path: Path) -> str:
    try:
        return str(json.loads(path.read_text())["api_key"])
    except FileNotFoundError:
        key = make_key()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"api_key": key}, file)
        return key

"""The first start of an installation on its own machine: schema, tenant, local admin key."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from core import migration
from core.database import connect
from core.platform.access import Role
from core.platform.keys import make_key, remember_key
from core.platform.tenants import LOCAL_TENANT, ensure_tenant, find_tenant


def prepare(environ: Mapping[str, str], data_dir: Path) -> str:
    """Migrate the database that `DATABASE_URL` names and return the local admin key, the same at every start."""
    url = environ["DATABASE_URL"]
    migration.upgrade(url)
    key = _remembered_key(data_dir / "admin-key.json")
    database = connect(url, pool_size=1)
    with database.transaction() as session:
        tenant_id = ensure_tenant(session, LOCAL_TENANT)
        remember_key(session, key, tenant_id=tenant_id, name="local admin", role=Role.ADMIN)
    with database.within(tenant_id).transaction() as session:
        find_tenant(session, LOCAL_TENANT)  # a database that cannot keep tenants apart is not served
    database.engine.dispose()
    return key


def _remembered_key(path: Path) -> str:
    try:
        return str(json.loads(path.read_text())["api_key"])
    except FileNotFoundError:
        key = make_key()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"api_key": key}, file)
        return key

"""A trail with some entries, and a tamperer who has the whole database and no key."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.database import Database
from core.platform.access import Principal, Role
from core.platform.audit import chain, entries
from core.platform.audit.entries import DONE, Entry
from core.platform.audit.verification import Verified, verify


@pytest.fixture
def tenant_id() -> UUID:
    return uuid4()


@pytest.fixture
def append(database: Database, tenant_id: UUID) -> Callable[..., None]:
    """Add so many entries, and chain them unless told otherwise."""

    def add(count: int, *, tenant: UUID = tenant_id, chained: bool = True) -> None:
        who = Principal(uuid4(), tenant, Role.OPERATOR, "Ada")
        for number in range(count):
            target = f"/api/v1/jobs/{number}"
            entries.append(database, Entry(tenant, "POST /jobs", DONE, "/api/v1/jobs", who, 202, target=target))
        if chained:
            chain.chain_all(database)

    return add


@pytest.fixture
def tampering(database: Database) -> Callable[..., object]:
    """Open a session in which no trigger guards the trail."""

    @contextmanager
    def unguarded() -> Iterator[Session]:
        with database.transaction() as session:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            yield session

    return unguarded


@pytest.fixture
def verified(database: Database, tenant_id: UUID) -> Callable[..., Verified]:
    """Verify the tenant's whole trail, part after part."""

    def walk(limit: int = 3) -> Verified:
        where: dict[str, object] = {}
        while True:
            with database.transaction() as session:
                found = verify(session, tenant_id, limit=limit, **where)  # type: ignore[arg-type]  # its own answers
            if found.complete:
                return found
            where = {"after_seq": found.seq, "after_hash": found.hash}

    return walk

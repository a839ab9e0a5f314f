"""Fixtures of the customers' integration tests: a tenant, and connections to simulated platforms."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.database import Database
from core.platform.tenants import ensure_tenant
from core.workloads.customers.connectors.base import AdPlatform, Connection, Crm
from core.workloads.customers.operations import connections


@pytest.fixture
def tenant_id(database: Database) -> UUID:
    """A tenant that has nothing yet."""
    with database.transaction() as session:
        return ensure_tenant(session, "shopkeeper")


@pytest.fixture
def transact(database: Database, tenant_id: UUID) -> Callable[[], AbstractContextManager[Session]]:
    """Open a transaction on the tenant's rows."""
    return database.within(tenant_id).transaction


@pytest.fixture
def heard(transact: Callable[[], AbstractContextManager[Session]]) -> Callable[[str], list[str]]:
    """Tell which states a topic of the bus has told of, in their order."""
    query = text("SELECT data ->> 'state' FROM bus_events WHERE topic = :topic ORDER BY id")

    def states(topic: str) -> list[str]:
        with transact() as session:
            return list(session.scalars(query, {"topic": topic}))

    return states


@pytest.fixture
def connect(tenant_id: UUID, transact: Callable[[], AbstractContextManager[Session]]) -> Callable[..., Connection]:
    """Connect to a simulated platform with these settings."""

    def make(connector: str = "simulated_ads", name: str = "one", **settings: Any) -> Connection:
        with transact() as session:
            asked = {"name": name, "connector": connector, "settings": settings}
            return connections.opened(session, connections.create(session, tenant_id, asked))

    return make


@pytest.fixture
def ads(connect: Callable[..., Connection], transact: Any) -> Callable[..., AdPlatform]:
    """Reach a new simulated advertising platform."""
    return lambda **settings: connections.reach_ads(connect(**settings), transact)


@pytest.fixture
def crm(connect: Callable[..., Connection], transact: Any) -> Callable[..., Crm]:
    """Reach a new simulated CRM."""
    return lambda **settings: connections.reach_crm(connect("simulated_crm", **settings), transact)

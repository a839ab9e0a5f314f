"""A connection that something hangs on stays, unless it is forced to go: then everybody hears what ended with it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.clock import database_now
from core.platform.access import Principal, Role
from core.workloads.customers.connectors.base import Connection, Upsert
from core.workloads.customers.operations import (
    actions,
    audiences,
    campaigns,
    connections,
    crm_links,
    disconnecting,
    people,
    segments,
)
from core.workloads.customers.operations.disconnecting import NAMED, ConnectionInUse
from tests.integration.customers.shop import Shop, add_audience
from tests.integration.customers.test_crm_sync import Both

Transact = Callable[[], AbstractContextManager[Session]]


@dataclass
class Office:
    """Somebody who makes things that hang on a connection, and ends them."""

    ada: Principal
    ben: Principal
    transact: Transact

    def disconnect(self, *, force: bool = False) -> None:
        with self.transact() as session:
            disconnecting.disconnect(session, self.ada.tenant_id, "one", force=force)

    def audience(self, session: Session, name: str = "a") -> Callable[[Session], object]:
        tenant_id = self.ada.tenant_id
        segments.create(session, tenant_id, {"name": name, "definition": {"all": []}})
        add_audience(session, tenant_id, name, name, connection="one", sync_every_s=900)
        return lambda session: audiences.remove(session, tenant_id, name)

    def campaign(self, session: Session) -> Callable[[Session], object]:
        asked = {"name": "Boots", "connection": "one", "daily_budget": 5.0, "fields": {}}
        made = campaigns.create(session, self.ada, asked, database_now(session)).id
        campaigns.submit_draft(session, self.ada, made, database_now(session))
        return lambda session: campaigns.reject(session, self.ben, made, "no", database_now(session))

    def action(self, session: Session) -> Callable[[Session], object]:
        asked = {"action": "reduce_budget", "connection": "one", "target": "c-1", "daily_budget": 8.0}
        made = actions.propose(session, self.ada, asked, database_now(session)).id
        return lambda session: actions.reject(session, self.ada, made, "no", database_now(session))

    def link(self, session: Session) -> Callable[[Session], object]:
        asked = {"name": "crm", "connection": "one", "ownership": {}, "overlap_s": 60.0, "every_s": 900.0}
        crm_links.create(session, self.ada.tenant_id, asked)
        return lambda session: crm_links.remove(session, self.ada.tenant_id, "crm")

    def told(self) -> list[str]:
        with self.transact() as session:
            return list(session.scalars(text("SELECT text FROM alerts WHERE key LIKE 'connection/%'")))


@pytest.fixture
def office(tenant_id: UUID, transact: Transact) -> Office:
    ada, ben = (Principal(uuid4(), tenant_id, Role.OPERATOR, who, session_id=uuid4()) for who in ("ada", "ben"))
    return Office(ada, ben, transact)


@pytest.mark.parametrize(
    ("make", "connector", "told"),
    [
        (Office.audience, "simulated_ads", "audiences a"),
        (Office.campaign, "simulated_ads", "campaigns Boots"),
        (Office.action, "simulated_ads", "actions reduce_budget of c-1"),
        (Office.link, "simulated_crm", "CRM links crm"),
    ],
)
def test_it_stays_while_something_hangs_on_it_and_goes_afterwards(
    office: Office, connect: Callable[..., Connection], make: Callable[..., Any], connector: str, told: str
) -> None:
    connect(connector)
    with office.transact() as session:
        end = make(office, session)
    with pytest.raises(ConnectionInUse) as refused:
        office.disconnect()
    assert refused.value.detail == f"'one' is used by {told}"
    with office.transact() as session:
        end(session)
    office.disconnect()
    with office.transact() as session, pytest.raises(connections.ConnectionMissing):
        connections.find(session, office.ada.tenant_id, "one")
    assert office.told() == []


def test_by_force_it_goes_and_an_alert_tells_what_ended(office: Office, connect: Callable[..., Connection]) -> None:
    connect()
    with office.transact() as session:
        for number in range(NAMED + 1):
            office.audience(session, f"a{number:02}")
        office.campaign(session)
        office.action(session)
    office.disconnect(force=True)
    (told,) = office.told()
    assert told.startswith("The connection one was removed, and with it ended audiences a00, a01")
    assert told.endswith("a09 and 1 more; campaigns Boots; actions reduce_budget of c-1")
    with office.transact() as session:
        row = audiences.find(session, office.ada.tenant_id, "a00")
        assert (row.connection_id, row.sync_every_s) == (None, None)
        audiences.remove(session, office.ada.tenant_id, "a00")


def test_whom_the_platforms_go_on_knowing_is_told(
    office: Office, connect: Callable[..., Connection], transact: Transact, tenant_id: UUID
) -> None:
    shop = Shop(tenant_id, transact, connect())
    shop.welcome(1, 2)
    shop.apply(shop.plan())
    office.disconnect(force=True)
    assert office.told()[0].endswith("ended audiences all. The platform goes on knowing 2 members of audiences")
    both = Both(transact, tenant_id, connect("simulated_crm", "two"))
    both.crm.upsert([Upsert("a@x.io", {"plan": "plus"})])
    both.sync()
    both.erase("a@x.io")
    with transact() as session:
        disconnecting.disconnect(session, tenant_id, "two", force=True)
        assert session.scalar(text("SELECT count(*) FROM customer_crm_contacts")) == 0
        assert people.count_by_lifecycle(session, tenant_id) == {"known": 2}
    assert office.told()[1].endswith(". Contacts of erased people that the CRM was not asked to forget: 1")

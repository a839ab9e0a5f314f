"""The periodic look at customers: signals judged, silence too, and who is who for what still waits."""

from collections import Counter
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from core.database import Database
from core.errors import PenstockError
from core.workloads.customers.operations import applying, campaigns, crm_links, rebuilding, sources, trusting, underway
from core.workloads.customers.operations.models import SightingRow
from core.workloads.customers.operations.trust_models import AccountRow

log = structlog.get_logger()


def judge_all(database: Database, now: datetime) -> dict[str, int]:
    """Judge the signals of tenants with accounts, hand over what is due, resolve waiting sightings; count each.

    One tenant that fails stops no other.
    """
    with database.statements() as session:
        watched = session.scalars(select(AccountRow.tenant_id).distinct()).all()
        queued = underway.with_anything(session, lambda: now)
        waiting = session.scalars(select(SightingRow.tenant_id).where(SightingRow.dirty).distinct()).all()
    counts = Counter({"judged": 0, "resolved": 0, "handed_over": 0})
    for tenant_id in watched:
        counts["judged"] += _judge(database, tenant_id, now)
    for tenant_id in queued:
        counts["handed_over"] += _hand_over(database, tenant_id, now)
    for tenant_id in waiting:
        with database.within(tenant_id).transaction() as session:
            sources.lock_people(session, tenant_id)
            counts["resolved"] += rebuilding.resolve_waiting(session, tenant_id)["sightings"]
    return dict(counts)


def _judge(database: Database, tenant_id: UUID, now: datetime) -> bool:
    try:
        with database.within(tenant_id).transaction() as session:
            trusting.evaluate(session, tenant_id, now)
    except (PenstockError, DBAPIError) as error:
        log.warning("customers.judging_failed", tenant_id=str(tenant_id), detail=str(error))
        return False
    return True


def _hand_over(database: Database, tenant_id: UUID, now: datetime) -> bool:
    try:
        with database.within(tenant_id).transaction() as session:
            if underway.with_actions(session):
                applying.submit_applying(session, tenant_id, clock=lambda: now)
            campaigns.resume(session, tenant_id, clock=lambda: now)
            crm_links.sync_due(session, tenant_id, clock=lambda: now)
    except (PenstockError, DBAPIError) as error:
        log.warning("customers.handing_over_failed", tenant_id=str(tenant_id), detail=str(error))
        return False
    return True

"""The cron-like pump plan: one for each station and quarter of an hour, whoever fires how often."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from core.clock import rfc3339
from core.database import Database
from core.errors import PenstockError
from core.ids import uuid7
from core.jobs.idempotency import IdempotentRequest
from core.platform.tenants import LOCAL_TENANT, ensure_tenant
from core.workloads.pumping import scenario
from core.workloads.pumping.operations import loop
from core.workloads.pumping.operations.gathering import slot_of
from core.workloads.pumping.operations.plants import list_active

log = structlog.get_logger()
_SEED = 1


def turn_loops(database: Database, now: datetime) -> int:
    """Turn the loop of every station in operation and return how many there are; one that fails stops no other."""
    with database.transaction() as session:
        stations = list_active(session)
    for station in stations:
        try:
            with database.transaction() as session:
                loop.turn(session, station, "schedule", clock=lambda: now)
        except (PenstockError, DBAPIError) as error:
            log.warning("pumping.turn_failed", plant=station.name, tenant_id=str(station.tenant_id), detail=str(error))
    return len(stations)


def stand_in(database: Database, now: datetime) -> UUID:
    """Turn the loop of the generated station, which stands in where there is none; return its job.

    It keeps no plans of its own: the slot's key makes a second turn the first one.
    """
    slot = slot_of(now)
    params = scenario.turn_of_the_loop(slot.replace(tzinfo=None), _SEED)
    key = IdempotentRequest(f"beat:pumping.replan:{rfc3339(slot)}", rfc3339(slot))
    with database.transaction() as session:
        tenant_id = ensure_tenant(session, LOCAL_TENANT)
        return loop.submit_turn(session, tenant_id, uuid7(), params, clock=lambda: now, idempotency=key)

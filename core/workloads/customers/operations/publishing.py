"""Publishing a campaign: the saga with its steps written down, so that whoever comes after a crash goes on with it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from core.clock import database_now
from core.errors import PenstockError, Transient
from core.workloads.customers.campaigns import saga
from core.workloads.customers.campaigns.saga import Publication
from core.workloads.customers.connectors.base import AdPlatform, Level
from core.workloads.customers.operations import campaigns, connections
from core.workloads.customers.operations.acting import Worker


def publish(worker: Worker, tenant_id: UUID, campaign_id: UUID, *, last_try: bool) -> str:
    """Publish what was approved and return the campaign's state; what an earlier attempt created is found.

    Raises what is transient, to be tried again; on the last try nothing is left on the platform instead.
    """
    with worker.transact() as session:
        row = campaigns.find(session, tenant_id, campaign_id, lock=True)
        if row.state == "approved":
            row.external, row.on_job_id = {}, worker.job_id
            campaigns.move(session, row, "publishing", database_now(session))
        if row.state != "publishing":
            return row.state
        publication, known = campaigns.publication_of(row), dict(row.external)
        connection = connections.find(session, tenant_id, str(row.connection_id))
        opened = connections.opened(session, connection)
    platform, line = connections.reach_ads(opened, worker.transact), worker.line(opened, worker.checkpoint)

    def keep(level: Level, object_id: str) -> None:
        with worker.transact() as session:
            kept = campaigns.find(session, tenant_id, campaign_id, lock=True)
            kept.external = {**kept.external, level: object_id}

    try:
        ids = saga.publish(platform, line.ask, publication, known, keep)
        saga.check_published(platform, line.ask, publication, ids)
    except Transient as error:
        if not last_try:
            raise
        return _fail(worker, tenant_id, campaign_id, (platform, line.ask, publication), error)
    except PenstockError as error:
        return _fail(worker, tenant_id, campaign_id, (platform, line.ask, publication), error)
    return _end(worker, tenant_id, campaign_id, "published")


def _fail(
    worker: Worker,
    tenant_id: UUID,
    campaign_id: UUID,
    there: tuple[AdPlatform, Callable[[Callable[[], Any]], Any], Publication],
    error: PenstockError,
) -> str:
    """Take away what there is, then say why; what cannot be taken away now is tried by the next attempt."""
    saga.compensate(*there)
    return _end(worker, tenant_id, campaign_id, "failed", error.detail)


def _end(worker: Worker, tenant_id: UUID, campaign_id: UUID, state: str, why: str | None = None) -> str:
    with worker.transact() as session:
        row = campaigns.find(session, tenant_id, campaign_id, lock=True)
        if state == "failed":
            row.external = {}
        row.on_job_id = None
        campaigns.move(session, row, state, database_now(session), [] if why is None else [why])
        return row.state

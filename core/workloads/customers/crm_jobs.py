"""The job that syncs contacts with a CRM."""

from typing import Any

from core.jobs.context import JobContext
from core.workloads.customers.operations import crm_syncing
from core.workloads.customers.operations.acting import Worker
from core.workloads.customers.operations.crm_links import CrmLinkMissing
from core.workloads.customers.operations.crm_syncing import Tally


def sync(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Bring a CRM and profiles in step; a link that is gone is in step with nothing."""
    context.progress(0.0, "reading")
    worker = Worker(context.job_id, context.transaction, context.checkpoint)
    reference, dry_run = params["link"], params["dry_run"]
    try:
        tally = crm_syncing.sync(worker, context.tenant_id, reference, dry_run=dry_run)
    except CrmLinkMissing:
        return {"link": reference, "found": False, "dry_run": dry_run, **_told(Tally())}
    return {"link": reference, "found": True, "dry_run": dry_run, **_told(tally)}


def _told(tally: Tally) -> dict[str, Any]:
    return {name: getattr(tally, name) for name in Tally.__slots__}

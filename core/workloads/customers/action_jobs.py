"""The job that applies actions."""

from typing import Any
from uuid import UUID

from core.jobs.context import JobContext
from core.workloads.customers.operations import acting
from core.workloads.customers.operations.acting import Worker


def apply(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Apply what is due, stopping actions first; what a killed attempt began is gone on with."""
    tenant_id, only = context.tenant_id, params.get("action")
    with context.transaction() as session:
        expired = acting.expire(session, tenant_id)
    with context.transaction() as session:
        due = acting.due(session, tenant_id, context.job_id, None if only is None else UUID(str(only)))
    worker = Worker(context.job_id, context.transaction, context.checkpoint)
    told = []
    for number, action_id in enumerate(due):
        context.progress(number / len(due), str(action_id))
        told.append({"id": str(action_id), "state": acting.apply(worker, tenant_id, action_id)})
    return {"expired": expired, "actions": told}

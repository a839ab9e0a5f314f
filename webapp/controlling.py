"""Changing one job by somebody's request: cancelling it, retrying it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from core.jobs import queries
from webapp.operations import Call

Change = Callable[[Session, UUID, UUID], None]


def carry_out(call: Call, job_id: UUID, change: Change) -> Row[Any]:
    """Change a job in a transaction, tell those who follow it, and return its row."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        change(session, tenant_id, job_id)
        row = queries.get_job(session, tenant_id, job_id)
    call.process.announcer.announce(job_id, row.version, row.state)
    return row

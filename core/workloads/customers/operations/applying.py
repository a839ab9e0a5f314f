"""Having actions applied soon: a job for one that was just approved, or for all that are due."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.clock import Clock
from core.ids import uuid7
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.workloads.customers import kinds


def submit_applying(session: Session, tenant_id: UUID, action_id: UUID | None = None, *, clock: Clock) -> UUID:
    """Submit the autopilot's own job for one action, or for all; one that waits already stands for both."""
    principal = Principal(uuid7(), tenant_id, Role.OPERATOR, "autopilot")
    params = {} if action_id is None else {"action": str(action_id)}
    request = JobRequest(kinds.APPLY_ACTIONS, params, unique_key=f"autopilot:{action_id or 'all'}", tags=["autopilot"])
    return submit(session, principal, request, clock=clock).job_id

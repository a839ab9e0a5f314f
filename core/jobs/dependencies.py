"""Dependencies: a job that waits for others is queued, or fails, when they are final."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from core.jobs.kind import JobKind


def examine_dependents(_session: Session, _kinds: Mapping[str, JobKind], _ended: Sequence[UUID]) -> None:
    """Queue the waiting dependents of these jobs whose conditions are met, and fail those that can never be."""

"""Shards: a job split into many, and resumed when the last of them is final."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session


def resume_parents(_session: Session, _ended: Sequence[UUID]) -> None:
    """Queue the waiting parents of these jobs that have no open shard left."""

"""The bytes of models and updates: artifacts that live as long as a federation needs them.

What a job names is its own to forget once it is pruned, so jobs are given artifacts of their own of the same bytes.
"""

from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.errors import FieldError
from core.jobs.artifacts import ArtifactUnknown, record_upload
from core.jobs.models import Artifact
from core.storage import Stored


def keep(session: Session, tenant_id: UUID, artifact_id: UUID, pointer: str = "/artifact") -> tuple[UUID, int]:
    """Make an artifact of the same bytes that does not expire, and return its id and size; raises `ArtifactUnknown`."""
    table = Artifact.__table__
    row = session.execute(
        select(table).where(table.c.id == artifact_id, table.c.tenant_id == tenant_id).with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        raise ArtifactUnknown(errors=[FieldError(pointer, f"there is no artifact '{artifact_id}'")])
    stored = Stored(row.sha256, row.size)
    made = record_upload(session, tenant_id, name=row.name, content_type=row.content_type, stored=stored)
    session.execute(
        update(Artifact).where(Artifact.id == made, Artifact.tenant_id == tenant_id).values(expires_at=None)
    )
    return made, row.size


def lend(session: Session, tenant_id: UUID, artifact_id: UUID) -> dict[str, str]:
    """Return how a job's params name an artifact of its own of the same bytes."""
    return {"artifact": str(keep(session, tenant_id, artifact_id)[0])}


def let_go(session: Session, tenant_id: UUID, artifact_ids: list[UUID]) -> None:
    """Have artifacts expire that no federation needs any more."""
    session.execute(
        update(Artifact)
        .where(Artifact.id.in_(artifact_ids), Artifact.tenant_id == tenant_id, Artifact.job_id.is_(None))
        .values(expires_at=func.now())
    )

"""Artifacts: what jobs leave behind and clients upload; rows here, bytes in the storage."""

import re
from datetime import timedelta
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import FieldError, Invalid, Missing, escape
from core.ids import uuid7
from core.jobs.models import Artifact
from core.storage import Storage, Stored

UPLOAD_LIFE = timedelta(days=1)
"""An upload that no job names within this time expires."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ +()-]{0,199}")


class ArtifactMissing(Missing):
    """There is no such artifact."""

    code = "artifact_missing"


class ArtifactUnknown(Invalid):
    """The params name an artifact that is not there."""

    code = "artifact_unknown"


class ArtifactNameInvalid(Invalid):
    """An artifact's name is 1 to 200 letters, digits, blanks or . _ + - ( ), the first a letter or digit."""

    code = "artifact_name_invalid"


def check_name(name: str) -> str:
    """Return a good name as it is; raises `ArtifactNameInvalid`."""
    if not _NAME.fullmatch(name):
        raise ArtifactNameInvalid(errors=[FieldError("/name", ArtifactNameInvalid.title())])
    return name


def record_upload(session: Session, tenant_id: UUID, *, name: str, content_type: str, stored: Stored) -> UUID:
    """Record bytes that a client uploaded; they expire unless a job comes to name them."""
    artifact_id = uuid7()
    session.execute(
        insert(Artifact).values(
            id=artifact_id,
            tenant_id=tenant_id,
            name=check_name(name),
            content_type=content_type,
            sha256=stored.sha256,
            size=stored.size,
            expires_at=func.now() + UPLOAD_LIFE,
        )
    )
    return artifact_id


def record_made(session: Session, row: dict[str, Any]) -> None:
    """Record an artifact that an attempt made, in place of one of that name from an earlier attempt."""
    made = insert(Artifact).values(row)
    session.execute(
        made.on_conflict_do_update(
            index_elements=[Artifact.job_id, Artifact.name],
            index_where=Artifact.job_id.is_not(None),
            set_={name: made.excluded[name] for name in ("id", "content_type", "sha256", "size")},
        )
    )


def get_artifact(session: Session, tenant_id: UUID, artifact_id: UUID) -> Row[Any]:
    """Return what is known of one artifact; raises `ArtifactMissing`."""
    table = Artifact.__table__
    row = session.execute(select(table).where(table.c.id == artifact_id, table.c.tenant_id == tenant_id)).one_or_none()
    if row is None:
        raise ArtifactMissing(f"there is no artifact {artifact_id}")
    return row


def get_job_artifact(session: Session, tenant_id: UUID, job_id: UUID, name: str) -> Row[Any]:
    """Return what is known of one of a job's artifacts; raises `ArtifactMissing`."""
    table = Artifact.__table__
    row = session.execute(
        select(table).where(table.c.job_id == job_id, table.c.name == name, table.c.tenant_id == tenant_id)
    ).one_or_none()
    if row is None:
        raise ArtifactMissing(f"the job left no artifact {name!r}")
    return row


def named_in(params: Any, pointer: str = "/params") -> dict[str, str]:
    """Find the artifact ids that params name as `{"artifact": "<id>"}`, at any depth, by where they stand."""
    if isinstance(params, dict) and set(params) == {"artifact"} and isinstance(params["artifact"], str):
        return {f"{pointer}/artifact": params["artifact"]}
    below = params.items() if isinstance(params, dict) else enumerate(params) if isinstance(params, list) else ()
    found: dict[str, str] = {}
    for step, value in below:
        found |= named_in(value, f"{pointer}/{escape(step)}")
    return found


def inputs_of(params: Any) -> list[str]:
    """Return the ids that params name, each once; what is no id names nothing that could be kept."""
    return sorted({str(found) for name in named_in(params).values() if (found := _id(name)) is not None})


def keep_uploads(session: Session, tenant_id: UUID, params: Any, pointer: str = "/params") -> None:
    """Let the uploads that params name live as long as jobs do; raises `ArtifactUnknown` for a strange id."""
    for place, name in named_in(params, pointer).items():
        if not _keep(session, tenant_id, name):
            raise ArtifactUnknown(errors=[FieldError(place, f"there is no artifact {name!r}")])


def _keep(session: Session, tenant_id: UUID, name: str) -> bool:
    """Keep one artifact in one statement, so that none expires between being seen and being kept."""
    mine = (Artifact.id == _id(name)) & (Artifact.tenant_id == tenant_id)
    return session.scalar(update(Artifact).where(mine).values(expires_at=None).returning(Artifact.id)) is not None


def _id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def open_bytes(storage: Storage, row: Row[Any]) -> BinaryIO:
    """Open an artifact's bytes; raises `ArtifactMissing` when the storage lost them."""
    try:
        return storage.open(row.sha256)
    except FileNotFoundError:
        raise ArtifactMissing(f"the bytes of {row.name!r} are gone from the storage") from None

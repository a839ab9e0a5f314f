"""Idempotency: a client's promise that two requests with the same key are one."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.canonical import fingerprint
from core.errors import Conflict
from core.jobs.models import IdempotencyKey
from core.platform.sealing.values import blind_index


class IdempotencyConflict(Conflict):
    """The idempotency key was used with another request."""

    code = "idempotency_conflict"


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """A client's key and the body it came with."""

    key: str
    body: Any = field(repr=False)
    secret_of: UUID | None = None
    """Who submits it where there may be secrets in the body: then only a keyed digest of both is kept, so that nobody
    else can try a guess under the same key."""


def first_under_key(session: Session, tenant_id: UUID, request: IdempotentRequest, made: UUID) -> UUID | None:
    """Take the key for what is about to be made, or return what was made under it first.

    A concurrent twin waits here for our commit. Raises `IdempotencyConflict` when the first request had another body.
    """
    body_hash = fingerprint(request.body)
    if request.secret_of is not None:
        body_hash = blind_index(session, tenant_id, "idempotency_keys", f"{request.secret_of}:{body_hash}")
    taken = session.execute(
        insert(IdempotencyKey)
        .values(tenant_id=tenant_id, key=request.key, fingerprint=body_hash, job_id=made)
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    ).one_or_none()
    if taken is not None:
        return None
    first = session.get_one(IdempotencyKey, (tenant_id, request.key))
    if first.fingerprint != body_hash:
        raise IdempotencyConflict(f"the key {request.key!r} was used with another body")
    return first.job_id

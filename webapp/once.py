"""Making something once for each `Idempotency-Key`, where what is made is a row and no job."""

from dataclasses import replace
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from core.jobs.idempotency import first_under_key
from webapp.operations import Call
from webapp.submissions import idempotency

HEADER = {"Idempotency-Key": "Two requests with the same key and body make one"}
REPLAYED = {"Idempotency-Replayed": "true"}


def made_before(call: Call, session: Session, made: UUID, *, secret: bool = False) -> UUID | None:
    """Return what was made under the request's key before; None where `made` is the first, or there is no key.

    Raises `IdempotencyConflict` when the first request had another body. To be called with the id that what is about to
    be made has; where there may be something secret in the body, only a keyed digest of it is kept.
    """
    key = idempotency(request.headers.get("Idempotency-Key"), [request.path, call.sent], [], call.principal)
    if key is None:
        return None
    guarded = replace(key, secret_of=call.principal.id) if secret else key
    return first_under_key(session, call.principal.tenant_id, guarded, made)

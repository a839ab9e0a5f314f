"""From a submission's body to the request that the core records, for one job and for many."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.catalogue import Catalogue
from core.errors import FieldError, Invalid
from core.ids import uuid7
from core.jobs import artifacts, governing, queries, quotas, submission
from core.jobs.documents import job_address
from core.jobs.idempotency import IdempotentRequest
from core.jobs.kind import JobKind
from core.jobs.secret_params import has_secrets
from core.jobs.submission import JobRequest
from core.platform.access import Principal
from core.platform.audit import entries
from webapp.operations import Call

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class IdempotencyKeyInvalid(Invalid):
    """An idempotency key is 1 to 255 visible ASCII characters."""

    code = "idempotency_key_invalid"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A job that was submitted, by its columns; or the one that was there before."""

    job: Mapping[str, Any]
    replayed: bool = False
    unique: bool = False


def accept(call: Call, asked: JobRequest, key: IdempotentRequest | None = None) -> Accepted:
    """Record a job durably, in one transaction with its message and its audit entry, and wake the relay."""
    process, tenant_id = call.process, call.principal.tenant_id
    hold_to_capacity(call, [asked.kind])
    named = artifacts.named_in(asked.params)
    keyed = key or asked.unique_key or asked.concurrency_key
    on_its_own = not (keyed or named or asked.depends_on or has_secrets(asked.kind))
    if on_its_own and not call.bounded_by(quotas.JOBS):
        job_id = uuid7()
        told = call.foretell(202, job_address(job_id))
        job = submission.submit_at_once(
            call.database, call.principal, asked, clock=process.clock, job_id=job_id, told=[told]
        )
        process.waker.wake()
        return Accepted(job)
    with call.database.transaction() as session:
        artifacts.keep_uploads(session, tenant_id, asked.params)
        submitted = submission.submit(session, call.principal, asked, clock=process.clock, idempotency=key, quiet=True)
        if not (submitted.replayed or submitted.unique):
            call.hold_to_quotas(session, quotas.JOBS)
        row = queries.get_job(session, tenant_id, submitted.job_id)
        known = submitted.replayed or submitted.unique
        entries.append(session, call.foretell(200 if known else 202, job_address(submitted.job_id)))
    process.waker.wake()
    return Accepted(row._asdict(), submitted.replayed, submitted.unique)


def hold_to_capacity(call: Call, kinds: Iterable[JobKind]) -> None:
    """Raise `CapacityShort` where a heavy kind is asked for whose workers have next to no memory left."""
    heavy = {kind.queue: kind for kind in kinds if kind.limits.memory_mib >= governing.HEAVY_MIB}
    if heavy and call.process.settings.governor == "on":
        with call.platform.statements() as session:
            for kind in heavy.values():
                governing.hold_to_capacity(session, kind)


def job_request(catalogue: Catalogue, asked: Mapping[str, Any], *, request_id: str) -> JobRequest:
    """Make the core's request of a loaded submission; raises `KindUnknown`."""
    options = {name: value for name, value in asked.items() if name != "kind"}
    return JobRequest(kind=catalogue.find(asked["kind"]), request_id=request_id, **options)


def idempotency(key: str | None, sent: Any, kinds: Iterable[JobKind], caller: Principal) -> IdempotentRequest | None:
    """Read the `Idempotency-Key` header; the key stands for the body as it was sent."""
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyInvalid
    return IdempotentRequest(key, sent, caller.id if any(map(has_secrets, kinds)) else None)


def at_item(item: int | str, error: Invalid) -> Invalid:
    """Return the same error with its pointers leading into one of many submissions."""
    fields = [FieldError(f"/jobs/{item}{field.pointer}", field.detail) for field in error.errors]
    return type(error)(f"job {item}: {error.detail}", errors=fields)

"""Submission: one transaction records the job, its first events and its message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.canonical import fingerprint
from core.clock import Clock, rfc3339
from core.database import Database
from core.errors import Conflict, FieldError, Invalid, field_errors
from core.ids import uuid7
from core.jobs import insertion, prerequisites, secret_params
from core.jobs.artifacts import inputs_of, keep_uploads
from core.jobs.gates import key_gate
from core.jobs.idempotency import IdempotentRequest, first_under_key
from core.jobs.kind import JobKind, params_schema
from core.jobs.models import IdempotencyKey, Job
from core.jobs.prerequisites import Edge
from core.jobs.states import FINAL, State
from core.jobs.timeouts import check_timeout
from core.platform.access import Principal
from core.platform.audit.entries import Entry


class ParamsInvalid(Invalid):
    """The params do not fit the kind's schema."""

    code = "params_invalid"


class UniqueKeyTaken(Conflict):
    """A job that is not final holds one of the unique keys, or two submissions share one; nothing was accepted."""

    code = "unique_key_taken"


class UniqueKeyBusy(Conflict):
    """The job that held this unique key became final just now; submit again."""

    code = "unique_key_busy"


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What a client asks for, besides who asks."""

    kind: JobKind
    params: Mapping[str, Any]
    priority: int = 5
    run_at: datetime | None = None
    deadline_at: datetime | None = None
    timeout_s: float | None = None
    max_attempts: int | None = None
    tags: Sequence[str] = ()
    unique_key: str | None = None
    concurrency_key: str | None = None
    concurrency_limit: int | None = None
    """How many jobs of the same key may run at once, one if not said; the latest request's holds for all of them."""
    request_id: str | None = None
    depends_on: Sequence[UUID] = ()
    """Jobs of the same tenant that have to succeed first."""
    callback_url: str | None = None
    """Where its end is told; the caller has looked at its form."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a job comes from when it is not a request of its own, and whether anybody waits for its end."""

    schedule_id: UUID | None = None
    workflow_id: UUID | None = None
    parent_id: UUID | None = None
    shard_stage: int | None = None
    shard_index: int | None = None
    followed: bool = False
    waiting: bool = False
    """Whether it has to wait for others before it may be queued."""
    job_id: UUID | None = None
    """Its id where that is settled; else a new one."""


_ON_ITS_OWN = Origin()


@dataclass(frozen=True, slots=True)
class Submitted:
    """The job that answers a request, and whether it was there before."""

    job_id: UUID
    replayed: bool = False
    unique: bool = False


def submit(
    session: Session,
    principal: Principal,
    request: JobRequest,
    *,
    clock: Clock,
    idempotency: IdempotentRequest | None = None,
    quiet: bool = False,
) -> Submitted:
    """Record a job durably, once for each idempotency key and at most one living job for each unique key.

    The caller's transaction must commit before the job is promised to anyone; `quiet`: and wakes the relay then.
    """
    row = job_row(principal, request, now=clock())
    if idempotency is not None:
        first = first_under_key(session, principal.tenant_id, idempotency, UUID(row["id"]))
        if first is not None:
            return Submitted(first, replayed=True)
    if insertion.insert_jobs(session, [row], quiet=quiet):
        prerequisites.follow(session, principal.tenant_id, named_prerequisites(request))
        prerequisites.record(session, edges(row, request))
        return Submitted(UUID(row["id"]))
    return Submitted(_living_twin(session, principal, request, idempotency), unique=True)


def submit_at_once(
    database: Database,
    principal: Principal,
    request: JobRequest,
    *,
    clock: Clock,
    job_id: UUID | None = None,
    told: Sequence[Entry] = (),
) -> dict[str, Any]:
    """Record a job in one round trip and return its columns by name: for requests without a key of any sort.

    `told`: what the audit trail is to tell of it, recorded with it or not at all.
    """
    assert request.unique_key is request.concurrency_key is None
    assert not request.depends_on
    assert not secret_params.has_secrets(request.kind)
    row = job_row(principal, request, now=clock(), origin=Origin(job_id=job_id))
    at, state = insertion.insert_at_once(database, row, told)
    queued = state == State.QUEUED
    return {
        **insertion.NEW,
        **row,
        "state": state,
        "version": 2 if queued else 1,
        "created_at": at,
        "queued_at": at if queued else None,
        "run_at": request.run_at,
        "due_at": None if queued else request.run_at,
        "deadline_at": request.deadline_at,
    }


def insert_all(
    session: Session,
    principal: Principal,
    rows: Sequence[Mapping[str, Any]],
    requests: Sequence[JobRequest],
    *,
    idempotency: IdempotentRequest | None = None,
    quiet: bool = False,
) -> Submitted:
    """Record the checked rows of many requests, all or none and once for each idempotency key; return the first job.

    Raises `UniqueKeyTaken`, `PrerequisiteMissing` or `ArtifactUnknown`. Given a key, the ids must be `ids.following`
    the first, which is all that is kept of them.
    """
    made = UUID(rows[0]["id"])
    if idempotency is not None:
        first = first_under_key(session, principal.tenant_id, idempotency, made)
        if first is not None:
            return Submitted(first, replayed=True)
    for place, request in enumerate(requests):
        keep_uploads(session, principal.tenant_id, request.params, f"/jobs/{place}/params")
    if insertion.insert_jobs(session, rows, quiet=quiet) != len(rows):
        raise UniqueKeyTaken
    wanted = [named_prerequisites(request, f"/jobs/{place}") for place, request in enumerate(requests)]
    prerequisites.follow(session, principal.tenant_id, {name: one for each in wanted for name, one in each.items()})
    pairs = zip(rows, requests, strict=True)
    prerequisites.record(session, [edge for row, request in pairs for edge in edges(row, request)])
    return Submitted(made)


def job_row(
    principal: Principal, request: JobRequest, *, now: datetime, origin: Origin = _ON_ITS_OWN
) -> dict[str, Any]:
    """Check a request and write it as the row of a new job.

    Raises `ParamsInvalid`, `PermissionMissing` or `TimeoutTooLong`.
    """
    check_params(request.kind, request.params)
    principal.require(request.kind.permission(request.params))
    check_timeout(principal, request.kind, request.timeout_s)
    return checked_row(principal, request, now=now, origin=origin)


def checked_row(
    principal: Principal, request: JobRequest, *, now: datetime, origin: Origin = _ON_ITS_OWN
) -> dict[str, Any]:
    """Write a request as the row of a new job, its params and the caller's permission being the caller's business."""
    kind = request.kind
    scheduled = request.run_at is not None and request.run_at > now
    waiting = origin.waiting or request.depends_on
    parted = secret_params.part(kind, request.params)
    return {
        "id": str(origin.job_id or uuid7()),
        "tenant_id": str(principal.tenant_id),
        "submitted_by": str(principal.id),
        "kind": kind.name,
        "kind_version": kind.version,
        "state": State.WAITING if waiting else State.SCHEDULED if scheduled else State.QUEUED,
        "queue": kind.queue,
        "priority": request.priority,
        "params": parted.shown,
        "params_hash": _hash(kind, parted.shown),
        **({secret_params.SECRETS: parted.secrets} if parted.secrets else {}),
        "inputs": inputs_of(request.params),
        "tags": list(request.tags),
        "unique_key": request.unique_key,
        "request_id": request.request_id,
        "max_attempts": request.max_attempts or kind.retry.max_attempts,
        "timeout_s": request.timeout_s or kind.limits.soft_s,
        "run_at": _instant(request.run_at),
        "due_at": _instant(request.run_at) if scheduled else None,
        "deadline_at": _instant(request.deadline_at),
        "schedule_id": _id(origin.schedule_id),
        "workflow_id": _id(origin.workflow_id),
        "parent_id": _id(origin.parent_id),
        "shard_stage": origin.shard_stage,
        "shard_index": origin.shard_index,
        "followed": origin.followed or request.callback_url is not None,
        "callback_url": request.callback_url,
        **_own_gate(principal, request),
    }


def named_prerequisites(request: JobRequest, pointer: str = "") -> dict[str, UUID]:
    """Name each job that a request waits for by where the request names it."""
    return {f"{pointer}/depends_on/{place}": job_id for place, job_id in enumerate(request.depends_on)}


def edges(row: Mapping[str, Any], request: JobRequest) -> list[Edge]:
    """Say for whom the new job of a row waits."""
    return [Edge(UUID(row["id"]), job_id) for job_id in request.depends_on]


def _own_gate(principal: Principal, request: JobRequest) -> dict[str, Any]:
    if request.concurrency_key is None:
        return {"gates": []}
    gate = key_gate(principal.tenant_id, request.concurrency_key)
    return {"gates": [gate], "concurrency_limit": request.concurrency_limit or 1}


def check_params(kind: JobKind, params: Mapping[str, Any]) -> None:
    """Raise `ParamsInvalid` naming every wrong field by its pointer."""
    try:
        params_schema(kind.params).load(params)
    except ValidationError as error:
        fields = list(field_errors(error.messages, "/params"))
        raise ParamsInvalid(f"{len(fields)} problem(s) in params of {kind.name}", errors=fields) from error


def _hash(kind: JobKind, params: Mapping[str, Any]) -> str:
    try:
        return fingerprint(params)
    except (TypeError, ValueError) as error:
        fields = [FieldError("/params", f"not JSON that can be kept: {error}")]
        raise ParamsInvalid(f"params of {kind.name} cannot be kept", errors=fields) from error


def _living_twin(
    session: Session, principal: Principal, request: JobRequest, idempotency: IdempotentRequest | None
) -> UUID:
    living = session.scalars(
        select(Job.id).where(
            Job.tenant_id == principal.tenant_id,
            Job.unique_key == request.unique_key,
            Job.state.not_in(sorted(FINAL)),
        )
    ).one_or_none()
    if living is None:
        raise UniqueKeyBusy
    if idempotency is not None:
        session.get_one(IdempotencyKey, (principal.tenant_id, idempotency.key)).job_id = living
    return living


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _instant(value: datetime | None) -> str | None:
    return None if value is None else rfc3339(value)

"""One attempt at a job: claim it, compute without a transaction open, record what came of it."""

import random
import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from uuid import UUID

import structlog
from marshmallow import ValidationError

from core import telemetry
from core.canonical import canonical_json
from core.clock import Clock, Monotonic, monotonic, utc_now
from core.crypto import CiphertextRefused
from core.database import Database
from core.errors import PenstockError, Transient
from core.jobs import insertion, memory, outcomes, secret_params, splitting
from core.jobs.context import AttemptStopped, JobContext, StopReason
from core.jobs.kind import JobKind, params_schema
from core.jobs.leases import Claimed, LeaseLost, claim
from core.jobs.outages import outlast
from core.jobs.outcomes import Failure, Outcome, Recorded
from core.jobs.receipts import make_receipt, seed_of
from core.jobs.recording import DatabaseRecorder
from core.jobs.retrying import backoff_s
from core.jobs.stages import Split
from core.jobs.states import State
from core.jobs.usage import Meter
from core.platform.domains.memories import MemoryMoved
from core.platform.domains.windows import WindowTaken
from core.platform.events import Announcer
from core.redaction import redact_value, redacting
from core.storage import Storage

Compute = Callable[[Any, JobContext], dict[str, Any]]
CLAIM_FOR_S = 10.0
RECORD_FOR_S = 60.0
"""How long an outcome is offered to a database that is away; later the lease is long lost."""

log = structlog.get_logger()


class Interrupts(Protocol):
    """How this process is told that an attempt must stop."""

    def asked(self) -> StopReason | None:
        """Tell whether and why the attempt was asked to stop at its next checkpoint."""

    def armed(self) -> AbstractContextManager[None]:
        """Let a stop be raised (`AttemptStopped`) in the computation while the context lasts, and only then."""


@dataclass(frozen=True, slots=True)
class Station:
    """What a worker process holds to execute jobs."""

    worker: str
    database: Database
    storage: Storage
    announcer: Announcer
    interrupts: Interrupts
    lease_s: float
    rng: random.Random
    kinds: Mapping[str, JobKind] = field(default_factory=dict)
    """What shards may be of, by name."""
    clock: Clock = utc_now
    monotonic: Monotonic = monotonic


def execute(station: Station, kind: JobKind, compute: Compute, job_id: UUID) -> Outcome | None:
    """Make one attempt at a job and record its outcome; None when there was nothing to do or the lease was lost."""
    claimed = _claim(station, job_id)
    if claimed is None:
        return None
    with structlog.contextvars.bound_contextvars(
        job_id=str(job_id),
        kind=kind.name,
        attempt=claimed.attempt,
        request_id=claimed.request_id,
        tenant_id=str(claimed.tenant_id),
    ):
        log.info("job.claimed")
        recorder = _recorder(station, kind, claimed)
        traced = telemetry.span(kind.name, claimed.request_id, **{"penstock.job_id": str(job_id)})
        try:
            with traced:
                return _attempt_and_record(station, kind, compute, claimed, recorder)
        except LeaseLost:
            log.warning("job.lease_lost")
            return None


def _attempt_and_record(
    station: Station, kind: JobKind, compute: Compute, claimed: Claimed, recorder: DatabaseRecorder
) -> Outcome:
    if not secret_params.has_secrets(kind):
        return record(station, claimed, recorder, attempt(station, kind, compute, claimed, recorder))
    try:
        secrets = outlast(lambda: _read_secrets(station, claimed), timeout_s=CLAIM_FOR_S)
    except CiphertextRefused as error:
        failure = Failure(error.code, error.detail, will_pass=False)
        return record(station, claimed, recorder, outcomes.failed(claimed, failure, usage={}, delay_s=0.0))
    whole = replace(claimed, params=secret_params.filled(claimed.params, secrets))
    with redacting(secrets.values()):
        return record(station, claimed, recorder, attempt(station, kind, compute, whole, recorder))


def _read_secrets(station: Station, claimed: Claimed) -> dict[str, str]:
    with station.database.statements() as session:
        return secret_params.read(session, claimed.tenant_id, claimed.id)


def attempt(station: Station, kind: JobKind, compute: Compute, claimed: Claimed, recorder: DatabaseRecorder) -> Outcome:
    """Compute, and say what came of it; only `LeaseLost` leaves this function as an exception."""
    meter = Meter(station.monotonic)
    try:
        params = params_schema(kind.params).load(claimed.params)
        context = JobContext(claimed.id, claimed.attempt, seed_of(claimed), recorder)
        with memory.limited(kind.limits.memory_mib):
            try:
                with station.interrupts.armed():
                    result = compute(params, context)
            except Split as split:
                return outcomes.split(split.stage, splitting.shard_rows(station.kinds, claimed, split, station.clock()))
            return _success(kind, claimed, recorder, result, meter)
    except LeaseLost:
        raise
    except AttemptStopped as stopped:
        return _stopped(stopped, claimed, meter)
    except ValidationError as error:
        failure = Failure("params_invalid", canonical_json(error.messages), will_pass=False)
    except MemoryError:
        detail = f"the attempt was refused memory beyond {kind.limits.memory_mib} MiB"
        failure = Failure(StopReason.MEMORY_LIMIT, detail, will_pass=False)
    except Transient as error:
        failure = Failure(error.code, error.detail, will_pass=True, traceback=traceback.format_exc())
    except PenstockError as error:
        failure = Failure(error.code, error.detail, will_pass=False, traceback=traceback.format_exc())
    except Exception as error:  # noqa: BLE001 - whatever a computation raises is an outcome of the job
        summary = f"{type(error).__name__}: {error}"
        telemetry.report(error)
        failure = Failure("unexpected_error", summary, will_pass=True, traceback=traceback.format_exc())
    if failure.code == StopReason.MEMORY_LIMIT:
        memory.release()
    delay_s = backoff_s(kind.retry, claimed.attempt, station.rng)
    return outcomes.failed(claimed, failure, usage=_usage(claimed, meter), delay_s=delay_s)


def record(station: Station, claimed: Claimed, recorder: DatabaseRecorder, outcome: Outcome) -> Outcome:
    """Write the outcome in one fenced transaction, waiting for a database that is away; raises `LeaseLost`.

    Where windows were made that somebody else has made meanwhile, another attempt may find free places; where somebody
    else has learned meanwhile, it is computed anew from that, which is no fault of the attempt.
    """
    try:
        recorded = outlast(lambda: _record_once(station, claimed, recorder, outcome), timeout_s=RECORD_FOR_S)
    except MemoryMoved as error:
        return record(station, claimed, recorder, outcomes.released(error.detail))
    except WindowTaken as error:
        delay_s = backoff_s(station.kinds[claimed.kind].retry, claimed.attempt, station.rng)
        failure = Failure(error.code, error.detail, will_pass=True)
        refused = outcomes.failed(claimed, failure, usage=outcome.values["new_usage"], delay_s=delay_s)
        return record(station, claimed, recorder, refused)
    landed = recorded.outcome
    log.info(landed.event, **landed.told)
    station.announcer.announce(claimed.id, recorded.version, landed.state)
    return landed


def _claim(station: Station, job_id: UUID) -> Claimed | None:
    def claim_once() -> Claimed | None:
        return claim(station.database, job_id, worker=station.worker, lease_s=station.lease_s)

    return outlast(claim_once, timeout_s=CLAIM_FOR_S)


def _recorder(station: Station, kind: JobKind, claimed: Claimed) -> DatabaseRecorder:
    return DatabaseRecorder(
        station.database,
        station.storage,
        claimed,
        station.clock,
        station.monotonic,
        told_to_stop=station.interrupts.asked,
        announce=lambda version, state: station.announcer.announce(claimed.id, version, state),
        limits=kind.limits,
        kinds=station.kinds,
    )


def _record_once(station: Station, claimed: Claimed, recorder: DatabaseRecorder, outcome: Outcome) -> Recorded:
    if not (recorder.has_more or outcome.shards):
        return outcomes.record(station.database, claimed, outcome)
    with station.database.transaction() as session:
        recorder.flush(session, succeeded=outcome.state is State.SUCCEEDED)
        recorded = outcomes.record(session, claimed, outcome)
        if recorded.outcome.shards:
            insertion.insert_jobs(session, recorded.outcome.shards)
        return recorded


def _success(
    kind: JobKind, claimed: Claimed, recorder: DatabaseRecorder, result: Mapping[str, Any], meter: Meter
) -> Outcome:
    usage = _usage(claimed, meter)
    try:
        result = redact_value(result)
        size = len(canonical_json(result).encode())
    except (TypeError, ValueError) as error:
        failure = Failure("result_invalid", f"the result is not JSON that can be kept: {error}", will_pass=False)
        return outcomes.failed(claimed, failure, usage=usage, delay_s=0.0)
    if size > kind.limits.result_bytes:
        detail = f"the result has {size} bytes, {kind.limits.result_bytes} are allowed"
        return outcomes.failed(claimed, Failure("result_too_large", detail, will_pass=False), usage=usage, delay_s=0.0)
    return outcomes.succeeded(result, receipt=make_receipt(claimed, inputs=recorder.read), usage=usage)


def _stopped(stopped: AttemptStopped, claimed: Claimed, meter: Meter) -> Outcome:
    usage = _usage(claimed, meter)
    match stopped.reason:
        case StopReason.CANCELLED:
            return outcomes.cancelled(usage=usage)
        case StopReason.SHUTDOWN:
            return outcomes.released("the worker shuts down")
        case StopReason.TIME_LIMIT if usage["run_s"] < claimed.timeout_s / 2:
            # Signals name a process, which may have gone on to another job by then.
            return outcomes.released("it was stopped in place of another job")
        case StopReason.TIME_LIMIT:
            detail = f"the attempt took longer than {claimed.timeout_s:g} s"
        case StopReason.MEMORY_LIMIT:
            detail = "the attempt held more memory than it may"
    return outcomes.failed(claimed, Failure(stopped.reason, detail, will_pass=False), usage=usage, delay_s=0.0)


def _usage(claimed: Claimed, meter: Meter) -> dict[str, float]:
    queue_s = max(0.0, (claimed.started_at - claimed.queued_at).total_seconds())
    return {"queue_s": round(queue_s, 3), **meter.read()}

"""A job as the JSON document that clients and receivers of webhooks read, written by hand: the hottest read."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.clock import rfc3339
from core.jobs.gates import key_of
from core.jobs.states import State

API = "/api/v1"
LARGEST_INLINE_BYTES = 64 << 10

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False).encode


def to_json(document: Any) -> bytes:
    """Write JSON the fast way; refuses NaN."""
    return _encode(document).encode()


def event_document(row: Row[Any]) -> dict[str, Any]:
    """Write one event of a job."""
    return {"seq": row.seq, "type": row.type, "at": rfc3339(row.at), "attempt": row.attempt, "data": row.data}


def job_document(job: Mapping[str, Any], *, debug: bool, shards: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Write one job; tracebacks are for those who may debug, large results have an address instead."""
    job_id = str(job["id"])
    links = job_links(job_id)
    result = job["result"]
    too_large = result is not None and len(to_json(result)) > LARGEST_INLINE_BYTES
    return {
        "id": job_id,
        "kind": job["kind"],
        "kind_version": job["kind_version"],
        "state": job["state"],
        "queue": job["queue"],
        "priority": job["priority"],
        "params": job["params"],
        "tags": job["tags"],
        "attempt": job["attempt"],
        "max_attempts": job["max_attempts"],
        "progress": job["progress"],
        "created_at": rfc3339(job["created_at"]),
        "run_at": _instant(job["run_at"]),
        "queued_at": _instant(job["queued_at"]),
        "started_at": _instant(job["started_at"]),
        "finished_at": _instant(job["finished_at"]),
        "next_attempt_at": _instant(job["due_at"]) if job["state"] == State.RETRYABLE else None,
        "deadline_at": _instant(job["deadline_at"]),
        "cancel_requested_at": _instant(job["cancel_requested_at"]),
        "worker": job["worker"],
        "error": error_document(job["error"], debug=debug),
        "result": None if too_large else result,
        "result_url": links["result"] if too_large or (result is None and job["state"] == State.SUCCEEDED) else None,
        "receipt": job["receipt"],
        "usage": _usage(job),
        "schedule_id": _id(job["schedule_id"]),
        "workflow_id": _id(job["workflow_id"]),
        "parent_id": _id(job["parent_id"]),
        "shards": shards,
        "concurrency_key": key_of(job["gates"]),
        "callback_url": job["callback_url"],
        "links": links,
    }


def job_address(job_id: UUID | str) -> str:
    """Write the address of one job."""
    return f"{API}/jobs/{job_id}"


def job_links(job_id: str) -> dict[str, str]:
    """Write the addresses around one job."""
    home = job_address(job_id)
    return {
        "self": home,
        "result": f"{home}/result",
        "events": f"{home}/events",
        "logs": f"{home}/logs",
        "artifacts": f"{home}/artifacts",
        "cancel": f"{home}/cancel",
        "retry": f"{home}/retry",
        "shards": f"{API}/jobs?parent_id={job_id}",
    }


def error_document(error: Mapping[str, Any] | None, *, debug: bool) -> dict[str, Any] | None:
    """Write a job's error; its traceback is for those who may debug."""
    if error is None:
        return None
    return {name: value for name, value in error.items() if debug or name != "traceback"}


def _instant(value: datetime | None) -> str | None:
    return None if value is None else rfc3339(value)


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _usage(job: Mapping[str, Any]) -> dict[str, float | None] | None:
    usage = job["usage"]
    if usage is None:
        return None
    queued_at, started_at = job["queued_at"], job["started_at"]
    waited = queued_at is not None and started_at is not None and started_at >= queued_at
    return {
        "queue_s": round((started_at - queued_at).total_seconds(), 3) if waited else None,
        "run_s": usage.get("run_s"),
        "cpu_s": usage.get("cpu_s"),
        "peak_memory_mib": usage.get("peak_memory_mib"),
    }

"""Schedules as JSON documents."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.clock import rfc3339
from core.jobs.documents import API

_AS_THEY_ARE = (
    *("name", "kind", "params", "priority", "timeout_s", "max_attempts", "tags", "cron", "every_s", "timezone"),
    *("callback_url", "jitter_s", "missed", "overlap", "paused", "paused_reason", "version"),
)


def schedule_document(row: Row[Any]) -> dict[str, Any]:
    """Write one schedule with its latest run."""
    schedule = row._mapping  # noqa: SLF001 - the documented way to columns by name
    home = f"{API}/schedules/{row.id}"
    return {
        "id": str(row.id),
        **{name: schedule[name] for name in _AS_THEY_ARE},
        "starts_at": _instant(row.starts_at),
        "ends_at": _instant(row.ends_at),
        "created_at": rfc3339(row.created_at),
        "next_fire_at": None if row.paused else _instant(row.next_fire_at),
        "last_run": None if row.run_fire_at is None else _latest_run(row),
        "links": {
            "self": home,
            **{name: f"{home}/{name}" for name in ("next", "run", "runs", "pause", "resume")},
            "jobs": f"{API}/jobs?schedule_id={row.id}",
        },
    }


def run_document(row: Row[Any]) -> dict[str, Any]:
    """Write what became of one fire time."""
    return _run(row.fire_at, row.outcome, row.job_id, row.detail, row.recorded_at)


def _latest_run(row: Row[Any]) -> dict[str, Any]:
    return _run(row.run_fire_at, row.run_outcome, row.run_job_id, row.run_detail, row.run_recorded_at)


def _run(
    fire_at: datetime, outcome: str, job_id: UUID | None, detail: str | None, recorded_at: datetime
) -> dict[str, Any]:
    return {
        "fire_at": rfc3339(fire_at),
        "outcome": outcome,
        "job_id": None if job_id is None else str(job_id),
        "detail": detail,
        "recorded_at": rfc3339(recorded_at),
    }


def _instant(value: datetime | None) -> str | None:
    return None if value is None else rfc3339(value)

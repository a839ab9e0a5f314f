"""Measures: the figures that alert rules watch, each read from what the platform leaves in the database."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.jobs.chores import BEAT
from core.platform import vitals
from core.platform.governor import reports

MINUTES = 5
"""Over how long requests are looked at."""
JOB_MINUTES = 15
"""Over how long ends of jobs are looked at."""
FEWEST_REQUESTS, FEWEST_JOBS = 20, 5
"""Of fewer a share says nothing."""
FEWEST_LOOKUPS = 200
"""The same of a cache, which misses everything once."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, or why there is none."""

    value: float | None
    note: str | None = None
    of_few: float | None = None
    """What the few come to that say too little to raise an alert, and enough to end one; of none, that all is well."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose figure is asked for."""

    tenant_id: UUID
    kind: str | None
    data_dir: Path


def measure(session: Session, metric: str, subject: Subject) -> Figure:
    """Read one figure now."""
    return _MEASURES[metric](session, subject)


def http_error_rate(session: Session, _subject: Subject) -> Figure:
    """Return which share of the requests of the last minutes was answered with 5xx."""
    seen = vitals.totals(session, minutes=MINUTES)
    requests = seen.get(vitals.REQUESTS, 0)
    return _of_requests(requests, seen.get(vitals.FAILED_REQUESTS, 0) / max(1, requests))


def http_p95_s(session: Session, _subject: Subject) -> Figure:
    """Return within which time 95 % of the requests of the last minutes were answered, long polls left out."""
    seen = vitals.totals(session, minutes=MINUTES)
    requests = seen.get(vitals.REQUESTS, 0)
    within = {
        float(name.removeprefix(vitals.WITHIN)): count for name, count in seen.items() if name.startswith(vitals.WITHIN)
    }
    return _of_requests(requests, quantile(0.95, within, requests))


def quantile(share: float, within: dict[float, int], total: int) -> float:
    """Estimate a quantile from cumulative counts by bound, linearly within a bucket, as Prometheus does.

    What lies beyond the last bound is told as that bound.
    """
    wanted = share * total
    bounds = [(0.0, 0), *sorted(within.items())]
    for (lower, below), (upper, reached) in pairwise(bounds):
        if reached >= wanted:
            return lower + (upper - lower) * (wanted - below) / max(1, reached - below)
    return bounds[-1][0]


def cache_hit_rate(session: Session, _subject: Subject) -> Figure:
    """Return which share of what the web's cache was asked in the last minutes it answered by itself."""
    seen = vitals.totals(session, minutes=MINUTES)
    hits = sum(seen.get(f"{vitals.CACHE}{tier}", 0) for tier in ("hot", "warm", "stale"))
    asked = hits + seen.get(f"{vitals.CACHE}miss", 0)
    share = hits / asked if asked else 1.0
    if asked < FEWEST_LOOKUPS:
        return Figure(None, f"{asked} look-ups in {MINUTES} minutes say too little", share)
    return Figure(share)


def database_connections(session: Session, _subject: Subject) -> Figure:
    """Return which share of the connections that the server allows is taken."""
    return Figure(float(session.execute(_CONNECTIONS).scalar_one()))


def platform_queue_age_s(session: Session, _subject: Subject) -> Figure:
    """Return how long the oldest queued job of all has waited; those of paused queues left out."""
    return Figure(float(session.execute(_OLDEST).scalar_one() or 0.0))


def queue_age_s(session: Session, subject: Subject) -> Figure:
    """Return how long the oldest queued job of a tenant has waited."""
    given = {"tenant_id": subject.tenant_id, "kind": subject.kind}
    return Figure(float(session.execute(_OWN_OLDEST, given).scalar_one() or 0.0))


def beat_lag_s(session: Session, _subject: Subject) -> Figure:
    """Return how long ago Beat last fired; the relay looks, too, so that a dead Beat is seen."""
    lag = session.execute(_BEAT_LAG, {"name": BEAT}).scalar_one_or_none()
    return Figure(None, "Beat has not fired yet") if lag is None else Figure(float(lag))


def lost_attempts(session: Session, _subject: Subject) -> Figure:
    """Return how many attempts were lost with their workers in the last minutes."""
    return Figure(float(vitals.totals(session, minutes=JOB_MINUTES).get(vitals.LOST_ATTEMPTS, 0)))


def disk_used(_session: Session, subject: Subject) -> Figure:
    """Return which share of the disk with the data folder is taken, on the machine that looks."""
    try:
        usage = shutil.disk_usage(subject.data_dir)
    except OSError as error:
        return Figure(None, f"{type(error).__name__}: {error}")
    return Figure((usage.total - usage.free) / usage.total)


def host_memory_used(session: Session, _subject: Subject) -> Figure:
    """Return which share of its memory the worker's host has taken that has the least left."""
    shares = [float(row.readings["memory_used"]) for row in reports.read_reports(session)]
    return Figure(max(shares)) if shares else Figure(None, "no worker tells of its host")


def job_failure_rate(session: Session, subject: Subject) -> Figure:
    """Return which share of the jobs that ended lately failed."""
    ended, failed = session.execute(_ENDED, _own(subject)).one()
    return _of_jobs(ended, failed / max(1, ended))


def job_wait_p95_s(session: Session, subject: Subject) -> Figure:
    """Return within which time 95 % of the jobs that ended lately were begun after they were queued."""
    ended, wait_s = session.execute(_WAITED, _own(subject)).one()
    return _of_jobs(ended, float(wait_s or 0.0))


def job_run_p95_s(session: Session, subject: Subject) -> Figure:
    """Return within which time 95 % of the jobs that ended lately ran."""
    ended, run_s = session.execute(_RAN, _own(subject)).one()
    return _of_jobs(ended, float(run_s or 0.0))


def _of_requests(requests: int, value: float) -> Figure:
    if requests < FEWEST_REQUESTS:
        return Figure(None, f"{requests} requests in {MINUTES} minutes say too little", value)
    return Figure(value)


def _of_jobs(ended: int, value: float) -> Figure:
    if ended < FEWEST_JOBS:
        return Figure(None, f"{ended} jobs in {JOB_MINUTES} minutes say too little", value)
    return Figure(value)


def _own(subject: Subject) -> dict[str, object]:
    return {"tenant_id": subject.tenant_id, "kind": subject.kind, "minutes": JOB_MINUTES}


_MEASURES: dict[str, Callable[[Session, Subject], Figure]] = {
    each.__name__: each
    for each in (
        *(http_error_rate, http_p95_s, cache_hit_rate, database_connections, platform_queue_age_s, queue_age_s),
        *(beat_lag_s, lost_attempts, disk_used, host_memory_used, job_failure_rate, job_wait_p95_s, job_run_p95_s),
    )
}
_CONNECTIONS = text(
    """
SELECT count(*)::float8 / (current_setting('max_connections')::int
  - current_setting('superuser_reserved_connections')::int)
FROM pg_stat_activity WHERE backend_type = 'client backend'
"""
)
_OLDEST = text(
    """
SELECT extract(epoch FROM now() - min(queued_at)) FROM jobs
WHERE state = 'queued' AND queue NOT IN (SELECT queue FROM queue_pauses)
"""
)
_OWN_OLDEST = text(
    """
SELECT extract(epoch FROM now() - min(queued_at)) FROM jobs
WHERE state = 'queued' AND tenant_id = :tenant_id AND (CAST(:kind AS text) IS NULL OR kind = :kind)
"""
)
_BEAT_LAG = text("SELECT extract(epoch FROM now() - last_run_at) FROM chores WHERE name = :name")
_LATELY = """
FROM jobs WHERE tenant_id = :tenant_id AND finished_at > now() - make_interval(mins => :minutes)
  AND (CAST(:kind AS text) IS NULL OR kind = :kind)
"""
_ENDED = text(f"SELECT count(*), count(*) FILTER (WHERE state = 'failed') {_LATELY}")
_WAITED = text(
    "SELECT count(*), percentile_cont(0.95) WITHIN GROUP "  # noqa: S608 - constants
    f"(ORDER BY extract(epoch FROM started_at - queued_at)) {_LATELY} AND started_at >= queued_at"
)
_RAN = text(
    "SELECT count(*), percentile_cont(0.95) WITHIN GROUP "  # noqa: S608 - constants
    f"(ORDER BY extract(epoch FROM finished_at - started_at)) {_LATELY} AND started_at IS NOT NULL"
)

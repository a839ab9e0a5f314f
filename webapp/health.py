"""Health: what the process can reach, and what the platform has been doing."""

from dataclasses import dataclass
from typing import Any

from redis import RedisError
from sqlalchemy.orm import Session

from core import redis
from core.clock import rfc3339
from core.jobs.activity import read_activity

REDIS_WITHIN_S = 0.5


@dataclass(frozen=True, slots=True)
class Component:
    """One thing the platform stands on."""

    status: str
    version: str | None = None
    detail: str | None = None


def probe_redis(url: str) -> Component:
    """Tell whether Redis answers, and what it is."""
    try:
        with redis.connect(url, timeout_s=REDIS_WITHIN_S) as client:
            info: Any = client.info("server")
    except RedisError as error:
        return Component("down", detail=type(error).__name__)
    name = "valkey_version" if "valkey_version" in info else "redis_version"
    return Component("up", version=str(info[name]))


def probe_database(session: Session) -> Component:
    """Name the database's version; the caller's session shows that it answers."""
    version = session.connection().dialect.server_version_info
    return Component("up", version=".".join(map(str, version)) if version else None)


def activity_document(session: Session) -> dict[str, Any]:
    """Write what relay, reconciler and workers left behind."""
    activity = read_activity(session)
    return {
        "outbox_depth": activity.outbox_depth,
        "reconciled_at": None if activity.reconciled_at is None else rfc3339(activity.reconciled_at),
        "workers": [
            {"name": worker.name, "running": worker.running, "seen_at": rfc3339(worker.seen_at)}
            for worker in activity.workers
        ],
        "queues": [
            {"name": name, "depth": depth, "oldest_age_s": round(age_s, 3)}
            for name, (depth, age_s) in sorted(activity.backlogs.items())
        ],
    }

"""Time as an argument: what a process calls now. Leases and deadlines use the database's clock instead."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

Clock = Callable[[], datetime]
Monotonic = Callable[[], float]

monotonic: Monotonic = time.monotonic


def utc_now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def database_now(session: Session) -> datetime:
    """Return the present instant by the database's clock."""
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return now


def rfc3339(instant: datetime) -> str:
    """Write an instant the way the API does: UTC, microseconds, `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"

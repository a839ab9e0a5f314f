"""Outages: what must be done is tried again for as long as the database is away."""

from collections.abc import Callable
from typing import TypeVar

import stamina
from sqlalchemy.exc import OperationalError

from core.database import DatabaseUnavailable

Done = TypeVar("Done")
_AWAY = (OperationalError, DatabaseUnavailable)


def outlast(action: Callable[[], Done], *, timeout_s: float) -> Done:
    """Do it again for as long as the database is away; the machinery of that is dear and only set up when it is."""
    try:
        return action()
    except _AWAY:
        return stamina.RetryingCaller(attempts=None, timeout=timeout_s, wait_max=1.0)(_AWAY, action)

"""Channels, rules and messages of notifications as JSON documents."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.clock import rfc3339
from core.platform.notifications.notifying import SEVERITIES

_CHANNEL = ("id", "name", "service", "active", "disabled_reason", "failures", "failing_since", "created_at")
_RULE = (
    *("id", "name", "channel_id", "events", "kinds", "sources", "least_severity", "repeat_after_s", "quiet_from"),
    *("quiet_to", "timezone", "active", "created_at"),
)
_MESSAGE = (
    *("id", "channel_id", "rule_id", "event", "severity", "title", "body", "repeats", "attempts", "created_at"),
    *("next_attempt_at", "delivered_at", "log"),
)


def channel_document(row: Row[Any]) -> dict[str, Any]:
    """Write one channel, without its address."""
    return _written(row, _CHANNEL)


def rule_document(row: Row[Any]) -> dict[str, Any]:
    """Write one rule."""
    return {**_written(row, _RULE), "least_severity": SEVERITIES[row.least_severity]}


def message_document(row: Row[Any]) -> dict[str, Any]:
    """Write one message with its attempts."""
    pending = "pending" if row.next_attempt_at is not None else "failed"
    state = "delivered" if row.delivered_at is not None else pending
    return {**_written(row, _MESSAGE), "severity": SEVERITIES[row.severity], "state": state}


def _written(row: Row[Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(row._mapping[name]) for name in names}  # noqa: SLF001 - the documented way to columns by name


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return rfc3339(value)
        case time():
            return f"{value:%H:%M}"
        case UUID():
            return str(value)
        case _:
            return value

"""Alerts as JSON documents."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from core.clock import rfc3339
from core.jobs.documents import API

_AS_THEY_ARE = ("source", "key", "severity", "state", "text", "data", "times", "acknowledged_by")
_OF_RULES = (
    *("name", "built_in", "metric", "kind", "above", "threshold", "clear_threshold", "for_s", "severity", "active"),
    *("state", "value", "note"),
)
_INSTANTS = ("created_at", "fired_at", "last_raised_at", "acknowledged_at", "resolved_at")


def alert_document(row: Row[Any]) -> dict[str, Any]:
    """Write one alert."""
    alert, home = row._mapping, f"{API}/alerts/{row.id}"  # noqa: SLF001 - the documented way to columns by name
    return {
        "id": str(row.id),
        **{name: alert[name] for name in _AS_THEY_ARE},
        **{name: _instant(alert[name]) for name in _INSTANTS},
        "links": {"self": home, **{name: f"{home}/{name}" for name in ("events", "acknowledge", "resolve")}},
    }


def alert_event_document(row: Row[Any]) -> dict[str, Any]:
    """Write one step of an alert."""
    return {"seq": row.seq, "type": row.type, "at": rfc3339(row.at), "data": row.data}


def _instant(value: datetime | None) -> str | None:
    return None if value is None else rfc3339(value)


def alert_rule_document(row: Row[Any]) -> dict[str, Any]:
    """Write one alert rule with what it says now."""
    rule = row._mapping  # noqa: SLF001 - the documented way to columns by name
    instants = {name: _instant(rule[name]) for name in ("since", "evaluated_at", "created_at")}
    return {"id": str(row.id), **{name: rule[name] for name in _OF_RULES}, **instants}

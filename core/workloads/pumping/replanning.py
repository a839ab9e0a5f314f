"""This file is about planning again every quarter of an hour: the next params from the scenario and the last plan."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.workloads.pumping import plant as plants
from core.workloads.pumping import scenario

HORIZON_STEPS = 96
_SEED = 1
_LONG_AGO_MINUTES = 1440.0


def params_at(now: datetime, previous: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return params for the slot that holds `now`, going on from the previous result where it covers the slot.

    Time is plant time; an offset is dropped. Without a plan to go on from, the scenario's own start state holds.
    """
    slot = _slot(now)
    state = _state_at(slot, previous) if previous else None
    return scenario.params(slot, HORIZON_STEPS, _SEED, state=state)


def _slot(now: datetime) -> datetime:
    minute = now.minute - now.minute % scenario.STEP_MINUTES
    return now.replace(minute=minute, second=0, microsecond=0, tzinfo=None)


def _state_at(slot: datetime, previous: Mapping[str, Any]) -> dict[str, Any] | None:
    """Read level, running pumps and the time since their switches off the previous schedule; None beyond it."""
    step = timedelta(minutes=scenario.STEP_MINUTES)
    rows = [row for row in previous["schedule"] if _time(row) < slot]
    if not rows or _time(rows[-1]) + step != slot:
        return None
    rules = plants.load("tunnel").rules
    today = [row for row in rows if _time(row).date() == slot.date()]
    emptied = any(row["level_m"] < rules.empty_below_m for row in today)
    first_day = _time(rows[0]).date() == slot.date()
    return {
        "level_m": min(max(rows[-1]["level_m"], rules.level_min_m), rules.level_max_m),
        "pumps": {name: _pump(name, rows, previous["initial_pumps"]) for name in rows[-1]["pumps"]},
        "emptied_today": emptied or (first_day and previous["emptied_today"]),
    }


def _pump(name: str, rows: list[Mapping[str, Any]], initial: Mapping[str, Any]) -> dict[str, Any]:
    on, same = rows[-1]["pumps"][name] > 0, 0
    for row in reversed(rows):
        if (row["pumps"][name] > 0) != on:
            break
        same += 1
    minutes = float(same * scenario.STEP_MINUTES)
    before = initial.get(name, {"on": False, "minutes_since_switch": _LONG_AGO_MINUTES})
    if same == len(rows) and before["on"] == on:
        minutes = min(_LONG_AGO_MINUTES, minutes + before["minutes_since_switch"])
    return {"on": on, "minutes_since_switch": minutes}


def _time(row: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(row["time"]).replace(tzinfo=None)

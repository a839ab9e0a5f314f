"""The platform's own periodic entries, read from `celerybeat-schedule/*.toml`."""

import tomllib
from pathlib import Path
from typing import Any

from celery.schedules import crontab

FOLDER = Path(__file__).parent.parent / "celerybeat-schedule"


def read_schedule(queue: str, folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Read every entry: its task, and `every_s` or five-field `cron` in UTC.

    A tick that nobody took before the next one is due expires: ticks do not pile up.
    """
    return {
        name: {"task": entry["task"], "schedule": _when(entry), "options": {"queue": queue, "expires": _expiry(entry)}}
        for path in sorted(folder.glob("*.toml"))
        for name, entry in tomllib.loads(path.read_text()).items()
    }


def _when(entry: dict[str, Any]) -> Any:
    if "every_s" in entry:
        return float(entry["every_s"])
    minute, hour, day_of_month, month_of_year, day_of_week = entry["cron"].split()
    return crontab(minute, hour, day_of_week, day_of_month, month_of_year)


def _expiry(entry: dict[str, Any]) -> float:
    return float(entry.get("every_s", 60.0))

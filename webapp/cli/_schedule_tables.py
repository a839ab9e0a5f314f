"""Schedules and what became of their fire times, as tables for people."""

import json
from collections.abc import Iterable

from penstock_client import Schedule, ScheduleRun

from webapp.cli._tables import local_time, new_table, print_table


def print_schedules(schedules: Iterable[Schedule]) -> None:
    """Print a row of each schedule."""
    table = new_table("id", "name", "kind", "rule", "next", "last")
    table.columns[0].no_wrap = True
    for each in schedules:
        table.add_row(each.id, each.name or "", each.kind, _rule(each), _next(each), _last(each))
    print_table(table)


def print_schedule(schedule: Schedule) -> None:
    """Print a row of each thing that is known of a schedule."""
    table = new_table("", "")
    table.show_header = False
    table.columns[0].style = "bold"
    for name, value in schedule.document.items():
        if name != "links" and value not in (None, [], {}):
            table.add_row(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    print_table(table)


def print_runs(runs: Iterable[ScheduleRun]) -> None:
    """Print a row of each fire time."""
    table = new_table("fire time", "outcome", "job", "detail")
    for run in runs:
        table.add_row(local_time(run.fire_at), run.outcome, run.job_id or "", run.detail or "")
    print_table(table)


def _rule(schedule: Schedule) -> str:
    return f"{schedule.cron} ({schedule.timezone})" if schedule.cron else f"every {schedule.every_s:g} s"


def _next(schedule: Schedule) -> str:
    if schedule.paused:
        return "paused"
    return local_time(schedule.next_fire_at) if schedule.next_fire_at else "never"


def _last(schedule: Schedule) -> str:
    return f"{schedule.last_run.outcome} {local_time(schedule.last_run.fire_at)}" if schedule.last_run else ""

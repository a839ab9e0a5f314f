"""Stations, plans and figures as tables for people."""

import json
from collections.abc import Mapping
from itertools import groupby
from typing import Any

import click

from webapp.cli._tables import new_table, print_table

MOST_REASONS = 12


def print_document(document: Mapping[str, Any]) -> None:
    """Print a row of each thing that is known."""
    table = new_table("", "")
    table.show_header = False
    table.columns[0].style = "bold"
    for name, value in document.items():
        if name not in {"links", "document"} and value not in (None, [], {}):
            table.add_row(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    print_table(table)


def print_plan(plan: Mapping[str, Any]) -> None:
    """Print what runs when, the reasons of the next switches, and what an operator has to know."""
    table = new_table("from", "running", "outflow m3/h", "level m", title=f"Plan {plan['id']} ({plan['status']})")
    for _, rows in groupby(plan["schedule"] or [], key=_running):
        steps = list(rows)
        flows = [row["outflow_m3_per_h"] for row in steps]
        table.add_row(
            steps[0]["time"][5:16], _running(steps[0]), f"{sum(flows) / len(flows):,.0f}", f"{steps[-1]['level_m']:.2f}"
        )
    print_table(table)
    if plan["reason"]:
        click.echo(f"Made by the safe rule controller: {plan['reason']}")
    for notice in plan["notices"] or []:
        click.echo(f"{notice['severity']}: {notice['message']}")
    for entry in (plan["explanation"] or [])[:MOST_REASONS]:
        click.echo(f"  {entry['time'][5:16]} {entry['action']} {entry['pump']}: {entry['reason']}")


def print_performance(told: Mapping[str, Any]) -> None:
    """Print measured beside planned."""
    table = new_table("figure", "planned", "measured, where planned", "measured, all")
    for name in told["actual"]:
        row = [told[way][name] for way in ("plan", "actual_where_planned", "actual")]
        table.add_row(name, *["" if value is None else f"{value:,.4g}" for value in row])
    print_table(table)
    click.echo(f"{told['planned_quarters']} of {told['quarters']} measured quarter-hours were planned.")


def _running(row: Mapping[str, Any]) -> str:
    return " ".join(name for name, hz in row["pumps"].items() if hz > 0) or "none"

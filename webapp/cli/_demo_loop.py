"""The demo's loop: a station that lives through six hours of trouble, planned each quarter of an hour."""

from collections.abc import Mapping
from typing import Any

import click

from webapp.cli._tables import new_table, print_table

LOOP_PART = "run a station through trouble"
LOOP_PARAMS: Mapping[str, Any] = {
    "first_day": 3,
    "days": 0.25,
    "horizon_h": 12,
    "events": [
        {"what": "pump_failure", "at_h": 1, "hours": 3, "pump": "1.2"},
        {"what": "override", "at_h": 1.5, "hours": 2, "pump": "2.3", "action": "off"},
        {"what": "price_spike", "at_h": 3, "hours": 1, "amount": 900},
        {"what": "sensor_outage", "at_h": 4, "hours": 1.5},
    ],
}


def print_loop(result: Mapping[str, Any]) -> None:
    """Print what was told of the trouble, and what the six hours cost."""
    table = new_table("from", "to", "how grave", "told", title="The loop: a failure, an order, silence")
    for alert in result["told"]:
        table.add_row(alert["first"][11:16], alert["last"][11:16], alert["severity"], alert["message"])
    print_table(table)
    origins = ", ".join(f"{count} by {origin}" for origin, count in result["origins"].items())
    click.echo(
        f"Turns: {origins}; {result['violations']} rules broken; highest level {result['max_level_m']:.2f} m; "
        f"{result['cost_eur']:,.0f} EUR, with hindsight {result['hindsight_eur']:,.0f}, by level rule "
        f"{result['rule_eur']:,.0f} EUR."
    )

"""The demo's causes: what acts on what in a series whose truth is known, how much later and how surely."""

from collections.abc import Mapping
from typing import Any

import click

from webapp.cli._tables import new_table, print_table

CAUSES_PART = "find demand → price → stock"


def print_causes(result: Mapping[str, Any]) -> None:
    """Print the accepted edges with their intervals."""
    accepted = [edge for edge in result["edges"] if edge["verdict"] == "accepted"]
    table = new_table("cause", "effect", "rows later", "change per unit", "95 %", "half-samples", title="Causes")
    for edge in accepted:
        table.add_row(
            edge["source"],
            edge["target"],
            str(edge["lag"]),
            f"{edge['effect']:+.2f}",
            f"{edge['ci_low']:+.2f} to {edge['ci_high']:+.2f}",
            f"{edge['stability']:.0%}",
        )
    print_table(table)
    click.echo(f"{len(accepted)} of {len(result['edges'])} candidates accepted; the rest may well be noise.")

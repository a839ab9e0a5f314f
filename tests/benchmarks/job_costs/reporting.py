"""The report: one table for people, in Markdown where it is piped, or one JSON document for programs."""

import json
import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from job_costs.figures import Figure

COLUMNS = ("figure", "target", "measured", "peer", "ratio", "met?")


def report(figures: Sequence[Figure], surroundings: dict[str, Any], *, as_json: bool) -> None:
    """Print all figures to standard output."""
    if as_json:
        print(json.dumps({**surroundings, "figures": [figure.document() for figure in figures]}, indent=2))  # noqa: T201 - the answer of a command
    elif sys.stdout.isatty():
        Console().print(_table(figures, surroundings))
    else:
        print("\n".join(_markdown(figures, surroundings)))  # noqa: T201 - the same


def _table(figures: Sequence[Figure], surroundings: dict[str, Any]) -> Table:
    table = Table(*COLUMNS, title=_told(surroundings))
    for figure in figures:
        table.add_row(*_cells(figure), style="red" if figure.met is False else None)
    return table


def _markdown(figures: Sequence[Figure], surroundings: dict[str, Any]) -> list[str]:
    rows = [COLUMNS, tuple("---" for _ in COLUMNS), *map(_cells, figures)]
    return [_told(surroundings), "", *(f"| {' | '.join(row)} |" for row in rows)]


def _cells(figure: Figure) -> tuple[str, ...]:
    ratio = "-" if figure.ratio is None else figure.ratio.written()
    met = {True: "yes", False: "NO", None: "-"}[figure.met]
    return figure.name, figure.target, figure.measured, figure.peer, ratio, met


def _told(surroundings: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in surroundings.items())

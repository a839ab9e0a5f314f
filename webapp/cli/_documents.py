"""Documents of the API, shown as JSON or as a table of some of their fields."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import click

from webapp.cli._remote import Remote, echo_json

LONGEST_CELL = 100


def show_documents(remote: Remote, documents: Iterable[Mapping[str, Any]], *columns: str) -> None:
    """Print documents: all of them for machines, these fields of each for people."""
    many = list(documents)
    if remote.as_json:
        echo_json(many)
        return
    from webapp.cli._tables import new_table, print_table  # noqa: PLC0415 - tables cost a tenth of a second

    table = new_table(*columns)
    if columns:
        table.columns[0].no_wrap = True
    for document in many:
        table.add_row(*(_cell(document.get(column)) for column in columns))
    print_table(table)


def show_document(remote: Remote, document: Mapping[str, Any]) -> None:
    """Print one document: as JSON for machines, a line for each field for people."""
    if remote.as_json:
        echo_json(document)
        return
    shown = {name: value for name, value in document.items() if name != "links" and value not in (None, [], {})}
    width = max(map(len, shown), default=0)
    for name, value in shown.items():
        click.echo(f"{name:<{width}}  {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"

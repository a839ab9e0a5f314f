"""Answers of the API as tables for people."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import click
from penstock_client import Artifact, Job, Kind, Limit, Queue
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from webapp.cli._colors import STATE_STYLES

WIDE = 160


def print_table(table: Table) -> None:
    """Print a table; through a pipe it is wide enough for whole ids, and without blanks at the ends of its lines."""
    console = Console()
    if console.is_terminal:
        console.print(table)
        return
    console = Console(width=WIDE)
    with console.capture() as captured:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def new_table(*columns: str, title: str | None = None) -> Table:
    """Begin a table in the house's look."""
    return Table(*columns, title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)


def jobs_table(jobs: Iterable[Job]) -> Table:
    """Make a row of each job."""
    table = new_table("id", "kind", "state", "progress", "attempt", "created", "took", "tags")
    table.columns[0].no_wrap = True
    for job in jobs:
        table.add_row(
            job.id,
            job.kind,
            colored_state(job.state),
            f"{job.progress.fraction:.0%}" if job.progress else "",
            f"{job.attempt}/{job.max_attempts}",
            local_time(job.created_at),
            f"{job.run_s:.2f} s" if job.run_s is not None else "",
            ", ".join(job.document["tags"]),
        )
    return table


def job_table(job: Job) -> Table:
    """Make a row of each thing that is known of one job."""
    table = new_table("", "")
    table.show_header = False
    table.columns[0].style = "bold"
    for name, value in job.document.items():
        if name == "links" or value in (None, [], {}):
            continue
        shown = colored_state(value) if name == "state" else Text(_shortened(value))
        table.add_row(name, shown)
    return table


def kinds_table(kinds: Iterable[Kind]) -> Table:
    """Make a row of each kind."""
    table = new_table("kind", "queue", "typically", "what it does")
    table.columns[0].no_wrap = True
    for kind in kinds:
        typical = f"{kind.typical_run_s:.2g} s" if kind.typical_run_s is not None else ""
        table.add_row(kind.name, kind.queue, typical, kind.summary)
    return table


def queues_table(queues: Iterable[Queue]) -> Table:
    """Make a row of each queue."""
    table = new_table("queue", "waiting", "oldest", "running", "ended last minute", "")
    for queue in queues:
        age = "" if queue.oldest_age_s is None else f"{queue.oldest_age_s:.1f} s"
        paused = f"paused since {local_time(queue.paused_at)}" if queue.paused_at else ""
        counts = (str(queue.depth), age, str(queue.running), str(queue.finished_last_minute))
        table.add_row(queue.name, *counts, Text(paused, style="yellow"))
    return table


def limits_table(limits: Iterable[Limit]) -> Table:
    """Make a row of each concurrency limit."""
    table = new_table("of", "", "at most", "running", "set by")
    for limit in limits:
        by = "the kind" if limit.declared else "an operator"
        table.add_row(limit.scope, limit.subject, str(limit.max_running), str(limit.running), by)
    return table


def schema_table(title: str, schema: Mapping[str, Any]) -> Table:
    """Make a row of each field of a JSON Schema, inner ones below their outer one."""
    table = new_table("field", "type", "required", "default", "meaning", title=title)
    for row in _fields(schema, ""):
        table.add_row(*row)
    return table


def artifacts_table(artifacts: Iterable[Artifact]) -> Table:
    """Make a row of each artifact."""
    table = new_table("name", "bytes", "type", "sha256")
    table.columns[1].justify = "right"
    for artifact in artifacts:
        table.add_row(artifact.name, f"{artifact.bytes:,}", artifact.content_type, artifact.sha256[:16])
    return table


def colored_state(state: str) -> Text:
    """Write a state in its color."""
    return Text(state, style=STATE_STYLES.get(state, ""))


def local_time(at: datetime) -> str:
    """Write an instant as the clock on the wall shows it."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"


def _shortened(value: Any, limit: int = 400) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters; --json shows all)"


def _fields(schema: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, ...]]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        default = field.get("default")
        yield (
            prefix + name,
            _type(field),
            "yes" if name in required else "",
            "" if default is None else _shortened(default, 40),
            field.get("description", ""),
        )
        yield from _fields(field, f"{prefix}{name}.")
        yield from _fields(field.get("items", {}), f"{prefix}{name}[].")
        values = field.get("additionalProperties")
        if isinstance(values, dict):
            yield from _fields(values, f"{prefix}{name}.<name>.")


def _type(field: Mapping[str, Any]) -> str:
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    kinds = field.get("type", "any")
    return kinds if isinstance(kinds, str) else " | ".join(kind for kind in kinds if kind != "null")

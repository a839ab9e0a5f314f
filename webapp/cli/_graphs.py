"""Graphs of jobs, shown to people: a table by depth, live in a terminal, line by line elsewhere."""

from collections.abc import Iterable
from typing import TextIO

from penstock_client import Workflow, WorkflowStep
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from webapp.cli._colors import STATE_STYLES
from webapp.cli._tables import colored_state, local_time, new_table


def workflow_table(workflow: Workflow) -> Table:
    """Make a row of each job, the further in the more others it comes after."""
    title = f"{workflow.id} {workflow.state}, {workflow.finished} of {workflow.total} jobs final"
    table = new_table("job", "kind", "state", "after", "", title=title)
    depths: dict[str, int] = {}
    for step in workflow.jobs.values():
        depths[step.name] = 1 + max((depths.get(name, -1) for name in step.after), default=-1)
        indented = Text("  " * depths[step.name] + step.name)
        table.add_row(indented, step.kind, colored_state(step.state), ", ".join(step.after), Text(_said(step)))
    return table


def workflows_table(workflows: Iterable[Workflow]) -> Table:
    """Make a row of each workflow."""
    table = new_table("id", "state", "progress", "jobs", "created")
    table.columns[0].no_wrap = True
    for workflow in workflows:
        counts = ", ".join(f"{count} {state}" for state, count in workflow.counts.items())
        state = Text(workflow.state, style=STATE_STYLES.get(workflow.state, ""))
        table.add_row(workflow.id, state, f"{workflow.fraction:.0%}", counts, local_time(workflow.created_at))
    return table


def show(changes: Iterable[Workflow], stream: TextIO) -> None:
    """Show a workflow as it changes."""
    if stream.isatty():
        with Live(console=Console(file=stream)) as live:
            for workflow in changes:
                live.update(workflow_table(workflow), refresh=True)
        return
    told: dict[str, str] = {}
    for workflow in changes:
        for step in workflow.jobs.values():
            if told.get(step.name) != step.state:
                told[step.name] = step.state
                print(f"{step.name:<28} {step.state} {_said(step)}".rstrip(), file=stream, flush=True)


def _said(step: WorkflowStep) -> str:
    if step.error and step.state in {"failed", "retryable"}:
        return f"{step.error.code}: {step.error.message}"
    if step.progress and step.state == "running":
        return f"{step.progress.fraction:.0%} {step.progress.message or step.progress.step}"
    return ""

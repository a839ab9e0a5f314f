"""`penstock workflows`: submit graphs of jobs, follow them, cancel them, try them again."""

import json
import sys
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import click
from penstock_client import PenstockClientError, Workflow, WorkflowHandle

from webapp.cli._remote import (
    EXIT_CODES,
    ExitCode,
    Remote,
    describe_error,
    echo_json,
    echo_json_line,
    exit_code,
    remote_command,
)

PAGE = 200


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Submit graphs of jobs, follow them, cancel them, try them again."""


@command.command(epilog=EXIT_CODES)
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--watch", is_flag=True, help="Show the jobs until all are final.")
@click.option("--within", "within_s", type=float, metavar="SECONDS", help="How long to wait at most.")
@click.option("--idempotency-key", help="Submitted twice with the same key, it is one workflow.")
@remote_command
def submit(remote: Remote, file: Path, *, watch: bool, within_s: float | None, idempotency_key: str | None) -> None:
    """Submit the graph in FILE, {"jobs": {name: {...}}} or only what is in "jobs", and print its id."""
    jobs = _read_jobs(file)
    with remote.connect() as client:
        handle = client.submit_workflow(jobs, idempotency_key=idempotency_key)
        if watch:
            _watch(remote, handle, within_s)
        elif remote.as_json:
            assert handle.last is not None
            echo_json(handle.last.document)
        else:
            click.echo(handle.id)


@command.command(epilog=EXIT_CODES)
@click.argument("workflow_id", metavar="ID")
@remote_command
def get(remote: Remote, workflow_id: str) -> None:
    """Print a workflow: its jobs, each below those it comes after."""
    with remote.connect() as client:
        workflow = client.workflow(workflow_id).read()
    _print(remote, workflow)


@command.command("list", epilog=EXIT_CODES)
@click.option("-n", "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many.")
@remote_command
def list_workflows(remote: Remote, limit: int) -> None:
    """List workflows, newest first."""
    with remote.connect() as client:
        found = list(islice(client.workflows(page=min(limit, PAGE)), limit))
    if remote.as_json:
        echo_json([workflow.document for workflow in found])
        return
    from webapp.cli._graphs import workflows_table  # noqa: PLC0415 - tables cost a tenth of a second
    from webapp.cli._tables import print_table  # noqa: PLC0415 - the same

    print_table(workflows_table(found))


@command.command(epilog=EXIT_CODES)
@click.argument("workflow_id", metavar="ID")
@click.option("--within", "within_s", type=float, metavar="SECONDS", help="How long to wait at most.")
@remote_command
def watch(remote: Remote, workflow_id: str, within_s: float | None) -> None:
    """Show a workflow's jobs until all are final; with --json one line for each change."""
    with remote.connect() as client:
        _watch(remote, client.workflow(workflow_id), within_s)


@command.command(epilog=EXIT_CODES)
@click.argument("workflow_ids", metavar="ID...", nargs=-1, required=True)
@remote_command
def cancel(remote: Remote, workflow_ids: Sequence[str]) -> None:
    """Cancel every job of workflows that is not final; running ones are asked to stop."""
    _change_each(remote, workflow_ids, WorkflowHandle.cancel)


@command.command(epilog=EXIT_CODES)
@click.argument("workflow_ids", metavar="ID...", nargs=-1, required=True)
@remote_command
def retry(remote: Remote, workflow_ids: Sequence[str]) -> None:
    """Try every job of workflows again that ended without success."""
    _change_each(remote, workflow_ids, WorkflowHandle.retry)


def _read_jobs(file: Path) -> dict[str, Any]:
    text = sys.stdin.read() if str(file) == "-" else file.read_text()
    try:
        document = json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"{file} is no JSON: {error}") from error
    jobs = document.get("jobs", document) if isinstance(document, dict) else None
    if not isinstance(jobs, dict) or not all(isinstance(job, dict) for job in jobs.values()):
        raise click.UsageError(f"{file} is JSON, but no object of jobs by name.")
    return jobs


def _watch(remote: Remote, handle: WorkflowHandle, within_s: float | None) -> None:
    changes = handle.watch(within_s)
    if remote.as_json:
        for workflow in changes:
            echo_json_line(workflow.document)
    else:
        from webapp.cli._graphs import show  # noqa: PLC0415 - tables cost a tenth of a second

        show(changes, sys.stderr)
    if handle.last is None or handle.last.state != "succeeded":
        raise click.exceptions.Exit(ExitCode.JOB_UNSUCCESSFUL)


def _change_each(remote: Remote, workflow_ids: Sequence[str], change: Callable[[WorkflowHandle], Workflow]) -> None:
    worst = ExitCode.OK
    changed = []
    with remote.connect() as client:
        for workflow_id in workflow_ids:
            try:
                changed.append(change(client.workflow(workflow_id)))
            except PenstockClientError as error:
                describe_error(error, as_json=remote.as_json, about=workflow_id)
                worst = exit_code(error)
    if remote.as_json:
        echo_json([workflow.document for workflow in changed])
    else:
        for workflow in changed:
            told = ", ".join(f"{count} {state}" for state, count in workflow.counts.items())
            click.echo(f"{workflow.id} {workflow.state}: {told}")
    if worst:
        raise click.exceptions.Exit(worst)


def _print(remote: Remote, workflow: Workflow) -> None:
    if remote.as_json:
        echo_json(workflow.document)
        return
    from webapp.cli._graphs import workflow_table  # noqa: PLC0415 - tables cost a tenth of a second
    from webapp.cli._tables import print_table  # noqa: PLC0415 - the same

    print_table(workflow_table(workflow))

"""`penstock governor`: what workers hold back while their hosts are short of something."""

from typing import Any

import click

from webapp.cli._documents import show_document, show_documents
from webapp.cli._remote import EXIT_CODES, Remote, remote_command

WORKER_COLUMNS = (
    *("worker", "level", "cpu_busy", "slots", "full_slots", "low_slots", "held"),
    *("memory_used", "memory_foreseen", "cpu", "cpu_pressure"),
)
ACTION_COLUMNS = ("at", "worker", "what", "before", "after", "dry_run", "reason")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """See what each worker allows itself now, and what was changed and why."""


@command.command(epilog=EXIT_CODES)
@remote_command
def show(remote: Remote) -> None:
    """Show what every worker sees, foresees and allows itself."""
    with remote.connect() as client:
        told = client.collection("governor").read("")
    if remote.as_json:
        show_document(remote, told)
        return
    show_documents(remote, [_flat(one) for one in told["workers"]], *WORKER_COLUMNS)
    for one in told["low_priority_limits"]:
        click.echo(f"{one['queue']}: at most {one['max_running']} jobs of low priority run at once for now")


@command.command(epilog=EXIT_CODES)
@click.option("-n", "--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="How many.")
@remote_command
def actions(remote: Remote, limit: int) -> None:
    """List the latest changes, newest first."""
    with remote.connect() as client:
        told = client.collection("governor").read("", actions=limit)
    show_documents(remote, told["actions"], *ACTION_COLUMNS)


def _flat(worker: dict[str, Any]) -> dict[str, Any]:
    return {**worker, **worker["readings"], "memory_foreseen": worker["forecast"]["memory_used"]}

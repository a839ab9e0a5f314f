"""`penstock alerts`: what should be looked at."""

from itertools import islice
from typing import Any

import click

from webapp.cli._documents import show_document, show_documents
from webapp.cli._remote import EXIT_CODES, Remote, remote_command

COLUMNS = ("id", "severity", "state", "source", "key", "last_raised_at", "acknowledged_by", "text")
id_argument = click.argument("alert_id", metavar="ID")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """See what should be looked at; acknowledge and resolve it."""


@command.command("list", epilog=EXIT_CODES)
@click.option("--state", type=click.Choice(["open", "pending", "firing", "resolved", "any"]), default="open")
@click.option("--source", help="Raised by this source only: platform, rule, or a workload.")
@click.option("--severity", type=click.Choice(["info", "warning", "critical"]))
@click.option("-n", "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many.")
@remote_command
def list_alerts(remote: Remote, state: str, source: str | None, severity: str | None, limit: int) -> None:
    """List alerts, newest first; those that are open unless --state says otherwise."""
    asked: dict[str, Any] = {"state": None if state == "any" else state, "source": source, "severity": severity}
    with remote.connect() as client:
        show_documents(remote, islice(client.collection("alerts").list(**asked), limit), *COLUMNS)


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def show(remote: Remote, alert_id: str) -> None:
    """Show an alert and what became of it."""
    with remote.connect() as client:
        alerts = client.collection("alerts")
        steps = list(alerts.list(below=f"{alert_id}/events"))
        show_document(remote, {**alerts.read(alert_id), "events": steps})


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def acknowledge(remote: Remote, alert_id: str) -> None:
    """Say that somebody takes care of it."""
    with remote.connect() as client:
        show_document(remote, client.collection("alerts").act(f"{alert_id}/acknowledge"))


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def resolve(remote: Remote, alert_id: str) -> None:
    """Say that it is over; what is still wrong will be raised again."""
    with remote.connect() as client:
        show_document(remote, client.collection("alerts").act(f"{alert_id}/resolve"))

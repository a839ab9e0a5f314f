"""`penstock retention`: how long what is kept."""

import click

from webapp.cli._documents import show_document
from webapp.cli._remote import EXIT_CODES, Remote, remote_command

SUBJECTS = click.Choice(["audit", "alerts", "notifications", "deliveries"])


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """See and set how long records are kept."""


@command.command(epilog=EXIT_CODES)
@remote_command
def show(remote: Remote) -> None:
    """Show the rules that hold for jobs and for each sort of record."""
    with remote.connect() as client:
        show_document(remote, client.collection("retention").read())


@command.command("set", epilog=EXIT_CODES)
@click.argument("subject", type=SUBJECTS)
@click.argument("days", type=click.IntRange(1, 3650))
@remote_command
def set_rule(remote: Remote, subject: str, days: int) -> None:
    """Keep SUBJECT for DAYS days."""
    with remote.connect() as client:
        show_document(remote, client.collection("retention").put(subject, {"days": days}))


@command.command(epilog=EXIT_CODES)
@click.argument("subject", type=SUBJECTS)
@remote_command
def reset(remote: Remote, subject: str) -> None:
    """Keep SUBJECT as long as the platform's own rule says."""
    with remote.connect() as client:
        client.collection("retention").delete(subject)

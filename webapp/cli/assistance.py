"""`penstock assistance`: what answers in words cost."""

import click

from webapp.cli._documents import show_document, show_documents
from webapp.cli._remote import EXIT_CODES, Remote, remote_command

COLUMNS = ("day", "kind", "source", "model", "outcome", "calls", "input_tokens", "output_tokens", "cost_usd")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """See what answers in words cost."""


@command.command(epilog=EXIT_CODES)
@click.option("--days", type=click.IntRange(1, 400), default=31, show_default=True, help="How many days back.")
@remote_command
def spending(remote: Remote, days: int) -> None:
    """Show what was spent by day, sort of answer and model."""
    with remote.connect() as client:
        told = client.collection("assistance/spending").read("", days=days)
    if remote.as_json:
        show_document(remote, told)
        return
    show_documents(remote, told["items"], *COLUMNS)
    click.echo(f"{told['cost_usd']} dollars in {told['days']} days")

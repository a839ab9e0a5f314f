"""`penstock assistance`: what answers in words cost, and how good they are."""

import click

from core.workloads.assistance import personas
from webapp.cli._documents import show_document, show_documents
from webapp.cli._golden_sets import evaluated
from webapp.cli._remote import EXIT_CODES, Remote, remote_command

COLUMNS = ("day", "kind", "source", "model", "outcome", "calls", "input_tokens", "output_tokens", "cost_usd")

JUDGED = ("persona", "instruction", "source", "model", "cost_usd", "passed")
FAILED = 1


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """See what answers in words cost, and how good they are."""


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


@command.command(epilog=EXIT_CODES)
@click.option("--persona", type=click.Choice(sorted({one.id for one in personas.everyone()})), help="This one alone.")
@remote_command
def evaluate(remote: Remote, persona: str | None) -> None:
    """Put the golden sets of personas to whoever answers now; exits with 1 unless every case is right."""
    with remote.connect() as client:
        told = list(evaluated(client, persona))
    if remote.as_json:
        show_document(remote, {"items": told})
    else:
        show_documents(remote, told, *JUDGED)
    if not all(one["passed"] for one in told):
        raise click.exceptions.Exit(FAILED)

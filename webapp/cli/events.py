"""`penstock events`: what happened, told by topic."""

from itertools import islice

import click

from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command


@click.command(epilog=EXIT_CODES)
@click.option("--topic", "topics", multiple=True, help="Of this topic only; may be repeated.")
@click.option("--subject", help="Of this domain or the like only, by its id.")
@click.option("-n", "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many.")
@remote_command
def command(remote: Remote, topics: tuple[str, ...], subject: str | None, limit: int) -> None:
    """List the latest events of the bus, newest first."""
    with remote.connect() as client:
        found = list(islice(client.domains.events(topics=",".join(topics) or None, subject=subject), limit))
    if remote.as_json:
        echo_json([event.document for event in found])
        return
    for event in found:
        told = "  ".join(f"{name}={value}" for name, value in event.data.items())
        click.echo(f"{event.seq:>8}  {event.topic:<24} {told}")

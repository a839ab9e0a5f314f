"""`penstock whoami`: as whom the commands act."""

import click

from webapp.cli._documents import show_document
from webapp.cli._remote import EXIT_CODES, Remote, remote_command


@click.command(epilog=EXIT_CODES)
@remote_command
def command(remote: Remote) -> None:
    """Show as which member or key the commands act, of which tenant, with which permissions."""
    with remote.connect() as client:
        show_document(remote, client.collection("me").read())

"""`penstock queues`: how busy each queue is; pause one, let it go on."""

from collections.abc import Sequence

import click
from penstock_client import Queue

from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """See how busy each queue is, pause one, let it go on."""


@command.command("list", epilog=EXIT_CODES)
@remote_command
def list_queues(remote: Remote) -> None:
    """List the queues."""
    with remote.connect() as client:
        _show(remote, client.queues())


@command.command(epilog=EXIT_CODES)
@click.argument("name")
@remote_command
def pause(remote: Remote, name: str) -> None:
    """Start nothing more of the queue NAME; what runs goes on."""
    with remote.connect() as client:
        _show(remote, [client.pause(name)])


@command.command(epilog=EXIT_CODES)
@click.argument("name")
@remote_command
def resume(remote: Remote, name: str) -> None:
    """Let the queue NAME go on."""
    with remote.connect() as client:
        _show(remote, [client.resume(name)])


def _show(remote: Remote, queues: Sequence[Queue]) -> None:
    if remote.as_json:
        echo_json([queue.document for queue in queues])
        return
    from webapp.cli._tables import print_table, queues_table  # noqa: PLC0415 - tables cost a tenth of a second

    print_table(queues_table(queues))

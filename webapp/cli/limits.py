"""`penstock limits`: how many jobs of a kind or tenant may run at once."""

from collections.abc import Sequence

import click
from penstock_client import Limit

from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command

scope_argument = click.argument("scope", type=click.Choice(["kind", "tenant"]))


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """See and set how many jobs of a kind or tenant may run at once."""


@command.command("list", epilog=EXIT_CODES)
@remote_command
def list_limits(remote: Remote) -> None:
    """List the limits of kinds and tenants."""
    with remote.connect() as client:
        _show(remote, client.limits())


@command.command("set", epilog=EXIT_CODES)
@scope_argument
@click.argument("subject")
@click.argument("max_running", type=click.IntRange(0, 100_000))
@remote_command
def set_limit(remote: Remote, scope: str, subject: str, max_running: int) -> None:
    """Let at most MAX_RUNNING jobs of the kind or tenant SUBJECT run at once; 0 starts none."""
    with remote.connect() as client:
        _show(remote, client.set_limit(scope, subject, max_running))


@command.command(epilog=EXIT_CODES)
@scope_argument
@click.argument("subject")
@remote_command
def lift(remote: Remote, scope: str, subject: str) -> None:
    """Take the limit of the kind or tenant SUBJECT away; what a kind declares holds again."""
    with remote.connect() as client:
        _show(remote, client.set_limit(scope, subject, None))


def _show(remote: Remote, limits: Sequence[Limit]) -> None:
    if remote.as_json:
        echo_json([limit.document for limit in limits])
        return
    from webapp.cli._tables import limits_table, print_table  # noqa: PLC0415 - tables cost a tenth of a second

    print_table(limits_table(limits))

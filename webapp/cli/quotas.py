"""`penstock quotas`: how much of the platform a tenant may take."""

from typing import Any

import click

from webapp.cli._documents import show_documents
from webapp.cli._remote import EXIT_CODES, Remote, remote_command

COLUMNS = ("name", "limit", "used")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """See and set how much a tenant may take."""


@command.command("list", epilog=EXIT_CODES)
@click.option("--tenant", metavar="NAME", help="Of this tenant; for those who run the platform.")
@remote_command
def list_quotas(remote: Remote, tenant: str | None) -> None:
    """List what your tenant may take and has taken; days begin at midnight UTC."""
    with remote.connect() as client:
        found = client.collection("quotas" if tenant is None else f"tenants/{tenant}/quotas").read()
        show_documents(remote, found["items"], *COLUMNS)


@command.command("set", epilog=EXIT_CODES)
@click.argument("tenant", metavar="TENANT")
@click.option("--jobs-per-day", type=click.IntRange(0))
@click.option("--queued-jobs", type=click.IntRange(0))
@click.option("--stored-bytes", type=click.IntRange(0))
@click.option("--cpu-s-per-day", type=click.FloatRange(0))
@click.option("--requests-per-minute", type=click.IntRange(1))
@remote_command
def set_quotas(remote: Remote, tenant: str, **quotas: Any) -> None:
    """Set what TENANT may take, in place of what was set before; what is not named is not bounded."""
    with remote.connect() as client:
        found = client.collection("tenants").put(f"{tenant}/quotas", quotas)
        show_documents(remote, found["items"], *COLUMNS)

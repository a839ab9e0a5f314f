"""`penstock tenants`: whose platform it is, for those who run it."""

from itertools import islice
from typing import Any

import click

from webapp.cli._documents import show_document, show_documents
from webapp.cli._remote import EXIT_CODES, Remote, remote_command
from webapp.cli._scoped import limit_option

COLUMNS = ("slug", "name", "home", "totp_required", "suspended_at", "created_at", "id")
name_argument = click.argument("tenant", metavar="TENANT")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Make and change tenants; a tenant's first member or key: `members add --tenant`, `keys add --tenant`."""


@command.command("list", epilog=EXIT_CODES)
@limit_option
@remote_command
def list_tenants(remote: Remote, limit: int) -> None:
    """List tenants, newest first."""
    with remote.connect() as client:
        show_documents(remote, islice(client.collection("tenants").list(), limit), *COLUMNS)


@command.command(epilog=EXIT_CODES)
@click.argument("slug")
@click.option("--name", help="What people call it.")
@remote_command
def add(remote: Remote, slug: str, name: str | None) -> None:
    """Make a tenant."""
    with remote.connect() as client:
        show_document(remote, client.collection("tenants").add({"slug": slug, **({"name": name} if name else {})}))


@command.command("set", epilog=EXIT_CODES)
@name_argument
@click.option("--name", help="What people call it.")
@click.option("--suspend/--admit", "suspended", default=None, help="Whether its members and keys are honoured.")
@click.option("--totp/--no-totp", "totp_required", default=None, help="Whether it asks for a second factor.")
@click.option("--retention-days", type=click.IntRange(1), help="Days that its final jobs are kept.")
@remote_command
def change(remote: Remote, tenant: str, **asked: Any) -> None:
    """Change a tenant, named by slug or id."""
    with remote.connect() as client:
        fields = {name: value for name, value in asked.items() if value is not None}
        show_document(remote, client.collection("tenants").change(tenant, fields))

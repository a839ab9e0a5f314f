"""`penstock keys`: API keys."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import click

from webapp.cli._documents import show_document, show_documents
from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command
from webapp.cli._scoped import limit_option, made, role_option, tenant_option

COLUMNS = ("id", "name", "prefix", "role", "scopes", "expires_at", "last_used_at", "revoked_at")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Make and revoke the API keys of your tenant."""


@command.command("list", epilog=EXIT_CODES)
@limit_option
@remote_command
def list_keys(remote: Remote, limit: int) -> None:
    """List keys, newest first, revoked ones too."""
    with remote.connect() as client:
        show_documents(remote, islice(client.collection("keys").list(), limit), *COLUMNS)


@command.command(epilog=EXIT_CODES)
@click.argument("name")
@role_option
@click.option("--scope", "scopes", multiple=True, help="Confined to this permission, as jobs:read; may be repeated.")
@click.option("--days", type=click.IntRange(min=1), help="How many days it is good for; else until it is revoked.")
@tenant_option
@remote_command
def add(remote: Remote, name: str, role: str, scopes: Sequence[str], days: int | None, tenant: str | None) -> None:
    """Make a key called NAME and print it; it is shown only now."""
    asked: dict[str, Any] = {"name": name, "role": role, "scopes": list(scopes) or None}
    if days is not None:
        asked["expires_at"] = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    with remote.connect() as client:
        key = made(client, tenant, "keys", asked)
    if remote.as_json:
        echo_json(key)
    else:
        click.echo(key["key"])


@command.command(epilog=EXIT_CODES)
@click.argument("key_id", metavar="ID")
@remote_command
def revoke(remote: Remote, key_id: str) -> None:
    """Stop honouring a key."""
    with remote.connect() as client:
        client.collection("keys").delete(key_id)
        show_document(remote, client.collection("keys").read(key_id))

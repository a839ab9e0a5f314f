"""Commands about members and keys: of one's own tenant, or by those who run the platform, of another."""

from collections.abc import Callable
from typing import Any

import click
from penstock_client import Client

ROLES = ("viewer", "submitter", "operator", "admin")
role_option = click.option("--role", type=click.Choice(ROLES), required=True, help="What it may do.")
limit_option = click.option(
    "-n", "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many."
)
_tenant = click.option("--tenant", metavar="NAME", help="Of this tenant; for those who run the platform.")


def tenant_option(function: Callable[..., None]) -> Callable[..., None]:
    """Let a command name another tenant than the caller's."""
    return _tenant(function)


def made(client: Client, tenant: str | None, what: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Make a member or key of the caller's tenant, or of the one named."""
    if tenant is None:
        return client.collection(what).add(fields)
    return client.collection("tenants").act(f"{tenant}/{what}", fields)

"""`penstock members`: the accounts of a tenant."""

from itertools import islice

import click

from webapp.cli._documents import show_document, show_documents
from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command
from webapp.cli._scoped import ROLES, limit_option, made, role_option, tenant_option

COLUMNS = ("id", "email", "role", "totp", "invited", "disabled_at", "logged_in_at")
id_argument = click.argument("member_id", metavar="ID")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Invite, change and remove the accounts of your tenant."""


@command.command("list", epilog=EXIT_CODES)
@limit_option
@remote_command
def list_members(remote: Remote, limit: int) -> None:
    """List members, newest first."""
    with remote.connect() as client:
        show_documents(remote, islice(client.collection("members").list(), limit), *COLUMNS)


@command.command(epilog=EXIT_CODES)
@click.argument("email")
@role_option
@tenant_option
@remote_command
def add(remote: Remote, email: str, role: str, tenant: str | None) -> None:
    """Make an account, and print the password that its owner exchanges for one of their own."""
    with remote.connect() as client:
        show_document(remote, made(client, tenant, "members", {"email": email, "role": role}))


@command.command("set", epilog=EXIT_CODES)
@id_argument
@click.option("--role", type=click.Choice(ROLES), help="What it may do from now on.")
@click.option("--disable/--enable", "disabled", default=None, help="Whether it may log in.")
@remote_command
def change(remote: Remote, member_id: str, role: str | None, *, disabled: bool | None) -> None:
    """Change a member's role, disable or enable it."""
    fields = {name: value for name, value in (("role", role), ("disabled", disabled)) if value is not None}
    with remote.connect() as client:
        show_document(remote, client.collection("members").change(member_id, fields))


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def reset(remote: Remote, member_id: str) -> None:
    """Let a member begin anew that lost its password or second factor; prints the password to begin with."""
    with remote.connect() as client:
        show_document(remote, client.collection("members").act(f"{member_id}/reset"))


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def delete(remote: Remote, member_id: str) -> None:
    """Delete an account; what it submitted stays."""
    with remote.connect() as client:
        client.collection("members").delete(member_id)
    if remote.as_json:
        echo_json({"deleted": member_id})

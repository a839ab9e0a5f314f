"""`penstock erasures`: erasing what is about a person, or all that a tenant has, with evidence."""

import click

from webapp.cli._documents import show_document, show_documents
from webapp.cli._remote import EXIT_CODES, Remote, remote_command

COLUMNS = ("id", "subject", "requested_at", "keys_destroyed", "finished_at", "counts")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Erase what is about a person, or all that the tenant has; see the evidence."""


@command.command("list", epilog=EXIT_CODES)
@remote_command
def list_erasures(remote: Remote) -> None:
    """List the evidence of all erasures."""
    with remote.connect() as client:
        show_documents(remote, client.collection("erasures").list(), *COLUMNS)


@command.command(epilog=EXIT_CODES)
@click.argument("member_id")
@click.option("--yes", is_flag=True, help="Do not ask.")
@remote_command
def person(remote: Remote, member_id: str, *, yes: bool) -> None:
    """Erase what is about the person with the id MEMBER_ID."""
    if not yes:
        click.confirm("What is erased cannot be had back. Erase it?", abort=True, err=True)
    with remote.connect() as client:
        show_document(remote, client.collection("erasures").add({"subject": member_id}))


@command.command(epilog=EXIT_CODES)
@click.argument("tenant_id")
@click.option("--yes", is_flag=True, help="Do not ask.")
@remote_command
def tenant(remote: Remote, tenant_id: str, *, yes: bool) -> None:
    """Erase all that the tenant has that asks; TENANT_ID, its id, says that it is meant."""
    if not yes:
        click.confirm("All jobs, results, keys and settings go. Erase them?", abort=True, err=True)
    with remote.connect() as client:
        show_document(remote, client.collection("erasures").add({"whole_tenant": tenant_id}))

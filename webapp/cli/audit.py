"""`penstock audit`: who changed or was refused what, and whether the trail is as it was written."""

from itertools import islice
from typing import Any

import click
from penstock_client import Collection

from webapp.cli._documents import show_documents
from webapp.cli._remote import EXIT_CODES, ExitCode, Remote, echo_json, remote_command

COLUMNS = ("at", "outcome", "status", "actor", "action", "path", "code", "request_id")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Search the audit trail; verify that nobody tampered with it."""


@command.command("list", epilog=EXIT_CODES)
@click.option("--actor", help="Of whoever has this name.")
@click.option("--action", help="As the API names it: 'POST /jobs'.")
@click.option("--outcome", type=click.Choice(["done", "denied", "failed"]))
@click.option("--request-id", help="Of the request with this id.")
@click.option("--since", help="At this instant or later, as 2026-11-26T12:00:00Z.")
@click.option("--until", help="Before this instant.")
@click.option("-n", "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many.")
@remote_command
def list_entries(remote: Remote, limit: int, **asked: Any) -> None:
    """List entries, newest first."""
    with remote.connect() as client:
        show_documents(remote, islice(client.collection("audit").list(**asked), limit), *COLUMNS)


@command.command(epilog=EXIT_CODES)
@click.option("--expect", metavar="SEQ:HASH", help="The chain has to hold this entry: what an earlier verify printed.")
@remote_command
def verify(remote: Remote, expect: str | None) -> None:
    """Verify the whole trail; exit code 1 names the first entry that is not as it was written."""
    with remote.connect() as client:
        trail = client.collection("audit")
        found = _walk(trail, {})
        if expect and found["intact"]:
            seq, _, digest = expect.partition(":")
            since = _walk(trail, {"after_seq": seq, "after_hash": digest})
            found |= {"intact": since["intact"], "flaw": since["flaw"]}
    if remote.as_json:
        echo_json(found)
    elif found["intact"]:
        click.echo(f"{found['checked']} entries are as they were written; {found['unchained']} wait for their place.")
        click.echo(f"Keep this to compare with: {found['seq']}:{found['hash']}")
    else:
        flaw = found["flaw"]
        click.echo(f"Entry {flaw['seq'] or '?'} ({flaw['entry_id'] or 'gone'}): {flaw['reason']}.")
    if not found["intact"]:
        raise click.exceptions.Exit(ExitCode.JOB_UNSUCCESSFUL)


def _walk(trail: Collection, where: dict[str, Any]) -> dict[str, Any]:
    """Verify part after part up to the end or the first flaw."""
    checked = 0
    while True:
        found = trail.read("verification", **where)
        checked += found["checked"]
        if found["complete"]:
            return {**found, "checked": checked}
        where = {"after_seq": found["seq"], "after_hash": found["hash"]}

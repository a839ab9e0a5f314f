"""`penstock audiences`: segments as platforms know them; planned, applied, written as files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from webapp.cli._following import print_outcome
from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command

audience_argument = click.argument("audience", metavar="AUDIENCE")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Bring segments to advertising platforms, and say what they have."""


@command.command("list", epilog=EXIT_CODES)
@remote_command
def list_audiences(remote: Remote) -> None:
    """List audiences, newest first."""
    with remote.connect() as client:
        _show(remote, list(client.audiences))


@command.command(epilog=EXIT_CODES)
@click.argument("name")
@click.option("--segment", required=True, help="Whose members.")
@click.option("--vendor", required=True, help="By whose rules they are written: meta, google, tiktok and others.")
@click.option("--connection", help="Where they go; files only unless given.")
@click.option("--field", type=click.Choice(["email", "phone"]), default="email", show_default=True)
@click.option("--every", "sync_every_s", type=int, metavar="SECONDS", help="Sync by itself.")
@remote_command
def add(remote: Remote, name: str, **fields: Any) -> None:
    """Make the audience NAME."""
    given = {option: value for option, value in fields.items() if value is not None}
    with remote.connect() as client:
        _show(remote, [client.audiences.add(name, **given)])


@command.command(epilog=EXIT_CODES)
@audience_argument
@remote_command
def plan(remote: Remote, audience: str) -> None:
    """Tell what a sync of AUDIENCE would add and remove, and keep that as a plan."""
    with remote.connect() as client:
        print_outcome(remote, client.submit("customers.plan_audience_sync", {"audience": audience}), None)


@command.command(epilog=EXIT_CODES)
@click.argument("plan_id", metavar="PLAN")
@click.option("--confirm", is_flag=True, help="More than 30 % of the members may be removed.")
@remote_command
def apply(remote: Remote, plan_id: str, *, confirm: bool) -> None:
    """Carry PLAN to the platform."""
    params = {"plan": plan_id, "confirm": confirm}
    with remote.connect() as client:
        print_outcome(remote, client.submit("customers.apply_audience_sync", params), None)


@command.command(epilog=EXIT_CODES)
@audience_argument
@click.option("--plan", "plan_id", help="Of this plan; the newest unless given.")
@remote_command
def ledger(remote: Remote, audience: str, plan_id: str | None) -> None:
    """List each request of a plan of AUDIENCE, and what the platform acknowledged."""
    with remote.connect() as client:
        newest = next(client.audiences.plans(audience), None)
        chosen = plan_id or (None if newest is None else newest["id"])
        found = [] if chosen is None else list(client.audiences.chunks(audience, chosen))
    if remote.as_json:
        echo_json(found)
        return
    for one in found:
        less = f"{one['suppressed']} suppressed, {one['refused']} refused"
        click.echo(f"{one['number']:>6}  {one['operation']:<7} {one['rows']:>6} rows  {one['state']}  {less}")


@command.command(epilog=EXIT_CODES)
@audience_argument
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path(), help="File or folder.")
@remote_command
def export(remote: Remote, audience: str, out: Path) -> None:
    """Write AUDIENCE as CSV by its vendor's rules."""
    with remote.connect() as client:
        handle = client.submit("customers.export_audience", {"audience": audience})
        if not handle.result()["found"]:
            raise click.ClickException(f"There is no audience {audience!r}.")
        written = handle.download("audience.csv", out)
    if remote.as_json:
        echo_json({"file": str(written)})
    else:
        click.echo(str(written))


@command.command(epilog=EXIT_CODES)
@audience_argument
@remote_command
def remove(remote: Remote, audience: str) -> None:
    """Forget AUDIENCE, of which its platform has no members any more."""
    with remote.connect() as client:
        client.audiences.remove(audience)
    if remote.as_json:
        echo_json({"removed": audience})


def _show(remote: Remote, found: Sequence[Mapping[str, Any]]) -> None:
    if remote.as_json:
        echo_json(found)
        return
    for one in found:
        pace = "when asked for" if one["sync_every_s"] is None else f"every {one['sync_every_s']} s"
        click.echo(f"{one['id']}  {one['name']:<24} {one['vendor']:<10} {one['field']:<6} {pace}")

"""`penstock autopilot`: what automation may do, its queue of actions, campaigns, CRMs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from webapp.cli._params import read_params, with_settings
from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command

id_argument = click.argument("subject", metavar="ID")


def fields_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options for what campaign, ad_set and ad are created with."""
    setting = click.option(
        "--set", "settings", multiple=True, metavar="LEVEL.NAME=VALUE", help="A field, such as ad.headline=Boots."
    )
    path = click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True)
    file = click.option("-f", "--file", type=path, help="The fields of campaign, ad_set and ad as JSON; - for stdin.")
    return setting(file(command))


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """See and steer what is done by itself: actions, campaigns, CRMs."""


@command.command(epilog=EXIT_CODES)
@remote_command
def show(remote: Remote) -> None:
    """Tell the mode, and what holds whatever the gate says."""
    with remote.connect() as client:
        told = client.autopilot.read()
    line = f"{told['mode']} (trust: {told['trusted']}, ceiling: {told['ceiling']})"
    _print(remote, told, line + (", killed" if told["killed"] else ""))


@command.command("hold-to", epilog=EXIT_CODES)
@click.option("--ceiling", type=click.Choice(["normal", "limited", "cuts_only", "frozen"]))
@click.option("--max-step", type=click.FloatRange(0, 1), help="Share of a budget that one change moves.")
@click.option("--min-hours", type=click.FloatRange(0), help="Between two changes of one budget.")
@click.option("--max-per-day", type=click.IntRange(0))
@remote_command
def hold_to(remote: Remote, **bounds: Any) -> None:
    """Set what the autopilot is held to; what is left out stays."""
    with remote.connect() as client:
        told = client.autopilot.hold_to(**{name: value for name, value in bounds.items() if value is not None})
    _print(remote, told, told["mode"])


@command.command(epilog=EXIT_CODES)
@click.argument("name")
@click.argument("connector")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of the connector.")
@remote_command
def connect(remote: Remote, name: str, connector: str, settings: tuple[str, ...]) -> None:
    """Connect to a platform: CONNECTOR is simulated_ads, simulated_crm, or one of your own."""
    with remote.connect() as client:
        told = client.autopilot.connect(name, connector, **with_settings({}, settings))
    _print(remote, told, told["id"])


@command.command(epilog=EXIT_CODES)
@click.argument("connection")
@click.option("--force", is_flag=True, help="End what hangs on it, too: audiences, links, campaigns, actions.")
@remote_command
def disconnect(remote: Remote, connection: str, *, force: bool) -> None:
    """Forget CONNECTION, unless something hangs on it."""
    with remote.connect() as client:
        client.autopilot.disconnect(connection, force=force)
    if remote.as_json:
        echo_json({"removed": connection})


@command.command(epilog=EXIT_CODES)
@remote_command
def accounts(remote: Remote) -> None:
    """List advertising accounts, and when their platforms were last asked."""
    with remote.connect() as client:
        found = client.autopilot.accounts()
    lines = [f"{one['name']:<20} {one['vendor']:<10} {one['currency']}  {_asked(one)}" for one in found]
    _print(remote, found, "\n".join(lines))


@command.command(epilog=EXIT_CODES)
@click.argument("name")
@click.option("--vendor", required=True, help="Such as meta or google.")
@click.option("--currency", required=True, help="Three letters.")
@click.option("--connection", help="Through which its platform is asked for reports.")
@click.option("--source", help="Whose events are our own measurement of the same.")
@remote_command
def watch(remote: Remote, name: str, vendor: str, currency: str, **links: str | None) -> None:
    """Have the advertising account NAME watched: trust is no better than what it shows."""
    with remote.connect() as client:
        told = client.autopilot.watch(name, vendor, currency, **links)
    _print(remote, told, told["id"])


@command.command("link-account", epilog=EXIT_CODES)
@click.argument("account")
@click.option("--connection", help="Name or id; empty for none.")
@click.option("--source", help="Name or id; empty for none.")
@remote_command
def link_account(remote: Remote, account: str, **links: str | None) -> None:
    """Link ACCOUNT to another connection or source; what is left out stays."""
    given = {name: value or None for name, value in links.items() if value is not None}
    with remote.connect() as client:
        told = client.autopilot.link_account(account, **given)
    _print(remote, told, _asked(told))


@command.command(epilog=EXIT_CODES)
@click.option("--state", help="Those in a state.")
@remote_command
def actions(remote: Remote, state: str | None) -> None:
    """List actions, newest first."""
    with remote.connect() as client:
        found = list(client.autopilot.actions(state))
    _print(remote, found, "\n".join(map(_line, found)))


@command.command(epilog=EXIT_CODES)
@click.argument("action")
@click.option("--connection", help="Name or id; left out where all platforms are to stop.")
@click.option("--target", help="The platform's id of a campaign.")
@click.option("--daily-budget", type=float)
@click.option("--why")
@remote_command
def propose(remote: Remote, action: str, **asked: Any) -> None:
    """Propose ACTION, such as reduce_budget or pause_all; the gate is asked at once."""
    with remote.connect() as client:
        told = client.autopilot.propose(action, **{name: value for name, value in asked.items() if value is not None})
    _print(remote, told, _line(told))


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def approve(remote: Remote, subject: str) -> None:
    """Approve an action that somebody else proposed."""
    with remote.connect() as client:
        told = client.autopilot.approve(subject)
    _print(remote, told, _line(told))


@command.command(epilog=EXIT_CODES)
@id_argument
@click.option("--why")
@remote_command
def reject(remote: Remote, subject: str, why: str | None) -> None:
    """Reject an action that was not begun."""
    with remote.connect() as client:
        told = client.autopilot.reject(subject, why)
    _print(remote, told, _line(told))


@command.command("roll-back", epilog=EXIT_CODES)
@id_argument
@remote_command
def roll_back(remote: Remote, subject: str) -> None:
    """Have put back what there was before an action."""
    with remote.connect() as client:
        told = client.autopilot.roll_back(subject)
    _print(remote, told, _line(told))


@command.command(epilog=EXIT_CODES)
@click.option("--state", help="Those in a state.")
@remote_command
def campaigns(remote: Remote, state: str | None) -> None:
    """List campaigns, newest first."""
    with remote.connect() as client:
        found = list(client.autopilot.campaigns(state))
    lines = [f"{one['id']}  {one['state']:<11} {one['daily_budget']:>10g}  {one['name']}" for one in found]
    _print(remote, found, "\n".join(lines))


@command.command(epilog=EXIT_CODES)
@click.argument("name")
@click.option("--connection", required=True, help="Name or id of the platform's.")
@click.option("--daily-budget", type=float, required=True)
@fields_options
@remote_command
def draft(
    remote: Remote, name: str, connection: str, daily_budget: float, file: Path | None, settings: tuple[str, ...]
) -> None:
    """Draft the campaign NAME; somebody else approves it once it was submitted."""
    fields = read_params(None, file, settings)
    with remote.connect() as client:
        told = client.autopilot.draft(name, connection=connection, daily_budget=daily_budget, fields=fields)
    _print(remote, told, told["id"])


@command.command("change-campaign", epilog=EXIT_CODES)
@id_argument
@click.option("--name", help="Another name.")
@click.option("--daily-budget", type=float)
@fields_options
@remote_command
def change_campaign(remote: Remote, subject: str, file: Path | None, settings: tuple[str, ...], **changes: Any) -> None:
    """Change what was not published; what is left out stays, but fields come together. It is a draft again."""
    given = {name: value for name, value in changes.items() if value is not None}
    if file is not None or settings:
        given["fields"] = read_params(None, file, settings)
    with remote.connect() as client:
        told = client.autopilot.change_campaign(subject, **given)
    _print(remote, told, told["state"])


@command.command(epilog=EXIT_CODES)
@id_argument
@click.argument("step", type=click.Choice(["submit", "approve", "reject", "activate"]))
@remote_command
def campaign(remote: Remote, subject: str, step: str) -> None:
    """Have campaign ID go on a STEP; activating proposes an action."""
    with remote.connect() as client:
        told = client.autopilot.turn_campaign(subject, step)
    _print(remote, told, told["state"])


@command.command("sync-crm", epilog=EXIT_CODES)
@click.argument("link")
@click.option("--dry-run", is_flag=True, help="Only tell what would be read and written.")
@remote_command
def sync_crm(remote: Remote, link: str, *, dry_run: bool) -> None:
    """Have the CRM behind LINK synced, and print the job's id."""
    with remote.connect() as client:
        job_id = client.autopilot.sync_crm(link, dry_run=dry_run)
    _print(remote, {"job_id": job_id}, job_id)


def _asked(one: dict[str, Any]) -> str:
    if one["connection_id"] is None:
        return "not connected"
    return f"asked at {one['asked_at']}" if one["asked_at"] else "not asked yet"


def _line(one: dict[str, Any]) -> str:
    reasons = f"  {'; '.join(one['reasons'])}" if one["reasons"] else ""
    return f"{one['id']}  {one['state']:<12} {one['action']:<22} {one['target'] or 'all':<16}{reasons}"


def _print(remote: Remote, told: object, text: str) -> None:
    if remote.as_json:
        echo_json(told)
    elif text:
        click.echo(text)

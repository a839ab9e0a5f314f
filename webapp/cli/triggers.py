"""`penstock triggers`: jobs that are submitted when something happens."""

import json
from collections.abc import Sequence

import click
from penstock_client import Trigger

from webapp.cli._params import read_params
from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command

id_argument = click.argument("trigger_id", metavar="ID")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Have jobs submitted when something happens."""


@command.command("list", epilog=EXIT_CODES)
@remote_command
def list_triggers(remote: Remote) -> None:
    """List triggers, newest first."""
    with remote.connect() as client:
        _show(remote, list(client.triggers))


@command.command(epilog=EXIT_CODES)
@click.argument("topic")
@click.argument("kind")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One param; a.b=1 reaches inside.")
@click.option(
    "--take", "taken", multiple=True, metavar="PLACE=POINTER", help="/last=/data/index takes it of the event."
)
@click.option("--filter", "rule", metavar="JSON", help='As {"/data/index": {"multiple_of": 10}}.')
@remote_command
def add(remote: Remote, topic: str, kind: str, settings: Sequence[str], taken: Sequence[str], rule: str | None) -> None:
    """For each event of TOPIC, submit a job of KIND."""
    sources = dict(one.split("=", 1) for one in taken if "=" in one)
    if len(sources) != len(taken):
        raise click.UsageError("--take needs PLACE=POINTER, each place once.")
    chosen = {} if rule is None else {"filter": json.loads(rule)}
    with remote.connect() as client:
        params = read_params(None, None, settings)
        _show(remote, [client.triggers.add(topic, kind, params=params, params_from=sources, **chosen)])


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def resume(remote: Remote, trigger_id: str) -> None:
    """Have a trigger that was paused fire again."""
    with remote.connect() as client:
        _show(remote, [client.triggers.change(trigger_id, active=True)])


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def delete(remote: Remote, trigger_id: str) -> None:
    """Delete a trigger; its jobs stay."""
    with remote.connect() as client:
        client.triggers.delete(trigger_id)
    if remote.as_json:
        echo_json({"deleted": trigger_id})


def _show(remote: Remote, found: Sequence[Trigger]) -> None:
    if remote.as_json:
        echo_json([trigger.document for trigger in found])
        return
    for one in found:
        state = "active" if one.active else f"paused: {one.paused_reason or 'by somebody'}"
        click.echo(f"{one.id}  {one.topic} -> {one.kind}  fired {one.fired}, passed over {one.suppressed}  {state}")

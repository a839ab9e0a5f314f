"""`penstock notifications`: telling people what happens."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

import click

from webapp.cli._documents import show_document, show_documents
from webapp.cli._remote import EXIT_CODES, Remote, remote_command

CHANNELS, RULES, LOG = "notification-channels", "notification-rules", "notifications"
id_argument = click.argument("name", metavar="ID")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Have people told what happens, by mail, chat or telephone; look what was sent."""


@command.group()
def channels() -> None:
    """Where messages may go."""


@channels.command("list", epilog=EXIT_CODES)
@remote_command
def list_channels(remote: Remote) -> None:
    """List channels."""
    with remote.connect() as client:
        show_documents(
            remote, client.collection(CHANNELS).list(), "id", "name", "service", "active", "failures", "disabled_reason"
        )


@channels.command("add", epilog=EXIT_CODES)
@click.argument("name")
@click.option("--address", envvar="PENSTOCK_CHANNEL_URL", prompt=True, hide_input=True, help="As apprise writes it.")
@remote_command
def add_channel(remote: Remote, name: str, address: str) -> None:
    """Make the channel NAME; its address is asked for, or taken from PENSTOCK_CHANNEL_URL."""
    with remote.connect() as client:
        show_document(remote, client.collection(CHANNELS).add({"name": name, "url": address}))


@channels.command("test", epilog=EXIT_CODES)
@id_argument
@remote_command
def try_channel(remote: Remote, name: str) -> None:
    """Send a message that tells of nothing."""
    with remote.connect() as client:
        show_document(remote, client.collection(CHANNELS).act(f"{name}/test"))


@channels.command("enable", epilog=EXIT_CODES)
@id_argument
@remote_command
def enable_channel(remote: Remote, name: str) -> None:
    """Enable a channel that was disabled."""
    with remote.connect() as client:
        show_document(remote, client.collection(CHANNELS).change(name, {"active": True}))


@channels.command("delete", epilog=EXIT_CODES)
@id_argument
@remote_command
def delete_channel(remote: Remote, name: str) -> None:
    """Delete a channel with its rules and messages."""
    with remote.connect() as client:
        client.collection(CHANNELS).delete(name)


@command.group()
def rules() -> None:
    """Which events are told."""


@rules.command("list", epilog=EXIT_CODES)
@remote_command
def list_rules(remote: Remote) -> None:
    """List rules."""
    with remote.connect() as client:
        show_documents(
            remote, client.collection(RULES).list(), "id", "name", "events", "least_severity", "channel_id", "active"
        )


@rules.command("add", epilog=EXIT_CODES)
@click.argument("name")
@click.argument("channel_id", metavar="CHANNEL")
@click.option("--event", "events", multiple=True, required=True, help="As job.failed; may be repeated.")
@click.option("--kind", "kinds", multiple=True, help="Of this kind of job only; may be repeated.")
@click.option("--source", "sources", multiple=True, help="Alerts of this source only; may be repeated.")
@click.option("--least-severity", type=click.Choice(["info", "warning", "critical"]))
@click.option("--repeat-after", "repeat_after_s", type=int, metavar="SECONDS", help="The same once in so long.")
@click.option("--quiet", metavar="HH:MM-HH:MM", help="Keep what is not critical until these hours are over.")
@click.option("--timezone", help="Of the quiet hours; UTC unless given.")
@remote_command
def add_rule(remote: Remote, quiet: str | None, **asked: Any) -> None:
    """Have events told through the channel CHANNEL by a rule called NAME."""
    fields = {name: _plain(value) for name, value in asked.items() if value not in (None, ())}
    if quiet is not None:
        fields["quiet_from"], _, fields["quiet_to"] = quiet.partition("-")
    with remote.connect() as client:
        show_document(remote, client.collection(RULES).add(fields))


@rules.command("delete", epilog=EXIT_CODES)
@id_argument
@remote_command
def delete_rule(remote: Remote, name: str) -> None:
    """Delete a rule."""
    with remote.connect() as client:
        client.collection(RULES).delete(name)


@command.command("log", epilog=EXIT_CODES)
@click.option("-n", "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many.")
@remote_command
def show_log(remote: Remote, limit: int) -> None:
    """List what was sent or is to be, newest first."""
    with remote.connect() as client:
        found = islice(client.collection(LOG).list(), limit)
        show_documents(remote, found, "created_at", "state", "attempts", "event", "title", "repeats", "log")


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value

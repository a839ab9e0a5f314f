"""`penstock webhooks`: where other servers hear of the ends of jobs."""

from collections.abc import Iterable, Sequence
from itertools import islice

import click
from penstock_client import Delivery, Webhook

from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command

id_argument = click.argument("webhook_id", metavar="ID")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Have the ends of jobs told to other servers; look what arrived."""


@command.command("list", epilog=EXIT_CODES)
@remote_command
def list_webhooks(remote: Remote) -> None:
    """List webhooks, newest first."""
    with remote.connect() as client:
        _show(remote, list(client.webhooks))


@command.command(epilog=EXIT_CODES)
@click.argument("address", metavar="URL")
@click.option("--event", "events", multiple=True, help="As job.failed; every end unless given; may be repeated.")
@click.option("--kind", "kinds", multiple=True, help="Of this kind of job only; may be repeated.")
@click.option("--tag", "tags", multiple=True, help="Of jobs with one of these tags only; may be repeated.")
@remote_command
def add(remote: Remote, address: str, **chosen: Sequence[str]) -> None:
    """Have the ends of jobs told to URL, and print the secret of its signatures."""
    given = {name: list(words) for name, words in chosen.items() if words}
    with remote.connect() as client:
        webhook = client.webhooks.add(address, **given)
    if remote.as_json:
        echo_json(webhook.document)
    else:
        click.echo(f"{webhook.id}\n{webhook.secret}")


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def enable(remote: Remote, webhook_id: str) -> None:
    """Enable a webhook that was disabled."""
    with remote.connect() as client:
        _show(remote, [client.webhooks.change(webhook_id, active=True)])


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def test(remote: Remote, webhook_id: str) -> None:
    """Deliver something that tells of nothing, to see whether it arrives."""
    with remote.connect() as client:
        _show_deliveries(remote, [client.webhooks.test(webhook_id)])


@command.command(epilog=EXIT_CODES)
@id_argument
@click.option("-n", "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many.")
@remote_command
def deliveries(remote: Remote, webhook_id: str, limit: int) -> None:
    """List what was delivered, newest first."""
    with remote.connect() as client:
        _show_deliveries(remote, list(islice(client.webhooks.deliveries(webhook_id), limit)))


@command.command(epilog=EXIT_CODES)
@id_argument
@click.argument("delivery_id", metavar="DELIVERY")
@remote_command
def replay(remote: Remote, webhook_id: str, delivery_id: str) -> None:
    """Send a delivery once more."""
    with remote.connect() as client:
        _show_deliveries(remote, [client.webhooks.replay(webhook_id, delivery_id)])


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def delete(remote: Remote, webhook_id: str) -> None:
    """Delete a webhook with the log of its deliveries."""
    with remote.connect() as client:
        client.webhooks.delete(webhook_id)
    if remote.as_json:
        echo_json({"deleted": webhook_id})


def _show(remote: Remote, webhooks: Iterable[Webhook]) -> None:
    if remote.as_json:
        echo_json([webhook.document for webhook in webhooks])
        return
    for webhook in webhooks:
        state = "active" if webhook.active else f"disabled: {webhook.disabled_reason or 'by somebody'}"
        click.echo(f"{webhook.id}  {webhook.url}  {','.join(webhook.events)}  {state}")


def _show_deliveries(remote: Remote, found: Iterable[Delivery]) -> None:
    if remote.as_json:
        echo_json([delivery.document for delivery in found])
        return
    for delivery in found:
        latest = delivery.log[-1] if delivery.log else {}
        why = latest.get("error") or latest.get("status") or ""
        click.echo(f"{delivery.id}  {delivery.event}  {delivery.state}  {delivery.attempts} attempts  {why}".rstrip())

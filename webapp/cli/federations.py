"""`penstock federations`: who learns together; rounds opened, sent to, aggregated; models fetched."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from webapp.cli._federation_tables import show_round_of, told_data, tried
from webapp.cli._following import print_outcome
from webapp.cli._params import with_settings
from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command
from webapp.cli._topologies import COMMANDS, federation_argument

round_argument = click.argument("number", metavar="ROUND", type=click.IntRange(1))
file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Learn together without sharing data: rounds of updates, models that come of them."""


for each in COMMANDS:
    command.add_command(each)


@command.command("list", epilog=EXIT_CODES)
@remote_command
def list_federations(remote: Remote) -> None:
    """List federations, newest first."""
    with remote.connect() as client:
        found = list(client.federations)
    if remote.as_json:
        echo_json(found)
        return
    for one in found:
        click.echo(f"{one['id']}  {one['name']:<20} {one['strategy']:<18} quorum {one['quorum']}")


@command.command(epilog=EXIT_CODES)
@click.argument("name")
@click.option("--strategy", default="fedavg", show_default=True, help="How updates become one; see docs/federated.md.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of the strategy.")
@click.option("--form", type=click.Choice(["weights", "change"]), default="weights", show_default=True)
@click.option("--quorum", type=click.IntRange(1), default=1, show_default=True, help="Good updates that a round takes.")
@click.option(
    "--training",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON of what members train here: learner, features, local, evaluation.",
)
@click.option("--root", help="The member whose update the server trusts, for fltrust.")
@click.option("--member", "members", multiple=True, help="Who may send; may be repeated.")
@click.option("--max-bytes", type=click.IntRange(1), help="Larger updates are refused.")
@click.option("--max-norm", type=float, help="Longer changes are refused.")
@click.option("--clip-norm", type=float, help="Longer changes are shortened.")
@click.option(
    "--privacy", multiple=True, metavar="NAME=VALUE", help="clip, noise_multiplier, epsilon, delta and so on."
)
@remote_command
def add(
    remote: Remote,
    name: str,
    settings: Sequence[str],
    members: Sequence[str],
    privacy: Sequence[str],
    training: Path | None,
    **fields: Any,
) -> None:
    """Make the federation NAME."""
    given = {option: value for option, value in fields.items() if value is not None}
    if training is not None:
        given["training"] = json.loads(training.read_text())
    if privacy:
        given["privacy"] = with_settings({}, privacy)
    with remote.connect() as client:
        handle = client.federations.add(name, settings=with_settings({}, settings), members=list(members), **given)
        document = handle.read()
    if remote.as_json:
        echo_json(document)
    else:
        click.echo(document["id"])


@command.command(epilog=EXIT_CODES)
@federation_argument
@click.argument("names", nargs=-1, required=True)
@remote_command
def join(remote: Remote, federation: str, names: Sequence[str]) -> None:
    """Make NAMES members of FEDERATION."""
    with remote.connect() as client:
        joined = client.federations[federation].join(names)
    if remote.as_json:
        echo_json({"joined": joined})
    else:
        click.echo(f"{joined} joined")


@command.command(epilog=EXIT_CODES)
@federation_argument
@remote_command
def members(remote: Remote, federation: str) -> None:
    """List FEDERATION's members, and where each trains."""
    with remote.connect() as client:
        found = list(client.federations[federation].roster())
    if remote.as_json:
        echo_json(found)
        return
    for one in found:
        click.echo(f"{one['name']:<20} {'elsewhere' if one['data'] is None else 'here, on ' + told_data(one['data'])}")


@command.command(epilog=EXIT_CODES)
@federation_argument
@click.argument("member")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What it learns from: npz of inputs and targets, an Arrow stream of columns, or JSON of inputs and targets.",
)
@click.option("--domain", help="Instead: windows of a domain, with --first and --last.")
@click.option("--first", type=click.IntRange(0), help="Index of the first window.")
@click.option("--last", type=click.IntRange(0), help="Index of the last window.")
@remote_command
def place(remote: Remote, federation: str, member: str, file: Path | None, **windows: Any) -> None:
    """Have MEMBER of FEDERATION train on the platform in each round, on these data; on none: elsewhere.

    The federation says what is trained: penstock federations add --training FILE.
    """
    given = {name: value for name, value in windows.items() if value is not None}
    if given and (file is not None or len(given) < len(windows)):
        raise click.UsageError("Give --file, or --domain with --first and --last.")
    data: dict[str, Any] | None = None
    with remote.connect() as client:
        if file is not None:
            is_text = file.suffix == ".json"
            data = json.loads(file.read_text()) if is_text else {"artifact": client.upload(file).artifact_id}
        elif given:
            data = {"domain_id": given["domain"], "first": given["first"], "last": given["last"]}
        told = client.federations[federation].place(member, data)
    if remote.as_json:
        echo_json(told)
    else:
        click.echo(f"{told['name']} trains {'elsewhere' if data is None else 'here, on ' + told_data(data)}")


@command.command("open", epilog=EXIT_CODES)
@federation_argument
@click.option("--deadline-s", type=float, help="Seconds after which it is aggregated by itself.")
@click.option("--enough", type=click.IntRange(1), help="How many have to be present for it to be aggregated at once.")
@remote_command
def open_round(remote: Remote, federation: str, deadline_s: float | None, enough: int | None) -> None:
    """Open FEDERATION's next round."""
    with remote.connect() as client:
        show_round_of(remote, client.federations[federation].open_round(deadline_s=deadline_s, enough=enough))


@command.command(epilog=EXIT_CODES)
@federation_argument
@round_argument
@click.argument("member")
@file_argument
@click.option("--weight", type=float, default=1.0, show_default=True, help="Examples that it was made of.")
@click.option("--loss", type=float, help="Of the model that it began with, on the member's data.")
@click.option("--began-with", type=click.IntRange(1), help="The version of the model that it was made from.")
@remote_command
def send(remote: Remote, federation: str, number: int, member: str, file: Path, **facts: Any) -> None:
    """Send FILE (npz, safetensors or Arrow) as MEMBER's update to ROUND of FEDERATION."""
    with remote.connect() as client:
        told = client.federations[federation].send(number, member, client.upload(file), **facts)
    if remote.as_json:
        echo_json(told)
    else:
        click.echo(f"{told['member']}: {told['bytes']} bytes")


@command.command(epilog=EXIT_CODES)
@federation_argument
@round_argument
@remote_command
def aggregate(remote: Remote, federation: str, number: int) -> None:
    """Close ROUND of FEDERATION, have it aggregated and wait; its model is published."""
    with remote.connect() as client:
        handle = client.federations[federation].aggregate(number)
        print_outcome(remote, handle, None)


@command.command("rounds", epilog=EXIT_CODES)
@federation_argument
@remote_command
def list_rounds(remote: Remote, federation: str) -> None:
    """List FEDERATION's rounds, newest first: how far each is, when it closes, who is suspected."""
    with remote.connect() as client:
        found = list(client.federations[federation].rounds())
    if remote.as_json:
        echo_json(found)
        return
    for one in found:
        outcome = one["outcome"] or {}
        closes = f"  closes {one['closes_at']}" if one["status"] == "open" and one["closes_at"] else ""
        worth = tried(outcome.get("after"))
        suspected = f"  suspected: {', '.join(outcome['suspected'])}" if outcome.get("suspected") else ""
        click.echo(f"round {one['number']:<5} {one['status']:<12} {one['updates']} updates{closes}{worth}{suspected}")


@command.command("round", epilog=EXIT_CODES)
@federation_argument
@round_argument
@remote_command
def show_round(remote: Remote, federation: str, number: int) -> None:
    """Tell how ROUND of FEDERATION is: who had which part, who is suspected, who was refused and why."""
    with remote.connect() as client:
        show_round_of(remote, client.federations[federation].read_round(number))


@command.command("privacy", epilog=EXIT_CODES)
@federation_argument
@remote_command
def show_privacy(remote: Remote, federation: str) -> None:
    """Tell what is spent of FEDERATION's privacy budget, what is left, and what each round was admitted for."""
    with remote.connect() as client:
        handle = client.federations[federation]
        told, ledger = handle.privacy(), list(handle.ledger())
    if remote.as_json:
        echo_json({**told, "ledger": ledger})
        return
    if told["terms"] is None:
        click.echo("rounds are not private")
        return
    left = "no limit" if told["left"] is None else f"{told['left']:.4g} left of {told['terms']['epsilon']:g}"
    click.echo(f"epsilon {told['spent']:.4g} at delta {told['terms']['delta']:g} after {told['rounds']} rounds; {left}")
    for one in ledger:
        click.echo(f"{one['admitted_at']}  round {one['round']:<5} epsilon {one['epsilon']:.4g}  clip {one['clip']:g}")


@command.command(epilog=EXIT_CODES)
@federation_argument
@file_argument
@remote_command
def publish(remote: Remote, federation: str, file: Path) -> None:
    """Publish FILE (npz, safetensors or Arrow) as FEDERATION's next model, to go on from."""
    with remote.connect() as client:
        told = client.federations[federation].publish(client.upload(file))
    if remote.as_json:
        echo_json(told)
    else:
        click.echo(f"version {told['version']}")


@command.command(epilog=EXIT_CODES)
@federation_argument
@click.argument("version", type=click.IntRange(1))
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("model.npz"))
@remote_command
def download(remote: Remote, federation: str, version: int, out: Path) -> None:
    """Write VERSION of FEDERATION's model into a file."""
    with remote.connect() as client:
        written = client.federations[federation].download(version, out)
    if remote.as_json:
        echo_json({"file": str(written)})
    else:
        click.echo(str(written))


@command.command(epilog=EXIT_CODES)
@federation_argument
@remote_command
def remove(remote: Remote, federation: str) -> None:
    """Forget FEDERATION with its rounds, updates and models."""
    with remote.connect() as client:
        client.federations[federation].remove()
    if remote.as_json:
        echo_json({"removed": federation})

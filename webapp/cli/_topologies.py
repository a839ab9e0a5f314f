"""`penstock federations topology`, `connections`, `connect`, `disconnect`: who mixes with whom, without a server."""

from collections.abc import Mapping
from typing import Any

import click

from core.workloads.federated.gossip_params import SHAPES
from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command

federation_argument = click.argument("federation", metavar="FEDERATION")
_SHOWN = 10


@click.command(epilog=EXIT_CODES)
@federation_argument
@click.argument("shape", required=False, type=click.Choice([*SHAPES, "server"]))
@click.option("--degree", type=click.IntRange(2), help="Connections of each member, for regular.")
@click.option("--probability", type=click.FloatRange(0, 1), help="Of each connection, for erdos_renyi.")
@click.option("--seed", type=click.IntRange(0), help="That random shapes are drawn by.")
@click.option("--tolerance", type=float, help="The distance from the mean that ends mixing, in parts of what it was.")
@click.option("--rounds", type=click.IntRange(1), help="Of mixing, at most.")
@remote_command
def topology(remote: Remote, federation: str, shape: str | None, **given: Any) -> None:
    """Lay SHAPE among the members of FEDERATION, or tell how their connections are laid.

    Rounds then follow the connections: members' updates are mixed along them until all agree. With own the connections
    that there are stay, to be changed one by one; with server they are forgotten: rounds go over the server again.
    """
    fields = {name: value for name, value in given.items() if value is not None}
    if fields and shape in {None, "server"}:
        raise click.UsageError("Name a shape that these options are for.")
    with remote.connect() as client:
        handle = client.federations[federation]
        if shape == "server":
            handle.clear_topology()
        told = handle.topology() if shape in {None, "server"} else handle.lay(shape, **fields)
    if remote.as_json:
        echo_json(told)
    else:
        click.echo(_told(told))


@click.command(epilog=EXIT_CODES)
@federation_argument
@remote_command
def connections(remote: Remote, federation: str) -> None:
    """List who mixes with whom in rounds of FEDERATION."""
    with remote.connect() as client:
        found = list(client.federations[federation].connections())
    if remote.as_json:
        echo_json(found)
        return
    for one in found:
        click.echo(f"{one['one']:<20} {one['other']}")


@click.command(epilog=EXIT_CODES)
@federation_argument
@click.argument("one")
@click.argument("other")
@remote_command
def connect(remote: Remote, federation: str, one: str, other: str) -> None:
    """Connect the members ONE and OTHER of FEDERATION."""
    with remote.connect() as client:
        told = client.federations[federation].connect(one, other)
    if remote.as_json:
        echo_json(told)
    else:
        click.echo(f"{told['one']} and {told['other']} are connected")


@click.command(epilog=EXIT_CODES)
@federation_argument
@click.argument("one")
@click.argument("other")
@remote_command
def disconnect(remote: Remote, federation: str, one: str, other: str) -> None:
    """End the connection of ONE and OTHER of FEDERATION."""
    with remote.connect() as client:
        client.federations[federation].disconnect(one, other)
    if remote.as_json:
        echo_json({"disconnected": [one, other]})


COMMANDS = (topology, connections, connect, disconnect)


def _told(found: Mapping[str, Any]) -> str:
    if found["shape"] is None:
        return f"rounds go over the server; {found['members']} members"
    cut_off = ", ".join(found["cut_off"][:_SHOWN]) + (" and others" if len(found["cut_off"]) > _SHOWN else "")
    told = f"{found['shape']}: {found['connections']} connections among {found['members']} members"
    return f"{told}; not reached: {cut_off}" if cut_off else told
